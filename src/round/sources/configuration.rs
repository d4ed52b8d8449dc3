//! Mistakes in the configuration: once for each set of them.

use std::hash::{Hash, Hasher};

use serde_json::Value;

use crate::config::Severity;
use crate::json::value;
use crate::notices::{Notice, Phase};
use crate::round::Seen;

/// Mistakes that a notice names.
const NAMED: usize = 5;

pub(super) fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    if seen.faults.is_empty() {
        return Vec::new();
    }
    let count = seen.faults.len();
    let lines: Vec<String> = seen.faults.iter().map(ToString::to_string).collect();
    let mut hasher = std::hash::DefaultHasher::new();
    lines.hash(&mut hasher);
    let paths: Vec<&str> = seen.faults.iter().map(|fault| fault.path.as_str()).collect();
    vec![Notice {
        key: format!("config/{:x}", hasher.finish()),
        phase: Phase::Happened,
        code: "guard_config_invalid".into(),
        severity: Severity::Warning,
        origin: None,
        title: format!("the guard's configuration has {count} mistake(s)"),
        detail: lines.into_iter().take(NAMED).collect::<Vec<_>>().join(" · "),
        before: Value::Null,
        after: value(&paths),
        path: "/config".into(),
        at: seen.now,
    }]
}
