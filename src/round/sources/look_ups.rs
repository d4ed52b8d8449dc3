//! The guard cannot look: no look-up has come to an answer for an hour.

use serde_json::Value;

use crate::config::Severity;
use crate::diagnosis::FindingCode;
use crate::json::{json, value};
use crate::notices::{Notice, Phase};
use crate::origin::Record;
use crate::round::Seen;
use crate::time::UnixMillis;

/// In milliseconds.
const TOLD_AFTER_MS: u64 = 60 * 60 * 1000;

pub(super) fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    let of = |it: &crate::round::SeenOrigin<'_>| of_record(&it.origin.name, it.copy.record()?, seen.now);
    seen.origins.iter().filter_map(of).collect()
}

/// For the first hour it is neither open nor over.
fn of_record(origin: &str, record: &Record, now: UnixMillis) -> Option<Notice> {
    let (phase, at, title, detail) = match record.unknown_since {
        None => (Phase::Resolved, record.observed_at, "look-ups come to an answer again", String::new()),
        Some(since) if now.since_ms(since) >= TOLD_AFTER_MS => (
            Phase::Opened,
            since,
            "no look-up has come to an answer for an hour",
            "The resolvers are silent or contradict one another; what was last known stays. `diagnose` shows what each of \
             them says; check `dns.resolvers`."
                .to_owned(),
        ),
        Some(_) => return None,
    };
    let code = value(&FindingCode::LookupOverdue);
    Some(Notice {
        key: format!("look-ups/{origin}"),
        phase,
        code: code.as_str().unwrap_or_default().to_owned(),
        severity: Severity::Warning,
        origin: Some(origin.to_owned()),
        title: format!("{origin}: {title}"),
        detail,
        before: Value::Null,
        after: json!({ "outcome": record.outcome }),
        path: format!("/diagnose?origin={origin}"),
        at,
    })
}
