//! The report as a page, for HTML, Markdown and text.

use super::json::word;
use crate::config::Severity;
use crate::network_check::input::Fault;
use crate::network_check::ledger::{Finding, NotChecked, Remedy, Report};
use crate::problem::{Block, Command, Page, Section, Step};

/// Findings by severity, then what was not checked, then what was.
pub(super) fn page(report: &Report) -> Page {
    let mut sections = Vec::new();
    for (severity, heading) in
        [(Severity::Error, "Errors"), (Severity::Warning, "Warnings"), (Severity::Info, "For information")]
    {
        let of = report.findings.iter().filter(|finding| finding.severity == severity);
        let blocks: Vec<_> = of.flat_map(finding).collect();
        if !blocks.is_empty() {
            sections.push(Section::new(heading, blocks));
        }
    }
    if report.findings.is_empty() {
        sections.push(Section::new(
            "Findings",
            vec![Block::Prose("Nothing was found by the checks that were done.".into())],
        ));
    }
    if !report.not_read.is_empty() {
        sections.push(Section::new("Not read", vec![Block::Bullets(texts(&report.not_read))]));
    }
    if !report.not_checked.is_empty() {
        sections.push(Section::new("Not checked", not_checked(&report.not_checked)));
    }
    let checked: Vec<_> = report.checked.iter().map(|code| format!("`{}`", code.name)).collect();
    let checked = if checked.is_empty() { "none".to_owned() } else { checked.join(", ") };
    sections.push(Section::folded("Checked", vec![Block::Prose(checked), Block::Bullets(sources(report))]));
    Page { title: "Network check".into(), subtitle: report.summary(), sections }
}

fn finding(finding: &Finding) -> Vec<Block> {
    let Finding { code, severity, subject, found, listed, remedies } = finding;
    let mut evidence: Vec<String> = found.clone();
    if !listed.is_empty() {
        evidence.push(format!("not routed: {}", listed.join(", ")));
    }
    vec![
        Block::Prose(format!(
            "{}: {} (`{}`). {}",
            word(*severity).to_ascii_uppercase(),
            code.title,
            code.name,
            code.consequence
        )),
        Block::Prose(format!("At `{subject}`:")),
        Block::Bullets(evidence),
        Block::Steps(remedies.iter().flat_map(steps).collect()),
    ]
}

/// The command, and the snippet as another way to the same.
fn steps(remedy: &Remedy) -> Vec<Step> {
    let verify = |command: &Option<String>| Command::shell(&remedy.verify, command.clone());
    let mut steps = vec![Step {
        who: remedy.who.label(),
        action: Command::shell(&remedy.action, remedy.command.clone()),
        verify: verify(&remedy.verify_command),
    }];
    if let Some((language, code)) = &remedy.snippet {
        let action = Command { prose: format!("Or as {language}:"), code: Some(code.clone()), language };
        steps.push(Step { who: remedy.who.label(), action, verify: verify(&None) });
    }
    steps
}

/// Checks that lack the same are told together.
fn not_checked(all: &[NotChecked]) -> Vec<Block> {
    let lacks_same = |a: &NotChecked, b: &NotChecked| a.reasons == b.reasons && a.fetch == b.fetch;
    let is_first = |index: usize, one: &NotChecked| !all.iter().take(index).any(|before| lacks_same(before, one));
    let firsts = all.iter().enumerate().filter(|(index, one)| is_first(*index, one));
    let block = |(_, one): (usize, &NotChecked)| {
        let codes: Vec<_> =
            all.iter().filter(|other| lacks_same(other, one)).map(|other| format!("`{}`", other.code.name)).collect();
        let commands = one.fetch.iter().map(|command| format!("Fetch it: `{command}`"));
        let lines = [format!("{}: {}.", codes.join(", "), one.reasons.join("; "))];
        Block::Bullets(lines.into_iter().chain(commands).collect())
    };
    firsts.map(block).collect()
}

fn sources(report: &Report) -> Vec<String> {
    let tags = report.service_tags.as_ref().map(|tags| format!("Service tags: {tags}"));
    let read = format!("Documents read: {}", report.documents.len());
    tags.into_iter().chain([read]).chain(report.notes.iter().cloned()).collect()
}

fn texts(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}
