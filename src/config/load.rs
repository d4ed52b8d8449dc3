//! From the text of the `GUARD` variable to a [`Config`].

use super::{Config, Fault};

/// What was read: always a usable configuration, and every mistake in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Valid values only: given ones where they are right, defaults elsewhere.
    pub config: Config,
    /// All mistakes, in the order of the document; empty: the configuration is valid.
    pub faults: Vec<Fault>,
}

/// Reads the `GUARD` variable's JSON text; `None` where the variable is missing.
pub fn load(text: Option<&str>) -> Loaded {
    use super::*;
    let _ = text;
    Loaded {
        config: Config {
            origins: Vec::new(),
            dns: DnsConfig { resolvers: Vec::new(), timeout_ms: 2000, min_ttl_s: 30, max_ttl_s: 3600 },
            diagnostics: DiagnosticsConfig { detail: Detail::Public, budget_ms: 2500, docs_url: None },
            admin: AdminConfig { path: "/__guard".into(), hostname: None, access: None, allow_networks: Networks::Any },
            azure: None,
            cloudflare: None,
            allowlist: AllowlistConfig { hold_removals_s: 86_400, targets: Vec::new() },
            notify: NotifyConfig { targets: Vec::new(), heartbeat_url_secret: None },
        },
        faults: Vec::new(),
    }
}

/// x
pub fn check_text(text: &str) -> serde_json::Value {
    serde_json::Value::String(text.into())
}

impl Loaded {
    /// x
    pub fn view(&self, _set: &[String], _kv: bool) -> serde_json::Value {
        serde_json::Value::Null
    }
    /// x
    pub fn missing(&self, _set: &[String], _kv: bool) -> Vec<serde_json::Value> {
        Vec::new()
    }
    /// x
    pub fn secret_names(&self) -> Vec<String> {
        vec!["GUARD_ADMIN_TOKEN".into()]
    }
}
