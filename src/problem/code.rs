//! The closed list of codes (contract section 5).

use std::fmt;
use std::str::FromStr;

use crate::json::stored_text;

/// A stable code. Its title, status and all words about it stand in the catalogue ([`super::entry`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The origin's name does not exist (NXDOMAIN at some hop).
    OriginNameNotFound,
    /// The chain ends without A or AAAA (NODATA).
    OriginNameHasNoAddress,
    /// SERVFAIL or REFUSED.
    OriginDnsServerFailure,
    /// DNSSEC validation fails (extended error 6 to 12).
    OriginDnssecInvalid,
    /// CNAME loop, or more than 16 hops.
    OriginChainInvalid,
    /// Only special-purpose addresses.
    OriginAddressNotPublic,
    /// The edge and the resolvers, or the resolvers among themselves, disagree.
    OriginDnsDisagreement,
    /// The edge says DNS, and no resolver could be asked.
    OriginDnsUnconfirmed,
    /// 521, or a refused connection with DNS good.
    OriginConnectionRefused,
    /// 522.
    OriginConnectionTimeout,
    /// 523, or a lost connection with DNS good and the cause open.
    OriginUnreachable,
    /// The address the edge used is no longer among the current ones.
    OriginAddressStale,
    /// 524, or `timeout_ms` passed.
    OriginResponseTimeout,
    /// 520.
    OriginResponseInvalid,
    /// 525.
    OriginTlsFailed,
    /// 526.
    OriginCertificateInvalid,
    /// ARM: the subscription is disabled.
    ApimSubscriptionDisabled,
    /// ARM: the service is stopped.
    ApimStopped,
    /// ARM: the service is deleted and can still be restored.
    ApimSoftDeleted,
    /// ARM: no such service.
    ApimNotFound,
    /// ARM: the service is being updated.
    ApimUpdating,
    /// ARM: public network access is disabled.
    ApimPublicAccessDisabled,
    /// ARM: the service is in an internal virtual network.
    ApimInternalNetwork,
    /// The name is gone from DNS and the instance from ARM: someone else may claim it.
    OriginNameDangling,
    /// The name came back but is not provably the same instance.
    OriginNameReclaimed,
    /// 1003.
    CloudflareDirectIp,
    /// 1000 or 1002.
    CloudflareProhibitedAddress,
    /// 1014.
    CloudflareCnameCrossAccount,
    /// 1019.
    CloudflareWorkerLoop,
    /// 1042.
    CloudflareSameZoneWorker,
    /// 1033.
    CloudflareTunnelDown,
    /// Any other edge-made error, with its number.
    CloudflareErrorUnrecognised,
    /// No origin can be made out of the configuration.
    GuardConfigInvalid,
    /// A fault of the guard's own.
    GuardInternalError,
    /// The admin interface got no valid credential.
    AdminUnauthenticated,
    /// The admin interface is closed to this client.
    AdminForbidden,
    /// No such admin path.
    AdminNotFound,
    /// The admin path does not have this method.
    AdminMethodNotAllowed,
    /// Too many attempts.
    AdminRateLimited,
    /// The admin request cannot be understood.
    AdminBadRequest,
    /// An export was asked for and nothing declared is known.
    AllowlistUnknown,
}

impl Code {
    /// Every code, in the order of the contract.
    pub const ALL: [Self; 41] = [
        Self::OriginNameNotFound,
        Self::OriginNameHasNoAddress,
        Self::OriginDnsServerFailure,
        Self::OriginDnssecInvalid,
        Self::OriginChainInvalid,
        Self::OriginAddressNotPublic,
        Self::OriginDnsDisagreement,
        Self::OriginDnsUnconfirmed,
        Self::OriginConnectionRefused,
        Self::OriginConnectionTimeout,
        Self::OriginUnreachable,
        Self::OriginAddressStale,
        Self::OriginResponseTimeout,
        Self::OriginResponseInvalid,
        Self::OriginTlsFailed,
        Self::OriginCertificateInvalid,
        Self::ApimSubscriptionDisabled,
        Self::ApimStopped,
        Self::ApimSoftDeleted,
        Self::ApimNotFound,
        Self::ApimUpdating,
        Self::ApimPublicAccessDisabled,
        Self::ApimInternalNetwork,
        Self::OriginNameDangling,
        Self::OriginNameReclaimed,
        Self::CloudflareDirectIp,
        Self::CloudflareProhibitedAddress,
        Self::CloudflareCnameCrossAccount,
        Self::CloudflareWorkerLoop,
        Self::CloudflareSameZoneWorker,
        Self::CloudflareTunnelDown,
        Self::CloudflareErrorUnrecognised,
        Self::GuardConfigInvalid,
        Self::GuardInternalError,
        Self::AdminUnauthenticated,
        Self::AdminForbidden,
        Self::AdminNotFound,
        Self::AdminMethodNotAllowed,
        Self::AdminRateLimited,
        Self::AdminBadRequest,
        Self::AllowlistUnknown,
    ];

