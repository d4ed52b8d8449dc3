//! The guarded gateways, and which of them a request is for.

use serde_json::Value;

use super::{AzureCloud, Config};
use crate::json::{ToValue, json, shown, value, with_given};
use crate::net::{HostPattern, Hostname};

/// One gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Short id in KV keys, metrics and the API: `[a-z0-9-]{1,32}`, unique.
    pub name: String,
    /// The gateway's host name.
    pub hostname: Hostname,
    /// From `hostname:port`; `None` is the scheme's own port.
    pub port: Option<u16>,
    /// Which requests it answers.
    pub serves: Serves,
    /// `https`, or `http` for a local origin.
    pub scheme: Scheme,
    /// How it is reached.
    pub route: Route,
    /// Suffixes of which the chain must pass one; empty: any chain is right.
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

/// As it would be written in `GUARD`: `hostname` with its port.
impl ToValue for Origin {
    fn to_value(&self) -> Value {
        let given = json!({
            "name": self.name,
            "hostname": self.authority(),
            "serves": self.serves,
            "scheme": self.scheme,
            "route": self.route,
            "expect_suffixes": self.expect_suffixes,
            "timeout_ms": self.timeout_ms,
            "health_path": self.health_path,
        });
        with_given(given, &mut [("azure", value(&self.azure))])
    }
}

/// `origins[].serves`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Serves {
    /// Every host that no other origin serves: the default origin. At most one origin has it. Of a configuration with
    /// one origin it is that one, also where its `serves` could not be read: there is no other one to be meant.
    Default,
    /// These, at least one.
    Hosts(Vec<HostPattern>),
    /// None, since it could not be made out which: an unreadable `serves`, a host claimed twice, a second default.
    Nothing,
}

/// `[]` for the default origin, the list, or `null` for nothing.
impl ToValue for Serves {
    fn to_value(&self) -> Value {
        match self {
            Self::Default => Value::Array(Vec::new()),
            Self::Hosts(hosts) => hosts.to_value(),
            Self::Nothing => Value::Null,
        }
    }
}

impl Serves {
    /// The patterns, if there are any.
    pub fn hosts(&self) -> &[HostPattern] {
        match self {
            Self::Hosts(hosts) => hosts,
            Self::Default | Self::Nothing => &[],
        }
    }
}

impl Config {
    /// The origin that answers requests for `host` (lower case, no port): the one with the most specific pattern, else
    /// the default one. `None`: it cannot be made out, which is an error of the configuration.
    ///
    /// A host that an origin claims which could not be read, or that two origins claim, never falls to another one:
    /// a request at the wrong gateway is worse than an error that names the mistake.
    pub fn origin_for(&self, host: &str) -> Option<&Origin> {
        let claims =
            self.origins.iter().flat_map(|origin| origin.serves.hosts().iter().map(move |p| (p, Some(origin))));
        let withheld = self.withheld.iter().map(|pattern| (pattern, None));
        let matching = claims.chain(withheld).filter(|(pattern, _)| pattern.matches(host));
        match matching.max_by_key(|(pattern, _)| pattern.specificity()) {
            Some((_, origin)) => origin,
            None => self.origins.iter().find(|origin| origin.serves == Serves::Default),
        }
    }

    /// The origin for the host of a URL, in whatever case, also with the dot of a fully qualified name.
    pub fn origin_of(&self, host: &str) -> Option<&Origin> {
        let host = host.strip_suffix('.').unwrap_or(host);
        if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.origin_for(&host.to_ascii_lowercase())
        } else {
            self.origin_for(host)
        }
    }

    /// The gateway's default name, `<service_name>.azure-api.net` or as the cloud has it, where ARM is to know `origin`.
    pub fn gateway_name(&self, origin: &Origin) -> Option<Hostname> {
        let suffix = match self.azure.as_ref()?.cloud {
            AzureCloud::Public => "azure-api.net",
            AzureCloud::China => "azure-api.cn",
            AzureCloud::Usgov => "azure-api.us",
        };
        format!("{}.{suffix}", origin.azure.as_ref()?.service_name).parse().ok()
    }

    /// What the code of a problem is appended to, to make its `type`.
    pub fn type_base(&self) -> String {
        let own = || format!("{}/problems/", self.admin.path);
        self.diagnostics.docs_url.clone().unwrap_or_else(own)
    }
}

/// `origins[].scheme`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Fetch `https://<hostname>/…`.
    Direct,
    /// Fetch the request as it came: the zone's own DNS record is the origin.
    Zone,
}

/// `origins[].azure`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureResource {
    /// A GUID.
    pub subscription_id: String,
    /// Resource group.
    pub resource_group: String,
    /// API Management service.
    pub service_name: String,
}

shown! { AzureResource { subscription_id, resource_group, service_name } }
