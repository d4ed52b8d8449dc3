//! Verdict, checks, findings, remedies and evidence: of a live diagnosis, and of an incident.

use maud::{Markup, html};
use serde_json::Value;

use super::chain::{Fault, chain};
use super::parts::{
    Tone, anything, badge, command, facts, hop, literals, mark, or_unknown, prose, time, title_of, words,
};
use super::read::{items, list, member, number, plain, text};
use super::{Contents, Context};
use crate::time::UnixMillis;

/// `GET /diagnose`.
pub(super) fn contents(report: &Value, context: &Context<'_>) -> Contents {
    let name = text(report, "origin").unwrap_or_default();
    let body = html! {
        p.soft { code { (text(report, "hostname").unwrap_or_default()) } }
        (judged(report, context))
        div.actions {
            a.button href={ (context.base) "/diagnose?origin=" (name) } { "Diagnose again" }
            a.button href={ (context.base) "/" } { "Overview" }
        }
    };
    Contents { title: format!("Diagnosis of {name}"), body }
}

/// All that was judged, the first thing to do before the proof of it.
pub(super) fn judged(report: &Value, context: &Context<'_>) -> Markup {
    html! {
        section aria-labelledby="verdict" { h2 #verdict { "Verdict" } (verdict(member(report, "verdict"), context)) }
        @let remedies = items(report, "remedies");
        @if !remedies.is_empty() {
            section aria-labelledby="remedies" {
                h2 #remedies { "What to do, best first" }
                ol.remedies { @for one in remedies { li { (remedy(one)) } } }
            }
        }
        section aria-labelledby="checks" { h2 #checks { "Checks" } (checks(report)) }
        section aria-labelledby="findings" {
            h2 #findings { "Findings" }
            @match list(report, "findings") {
                Some([]) => p { "None." },
                Some(findings) => ul.findings { @for one in findings { (finding(one)) } },
                None => p { (super::parts::unknown()) },
            }
        }
        section aria-labelledby="evidence" { h2 #evidence { "Evidence" } (evidence(member(report, "evidence"), context.now)) }
    }
}

fn verdict(verdict: &Value, context: &Context<'_>) -> Markup {
    let Some(code) = text(verdict, "code") else {
        return html! { p.notice.good { (mark(Tone::Good)) span { "No fault was found by the checks that were done." } } };
    };
    html! {
        div.incident {
            p.what { strong { (title_of(&code)) } @if !member(verdict, "failed_hop").is_null() { " at " (hop(member(verdict, "failed_hop"))) } }
            @if let Some(because) = text(verdict, "because") { p { (prose(&because)) } }
            p.soft {
                a href={ (context.base) "/problems/" (code) } { code { (code) } }
                @if let Some(other) = text(verdict, "explains") { " · explains " code { (other) } }
                @if let Some(number) = number(verdict, "error_code") { " · Cloudflare error " (number) }
                @if let Some(acts) = text(verdict, "who_acts") { " · who acts: " (who(&acts)) }
            }
        }
    }
}

/// What to do, and how to tell that it worked.
pub(super) fn remedy(remedy: &Value) -> Markup {
    let verify = member(remedy, "verify");
    html! {
        div.remedy {
            p { strong.who { (who(&text(remedy, "who").unwrap_or_default())) ": " } (prose(&text(remedy, "action").unwrap_or_default())) }
            (shell(remedy))
            @for one in items(remedy, "commands") { @if let Some(text) = one.as_str() { (command(text)) } }
            @let snippet = member(remedy, "snippet");
            @if let Some(code) = member(snippet, "code").as_str() { p { "Or as " (text(snippet, "language").unwrap_or_default()) ":" } (command(code)) }
            @if let Some(action) = plain(verify).or_else(|| text(verify, "action")) { p { strong { "It worked when: " } (prose(&action)) } }
            (shell(verify))
        }
    }
}

/// Addresses and the like in a sentence.
pub(super) fn code_list(values: &[Value]) -> Markup {
    html! {
        @if values.is_empty() { "none" }
        @for (index, value) in values.iter().enumerate() {
            @if index > 0 { ", " }
            code { (plain(value).or_else(|| text(value, "network")).or_else(|| text(value, "cidr")).unwrap_or_default()) }
        }
    }
}

fn shell(step: &Value) -> Markup {
    html! { @if let Some(text) = member(step, "command").as_str() { (command(text)) } }
}

/// The administrator of a word such as `azure_admin`.
fn who(word: &str) -> String {
    words(word).replace("Api ", "API ").replace(" admin", " administrator")
}

/// One finding.
pub(super) fn finding(finding: &Value) -> Markup {
    let tone = Tone::of_severity(member(finding, "severity").as_str());
    html! {
        li.finding {
            (badge(tone, &text(finding, "severity").unwrap_or("unknown".into())))
            div {
                p { strong { (or_unknown(finding, "title")) } }
                @match member(finding, "evidence") {
                    Value::Null => {},
                    Value::String(evidence) => p.soft { (prose(evidence)) },
                    other => div.soft { (anything(other)) },
                }
                p.soft { code { (text(finding, "code").unwrap_or_default()) } }
            }
        }
    }
}

fn checks(report: &Value) -> Markup {
    html! {
        @match list(report, "checks") {
            None => p { (super::parts::unknown()) },
            Some(checks) => ul.checks { @for one in checks { (check(one)) } },
        }
    }
}

fn check(check: &Value) -> Markup {
    let (tone, word) = match member(check, "result").as_str() {
        Some("pass") => (Tone::Good, "passed"),
        Some("fail") => (Tone::Bad, "failed"),
        _ => (Tone::Unknown, "not checked"),
    };
    html! {
        li {
            (badge(tone, word))
            div {
                p { strong { (words(&text(check, "name").unwrap_or_default())) } @if let Some(took @ 1..) = number(check, "took_ms") { span.soft { " · " (took) " ms" } } }
                p { (or_unknown(check, "detail")) }
            }
        }
    }
}

fn evidence(evidence: &Value, now: UnixMillis) -> Markup {
    if !evidence.is_object() {
        return html! { p { (super::parts::unknown()) ": none was kept." } };
    }
    let failed = text(member(evidence, "failed_hop"), "name");
    let start = text(evidence, "origin").unwrap_or_default();
    let start = start.split(':').next().unwrap_or_default();
    let good = member(evidence, "last_good");
    let last_good = html! { @match list(good, "addresses") { Some(list) => { (literals(list)) p.soft { (time(good, "at", now)) } }, None => (or_unknown(good, "unknown")) } };
    let rows = [
        ("What the edge did", or_unknown(evidence, "failure")),
        ("Looked up", time(evidence, "observed_at", now)),
        ("Last good addresses", last_good),
    ];
    html! {
        (facts(&rows))
        @if let Some(rows) = list(evidence, "chain") {
            h3 { "Path that was seen" }
            (chain(rows, start, failed.as_deref().map_or(Fault::None, Fault::At)))
        }
        h3 { "What each resolver said" }
        (resolvers(evidence))
        @if member(evidence, "azure").is_object() { h3 { "What Azure says" } (anything(member(evidence, "azure"))) }
        @if member(evidence, "counterpart").is_object() {
            h3 { "The other name" }
            (chain(items(member(evidence, "counterpart"), "chain"), &text(member(evidence, "counterpart"), "name").unwrap_or_default(), Fault::None))
            (resolvers(member(evidence, "counterpart")))
        }
    }
}

/// One row for each resolver.
pub(super) fn resolvers(report: &Value) -> Markup {
    html! {
        @match list(report, "resolvers") {
            None => p { (super::parts::unknown()) ": no resolver was asked." },
            Some(rows) => ul.checks { @for one in rows { (resolver(one)) } },
        }
    }
}

fn resolver(row: &Value) -> Markup {
    let (tone, word) = match member(row, "outcome").as_str() {
        Some("known") => (Tone::Good, "known"),
        Some("absent") => (Tone::Bad, "absent"),
        _ => (Tone::Unknown, "unknown"),
    };
    html! {
        li {
            (badge(tone, word))
            div {
                p { code { (text(row, "url").unwrap_or_default()) } }
                p.soft {
                    @match text(row, "rcode") { Some(rcode) => (rcode), None => "no DNS answer" }
                    @if let Some(took) = number(row, "took_ms") { " · " (took) " ms" }
                    @if let Some(detail) = text(row, "detail") { " · " (detail) }
                }
                @let seen = items(row, "addresses");
                @if !seen.is_empty() { (literals(seen)) }
            }
        }
    }
}
