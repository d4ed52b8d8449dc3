//! One event of the history in a sentence.

use maud::{Markup, html};
use serde_json::Value;

use super::Context;
use super::diagnosis::code_list;
use super::parts::{Tone, anything, hop, mark, time, title_of, words};
use super::read::{items, member, plain, says, text};

/// Its mark.
pub(super) fn tone(event: &Value) -> Tone {
    match member(event, "kind").as_str() {
        Some("incident_opened") => Tone::Bad,
        Some("incident_ended") => Tone::Good,
        Some("drift" | "declared_drift") => Tone::Info,
        _ => Tone::Warning,
    }
}

/// Time, sentence, and the link to its incident.
pub(super) fn event(event: &Value, context: &Context<'_>, with_origin: bool) -> Markup {
    html! {
        li.event {
            (mark(tone(event)))
            div {
                p.when { (time(event, "at", context.now)) @if with_origin { " · " code { (text(event, "origin").unwrap_or_default()) } } }
                p { (sentence(event)) @if let Some(id) = text(event, "incident") { " " a href={ (context.base) "/incidents/" (id) } { "Incident " (id) } } }
                (causes(event))
                (seen(event))
            }
        }
    }
}

fn sentence(event: &Value) -> Markup {
    let (before, after) = (member(event, "before"), member(event, "after"));
    let code = |value: &Value| plain(value).map_or_else(|| "unknown cause".to_owned(), |code| title_of(&code));
    html! {
        @match member(event, "kind").as_str() {
            Some("incident_opened") => { strong { (code(after)) } " began" (at_hop(event)) "." }
            Some("incident_changed") => { "The cause changed from " strong { (code(before)) } " to " strong { (code(after)) } (at_hop(event)) "." }
            Some("incident_ended") => { strong { (code(before)) } " ended: " (ended_by(after)) "." }
            Some("drift") => { "The addresses changed from " (code_list(items(event, "before"))) " to " (code_list(items(event, "after"))) @if !member(event, "hop").is_null() { ", and the path at " (hop(member(event, "hop"))) } "." }
            Some("declared_drift") => { "Azure declares other addresses" @if let Some(place) = text(event, "location") { " in " (place) } ": from " (code_list(items(event, "before"))) " to " (code_list(items(event, "after"))) "." }
            kind => { strong { (words(kind.unwrap_or("unknown"))) } "." }
        }
    }
}

fn at_hop(event: &Value) -> Markup {
    let at = member(event, "hop");
    html! { @if !at.is_null() { " at " (hop(at)) } }
}

/// What showed the end of an incident.
pub(super) fn ended_by(by: &Value) -> Markup {
    html! {
        @match by.as_str() {
            Some("client_answered") => "the origin answered a client",
            Some("health_answered") => "the origin answered the guard's own request",
            Some(other) => (words(other)),
            None => "what showed it is unknown",
        }
    }
}

/// Of an event that is none of the changes above: what goes with it.
fn seen(event: &Value) -> Markup {
    let after = member(event, "after");
    html! { @if after.is_object() { details { summary { "What was seen" } (anything(after)) } } }
}

fn causes(event: &Value) -> Markup {
    html! {
        @let is_drift = says(event, "kind", "drift") || says(event, "kind", "declared_drift");
        @if is_drift && !items(event, "causes").is_empty() {
            details {
                summary { "What may have changed them" }
                ul { @for cause in items(event, "causes") { li { (plain(cause).unwrap_or_default()) } } }
            }
        }
    }
}
