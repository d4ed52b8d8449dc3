//! The addresses of an origin: now, last good, and declared against seen.

use maud::{Markup, html};
use serde_json::Value;

use super::diagnosis::{code_list, remedy};
use super::parts::{Tone, facts, literals, mark, or_unknown, time, unknown};
use super::read::{items, list, member, plain};
use crate::time::UnixMillis;

/// The three, each with its age, and what they are beside one another.
pub(super) fn addresses(origin: &Value, now: UnixMillis) -> Markup {
    let declared = member(origin, "declared");
    let rows = [
        ("At the latest look-up", at_present(origin, now)),
        ("Last good", last_good(member(origin, "last_good"), now)),
        ("Declared by Azure", declared_rows(declared, member(origin, "azure"), now)),
    ];
    html! { (facts(&rows)) (comparison(member(origin, "comparison"))) (fault(member(member(origin, "azure"), "fault"), now)) }
}

fn at_present(origin: &Value, now: UnixMillis) -> Markup {
    html! {
        @match member(origin, "outcome").as_str() {
            Some("known") => @match list(origin, "addresses") { Some(list) => (literals(list)), None => (unknown()) },
            Some("absent") => { strong { "none" } ": DNS says that the name has no address" },
            _ => { (unknown()) ": no resolver could say, or none was asked yet" },
        }
        @if !member(origin, "observed_at").is_null() { p.soft { (time(origin, "observed_at", now)) } }
    }
}

fn last_good(good: &Value, now: UnixMillis) -> Markup {
    html! {
        @if let Some(list) = list(good, "addresses") { (literals(list)) p.soft { (time(good, "at", now)) } }
        @else { (unknown()) ": no look-up has found an address yet" }
    }
}

fn declared_rows(declared: &Value, azure: &Value, now: UnixMillis) -> Markup {
    html! {
        @if declared.is_object() {
            p { "clients connect to" } (known(declared, "inbound"))
            p { "backends see" } (known(declared, "outbound"))
            p.soft {
                @let places = items(declared, "locations");
                @if !places.is_empty() {
                    "in " @for (index, one) in places.iter().enumerate() { @if index > 0 { ", " } (plain(one).unwrap_or_default()) } " · "
                }
                (time(declared, "at", now))
            }
            @for one in items(declared, "caveats") { p.soft { (or_unknown(one, "detail")) } }
        } @else if azure.is_object() {
            (unknown()) ": Azure Resource Manager declares no addresses of the instance's own, or could not be asked"
            @for one in items(azure, "caveats") { p.soft { (or_unknown(one, "detail")) } }
        } @else {
            (unknown()) ": Azure Resource Manager is not configured for this origin, or was not asked yet"
        }
    }
}

fn known(declared: &Value, name: &str) -> Markup {
    html! { @match list(declared, name) { Some(list) => (literals(list)), None => p { (unknown()) } } }
}

/// Says nothing where one side is unknown: the rows above do.
fn comparison(comparison: &Value) -> Markup {
    let (Some(stray), breaks) = (list(comparison, "seen_not_declared"), items(comparison, "breaks")) else {
        return html! {};
    };
    html! {
        @if stray.is_empty() { p.notice.good { (mark(Tone::Good)) span { "Every address seen is one that Azure declares." } } }
        @if !stray.is_empty() || !breaks.is_empty() {
            div.notice.warn { (mark(Tone::Warning)) div {
                @if !stray.is_empty() { p { "Seen, but not declared by Azure: " (code_list(stray)) } }
                @for one in breaks { p { strong { (or_unknown(one, "who")) ", " (or_unknown(one, "direction")) ": " } (or_unknown(one, "why")) "." } }
            } }
        }
    }
}

/// What stands in the way of asking Azure, and how it is mended.
fn fault(fault: &Value, now: UnixMillis) -> Markup {
    html! {
        @if fault.is_object() {
            div.notice.warn { (mark(Tone::Warning)) div {
                p { strong { "Azure could not be asked: " } (or_unknown(fault, "title")) " Since " (time(fault, "since", now)) }
                (remedy(fault))
            } }
        }
    }
}
