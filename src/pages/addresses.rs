//! The addresses of an origin: now, last good, and declared against seen.

use std::net::IpAddr;

use ipnet::IpNet;
use maud::{Markup, html};
use serde_json::Value;

use super::parts::{Tone, facts, literals, mark, time, unknown};
use super::read::{items, list, member, plain};
use crate::time::UnixMillis;

/// The three, each with its age.
pub(super) fn addresses(origin: &Value, now: UnixMillis) -> Markup {
    let (good, declared) = (member(origin, "last_good"), member(origin, "declared"));
    let rows = [
        ("At the latest look-up", at_present(origin, now)),
        ("Last good", last_good(good, now)),
        ("Declared by Azure", declared_rows(declared, now)),
    ];
    html! { (facts(&rows)) (comparison(origin, declared)) }
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

fn declared_rows(declared: &Value, now: UnixMillis) -> Markup {
    html! {
        @if declared.is_object() {
            p { "clients connect to" } (known(declared, "inbound"))
            p { "backends see" } (known(declared, "outbound"))
            p.soft {
                @if let Some(places) = list(declared, "locations").filter(|places| !places.is_empty()) {
                    "in " @for (index, one) in places.iter().enumerate() { @if index > 0 { ", " } (plain(one).unwrap_or_default()) } " · "
                }
                (time(declared, "at", now))
            }
        } @else {
            (unknown()) ": Azure Resource Manager is not configured for this origin, or has not answered yet"
        }
    }
}

fn known(declared: &Value, name: &str) -> Markup {
    html! { @match list(declared, name) { Some(list) => (literals(list)), None => p { (unknown()) } } }
}

/// Says nothing where one side is unknown: the rows above do.
fn comparison(origin: &Value, declared: &Value) -> Markup {
    let (Some(inbound), seen) = (list(declared, "inbound"), items(origin, "addresses")) else { return html! {} };
    let ranges: Vec<IpNet> = inbound.iter().filter_map(network).collect();
    if ranges.is_empty() || seen.is_empty() {
        return html! {};
    }
    let strange: Vec<&Value> = seen.iter().filter(|address| !is_declared(address, &ranges)).collect();
    html! {
        @if strange.is_empty() {
            p.notice.good { (mark(Tone::Good)) span { "Every address seen is one that Azure declares." } }
        } @else {
            div.notice.warn { (mark(Tone::Warning)) div {
                p { "Seen, but not declared by Azure:" }
                ul.literals { @for one in strange { li { code { (plain(one).unwrap_or_default()) } } } }
            } }
        }
    }
}

fn is_declared(address: &Value, ranges: &[IpNet]) -> bool {
    let address = address.as_str().and_then(|text| text.parse::<IpAddr>().ok());
    address.is_some_and(|address| ranges.iter().any(|range| range.contains(&address)))
}

/// An address or a range.
fn network(value: &Value) -> Option<IpNet> {
    let text = value.as_str()?;
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}
