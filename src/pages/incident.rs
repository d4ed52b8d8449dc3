//! The list of incidents, and one incident.

use maud::{Markup, html};
use serde_json::Value;

use super::diagnosis::judged;
use super::event::ended_by;
use super::history::more;
use super::parts::{Tone, badge, clock, count, facts, hop, or_unknown, time, title_of, unknown, unread};
use super::read::{instant, items, list, member, text};
use super::{Contents, Context};

fn rows(report: &Value, context: &Context<'_>) -> Markup {
    html! {
        @match list(report, "incidents") {
            None => p { (unknown()) },
            Some([]) => p { @if items(report, "unknown").is_empty() { "No incident in 30 days." } @else { "Of the other origins: no incident in 30 days." } },
            Some(incidents) => ul.cards { @for one in incidents { (row(one, context)) } },
        }
    }
}

/// `GET /incidents`.
pub(super) fn all(report: &Value, context: &Context<'_>) -> Contents {
    let body = html! {
        p { "Kept for 30 days, newest first. Each has a permanent link." }
        (unread(report))
        (rows(report, context))
        (more(report, "/incidents", context))
    };
    Contents { title: "Incidents".into(), body }
}

fn row(incident: &Value, context: &Context<'_>) -> Markup {
    let id = text(incident, "id").unwrap_or_default();
    html! {
        li.card.(state(incident).0.class_and_shape().0) {
            p { (state_badge(incident)) " " code { (or_unknown(incident, "origin")) } }
            p.what { a href={ (context.base) "/incidents/" (id) } { (title_of(&text(incident, "code").unwrap_or_default())) } @if !member(incident, "hop").is_null() { " at " (hop(member(incident, "hop"))) } }
            p.soft { (time(incident, "since", context.now)) " · " (lasted(incident)) " · failures counted: " (count(incident, "count")) }
        }
    }
}

fn state(incident: &Value) -> (Tone, &'static str) {
    match member(incident, "state").as_str() {
        Some("open") => (Tone::Bad, "open"),
        Some("ended") => (Tone::Good, "ended"),
        _ => (Tone::Unknown, "state unknown"),
    }
}

fn state_badge(incident: &Value) -> Markup {
    let (tone, word) = state(incident);
    badge(tone, word)
}

/// From the first failure to the end.
fn lasted(incident: &Value) -> Markup {
    let (since, ended) = (instant(incident, "since"), instant(member(incident, "ended"), "at"));
    html! {
        @match (since, ended) {
            (Some(since), Some(ended)) => { "lasted " (super::parts::span(ended.since_s(since))) },
            (_, None) if state(incident).0 == Tone::Bad => "not over",
            _ => { "duration " (unknown()) },
        }
    }
}

/// `GET /incidents/<id>`: what, since when, at which hop, what to do, and the proof.
pub(super) fn one(report: &Value, context: &Context<'_>) -> Contents {
    let code = text(report, "code").unwrap_or_default();
    let id = text(report, "id").unwrap_or_default();
    let diagnosis = member(report, "diagnosis");
    let title = format!("{} – {}", title_of(&code), text(report, "origin").unwrap_or_default());
    let rows = [
        ("State", state_badge(report)),
        ("Since", time(report, "since", context.now)),
        ("Last failure", time(report, "last_at", context.now)),
        ("Failures counted", html! { "at least " (count(report, "count")) }),
        (
            "At",
            html! { @match text(report, "hop") { Some(hop) => code { (hop) }, None => "no name: the resolution does not fail" } },
        ),
        ("Ended", ended(report, context)),
        ("Identifier", html! { code { (id) } }),
    ];
    let body = html! {
        (facts(&rows))
        div.actions {
            a.button href={ (context.base) "/incidents/" (id) "/bundle" } download={ "incident-" (id) ".json" } { "Download bundle" }
            a.button href={ (context.base) "/diagnose?origin=" (text(report, "origin").unwrap_or_default()) } { "Diagnose now" }
        }
        (changes(report, context))
        @if diagnosis.is_object() { (judged(diagnosis, context)) }
        @else {
            section aria-labelledby="verdict" {
                h2 #verdict { "Verdict" }
                p { (unknown()) ": what it rests on was not kept, or is not readable here." }
                p { a href={ (context.base) "/problems/" (code) } { "What is known about this cause, and its remedies" } }
            }
        }
    };
    Contents { title, body }
}

fn ended(report: &Value, context: &Context<'_>) -> Markup {
    let ended = member(report, "ended");
    html! {
        @if ended.is_object() { (time(ended, "at", context.now)) ", " (ended_by(member(ended, "by"))) }
        @else if state(report).0 == Tone::Bad { "not yet" }
        @else { (unknown()) }
    }
}

fn changes(report: &Value, context: &Context<'_>) -> Markup {
    let changes = items(report, "changes");
    let code = |change: &Value, name: &str| title_of(&text(change, name).unwrap_or_default());
    html! {
        @if !changes.is_empty() {
            section aria-labelledby="changes" {
                h2 #changes { "How the cause changed" }
                ol.plain { @for one in changes { li {
                    @match instant(one, "at") { Some(at) => (clock(at)), None => (unknown()) }
                    ": from " strong { (code(one, "from")) } " to " strong { (code(one, "to")) }
                } } }
                p.soft { a href={ (context.base) "/history?origin=" (text(report, "origin").unwrap_or_default()) } { "All events of this origin" } }
            }
        }
    }
}
