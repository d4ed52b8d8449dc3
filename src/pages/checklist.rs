//! The steps that restore service, each with its live state.

use maud::{Markup, html};
use serde_json::Value;

use super::parts::{Tone, anything, badge, command, prose, unknown, words};
use super::read::{items, list, member, plain, text};
use super::{Contents, Context};

/// `GET /checklist`.
pub(super) fn contents(report: &Value, _: &Context<'_>) -> Contents {
    let origin = text(report, "origin");
    let body = html! {
        @match list(report, "steps") {
            None => p { (unknown()) },
            Some([]) => p { "There is nothing to do." },
            Some(steps) => ol.remedies { @for one in steps { (step(one)) } },
        }
    };
    let title = origin.map_or_else(|| "Checklist".to_owned(), |origin| format!("Checklist for {origin}"));
    Contents { title, body }
}

fn step(step: &Value) -> Markup {
    let (tone, word) = match member(step, "state").as_str() {
        Some("done") => (Tone::Good, "done"),
        Some("to_do") => (Tone::Warning, "to do"),
        _ => (Tone::Unknown, "unknown"),
    };
    let verify = member(step, "verify");
    html! {
        li {
            p { (badge(tone, word)) " " strong { (text(step, "title").or_else(|| text(step, "action")).unwrap_or_default()) } }
            @if let Some(who) = text(step, "who") { p.soft { "Who: " (words(&who)) } }
            @if let (Some(_), Some(action)) = (text(step, "title"), text(step, "action")) { p { (prose(&action)) } }
            @for name in ["detail", "reason"] { @if let Some(text) = text(step, name) { p { (prose(&text)) } } }
            @if let Some(text) = member(step, "command").as_str() { (command(text)) }
            @for one in items(step, "commands") { @if let Some(text) = one.as_str() { (command(text)) } }
            @if let Some(action) = plain(verify).or_else(|| text(verify, "action")) { p { strong { "It worked when: " } (prose(&action)) } }
            @if let Some(text) = member(verify, "command").as_str() { (command(text)) }
            @if !member(step, "evidence").is_null() { details { summary { "What this rests on" } (anything(member(step, "evidence"))) } }
        }
    }
}
