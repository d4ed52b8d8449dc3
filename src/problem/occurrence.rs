//! The page of one occurrence, for the HTML, Markdown and text forms of a problem document.

use super::catalogue::Entry;
use super::document::{Check, CheckResult, Document, OperatorPart};
use super::render::{Block, Link, Node, Page, Section, Step};
use super::{WhoActs, entry};
use crate::diagnosis::Finding;

/// What happened, what to do, the identifiers; for operators evidence, checks, findings and remedies.
pub(super) fn page(document: &Document) -> Page {
    let row = entry(document.code);
    let mut sections = vec![
        Section::new("What happened", vec![Block::Prose(document.detail().to_owned())]),
        Section::new("What you can do", vec![Block::Bullets(advice(document, &row))]),
    ];
    sections.extend(document.operator.iter().flat_map(operator_sections));
    sections.push(Section::new("Reference", vec![Block::Fields(reference(document))]));
    let subtitle = format!("HTTP {} · `{}`", document.status(), document.code);
    Page { title: row.title.to_owned(), subtitle, sections }
}

fn advice(document: &Document, row: &Entry) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(seconds) = document.retry_after_s() {
        lines.push(format!("Send the request again after {seconds} seconds at the earliest."));
    }
    if row.owner_action_required {
        lines.push(format!("Waiting alone may not help. Who has to act: {}.", row.who_acts.label()));
    } else if row.who_acts == WhoActs::Client {
        lines.push("Change the request as the explanation below says, and send it again.".to_owned());
    }
    if let Some(id) = &document.incident {
        lines.push(format!("When you report this, give the incident `{id}`."));
    }
    if lines.is_empty() {
        lines.push("Sending the same request again does not help.".to_owned());
    }
    lines
}

fn reference(document: &Document) -> Vec<(String, Node)> {
    let uri = document.type_uri();
    let literal = |text: &str| Node::Literal(text.to_owned());
    let rows = [
        ("Explanation", Some(Node::Link(Link::new(&uri, &uri)))),
        ("Incident", document.incident.as_deref().map(literal)),
        ("Since", document.since.map(|at| Node::Time(at.to_string()))),
        ("Time", Some(Node::Time(document.timestamp.to_string()))),
        ("Cloudflare error", document.error_code.map(|number| literal(&number.to_string()))),
        ("Ray ID", document.ray_id.as_deref().map(literal)),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn operator_sections(part: &OperatorPart) -> Vec<Section> {
    let mut sections = vec![
        Section::new("Remedies", vec![Block::Steps(part.remedies.iter().map(Step::from).collect())]),
        Section::new("Checks", vec![Block::Bullets(part.checks.iter().map(check).collect())]),
        Section::new("Findings", vec![Block::Bullets(part.findings.iter().map(finding).collect())]),
        Section::folded("Evidence", vec![evidence(&part.evidence)]),
    ];
    sections.retain(|section| !section.blocks.iter().any(is_empty));
    sections
}

fn is_empty(block: &Block) -> bool {
    match block {
        Block::Bullets(items) => items.is_empty(),
        Block::Steps(steps) => steps.is_empty(),
        Block::Prose(_) | Block::Fields(_) | Block::Links(_) => false,
    }
}

fn evidence(value: &serde_json::Value) -> Block {
    match Node::from(value) {
        Node::Fields(members) => Block::Fields(members),
        other => Block::Fields(vec![("value".to_owned(), other)]),
    }
}

fn check(check: &Check) -> String {
    let Check { name, detail, took_ms, .. } = check;
    match check.result {
        CheckResult::Pass => format!("pass: `{name}`, {took_ms} ms. {detail}"),
        CheckResult::Fail => format!("FAIL: `{name}`, {took_ms} ms. {detail}"),
        CheckResult::Skip => format!("skipped: `{name}`. {detail}"),
    }
}

fn finding(finding: &Finding) -> String {
    format!("{} {}", finding.title, finding.evidence)
}
