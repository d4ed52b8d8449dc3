//! One row for each code: everything that is said about it anywhere.

mod words;

use super::Code;
use crate::json::shown_words;

/// The layer at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Name resolution.
    Dns,
    /// TCP.
    Connection,
    /// TLS.
    Tls,
    /// The answer itself.
    Response,
    /// The state of the Azure resource.
    Azure,
    /// How the zone, the Worker or the guard is configured.
    Config,
    /// The guard itself and its admin interface.
    Guard,
}

shown_words! { Category {
    Dns: "dns",
    Connection: "connection",
    Tls: "tls",
    Response: "response",
    Azure: "azure",
    Config: "config",
    Guard: "guard",
} }

/// Who can end it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoActs {
    /// The one who sent the request.
    Client,
    /// The owner of the API.
    ApiOwner,
    /// Who administers the Azure subscription.
    AzureAdmin,
    /// Who administers the Cloudflare zone.
    CloudflareAdmin,
    /// Who administers the networks between.
    NetworkAdmin,
    /// Nobody: it passes.
    Nobody,
}

shown_words! { WhoActs {
    Client: "client",
    ApiOwner: "api_owner",
    AzureAdmin: "azure_admin",
    CloudflareAdmin: "cloudflare_admin",
    NetworkAdmin: "network_admin",
    Nobody: "nobody",
} }

impl WhoActs {
    /// For people, without an article.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::ApiOwner => "API owner",
            Self::AzureAdmin => "Azure administrator",
            Self::CloudflareAdmin => "Cloudflare administrator",
            Self::NetworkAdmin => "Network administrator",
            Self::Nobody => "Nobody",
        }
    }
}

/// A row of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// Short, the same at every occurrence (RFC 9457 3.1.3).
    pub title: &'static str,
    /// HTTP status sent.
    pub status: u16,
    /// The layer.
    pub category: Category,
    /// `Retry-After` in seconds; `None`: not retryable.
    pub retry_after_s: Option<u32>,
    /// Whether somebody must act: waiting alone does not help.
    pub owner_action_required: bool,
    /// Who.
    pub who_acts: WhoActs,
    /// What strangers are told: true whatever the origin, no name, no address, no hop.
    pub public_detail: &'static str,
}

/// The row of `code`.
pub const fn entry(code: Code) -> Entry {
    let Facts(status, category, retry_after_s, owner_action_required, who_acts) = facts(code);
    Entry {
        code,
        title: words::title(code),
        status,
        category,
        retry_after_s,
        owner_action_required,
        who_acts,
        public_detail: words::public_detail(code),
    }
}

/// Status, category, `Retry-After`, whether an owner must act, who.
struct Facts(u16, Category, Option<u32>, bool, WhoActs);

/// DNS that may recover by itself: the guard's shortest time between two look-ups (`dns.min_ttl_s`).
const TRANSIENT: Option<u32> = Some(30);
/// DNS that somebody must mend first.
const MENDED: Option<u32> = Some(60);
/// Cloudflare's own `Retry-After` for 520 ("Error responses", retry table).
const EDGE_SHORT: Option<u32> = Some(60);
/// Cloudflare's own `Retry-After` for 521 to 524 and 1033.
const EDGE: Option<u32> = Some(120);
/// What somebody must set up first, at Azure or at Cloudflare: minutes, not seconds.
const SET_UP: Option<u32> = Some(300);
/// Nothing changes by waiting.
const NEVER: Option<u32> = None;

const fn facts(code: Code) -> Facts {
    use Category::{Azure, Config, Connection, Dns, Guard, Response, Tls};
    use WhoActs::{ApiOwner, AzureAdmin, Client, CloudflareAdmin, NetworkAdmin, Nobody};
    match code {
        Code::OriginNameNotFound | Code::OriginNameHasNoAddress | Code::OriginAddressNotPublic => {
            Facts(503, Dns, MENDED, true, AzureAdmin)
        }
        Code::OriginDnsServerFailure | Code::OriginDnsUnconfirmed => Facts(503, Dns, TRANSIENT, false, ApiOwner),
        Code::OriginDnsDisagreement => Facts(503, Dns, TRANSIENT, false, Nobody),
        Code::OriginDnssecInvalid | Code::OriginChainInvalid => Facts(503, Dns, MENDED, true, ApiOwner),
        Code::OriginNameDangling | Code::OriginNameReclaimed => Facts(503, Dns, SET_UP, true, ApiOwner),
        Code::OriginConnectionRefused | Code::OriginUnreachable => Facts(503, Connection, EDGE, true, ApiOwner),
        Code::OriginConnectionTimeout => Facts(503, Connection, EDGE, true, NetworkAdmin),
        Code::OriginAddressStale => Facts(503, Connection, EDGE, true, CloudflareAdmin),
        Code::OriginResponseTimeout => Facts(504, Response, EDGE, true, ApiOwner),
        Code::OriginResponseInvalid => Facts(502, Response, EDGE_SHORT, true, ApiOwner),
        Code::OriginTlsFailed | Code::OriginCertificateInvalid => Facts(502, Tls, NEVER, true, AzureAdmin),
        Code::ApimUpdating => Facts(503, Azure, SET_UP, false, Nobody),
        Code::ApimSubscriptionDisabled
        | Code::ApimStopped
        | Code::ApimSoftDeleted
        | Code::ApimNotFound
        | Code::ApimPublicAccessDisabled
        | Code::ApimInternalNetwork => Facts(503, Azure, SET_UP, true, AzureAdmin),
        Code::CloudflareDirectIp
        | Code::CloudflareProhibitedAddress
        | Code::CloudflareCnameCrossAccount
        | Code::CloudflareWorkerLoop
        | Code::CloudflareSameZoneWorker => Facts(503, Config, SET_UP, true, CloudflareAdmin),
        Code::CloudflareTunnelDown => Facts(503, Config, EDGE, true, NetworkAdmin),
        // Cloudflare's numbers differ in this; a minute does no harm.
        Code::CloudflareErrorUnrecognised => Facts(503, Config, EDGE_SHORT, false, CloudflareAdmin),
        Code::GuardConfigInvalid => Facts(500, Config, NEVER, true, CloudflareAdmin),
        Code::GuardInternalError => Facts(500, Guard, NEVER, true, CloudflareAdmin),
        Code::AdminUnauthenticated => Facts(401, Guard, NEVER, false, Client),
        Code::AdminForbidden => Facts(403, Guard, NEVER, true, CloudflareAdmin),
        Code::AdminNotFound => Facts(404, Guard, NEVER, false, Client),
        Code::AdminMethodNotAllowed => Facts(405, Guard, NEVER, false, Client),
        Code::AdminRateLimited => Facts(429, Guard, EDGE_SHORT, false, Client),
        Code::AdminBadRequest => Facts(400, Guard, NEVER, false, Client),
        Code::AllowlistUnknown => Facts(409, Guard, NEVER, true, AzureAdmin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contract's status line: DNS and connections 503 with `Retry-After`, answers 502 and 504, the guard 500.
    #[test]
    fn every_503_says_when_to_come_back() {
        for row in Code::ALL.map(entry) {
            assert!(row.status != 503 || row.retry_after_s.is_some(), "{}", row.code);
        }
    }

    #[test]
    fn what_waits_for_an_owner_names_one() {
        for row in Code::ALL.map(entry) {
            let an_owner = !matches!(row.who_acts, WhoActs::Nobody | WhoActs::Client);
            assert!(an_owner || !row.owner_action_required, "{}", row.code);
        }
    }
}
