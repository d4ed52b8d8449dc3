//! The JSON form (contract section 8).

use serde_json::{Value, json};

use crate::config::Severity;
use crate::network_check::ledger::{Finding, NotChecked, Remedy, Report};
use crate::problem::json_object;

pub(super) fn json(report: &Report) -> String {
    let list = |items: &mut dyn Iterator<Item = Value>| Some(Value::from(items.collect::<Vec<_>>()));
    json_object(&[
        ("findings", list(&mut report.findings.iter().map(finding))),
        ("summary", Some(summary(report))),
        ("checked", list(&mut report.checked.iter().map(|code| code.name.into()))),
        ("not_checked", list(&mut report.not_checked.iter().map(not_checked))),
    ])
}

fn finding(finding: &Finding) -> Value {
    let mut evidence = json!({ "found": finding.found });
    if let (false, Some(members)) = (finding.listed.is_empty(), evidence.as_object_mut()) {
        members.insert("not_routed".into(), finding.listed.as_slice().into());
    }
    json!({
        "code": finding.code.name,
        "severity": word(finding.severity),
        "title": finding.code.title,
        "subject": finding.subject,
        "evidence": evidence,
        "consequence": finding.code.consequence,
        "remedies": finding.remedies.iter().map(remedy).collect::<Vec<_>>(),
    })
}

fn remedy(remedy: &Remedy) -> Value {
    let mut verify = json!({ "action": remedy.verify });
    put(&mut verify, "command", remedy.verify_command.as_deref());
    let mut value = json!({ "who": remedy.who, "action": remedy.action, "verify": verify });
    put(&mut value, "command", remedy.command.as_deref());
    if let (Some((language, code)), Some(members)) = (&remedy.snippet, value.as_object_mut()) {
        members.insert("snippet".into(), json!({ "language": language, "code": code }));
    }
    value
}

fn put(value: &mut Value, name: &str, text: Option<&str>) {
    if let (Some(members), Some(text)) = (value.as_object_mut(), text) {
        members.insert(name.into(), text.into());
    }
}

fn not_checked(one: &NotChecked) -> Value {
    json!({ "check": one.code.name, "reason": one.reasons.join("; "), "fetch": one.fetch })
}

fn summary(report: &Report) -> Value {
    json!({
        "text": report.summary(),
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
        "infos": report.count(Severity::Info),
        "service_tags": report.service_tags,
        "documents": report.documents,
    })
}

/// As in JSON.
pub(super) const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

impl Report {
    /// How many findings are of `severity`.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// One line for people.
    pub(super) fn summary(&self) -> String {
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        let (infos, done) = (self.count(Severity::Info), self.checked.len());
        let all = done.saturating_add(self.not_checked.len());
        let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        format!(
            "{}, {}, {infos} for information; {done} of {all} checks done",
            plural(errors, "error"),
            plural(warnings, "warning")
        )
    }
}
