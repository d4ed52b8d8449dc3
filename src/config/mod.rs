//! The `GUARD` variable (contract section 2): read once into a [`Config`] that can only be valid.
//!
//! [`load`] never fails: what is wrong becomes a [`Fault`] with its path, and what is right is kept, so that a
//! half-wrong configuration with a clear origin still proxies. Whatever guards the admin interface fails closed.

mod fault;
mod load;

use ipnet::IpNet;
use serde::Serialize;

use crate::net::{HostPattern, Hostname};

pub use fault::Fault;
pub use load::{Loaded, check_text, load};

/// The effective configuration: every value is valid, given or default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Config {
    /// The guarded gateways, in the order written. Empty when none could be read.
    pub origins: Vec<Origin>,
    /// How names are looked up.
    pub dns: DnsConfig,
    /// What a failed request may cost and tell.
    pub diagnostics: DiagnosticsConfig,
    /// The admin interface.
    pub admin: AdminConfig,
    /// Azure Resource Manager; `None`: not asked.
    pub azure: Option<AzureConfig>,
    /// The Cloudflare API; `None`: not asked.
    pub cloudflare: Option<CloudflareConfig>,
    /// Allowlists.
    pub allowlist: AllowlistConfig,
    /// Notices.
    pub notify: NotifyConfig,
}

impl Config {
    /// What the code of a problem is appended to, to make its `type`.
    pub fn type_base(&self) -> String {
        let own = || format!("{}/problems/", self.admin.path);
        self.diagnostics.docs_url.clone().unwrap_or_else(own)
    }
}

/// One gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// Short id in KV keys, metrics and the API: `[a-z0-9-]{1,32}`, unique.
    pub name: String,
    /// The gateway's host name.
    pub hostname: Hostname,
    /// From `hostname:port`; `None` is the scheme's own port.
    pub port: Option<u16>,
    /// Request hosts it answers for; empty: the default origin.
    pub serves: Serves,
    /// `https`, or `http` for a local origin.
    pub scheme: Scheme,
    /// How it is reached.
    pub route: Route,
    /// Suffixes of which the chain must pass one.
    pub expect_suffixes: Vec<Hostname>,
    /// Time to the response's head, in milliseconds.
    pub timeout_ms: u32,
    /// Absolute path of the health endpoint.
    pub health_path: String,
    /// Where ARM knows it; `None`: no ARM for this origin.
    pub azure: Option<AzureResource>,
}

impl Origin {
    /// `hostname` or `hostname:port`, as in a URL.
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.hostname),
            None => self.hostname.to_string(),
        }
    }

    /// `scheme://hostname[:port]`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("{}://{}", self.scheme.as_str(), self.authority())
    }

    /// The port of a connection.
    pub fn effective_port(&self) -> u16 {
        self.port.unwrap_or(match self.scheme {
            Scheme::Https => 443,
            Scheme::Http => 80,
        })
    }
}

/// `origins[].serves`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Serves {
    /// The hosts of these patterns. Empty: none, because what was written could not be read.
    Only(Vec<HostPattern>),
    /// Every host that no other origin serves: the default origin.
    Rest,
}

impl Serves {
    /// How specifically `host` is served; `None`: not at all.
    pub fn fit(&self, host: &str) -> Option<usize> {
        match self {
            Self::Only(patterns) => patterns.iter().filter(|it| it.matches(host)).map(HostPattern::specificity).max(),
            Self::Rest => Some(0),
        }
    }

    /// The patterns; empty for the default origin.
    pub fn patterns(&self) -> &[HostPattern] {
        match self {
            Self::Only(patterns) => patterns,
            Self::Rest => &[],
        }
    }
}

/// `origins[].scheme`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// TLS.
    Https,
    /// Plain text, for a local origin only.
    Http,
}

impl Scheme {
    /// As in a URL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }
}

/// `origins[].route`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Route {
    /// Fetch `https://<hostname>/…`.
    Direct,
    /// Fetch the request as it came: the zone's own DNS record is the origin.
    Zone,
}

