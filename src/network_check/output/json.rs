//! The JSON form (contract section 8).

use serde_json::{Map, Value};

use crate::config::Severity;
use crate::json;
use crate::network_check::input::Fault;
use crate::network_check::ledger::{Finding, NotChecked, Remedy, Report};
use crate::problem::{Member, json_object};

pub(super) fn json(report: &Report) -> String {
    json_object(&members(report))
}

/// The report as a value.
pub fn value(report: &Report) -> Value {
    object(members(report).into())
}

fn members(report: &Report) -> [Member<'static>; 4] {
    [
        ("findings", Some(report.findings.iter().map(finding).collect())),
        ("summary", Some(summary(report))),
        ("checked", Some(report.checked.iter().map(|code| code.name).collect())),
        ("not_checked", Some(report.not_checked.iter().map(not_checked).collect())),
    ]
}

/// An object of those members that are there. One function for all of them: `json!` writes its code out at every use.
pub(super) fn object(members: Vec<(&str, Option<Value>)>) -> Value {
    // Inserted, since collecting sorts, and the sort of this type is long.
    let mut object = Map::new();
    for (name, value) in members {
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    }
    object.into()
}

fn finding(finding: &Finding) -> Value {
    let listed = Some(finding.listed.as_slice()).filter(|listed| !listed.is_empty());
    let evidence = vec![("found", Some(finding.found.as_slice().into())), ("not_routed", listed.map(Value::from))];
    object(vec![
        ("code", text(finding.code.name)),
        ("severity", text(word(finding.severity))),
        ("title", text(finding.code.title)),
        ("subject", text(&finding.subject)),
        ("evidence", Some(object(evidence))),
        ("consequence", text(finding.code.consequence)),
        ("remedies", Some(finding.remedies.iter().map(remedy).collect())),
    ])
}

fn remedy(remedy: &Remedy) -> Value {
    let code = |(language, code): &(&str, String)| object(vec![("language", text(language)), ("code", text(code))]);
    let command = |command: &Option<String>| command.as_deref().map(Value::from);
    let verify = vec![("action", text(&remedy.verify)), ("command", command(&remedy.verify_command))];
    object(vec![
        ("who", Some(json::value(&remedy.who))),
        ("action", text(&remedy.action)),
        ("command", command(&remedy.command)),
        ("snippet", remedy.snippet.as_ref().map(code)),
        ("verify", Some(object(verify))),
    ])
}

fn not_checked(one: &NotChecked) -> Value {
    object(vec![
        ("check", text(one.code.name)),
        ("reason", Some(one.reasons.join("; ").into())),
        ("fetch", Some(one.fetch.as_slice().into())),
    ])
}

fn not_read(fault: &Fault) -> Value {
    object(vec![
        ("source", text(&fault.source)),
        ("path", text(&fault.path)),
        ("problem", text(&fault.problem)),
        ("mend", text(fault.mend)),
    ])
}

fn summary(report: &Report) -> Value {
    let notes = Some(report.notes.as_slice()).filter(|notes| !notes.is_empty());
    let unread = Some(report.not_read.as_slice()).filter(|faults| !faults.is_empty());
    object(vec![
        ("text", Some(report.summary().into())),
        ("errors", Some(report.count(Severity::Error).into())),
        ("warnings", Some(report.count(Severity::Warning).into())),
        ("infos", Some(report.count(Severity::Info).into())),
        ("service_tags", Some(report.service_tags.as_deref().into())),
        ("documents", Some(report.documents.as_slice().into())),
        ("not_read", unread.map(|faults| faults.iter().map(not_read).collect())),
        ("notes", notes.map(Value::from)),
    ])
}

/// A member that is there.
#[allow(clippy::unnecessary_wraps, reason = "members are optional, and most are made by this")]
pub(super) fn text(text: &str) -> Option<Value> {
    Some(text.into())
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
        let (errors, warnings, infos) =
            (self.count(Severity::Error), self.count(Severity::Warning), self.count(Severity::Info));
        let done = self.checked.len();
        let all = done.saturating_add(self.not_checked.len());
        format!("errors: {errors}, warnings: {warnings}, for information: {infos}; {done} of {all} checks done")
    }
}
