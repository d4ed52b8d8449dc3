//! What the guard knows about each code, written once: the explanation pages and the remedies are made from it.
//!
//! Facts are those of the vendors' own pages that each explanation links to. What is not documented is worded as what
//! was seen, never as a rule.

mod answer;
mod azure;
mod checks;
mod cloudflare;
mod connection;
pub(crate) mod fixes;
mod guard;
mod links;
mod missing_name;
mod resolution;

use super::{Code, WhoActs};
use crate::origin::HopKind;

/// Everything about a code but what the catalogue says.
///
/// In all texts `<name>` is a placeholder: see [`PLACEHOLDERS`]. Backticks mark inline code.
#[derive(Debug)]
pub(crate) struct Explanation {
    /// What it means for an operator.
    pub meaning: &'static str,
    /// What proves it.
    pub proof: &'static [&'static str],
    /// What it is often mistaken for.
    pub mistaken_for: &'static [&'static str],
    /// Ways out, best first; never empty.
    pub fixes: &'static [Fix],
    /// The vendors' own pages.
    pub links: &'static [Link],
}

/// One way out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fix {
    /// When it applies.
    pub when: When,
    /// Who does it.
    pub who: WhoActs,
    /// What to do.
    pub action: &'static str,
    /// The same in a portal or dashboard, where there is one.
    pub by_hand: Option<&'static str>,
    /// The same as a shell command; every placeholder stands in quotes.
    pub command: Option<&'static str>,
    /// How to tell that it worked.
    pub verify: Check,
}

/// A test anyone can do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Check {
    /// What to look for.
    pub action: &'static str,
    /// A shell command, where there is one.
    pub command: Option<&'static str>,
}

/// When a [`Fix`] applies.
#[derive(Debug, Clone, Copy)]
pub(crate) enum When {
    /// Always.
    Always,
    /// Where the resolution fails at a name of one of these kinds.
    FailedAt(&'static [HopKind]),
    /// Where requests go to the zone's own record (`route = "zone"`).
    ZoneRoute,
    /// Unless requests go to the gateway's own name already.
    OtherName,
}

/// A page of a vendor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    /// Its title.
    pub title: &'static str,
    /// Its URL.
    pub url: &'static str,
}

impl Fix {
    /// The action with the way through the portal, where there is one.
    pub(crate) fn instruction(&self) -> String {
        match self.by_hand {
            Some(by_hand) => format!("{} {by_hand}", self.action),
            None => self.action.to_owned(),
        }
    }
}

impl When {
    /// As the beginning of a sentence; empty for [`When::Always`].
    pub(crate) fn describe(self) -> String {
        match self {
            Self::Always => String::new(),
            Self::FailedAt(kinds) => {
                let names: Vec<_> = kinds.iter().map(|kind| kind.describe()).collect();
                format!("If the failed hop is {}: ", names.join("; or "))
            }
            Self::ZoneRoute => "With `route = \"zone\"`: ".to_owned(),
            Self::OtherName => "If requests do not go to the gateway's own name yet: ".to_owned(),
        }
    }
}

/// What the placeholders stand for, for the reader of a page.
pub(crate) const PLACEHOLDERS: &str = "Replace what stands in angle brackets. `<hostname>` is the gateway's host name, \
    `<api-host>` the name that clients call, `<guard-url>` the guard's address with its admin path, such as \
    `https://api.example.com/__guard`. `$CLOUDFLARE_API_TOKEN` and `$GUARD_ADMIN_TOKEN` are taken from your shell. For \
    Azure Government or Azure operated by 21Vianet run `az cloud set` first.";

/// The explanation of `code`.
pub(crate) const fn explanation(code: Code) -> &'static Explanation {
    match code {
        Code::OriginNameNotFound => &missing_name::NOT_FOUND,
        Code::OriginNameHasNoAddress => &missing_name::HAS_NO_ADDRESS,
        Code::OriginDnsServerFailure => &resolution::SERVER_FAILURE,
        Code::OriginDnssecInvalid => &resolution::DNSSEC_INVALID,
        Code::OriginChainInvalid => &resolution::CHAIN_INVALID,
        Code::OriginAddressNotPublic => &resolution::ADDRESS_NOT_PUBLIC,
        Code::OriginDnsDisagreement => &resolution::DISAGREEMENT,
        Code::OriginDnsUnconfirmed => &resolution::UNCONFIRMED,
        Code::OriginConnectionRefused => &connection::REFUSED,
        Code::OriginConnectionTimeout => &connection::TIMEOUT,
        Code::OriginUnreachable => &connection::UNREACHABLE,
        Code::OriginAddressStale => &connection::ADDRESS_STALE,
        Code::OriginResponseTimeout => &answer::TIMEOUT,
        Code::OriginResponseInvalid => &answer::INVALID,
        Code::OriginTlsFailed => &answer::TLS_FAILED,
        Code::OriginCertificateInvalid => &answer::CERTIFICATE_INVALID,
        Code::ApimSubscriptionDisabled => &azure::SUBSCRIPTION_DISABLED,
        Code::ApimStopped => &azure::STOPPED,
        Code::ApimSoftDeleted => &azure::SOFT_DELETED,
        Code::ApimNotFound => &azure::NOT_FOUND,
        Code::ApimUpdating => &azure::UPDATING,
        Code::ApimPublicAccessDisabled => &azure::PUBLIC_ACCESS_DISABLED,
        Code::ApimInternalNetwork => &azure::INTERNAL_NETWORK,
        Code::OriginNameDangling => &azure::NAME_DANGLING,
        Code::OriginNameReclaimed => &azure::NAME_RECLAIMED,
        Code::CloudflareDirectIp => &cloudflare::DIRECT_IP,
        Code::CloudflareProhibitedAddress => &cloudflare::PROHIBITED_ADDRESS,
        Code::CloudflareCnameCrossAccount => &cloudflare::CNAME_CROSS_ACCOUNT,
        Code::CloudflareWorkerLoop => &cloudflare::WORKER_LOOP,
        Code::CloudflareSameZoneWorker => &cloudflare::SAME_ZONE_WORKER,
        Code::CloudflareTunnelDown => &cloudflare::TUNNEL_DOWN,
        Code::CloudflareErrorUnrecognised => &cloudflare::UNRECOGNISED,
        Code::GuardConfigInvalid => &guard::CONFIG_INVALID,
        Code::GuardInternalError => &guard::INTERNAL_ERROR,
        Code::AdminUnauthenticated => &guard::UNAUTHENTICATED,
        Code::AdminForbidden => &guard::FORBIDDEN,
        Code::AdminNotFound => &guard::NOT_FOUND,
        Code::AdminMethodNotAllowed => &guard::METHOD_NOT_ALLOWED,
        Code::AdminRateLimited => &guard::RATE_LIMITED,
        Code::AdminBadRequest => &guard::BAD_REQUEST,
        Code::AllowlistUnknown => &guard::ALLOWLIST_UNKNOWN,
    }
}
