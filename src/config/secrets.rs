//! The secrets and bindings that a configuration needs.

use super::forms::written;
use super::{Config, Destination, NotifyKind};

/// Name of the KV namespace's binding.
pub const KV_BINDING: &str = "GUARD_KV";
/// Name of the rate-limiting binding.
pub const LIMITER_BINDING: &str = "GUARD_RATE_LIMIT";
/// What the namespace is for.
pub const KV_NEEDED_FOR: &str = "what was last known of the origins: addresses, incidents, history";

/// A secret that a configuration needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretUse {
    /// Its name in the Worker's environment.
    pub name: String,
    /// What is disabled without it.
    pub needed_for: String,
}

/// The secrets with names of their own: name, what they are for, the section without which they are not needed.
pub(super) const FIXED: [(&str, &str, &str); 3] = [
    (
        "GUARD_ADMIN_TOKEN",
        "signing in with a token and the operator's part of problem documents; 32 characters or more",
        "",
    ),
    ("AZURE_CLIENT_SECRET", "asking Azure Resource Manager", "azure"),
    ("CLOUDFLARE_API_TOKEN", "reading the zone's records and applying a Cloudflare list", "cloudflare"),
];

/// The secrets that `config` needs, each once, those with names of their own first.
pub fn secrets(config: &Config) -> Vec<SecretUse> {
    let fixed = FIXED.iter().filter(|(_, _, section)| match *section {
        "azure" => config.azure.is_some(),
        "cloudflare" => config.cloudflare.is_some(),
        _ => true,
    });
    let fixed = fixed.map(|(name, needed_for, _)| ((*name).to_owned(), (*needed_for).to_owned()));
    let mut secrets: Vec<SecretUse> = Vec::new();
    for (name, needed_for) in fixed.chain(named(config)) {
        match secrets.iter_mut().find(|secret| secret.name == name) {
            Some(secret) => secret.needed_for = format!("{}; {needed_for}", secret.needed_for),
            None => secrets.push(SecretUse { name, needed_for }),
        }
    }
    secrets
}

/// The secrets that the configuration gives names to.
fn named(config: &Config) -> impl Iterator<Item = (String, String)> {
    let targets = &config.notify.targets;
    let urls = targets.iter().map(|target| (target.url_secret.clone(), url_needed_for(target.kind)));
    let keys = targets.iter().filter_map(|target| target.signing_secret.clone());
    let keys = keys.map(|name| (name, "the signature of `webhook` notices".to_owned()));
    let heartbeat = config.notify.heartbeat_url_secret.clone();
    urls.chain(keys).chain(receivers(config)).chain(heartbeat.map(|name| (name, "the URL of the heartbeat".to_owned())))
}

/// Those of allowlist targets.
fn receivers(config: &Config) -> impl Iterator<Item = (String, String)> {
    let targets = config.allowlist.targets.iter().filter_map(|target| match &target.destination {
        Destination::Webhook { url_secret, signing_secret } => Some((&target.name, url_secret, signing_secret)),
        _ => None,
    });
    targets.flat_map(|(name, url, key)| {
        [(url.clone(), format!("the URL of the target `{name}`")), (key.clone(), format!("the signature for `{name}`"))]
    })
}

fn url_needed_for(kind: NotifyKind) -> String {
    match kind {
        NotifyKind::Pagerduty => "the integration key for `pagerduty` notices, alone or in the URL".into(),
        kind => format!("the URL for `{}` notices", written(kind)),
    }
}
