//! KV cannot be read.

use serde_json::Value;

use crate::config::Severity;
use crate::notices::{Notice, Phase};
use crate::round::Seen;

/// A single read that fails is nothing to tell: two runs of the usual five minutes apart, in milliseconds.
const TOLD_AFTER_MS: u64 = 5 * 60 * 1000;

pub(super) fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    let (phase, at, title) = match seen.store_down_since {
        _ if !seen.scheduled => return Vec::new(),
        None => (Phase::Resolved, seen.now, "the guard reads KV again"),
        Some(since) if seen.now.since_ms(since) >= TOLD_AFTER_MS => (Phase::Opened, since, "the guard cannot read KV"),
        Some(_) => return Vec::new(),
    };
    vec![Notice {
        key: "kv".into(),
        phase,
        code: "kv_unavailable".into(),
        severity: Severity::Warning,
        origin: None,
        title: title.into(),
        detail:
            "Requests go through all the same. Until KV answers, nothing new is stored, failures are told with less \
                 evidence, and a notice may come twice."
                .into(),
        before: Value::Null,
        after: Value::Null,
        path: "/status".into(),
        at,
    }]
}