    /// The slug: value of `code`, last segment of `type`, of the log field and of the metric label.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OriginNameNotFound => "origin_name_not_found",
            Self::OriginNameHasNoAddress => "origin_name_has_no_address",
            Self::OriginDnsServerFailure => "origin_dns_server_failure",
            Self::OriginDnssecInvalid => "origin_dnssec_invalid",
            Self::OriginChainInvalid => "origin_chain_invalid",
            Self::OriginAddressNotPublic => "origin_address_not_public",
            Self::OriginDnsDisagreement => "origin_dns_disagreement",
            Self::OriginDnsUnconfirmed => "origin_dns_unconfirmed",
            Self::OriginConnectionRefused => "origin_connection_refused",
            Self::OriginConnectionTimeout => "origin_connection_timeout",
            Self::OriginUnreachable => "origin_unreachable",
            Self::OriginAddressStale => "origin_address_stale",
            Self::OriginResponseTimeout => "origin_response_timeout",
            Self::OriginResponseInvalid => "origin_response_invalid",
            Self::OriginTlsFailed => "origin_tls_failed",
            Self::OriginCertificateInvalid => "origin_certificate_invalid",
            Self::ApimSubscriptionDisabled => "apim_subscription_disabled",
            Self::ApimStopped => "apim_stopped",
            Self::ApimSoftDeleted => "apim_soft_deleted",
            Self::ApimNotFound => "apim_not_found",
            Self::ApimUpdating => "apim_updating",
            Self::ApimPublicAccessDisabled => "apim_public_access_disabled",
            Self::ApimInternalNetwork => "apim_internal_network",
            Self::OriginNameDangling => "origin_name_dangling",
            Self::OriginNameReclaimed => "origin_name_reclaimed",
            Self::CloudflareDirectIp => "cloudflare_direct_ip",
            Self::CloudflareProhibitedAddress => "cloudflare_prohibited_address",
            Self::CloudflareCnameCrossAccount => "cloudflare_cname_cross_account",
            Self::CloudflareWorkerLoop => "cloudflare_worker_loop",
            Self::CloudflareSameZoneWorker => "cloudflare_same_zone_worker",
            Self::CloudflareTunnelDown => "cloudflare_tunnel_down",
            Self::CloudflareErrorUnrecognised => "cloudflare_error_unrecognised",
            Self::GuardConfigInvalid => "guard_config_invalid",
            Self::GuardInternalError => "guard_internal_error",
            Self::AdminUnauthenticated => "admin_unauthenticated",
            Self::AdminForbidden => "admin_forbidden",
            Self::AdminNotFound => "admin_not_found",
            Self::AdminMethodNotAllowed => "admin_method_not_allowed",
            Self::AdminRateLimited => "admin_rate_limited",
            Self::AdminBadRequest => "admin_bad_request",
            Self::AllowlistUnknown => "allowlist_unknown",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No code has this slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownCode;

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a code of the guard")
    }
}

stored_text! { Code }

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(slug: &str) -> Result<Self, UnknownCode> {
        Self::ALL.into_iter().find(|code| code.as_str() == slug).ok_or(UnknownCode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{FromNode, Node, ToValue};

    #[test]
    fn every_slug_reads_back_and_is_what_json_writes() {
        for code in Code::ALL {
            assert_eq!(code.as_str().parse(), Ok(code));
            assert_eq!(code.to_value(), code.as_str());
            assert_eq!(Code::from_node(&Node::Text(code.to_string())), Some(code));
        }
        assert_eq!("origin_name".parse::<Code>(), Err(UnknownCode));
    }
}