/// `origins[].azure`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AzureResource {
    /// A GUID.
    pub subscription_id: String,
    /// Resource group.
    pub resource_group: String,
    /// API Management service.
    pub service_name: String,
}

/// `dns`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DnsConfig {
    /// `DoH` endpoints, at least one.
    pub resolvers: Vec<String>,
    /// Per question, in milliseconds.
    pub timeout_ms: u32,
    /// Lower bound of an observation's freshness, in seconds.
    pub min_ttl_s: u32,
    /// Upper bound of it, not below the lower one.
    pub max_ttl_s: u32,
}

/// `diagnostics`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiagnosticsConfig {
    /// How much an anonymous client is told.
    pub detail: Detail,
    /// Most time a failed request may spend on finding the cause, in milliseconds.
    pub budget_ms: u32,
    /// Base of the problem `type`, ending in `/`; `None`: the guard's own `<admin path>/problems/`.
    pub docs_url: Option<String>,
}

/// `diagnostics.detail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Detail {
    /// Nothing of the origin.
    Public,
    /// Evidence, checks and remedies for everyone.
    Operator,
}

/// `admin`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdminConfig {
    /// Path prefix, begins with `/`, does not end in one.
    pub path: String,
    /// The only host with admin paths; `None`: any.
    pub hostname: Option<Hostname>,
    /// Cloudflare Access; `None`: not accepted.
    pub access: Option<AccessConfig>,
    /// Networks of the client.
    pub allow_networks: Networks,
}

/// `admin.access`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessConfig {
    /// `<team>.cloudflareaccess.com`.
    pub team_domain: Hostname,
    /// The application's audience tag.
    pub audience: String,
}

/// `admin.allow_networks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Networks {
    /// Not given: any client.
    Any,
    /// Only these. Entries that could not be read are left out, so a list of mistakes lets nobody in.
    Only(Vec<IpNet>),
}

/// `azure`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AzureConfig {
    /// Entra tenant.
    pub tenant_id: String,
    /// Application (client) id.
    pub client_id: String,
    /// Which cloud.
    pub cloud: AzureCloud,
    /// Token authority, without a slash at the end; the cloud's own unless given.
    pub login_url: String,
    /// ARM, without a slash at the end; the cloud's own unless given.
    pub management_url: String,
    /// `api-version` of `Microsoft.ApiManagement`.
    pub api_version: String,
}

/// `azure.cloud`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AzureCloud {
    /// Azure.
    Public,
    /// Azure operated by 21Vianet.
    China,
    /// Azure Government.
    Usgov,
}

/// `cloudflare`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CloudflareConfig {
    /// Account.
    pub account_id: String,
    /// Zones whose records may be read.
    pub zone_ids: Vec<String>,
    /// API base, without a slash at the end.
    pub api_url: String,
}

/// `allowlist`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AllowlistConfig {
    /// How long an address that is gone stays on the list, in seconds.
    pub hold_removals_s: u32,
    /// Where it is applied, as written: each kind has its own settings.
    pub targets: Vec<serde_json::Value>,
}

/// `notify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotifyConfig {
    /// Whom to tell.
    pub targets: Vec<NotifyTarget>,
    /// The secret with the URL that is pinged after every good scheduled run.
    pub heartbeat_url_secret: Option<String>,
}

/// `notify.targets[]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotifyTarget {
    /// Form of the message.
    pub kind: NotifyKind,
    /// Name of the secret with the URL.
    pub url_secret: String,
    /// Least severity that is sent.
    pub min_severity: Severity,
}

/// `notify.targets[].kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NotifyKind {
    /// Signed JSON.
    Webhook,
    /// Slack incoming webhook.
    Slack,
    /// Teams workflow card.
    Teams,
    /// PagerDuty Events v2.
    Pagerduty,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Will hurt.
    Warning,
    /// Hurts.
    Error,
}
