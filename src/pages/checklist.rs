//! The steps that restore service, each with its live state.

use maud::{Markup, html};
use serde_json::Value;

use super::diagnosis::remedy;
use super::parts::{Tone, badge, or_unknown, prose, time, unknown};
use super::read::{list, member, says, text};
use super::{Contents, Context};

/// `GET /checklist`.
pub(super) fn contents(report: &Value, context: &Context<'_>) -> Contents {
    let origin = text(report, "origin").unwrap_or_default();
    let next = text(report, "next");
    let body = html! {
        p.soft { code { (text(report, "hostname").unwrap_or_default()) } " · looked at " (time(report, "at", context.now)) }
        @match list(report, "steps") {
            None => p { (unknown()) },
            Some([]) => p { "There is nothing to do." },
            Some(steps) => { (summary(steps)) ol.remedies { @for one in steps { (step(one, next.is_some() && text(one, "id") == next)) } } }
        }
        p.actions { a.button href={ (context.base) "/checklist?origin=" (origin) } { "Look again" } }
    };
    Contents { title: format!("Checklist for {origin}"), body }
}

/// How many are in which state, and the way to the first one to do.
fn summary(steps: &[Value]) -> Markup {
    let count = |state: &str| steps.iter().filter(|step| says(step, "state", state)).count();
    let (done, to_do) = (count("done"), count("to_do"));
    let open = steps.len().saturating_sub(done).saturating_sub(to_do);
    html! {
        p { "To do: " (to_do) " · done: " (done) " · unknown: " (open) "." }
        @if let Some(first) = steps.iter().find(|step| says(step, "state", "to_do")) {
            p.what { strong { "Next: " a href="#next" { (or_unknown(first, "title")) } } }
        }
    }
}

/// What is done is folded up; the first step to do says so.
fn step(step: &Value, is_next: bool) -> Markup {
    let (tone, word) = match member(step, "state").as_str() {
        Some("done") => (Tone::Good, "done"),
        Some("to_do") => (Tone::Warning, "to do"),
        _ => (Tone::Unknown, "unknown"),
    };
    html! {
        li id=[is_next.then_some("next")] {
            p { (badge(tone, word)) " " strong { @if is_next { "Next: " } (or_unknown(step, "title")) } }
            p.soft { (prose(&text(step, "why").unwrap_or_default())) }
            @if tone == Tone::Good { details { summary { "What to do if it were not" } (remedy(step)) } } @else { (remedy(step)) }
        }
    }
}
