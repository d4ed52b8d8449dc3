// The closed list of codes with the status of each (contract section 5).

const names = (text) => text.trim().split(/\s+/);
const rows = (status, text) => names(text).map((code) => [code, status]);

/** Codes of a failed request. */
export const ORIGIN_STATUS = Object.fromEntries([
  ...rows(
    503,
    `origin_name_not_found origin_name_has_no_address origin_dns_server_failure origin_dnssec_invalid
    origin_chain_invalid origin_address_not_public origin_dns_disagreement origin_dns_unconfirmed
    origin_connection_refused origin_connection_timeout origin_unreachable origin_address_stale`,
  ),
  ...rows(504, "origin_response_timeout"),
  ...rows(502, "origin_response_invalid origin_tls_failed origin_certificate_invalid"),
  ...rows(
    503,
    `cloudflare_direct_ip cloudflare_prohibited_address cloudflare_cname_cross_account
    cloudflare_worker_loop cloudflare_same_zone_worker cloudflare_tunnel_down cloudflare_error_unrecognised`,
  ),
  ...rows(500, "guard_config_invalid guard_internal_error"),
]);

/** Codes of the admin interface. */
export const ADMIN_STATUS = {
  admin_unauthenticated: 401,
  admin_forbidden: 403,
  admin_not_found: 404,
  admin_method_not_allowed: 405,
  admin_rate_limited: 429,
  admin_bad_request: 400,
  allowlist_unknown: 409,
};

/** Every code. */
export const CODES = [
  ...Object.keys(ORIGIN_STATUS),
  ...Object.keys(ADMIN_STATUS),
  ...names(`apim_subscription_disabled apim_stopped apim_soft_deleted apim_not_found apim_updating
    apim_public_access_disabled apim_internal_network origin_name_dangling origin_name_reclaimed`),
];

/** What Cloudflare's numbers mean while DNS is good; any other number is `cloudflare_error_unrecognised`. */
export const CODE_OF_NUMBER = {
  520: "origin_response_invalid",
  521: "origin_connection_refused",
  522: "origin_connection_timeout",
  523: "origin_unreachable",
  524: "origin_response_timeout",
  525: "origin_tls_failed",
  526: "origin_certificate_invalid",
  1000: "cloudflare_prohibited_address",
  1002: "cloudflare_prohibited_address",
  1003: "cloudflare_direct_ip",
  1014: "cloudflare_cname_cross_account",
  1019: "cloudflare_worker_loop",
  1033: "cloudflare_tunnel_down",
  1042: "cloudflare_same_zone_worker",
};

/** Numbers with which the edge says that it cannot resolve the origin. */
export const DNS_NUMBERS = [1001, 1016, 1018, 1023];
