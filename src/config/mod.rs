//! The `GUARD` variable (contract section 2): read once into a [`Config`] that can only be valid.
//!
//! [`load()`] never fails: what is wrong becomes a [`Fault`] with its path, and what is right is kept, so that a
//! half-wrong configuration with a clear origin still proxies. Whatever guards the admin interface fails closed.
//!
//! The text becomes a tree that keeps the order of keys ([`crate::json`]), opened table by table (`table`). Each file of `sections`
//! holds the keys of one section and makes its part of [`Config`] of them; a key (`key`, `forms`, `list`, `section`) knows how it
//! is read and all that is said about it. The keys together are the `catalogue`: unknown keys (`nearest`), fault texts,
//! the [`view()`] of the admin interface and the [`reference()`] for people come from it.

mod catalogue;
mod excerpt;
mod fault;
mod forms;
mod key;
mod list;
mod load;
mod nearest;

mod origin;
mod place;
mod reference;
mod report;
mod rule;
mod secrets;
mod section;
mod sections;
mod seen;
mod table;
mod target;
mod text;
mod url;
mod view;

use ipnet::IpNet;
use serde_json::Value;

use crate::json::{FromNode, Node, ToValue, json, shown, value, with_given, word};
use crate::net::{HostPattern, Hostname};

pub use fault::Fault;
pub use load::{Loaded, load};
pub use origin::{AzureResource, Origin, Route, Scheme, Serves};
pub use reference::reference;
pub use rule::Rule;
pub use secrets::{KV_BINDING, KV_NEEDED_FOR, LIMITER_BINDING, SecretUse, secrets};
pub use target::{AllowlistTarget, AzureTarget, AzureTargetKind, Destination};
pub use url::checked_url;
pub use view::{Surroundings, check, view};

/// The effective configuration: every value is valid, given or default. It is written as what one could have written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The guarded gateways, in the order written. Empty when none could be read.
    pub origins: Vec<Origin>,
    /// Hosts that no origin may answer: claimed by two, or by one that could not be read. Empty unless there are faults.
    pub withheld: Vec<HostPattern>,
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

impl ToValue for Config {
    fn to_value(&self) -> Value {
        let withheld = Some(&self.withheld).filter(|hosts| !hosts.is_empty());
        let sections = json!({
            "origins": self.origins,
            "dns": self.dns,
            "diagnostics": self.diagnostics,
            "admin": self.admin,
            "allowlist": self.allowlist,
            "notify": self.notify,
        });
        let mut optional =
            [("withheld", value(&withheld)), ("azure", value(&self.azure)), ("cloudflare", value(&self.cloudflare))];
        with_given(sections, &mut optional)
    }
}

/// `dns`.
#[derive(Debug, Clone, PartialEq, Eq)]
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

shown! { DnsConfig { resolvers, timeout_ms, min_ttl_s, max_ttl_s } }

/// `diagnostics`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagnosticsConfig {
    /// How much an anonymous client is told.
    pub detail: Detail,
    /// Most time a failed request may spend on finding the cause, in milliseconds.
    pub budget_ms: u32,
    /// Base of the problem `type`, ending in `/`; `None`: the guard's own `<admin path>/problems/`.
    pub docs_url: Option<String>,
}

shown! { DiagnosticsConfig { detail, budget_ms } or nothing { docs_url } }

/// `diagnostics.detail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Nothing of the origin.
    Public,
    /// Evidence, checks and remedies for everyone.
    Operator,
}

/// `admin`.
#[derive(Debug, Clone, PartialEq, Eq)]
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

shown! { AdminConfig { path } or nothing { hostname, access, allow_networks } }

/// `admin.access`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessConfig {
    /// `<team>.cloudflareaccess.com`.
    pub team_domain: Hostname,
    /// The application's audience tag.
    pub audience: String,
}

shown! { AccessConfig { team_domain, audience } }

/// `admin.allow_networks`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Networks {
    /// Not given: any client.
    Any,
    /// Only these. Entries that could not be read are left out, so a list of mistakes lets nobody in.
    Only(Vec<IpNet>),
}

impl ToValue for Networks {
    fn to_value(&self) -> Value {
        match self {
            Self::Any => Value::Null,
            Self::Only(networks) => networks.iter().map(ToString::to_string).collect(),
        }
    }
}

/// `azure`.
#[derive(Debug, Clone, PartialEq, Eq)]
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

shown! { AzureConfig { tenant_id, client_id, cloud, login_url, management_url, api_version } }

/// `azure.cloud`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AzureCloud {
    /// Azure.
    Public,
    /// Azure operated by 21Vianet.
    China,
    /// Azure Government.
    Usgov,
}

/// `cloudflare`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudflareConfig {
    /// Account.
    pub account_id: String,
    /// Zones whose records may be read.
    pub zone_ids: Vec<String>,
    /// API base, without a slash at the end.
    pub api_url: String,
}

shown! { CloudflareConfig { account_id, zone_ids, api_url } }

/// `allowlist`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowlistConfig {
    /// How long an address that is gone stays on the list, in seconds.
    pub hold_removals_s: u32,
    /// Where it is applied.
    pub targets: Vec<AllowlistTarget>,
}

shown! { AllowlistConfig { hold_removals_s, targets } }

/// `allowlist.targets[].kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    /// A custom list of IP addresses at Cloudflare.
    CloudflareList,
    /// A rule of a network security group.
    Nsg,
    /// Access restrictions of an app.
    AppService,
    /// The firewall of a storage account.
    Storage,
    /// The firewall of a key vault.
    KeyVault,
    /// Server firewall rules of Azure SQL.
    Sql,
    /// A receiver of the user's own.
    Webhook,
}

/// `notify`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifyConfig {
    /// Whom to tell.
    pub targets: Vec<NotifyTarget>,
    /// The secret with the URL that is pinged after every good scheduled run.
    pub heartbeat_url_secret: Option<String>,
}

shown! { NotifyConfig { targets } or nothing { heartbeat_url_secret } }

/// `notify.targets[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifyTarget {
    /// Form of the message.
    pub kind: NotifyKind,
    /// Name of the secret with the URL.
    pub url_secret: String,
    /// Name of the secret that a webhook's notices are signed with; `None`: they are not signed.
    pub signing_secret: Option<String>,
    /// Least severity that is sent.
    pub min_severity: Severity,
}

shown! { NotifyTarget { kind, url_secret, min_severity } or nothing { signing_secret } }

/// `notify.targets[].kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotifyKind {
    /// Signed JSON.
    Webhook,
    /// Slack incoming webhook.
    Slack,
    /// Teams workflow card.
    Teams,
    /// `PagerDuty` Events v2.
    Pagerduty,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Will hurt.
    Warning,
    /// Hurts.
    Error,
}

impl FromNode for Severity {
    fn from_node(node: &Node) -> Option<Self> {
        let known = [Self::Info, Self::Warning, Self::Error];
        known.into_iter().find(|severity| word(severity) == node.text().unwrap_or_default())
    }
}
