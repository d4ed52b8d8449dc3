//! One origin on the first page.

use maud::{Markup, html};
use serde_json::Value;

use super::Context;
use super::addresses::addresses;
use super::allowlist::copy_form;
use super::chain::{Fault, chain};
use super::diagnosis::{finding, remedy};
use super::parts::{Tone, ago, badge, button, clock, count, hop, title_of, unknown};
use super::read::{instant, items, list, member, text};
use super::timeline::timeline;
use crate::problem::{Category, Code, entry};

/// `origins[].state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Failing,
    Degraded,
    Unknown,
    Healthy,
}

impl State {
    pub(super) const GRAVEST_FIRST: [Self; 4] = [Self::Failing, Self::Degraded, Self::Unknown, Self::Healthy];

    /// Unknown where the report does not say.
    pub(super) fn of(origin: &Value) -> Self {
        match member(origin, "state").as_str() {
            Some("failing") => Self::Failing,
            Some("degraded") => Self::Degraded,
            Some("healthy") => Self::Healthy,
            _ => Self::Unknown,
        }
    }

    pub(super) const fn tone_and_word(self) -> (Tone, &'static str) {
        match self {
            Self::Failing => (Tone::Bad, "failing"),
            Self::Degraded => (Tone::Warning, "degraded"),
            Self::Unknown => (Tone::Unknown, "unknown"),
            Self::Healthy => (Tone::Good, "healthy"),
        }
    }
}

/// Its card. `more`: events, and what the open incident's evidence shows.
pub(super) fn section(state: State, origin: &Value, more: &Value, context: &Context<'_>) -> Markup {
    let name = text(origin, "name").unwrap_or_default();
    let (tone, word) = state.tone_and_word();
    let incident = member(origin, "incident");
    html! {
        section.card.(tone.class_and_shape().0) aria-labelledby={ "o-" (name) } {
            div.head {
                h2 id={ "o-" (name) } { (name) }
                (badge(tone, word))
                code.host { (text(origin, "hostname").unwrap_or_default()) }
            }
            @if incident.is_object() { (open_incident(incident, more, context)) }
            (findings(origin))
            (actions(&name, incident, context))
            h3 { "Path from name to address" }
            (path(origin, more))
            h3 { "Addresses" }
            (addresses(origin, context.now))
            h3 { "Last 30 days" }
            (events(&name, more, context))
            (copy_form(Some(&name), context))
        }
    }
}

/// What, where, since when, and the first thing to do.
fn open_incident(incident: &Value, more: &Value, context: &Context<'_>) -> Markup {
    let code = text(incident, "code").unwrap_or_default();
    let at = failed_hop(incident, more);
    html! {
        div.incident {
            p.what { strong { (title_of(&code)) } @if !at.is_null() { " at " (hop(at)) } }
            p { @match instant(incident, "since") { Some(at) => { "Began " strong { (ago(at, context.now)) } ", " (clock(at)) }, None => { "Began: " (unknown()) } } }
            p.soft { "Failures counted: " (count(incident, "count")) @if let Some(at) = instant(incident, "last_at") { ", the last " (ago(at, context.now)) } }
            (first_remedy(member(more, "diagnosis"), more, &code, context))
            @if let Some(id) = text(incident, "id") {
                p { a href={ (context.base) "/incidents/" (id) } { "All evidence, checks and remedies of this incident" } }
            }
        }
    }
}

fn first_remedy(diagnosis: &Value, more: &Value, code: &str, context: &Context<'_>) -> Markup {
    let (known, general) = (items(diagnosis, "remedies").first(), items(more, "general").first());
    html! {
        h3 { "Do this first" }
        @match (known, general) {
            (Some(first), _) => (remedy(first)),
            (None, Some(first)) => { (remedy(first)) p.soft { "General advice for this cause: no evidence of this incident is at hand to fill in names." } },
            (None, None) => p { (unknown()) ": read " a href={ (context.base) "/problems/" (code) } { "what is known about this cause" } "." },
        }
    }
}

/// The hop of the diagnosis says what it is, too.
fn failed_hop<'v>(incident: &'v Value, more: &'v Value) -> &'v Value {
    let (judged, stored) =
        (member(member(member(more, "diagnosis"), "verdict"), "failed_hop"), member(incident, "hop"));
    if text(judged, "name").as_deref() == stored.as_str() && judged.is_object() { judged } else { stored }
}

fn path(origin: &Value, more: &Value) -> Markup {
    let incident = member(origin, "incident");
    let hostname = text(origin, "hostname").unwrap_or_default();
    let start = hostname.split(':').next().unwrap_or_default();
    let known = items(origin, "chain");
    let evident = items(member(member(more, "diagnosis"), "evidence"), "chain");
    let fault = match member(incident, "hop").as_str() {
        Some(hop) => Fault::At(hop),
        None if is_behind(incident) => Fault::Behind,
        None => Fault::None,
    };
    // The last good path shows what lies behind the fault; where the fault is not on it, the path that was met does.
    let passes = |rows: &[Value], name: &str| rows.iter().any(|row| names(row, name));
    let rows = match fault {
        Fault::At(name) if name != start && !passes(known, name) && !evident.is_empty() => evident,
        _ => known,
    };
    html! {
        @if rows.is_empty() { p { (unknown()) ": no look-up has found a path yet. " em { "Look now" } " asks every resolver." } }
        @if !rows.is_empty() || incident.is_object() { (chain(rows, start, fault)) }
    }
}

/// Whether the failure comes after the look-up.
fn is_behind(incident: &Value) -> bool {
    let code = member(incident, "code").as_str().and_then(|code| code.parse::<Code>().ok());
    code.is_some_and(|code| matches!(entry(code).category, Category::Connection | Category::Tls | Category::Response))
}

fn names(row: &Value, name: &str) -> bool {
    ["name", "target"].iter().any(|member| text(row, member).as_deref() == Some(name))
}

fn findings(origin: &Value) -> Markup {
    html! {
        @match list(origin, "findings") {
            Some([]) => {},
            Some(findings) => ul.findings { @for one in findings { (finding(one)) } },
            None => p { "Findings: " (unknown()) },
        }
    }
}

fn actions(name: &str, incident: &Value, context: &Context<'_>) -> Markup {
    let base = context.base;
    html! {
        div.actions {
            div.look { (button(&format!("{base}/refresh?origin={name}"), "Look now", "main")) }
            a.button href={ (base) "/diagnose?origin=" (name) } { "Diagnose" }
            a.button href={ (base) "/checklist?origin=" (name) } { "Checklist" }
            @if let Some(id) = text(incident, "id") {
                a.button href={ (base) "/incidents/" (id) "/bundle" } download={ "incident-" (id) ".json" } { "Download bundle" }
            }
        }
    }
}

fn events(name: &str, more: &Value, context: &Context<'_>) -> Markup {
    html! {
        @match list(more, "events") {
            Some(events) => (timeline(events, &format!("t-{name}"), context)),
            None => p { (unknown()) },
        }
        @if let Some(reason) = text(more, "unread") { p.soft { "The record could not be read: " (reason) "." } }
        p { a href={ (context.base) "/history?origin=" (name) } { "History of " (name) } }
    }
}
