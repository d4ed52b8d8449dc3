//! The network check: its findings, what was not checked, and the form that hands it documents.

use maud::{Markup, html};
use serde_json::Value;

use super::diagnosis::remedy;
use super::parts::{Tone, anything, badge, command, mark, or_unknown, unknown, words};
use super::read::{items, list, member, plain, says, text};
use super::{Contents, Context};

const SEVERITIES: [(&str, &str); 3] = [("error", "Errors"), ("warning", "Warnings"), ("info", "For information")];

/// The report of `GET` and `POST /audit`.
pub(super) fn contents(report: &Value, context: &Context<'_>) -> Contents {
    let found = items(report, "findings");
    let body = html! {
        p { (summary(report)) }
        (what_was_read(member(report, "summary")))
        @for (severity, heading) in SEVERITIES {
            @let of: Vec<_> = found.iter().filter(|finding| says(finding, "severity", severity)).collect();
            @if !of.is_empty() { section aria-labelledby=(severity) {
                h2 id=(severity) { (heading) }
                @for one in of { (finding(one)) }
            } }
        }
        @if found.is_empty() { p { "Nothing was found by the checks that were done." } }
        (not_checked(report))
        (form(context))
    };
    Contents { title: "Network check".into(), body }
}

fn summary(report: &Value) -> Markup {
    let summary = member(report, "summary");
    html! { @match plain(summary).or_else(|| text(summary, "text")) { Some(text) => (text), None => (unknown()) } }
}

/// What could not be read makes the check narrower, so it stands before the findings.
fn what_was_read(summary: &Value) -> Markup {
    let unread = items(summary, "not_read");
    html! {
        @if !unread.is_empty() {
            div.notice.warn { (mark(Tone::Warning)) div {
                p { strong { "Not read:" } }
                @for one in unread { (anything(one)) }
            } }
        }
        @for note in items(summary, "notes") { p { (plain(note).unwrap_or_default()) } }
        p.soft { "Documents read: " (items(summary, "documents").len()) ". Service tags: " (or_unknown(summary, "service_tags")) "." }
    }
}

fn finding(finding: &Value) -> Markup {
    let tone = Tone::of_severity(member(finding, "severity").as_str());
    html! {
        article.card.(tone.class_and_shape().0) {
            h3 { (badge(tone, &text(finding, "severity").unwrap_or_default())) " " (or_unknown(finding, "title")) }
            p.soft { code { (text(finding, "code").unwrap_or_default()) } " at " code { (or_unknown(finding, "subject")) } }
            @if let Some(consequence) = text(finding, "consequence") { p { (consequence) } }
            @let evidence = member(finding, "evidence");
            @if !evidence.is_null() { details { summary { "What was found" } (anything(evidence)) } }
            @for one in items(finding, "remedies") { (remedy(one)) }
        }
    }
}

fn not_checked(report: &Value) -> Markup {
    html! {
        section aria-labelledby="not-checked" {
            h2 #not-checked { "Not checked" }
            @match list(report, "not_checked") {
                None => p { (unknown()) },
                Some([]) => p { "Everything was checked." },
                Some(rows) => ul.plain { @for one in rows { li {
                    strong { (words(&text(one, "check").unwrap_or_default())) } ": " (or_unknown(one, "reason"))
                    @for fetch in items(one, "fetch") { @if let Some(text) = fetch.as_str() { (command(text)) } }
                } } },
            }
        }
    }
}

/// Works without the script: a paste, or files.
pub(super) fn form(context: &Context<'_>) -> Markup {
    html! {
        section.card aria-labelledby="hand-in" {
            h2 #hand-in { "Check documents" }
            p { "Paste what " code { "az … show --output json" } " prints, one document or an array of them, or choose files. Nothing is kept." }
            form.check method="post" action={ (context.base) "/audit" } enctype="multipart/form-data" {
                label for="documents" { "Documents as JSON" }
                textarea #documents name="documents" rows="8" spellcheck="false" autocomplete="off" {}
                label for="files" { "Or files" }
                input #files type="file" name="documents" multiple accept=".json,application/json";
                button.main { "Check" }
            }
        }
    }
}
