//! The report as SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use std::fmt::Write;

use serde_json::{Value, json};

use crate::VERSION;
use crate::config::Severity;
use crate::network_check::catalogue::{CATALOGUE, Code};
use crate::network_check::ledger::{Finding, NotChecked, Report};
use crate::problem::json_object;

/// One run with every code as a rule, a result for each finding, and a notification for each check that was not done.
pub fn sarif(report: &Report) -> String {
    let run = json!({
        "tool": { "driver": {
            "name": "network-check",
            "semanticVersion": VERSION,
            "informationUri": "https://learn.microsoft.com/azure/api-management/virtual-network-reference",
            "rules": CATALOGUE.map(rule),
        } },
        "invocations": [{
            "executionSuccessful": true,
            "toolExecutionNotifications": report.not_checked.iter().map(notification).collect::<Vec<_>>(),
        }],
        "results": report.findings.iter().map(|finding| result(finding, report)).collect::<Vec<_>>(),
        "properties": { "serviceTags": report.service_tags, "summary": report.summary() },
    });
    json_object(&[
        (
            "$schema",
            Some("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json".into()),
        ),
        ("version", Some("2.1.0".into())),
        ("runs", Some(vec![run].into())),
    ])
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.name,
        "shortDescription": { "text": code.title },
        "fullDescription": { "text": code.consequence },
        "defaultConfiguration": { "level": level(code.severity) },
    })
}

fn result(finding: &Finding, report: &Report) -> Value {
    let index = CATALOGUE.iter().position(|code| *code == finding.code);
    let remedies: Vec<_> = finding
        .remedies
        .iter()
        .map(|remedy| match &remedy.command {
            Some(command) => format!("{} {command}", remedy.action),
            None => remedy.action.clone(),
        })
        .collect();
    let text =
        [&[format!("{}. {}", finding.code.title, finding.code.consequence)], &finding.found[..], &remedies].concat();
    json!({
        "ruleId": finding.code.name,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": { "text": text.join("\n") },
        "locations": [location(&finding.subject, report)],
        "partialFingerprints": { "codeAndSubject/v1": format!("{}:{}", finding.code.name, finding.subject.to_ascii_lowercase()) },
        "properties": { "notRouted": finding.listed },
    })
}

/// The resource, and the file that describes it where one was given.
fn location(subject: &str, report: &Report) -> Value {
    let id = |document: &Value| document.get("id").and_then(Value::as_str).map(str::to_owned);
    let is_subject = |document: &&Value| id(document).is_some_and(|id| id.eq_ignore_ascii_case(subject));
    let source = report.documents.iter().find(is_subject).and_then(|document| document.get("source")?.as_str());
    let mut location = json!({ "logicalLocations": [{ "fullyQualifiedName": subject, "kind": "resource" }] });
    if let (Some(source), Some(members)) = (source, location.as_object_mut()) {
        members.insert("physicalLocation".into(), json!({ "artifactLocation": { "uri": uri(source) } }));
    }
    location
}

/// A file's name as a URI reference (RFC 3986): what may not stand in one is written in percents.
fn uri(source: &str) -> String {
    let mut out = String::new();
    for byte in source.bytes() {
        match byte {
            b'\\' => out.push('/'),
            _ if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) => out.push(char::from(byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

fn notification(one: &NotChecked) -> Value {
    json!({
        "level": "note",
        "message": { "text": format!("not checked: {}: {}", one.code.name, one.reasons.join("; ")) },
        "associatedRule": { "id": one.code.name },
    })
}
