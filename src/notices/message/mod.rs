//! A notice in the form of each kind of target.

mod pagerduty;
mod slack;
mod teams;
mod webhook;

use serde_json::Value;

use super::{Endpoint, Notice, Phase};
use crate::config::{Config, NotifyKind, Severity};
use crate::net::HostPattern;

/// A notice with what a form needs beside it.
pub(super) struct Letter<'a> {
    /// The notice.
    notice: &'a Notice,
    /// Where more is told: a URL, or a path alone where no host of the guard is known.
    link: String,
    /// The host name of the origin, or the guard's own name.
    source: String,
}

/// The body of a request that tells `notice` to a target of `kind`.
pub(super) fn body(config: &Config, kind: NotifyKind, endpoint: &Endpoint, notice: &Notice) -> Vec<u8> {
    let letter = Letter { notice, link: link(config, &notice.path), source: source(config, notice) };
    let value = match kind {
        NotifyKind::Webhook => webhook::body(&letter),
        NotifyKind::Slack => slack::body(&letter),
        NotifyKind::Teams => teams::body(&letter),
        NotifyKind::Pagerduty => pagerduty::body(&letter, endpoint.routing_key.as_deref().unwrap_or_default()),
    };
    value.to_string().into_bytes()
}

/// `https://<host><admin.path><path>`. The host is `admin.hostname`, else the first that an origin serves by its full name.
fn link(config: &Config, path: &str) -> String {
    let below = format!("{}{path}", config.admin.path);
    let served = config.origins.iter().flat_map(|origin| origin.serves.hosts());
    let mut exact = served.filter_map(|pattern| match pattern {
        HostPattern::Exact(host) => Some(host),
        HostPattern::Below(_) => None,
    });
    match config.admin.hostname.as_ref().or_else(|| exact.next()) {
        Some(host) => format!("https://{host}{below}"),
        None => below,
    }
}

fn source(config: &Config, notice: &Notice) -> String {
    let origin = config.origins.iter().find(|origin| Some(&origin.name) == notice.origin.as_ref());
    origin.map_or_else(|| "origin-guard".into(), |origin| origin.hostname.to_string())
}

impl Letter<'_> {
    /// The link, where it is a whole URL.
    fn url(&self) -> Option<&str> {
        Some(self.link.as_str()).filter(|link| link.starts_with("https://"))
    }

    /// `error, opened`; of what is over, that it is.
    fn state(&self) -> &'static str {
        match (self.notice.phase, self.notice.severity) {
            (Phase::Resolved, _) => "Resolved",
            (_, Severity::Error) => "Error",
            (_, Severity::Warning) => "Warning",
            (_, Severity::Info) => "Information",
        }
    }

    /// The facts that forms for people show: name and value, those without a value left out.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let notice = self.notice;
        let facts = [
            ("Code", notice.code.clone()),
            ("Origin", notice.origin.clone().unwrap_or_default()),
            ("Time", notice.at.to_string()),
            ("Before", words(&notice.before)),
            ("Now", words(&notice.after)),
        ];
        facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// A value for people: a text as it is, a list with commas, nothing for `null`.
fn words(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            let shown = members.iter().map(|(name, value)| (name, words(value))).filter(|(_, value)| !value.is_empty());
            shown.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    clipped(&text, 600)
}

/// `text` in one line of `max` bytes at most.
fn clipped(text: &str, max: usize) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    if text.len() <= max {
        return text.chars().map(plain).collect();
    }
    let mut short = String::new();
    for c in text.chars() {
        // Room for the sign of what is left out.
        if short.len().saturating_add(c.len_utf8()).saturating_add('…'.len_utf8()) > max {
            break;
        }
        short.push(plain(c));
    }
    short.push('…');
    short
}
