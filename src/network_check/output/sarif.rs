//! The report as SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use std::fmt::Write;

use serde_json::Value;

use super::json::{object, text};
use crate::VERSION;
use crate::config::Severity;
use crate::network_check::catalogue::{CATALOGUE, Code};
use crate::network_check::input::Fault;
use crate::network_check::ledger::{Finding, NotChecked, Report};
use crate::problem::json_object;

/// One run with every code as a rule, a result for each finding, and a notification for each check that was not done.
pub fn sarif(report: &Report) -> String {
    let driver = object(vec![
        ("name", text("network-check")),
        ("semanticVersion", text(VERSION)),
        ("informationUri", text("https://learn.microsoft.com/azure/api-management/virtual-network-reference")),
        ("rules", Some(CATALOGUE.into_iter().map(rule).collect())),
    ]);
    let unread = report.not_read.iter().map(unread);
    let invocation = object(vec![
        ("executionSuccessful", Some(report.not_read.is_empty().into())),
        ("toolExecutionNotifications", Some(unread.chain(report.not_checked.iter().map(notification)).collect())),
    ]);
    let properties =
        vec![("serviceTags", report.service_tags.as_deref().map(Value::from)), ("summary", text(&report.summary()))];
    let run = object(vec![
        ("tool", Some(object(vec![("driver", Some(driver))]))),
        ("invocations", Some(vec![invocation].into())),
        ("results", Some(report.findings.iter().map(|finding| result(finding, report)).collect())),
        ("properties", Some(object(properties))),
    ]);
    json_object(&[
        ("$schema", text("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")),
        ("version", text("2.1.0")),
        ("runs", Some(vec![run].into())),
    ])
}

/// A `message`, or a description of a rule.
#[allow(clippy::unnecessary_wraps, reason = "a member as all the others")]
fn message(said: &str) -> Option<Value> {
    Some(object(vec![("text", text(said))]))
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn rule(code: &Code) -> Value {
    object(vec![
        ("id", text(code.name)),
        ("shortDescription", message(code.title)),
        ("fullDescription", message(code.consequence)),
        ("defaultConfiguration", Some(object(vec![("level", text(level(code.severity)))]))),
    ])
}

fn result(finding: &Finding, report: &Report) -> Value {
    let Finding { code, subject, .. } = finding;
    let mut lines = vec![format!("{}. {}", code.title, code.consequence)];
    lines.extend_from_slice(&finding.found);
    for remedy in &finding.remedies {
        lines
            .push(format!("{} {}", remedy.action, remedy.command.as_deref().unwrap_or_default()).trim_end().to_owned());
    }
    let fingerprint = format!("{}:{}", code.name, subject.to_ascii_lowercase());
    object(vec![
        ("ruleId", text(code.name)),
        ("ruleIndex", CATALOGUE.iter().position(|one| one == code).map(Value::from)),
        ("level", text(level(finding.severity))),
        ("message", message(&lines.join("\n"))),
        ("locations", Some(vec![location(subject, report)].into())),
        ("partialFingerprints", Some(object(vec![("codeAndSubject/v1", Some(fingerprint.into()))]))),
        ("properties", Some(object(vec![("notRouted", Some(finding.listed.as_slice().into()))]))),
    ])
}

/// The resource, and the file that describes it where one was given.
fn location(subject: &str, report: &Report) -> Value {
    let member = |document: &'_ Value, name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned);
    let is_subject = |document: &&Value| member(document, "id").is_some_and(|id| id.eq_ignore_ascii_case(subject));
    let source = report.documents.iter().find(is_subject).and_then(|document| member(document, "source"));
    let artifact = source.map(|source| object(vec![("uri", Some(uri(&source).into()))]));
    let logical = object(vec![("fullyQualifiedName", text(subject)), ("kind", text("resource"))]);
    object(vec![
        ("logicalLocations", Some(vec![logical].into())),
        ("physicalLocation", artifact.map(|artifact| object(vec![("artifactLocation", Some(artifact))]))),
    ])
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

fn unread(fault: &Fault) -> Value {
    object(vec![("level", text("error")), ("message", message(&format!("not read: {fault}")))])
}

fn notification(one: &NotChecked) -> Value {
    object(vec![
        ("level", text("note")),
        ("message", message(&format!("not checked: {}: {}", one.code.name, one.reasons.join("; ")))),
        ("associatedRule", Some(object(vec![("id", text(one.code.name))]))),
    ])
}
