//! What there is to tell of a network check. Made anew at every run; who was told is remembered by the keys.

use serde_json::Value;

use super::{LastCheck, Standing};
use crate::config::Severity;
use crate::json::value;
use crate::network_check::{CATALOGUE, Code};
use crate::notices::{Notice, Phase};

/// Told from what ARM says of the service itself, at once and with the day.
const TOLD_ELSEWHERE: [&str; 2] = ["certificate_expiring", "certificate_expired"];

/// The notices of the last check of `origin`: of each code one, that it is found or, where it was checked, that it is not.
pub fn notices(check: &LastCheck, origin: &str) -> Vec<Notice> {
    let codes = CATALOGUE.into_iter().filter(|code| !TOLD_ELSEWHERE.contains(&code.name));
    codes.filter_map(|code| notice(code, check, origin)).collect()
}

/// `None`: it was not checked, or it is for information only.
fn notice(code: &'static Code, check: &LastCheck, origin: &str) -> Option<Notice> {
    let found: Vec<&Standing> = check.findings.iter().filter(|finding| finding.code == code.name).collect();
    let severity = found.iter().map(|finding| finding.severity).max();
    let (phase, severity, at) = match severity {
        None if check.not_checked.iter().any(|name| name == code.name) => return None,
        Some(Severity::Info) => return None,
        None => (Phase::Resolved, code.severity, check.at),
        Some(severity) => (Phase::Opened, severity, found.iter().map(|it| it.since).min().unwrap_or(check.at)),
    };
    let evidence: Vec<String> = found.iter().map(|it| format!("{}: {}", it.subject, it.evidence)).collect();
    let subjects: Vec<&str> = found.iter().map(|it| it.subject.as_str()).collect();
    let title = if found.is_empty() { "no longer found: " } else { "" };
    Some(Notice {
        key: format!("network/{origin}/{}", code.name),
        phase,
        code: code.name.to_owned(),
        severity,
        origin: Some(origin.to_owned()),
        title: format!("{origin}: {title}{}", code.title),
        detail: if found.is_empty() {
            String::new()
        } else {
            format!("{} {}", code.consequence, evidence.join(" · "))
        },
        before: Value::Null,
        after: value(&subjects),
        path: format!("/audit?origin={origin}"),
        at,
    })
}
