//! A target: what it is remembered by, and where its requests go.

use crate::config::{NotifyKind, NotifyTarget, checked_url};
use crate::json::value;
use crate::secrets::Secrets;

/// Where `PagerDuty` takes events.
const PAGERDUTY: &str = "https://events.pagerduty.com";
/// Path of its Events API v2.
const ENQUEUE: &str = "/v2/enqueue";
/// The query parameter that may hold the key.
const ROUTING_KEY: &str = "routing_key=";

/// What a target is remembered by: its kind and the **name** of its secret, both of the configuration.
pub fn target_id(target: &NotifyTarget) -> String {
    let kind = value(&target.kind);
    format!("{}/{}", kind.as_str().unwrap_or_default(), target.url_secret)
}

/// Where requests go, from a secret's value. Never shown: `Debug` says nothing of it.
pub struct Endpoint {
    /// Checked.
    pub url: String,
    /// The key of a `PagerDuty` integration.
    pub routing_key: Option<String>,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Endpoint")
    }
}

/// Why nothing can be sent to a target. Says nothing of a secret's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// The secret with the URL is not set.
    NoUrl,
    /// The secret that notices are signed with is not set.
    NoSigningKey,
    /// The secret holds no such URL.
    NotAUrl,
    /// The secret holds no integration key of `PagerDuty`.
    NoRoutingKey,
}

impl Unusable {
    /// In words, with the way out.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::NoUrl => "the secret named by `url_secret` is not set: `wrangler secret put <NAME>`",
            Self::NoSigningKey => "the secret named by `signing_secret` is not set: `wrangler secret put <NAME>`",
            Self::NotAUrl => {
                "the secret holds no URL with `https://` and a host name: set it again with `wrangler secret put <NAME>`"
            }
            Self::NoRoutingKey => {
                "the secret holds no integration key of Events API v2, 32 letters and digits, alone or in a URL"
            }
        }
    }
}

/// The endpoint of `target`.
///
/// # Errors
/// [`Unusable`].
pub fn endpoint(target: &NotifyTarget, secrets: &Secrets) -> Result<Endpoint, Unusable> {
    let text = secrets.get(&target.url_secret).ok_or(Unusable::NoUrl)?.trim();
    match target.kind {
        NotifyKind::Pagerduty => pagerduty(text),
        NotifyKind::Webhook | NotifyKind::Slack | NotifyKind::Teams => {
            let url = checked_url(text).ok_or(Unusable::NotAUrl)?;
            Ok(Endpoint { url, routing_key: None })
        }
    }
}

/// The key alone, or a URL with it as a segment of the path or as `routing_key`: of the URL scheme and host count, so that
/// the service region of the European Union works too.
fn pagerduty(text: &str) -> Result<Endpoint, Unusable> {
    if is_routing_key(text) {
        return Ok(Endpoint { url: [PAGERDUTY, ENQUEUE].concat(), routing_key: Some(text.to_owned()) });
    }
    let url = checked_url(text).ok_or(Unusable::NoRoutingKey)?;
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let named = query.split('&').find_map(|pair| pair.strip_prefix(ROUTING_KEY));
    let key = named.into_iter().chain(path.split('/').skip(3)).find(|word| is_routing_key(word));
    let host: Vec<&str> = path.split('/').take(3).collect();
    let key = key.ok_or(Unusable::NoRoutingKey)?;
    Ok(Endpoint { url: [&host.join("/"), ENQUEUE].concat(), routing_key: Some(key.to_owned()) })
}

/// 32 characters
/// (<https://developer.pagerduty.com/docs/send-alert-event>).
fn is_routing_key(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Severity;

    const KEY: &str = "0123456789abcdef0123456789ABCDEF";

    fn read(kind: NotifyKind, secret: &str) -> Result<(String, Option<String>), Unusable> {
        let (url_secret, signing_secret) = ("NAME".into(), None);
        let target = NotifyTarget { kind, url_secret, signing_secret, min_severity: Severity::Info };
        let secrets = Secrets::new([("NAME".into(), secret.into())], true);
        endpoint(&target, &secrets).map(|endpoint| (endpoint.url, endpoint.routing_key))
    }

    #[test]
    fn urls_are_https_or_local() {
        let hook = |secret: &str| read(NotifyKind::Slack, secret).map(|(url, _)| url);
        assert_eq!(
            hook("https://hooks.slack.com/services/T/B/x\n").as_deref(),
            Ok("https://hooks.slack.com/services/T/B/x")
        );
        assert_eq!(hook("http://127.0.0.1:9/x").as_deref(), Ok("http://127.0.0.1:9/x"));
        for wrong in
            ["http://hooks.slack.com/x", "hooks.slack.com/x", "https://203.0.113.7/x", "https://a:b@c.example/"]
        {
            assert_eq!(hook(wrong), Err(Unusable::NotAUrl), "{wrong}");
        }
        assert_eq!(hook(""), Err(Unusable::NoUrl));
    }

    #[test]
    fn a_key_of_pagerduty_stands_alone_or_in_a_url() {
        let duty = |secret: &str| read(NotifyKind::Pagerduty, secret);
        let of = |host: &str| Ok((format!("https://{host}/v2/enqueue"), Some(KEY.to_owned())));
        assert_eq!(duty(KEY), of("events.pagerduty.com"));
        for form in
            ["/v2/enqueue?routing_key=K", "/v2/enqueue/K", "/integration/K/enqueue", "/v2/enqueue?a=b&routing_key=K"]
        {
            assert_eq!(
                duty(&format!("https://events.eu.pagerduty.com{}", form.replace('K', KEY))),
                of("events.eu.pagerduty.com")
            );
        }
        for wrong in
            ["https://events.pagerduty.com/v2/enqueue", "0123", "https://events.pagerduty.com/v2/enqueue?routing_key=x"]
        {
            assert_eq!(duty(wrong), Err(Unusable::NoRoutingKey), "{wrong}");
        }
    }

    #[test]
    fn an_endpoint_prints_nothing() {
        assert_eq!(format!("{:?}", pagerduty(KEY)), "Ok(Endpoint)");
    }
}
