//! Errors by which Cloudflare says that the set-up is not allowed.

use super::checks::{CLIENTS_ARE_SERVED, GUARD_FINDS_NOTHING};
use super::fixes::{CNAME_NOT_ADDRESS, DIAGNOSE, READ_RECORDS, USE_GATEWAY_NAME};
use super::{Check, Explanation, Fix, When, links};
use crate::problem::WhoActs;

const NOT_AZURE: &str = "A fault at Azure: Cloudflare refused before anything was sent there.";

pub(super) const DIRECT_IP: Explanation = Explanation {
    meaning: "The Worker asked for a URL with an IP address instead of a host name (1003). Cloudflare refuses that for every \
        address.",
    proof: &["Cloudflare's 403 with 1003."],
    mistaken_for: &[NOT_AZURE, "A 403 of API Management: that has a JSON body of its own and goes through unchanged."],
    fixes: &[USE_GATEWAY_NAME],
    links: &[links::CF_1003, links::CF_WORKERS_ISSUES],
};

pub(super) const PROHIBITED_ADDRESS: Explanation = Explanation {
    meaning: "The name leads to an address that may not be an origin (1000, 1002), such as one of Cloudflare's own, or the \
        request has a header that Cloudflare takes as a sign of a loop: `CF-Connecting-IP`, two `X-Forwarded-For`, or one \
        longer than 100 characters.",
    proof: &["Cloudflare's 1000 or 1002; the addresses are in the evidence."],
    mistaken_for: &[NOT_AZURE, "A 403 of API Management: that has a JSON body of its own and goes through unchanged."],
    fixes: &[
        READ_RECORDS,
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "If `<hostname>` is itself proxied by Cloudflare, name the gateway instead of the proxied name.",
            by_hand: None,
            command: Some("dig +noall +answer '<hostname>' A @1.1.1.1"),
            verify: CLIENTS_ARE_SERVED,
        },
        Fix {
            when: When::Always,
            who: WhoActs::Client,
            action: "If requests come with `X-Forwarded-For`, send a short one or none.",
            by_hand: None,
            command: None,
            verify: CLIENTS_ARE_SERVED,
        },
        USE_GATEWAY_NAME,
    ],
    links: &[links::CF_1000, links::CF_1002],
};

pub(super) const CNAME_CROSS_ACCOUNT: Explanation = Explanation {
    meaning: "A CNAME leads from this zone to a name in a zone of another Cloudflare account (1014). Cloudflare allows that only \
        if the other side offers it by Cloudflare for SaaS.",
    proof: &["Cloudflare's 1014; the chain is in the evidence."],
    mistaken_for: &[NOT_AZURE, "A name that does not resolve (1016): this one does."],
    fixes: &[READ_RECORDS, USE_GATEWAY_NAME],
    links: &[links::CF_1014],
};

pub(super) const WORKER_LOOP: Explanation = Explanation {
    meaning: "The Worker's request came back to the Worker (1019), as it does if a route of the Worker covers the origin's host.",
    proof: &["Cloudflare's 1019."],
    mistaken_for: &[NOT_AZURE, "A loop of CNAMEs: that ends in a DNS error."],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "Let no route of the Worker cover the name in `origins[].hostname`, and do not set the compatibility flag \
                `global_fetch_strictly_public` with `route = \"zone\"`.",
            by_hand: Some("Cloudflare dashboard: the zone → Workers Routes."),
            command: Some(
                "curl -sS -H \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" 'https://api.cloudflare.com/client/v4/zones/<zone-id>/workers/routes'",
            ),
            verify: CLIENTS_ARE_SERVED,
        },
        USE_GATEWAY_NAME,
    ],
    links: &[links::CF_1019, links::CF_WORKERS_ROUTING],
};

pub(super) const SAME_ZONE_WORKER: Explanation = Explanation {
    meaning: "The Worker called another Worker of the same zone, or on the account's `workers.dev` name, by URL (1042). \
        Cloudflare does not allow that for Workers on routes.",
    proof: &["Cloudflare's 1042."],
    mistaken_for: &[NOT_AZURE, "A path that is not found: the 404 that comes with it is not the API's."],
    fixes: &[
        USE_GATEWAY_NAME,
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "If the origin is meant to be a Worker, give that Worker a Custom Domain: it can then be fetched by its name.",
            by_hand: Some("Cloudflare dashboard: Workers & Pages → the Worker → Settings → Domains & Routes."),
            command: None,
            verify: CLIENTS_ARE_SERVED,
        },
    ],
    links: &[links::CF_WORKERS_ERRORS, links::CF_WORKERS_ROUTING],
};

pub(super) const TUNNEL_DOWN: Explanation = Explanation {
    meaning: "The name leads to a Cloudflare Tunnel that no `cloudflared` is connected to (1033).",
    proof: &["Cloudflare's 530 with 1033."],
    mistaken_for: &["A DNS fault (530 with 1016): the status is the same, the number is not.", NOT_AZURE],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::NetworkAdmin,
            action: "Start `cloudflared` again on the machine that runs the tunnel, as a service or by its token, and check that it \
                can reach Cloudflare.",
            by_hand: Some("Cloudflare dashboard: Networking → Tunnels shows whether a tunnel is healthy."),
            command: Some("cloudflared tunnel run --token '<tunnel-token>'"),
            verify: Check {
                action: "`status` is `healthy`.",
                command: Some(
                    "curl -sS -H \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" 'https://api.cloudflare.com/client/v4/accounts/<account-id>/cfd_tunnel/<tunnel-id>'",
                ),
            },
        },
        Fix { when: When::ZoneRoute, ..CNAME_NOT_ADDRESS },
    ],
    links: &[links::CF_1033],
};

pub(super) const UNRECOGNISED: Explanation = Explanation {
    meaning: "Cloudflare made the answer, not the gateway, and its number, `error_code`, is none that the guard has rules for, or it has \
        none.",
    proof: &["The answer has the marks of Cloudflare's own errors; status and number are in the evidence."],
    mistaken_for: &["An error of API Management: the guard lets those through unchanged."],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "Look `error_code` up in Cloudflare's list of errors, and look for the Ray ID in the zone's events.",
            by_hand: Some("Cloudflare dashboard: the zone → Security → Analytics → Events."),
            command: None,
            verify: GUARD_FINDS_NOTHING,
        },
        DIAGNOSE,
    ],
    links: &[links::CF_1XXX],
};
