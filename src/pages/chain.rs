//! The way from the name over each hop to the addresses: a list that reads as one, and is drawn as a line of stations.

use maud::{Markup, html};
use serde_json::Value;

use super::parts::{Tone, mark};
use super::read::{number, says, text};
use crate::origin::HopKind;
use crate::problem::one_line;

/// What stands where on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the fault, or there is none.
    Passed,
    /// Here it fails.
    Failed,
    /// After the fault: as it was last known.
    After,
}

/// Where the way ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault<'a> {
    /// Nowhere.
    None,
    /// At this name.
    At(&'a str),
    /// The name leads to its addresses, and what is there does not answer as it should.
    Behind,
}

struct Station {
    name: String,
    /// Lifetime of the alias that led on from here, in seconds.
    ttl_s: Option<u64>,
}

/// The chain of `rows` (`{ name, type, ttl_s, target }`), which begins at `start`.
pub(super) fn chain(rows: &[Value], start: &str, fault: Fault<'_>) -> Markup {
    let stations = stations(rows, start);
    let failed_at = match fault {
        Fault::At(name) => stations.iter().position(|station| station.name.eq_ignore_ascii_case(name)),
        Fault::None | Fault::Behind => None,
    };
    let place = |index: usize| match failed_at {
        Some(failed) if index == failed => Place::Failed,
        Some(failed) if index > failed => Place::After,
        _ => Place::Passed,
    };
    html! {
        ol.chain aria-label="Path from the name to its addresses" {
            @for (index, station) in stations.iter().enumerate() { (hop(station, place(index))) }
            (ends(rows, fault, failed_at.is_some()))
        }
        @if let (Fault::At(name), None) = (fault, failed_at) {
            p.notice.bad { (mark(Tone::Bad)) span { "It fails at " code { (one_line(name)) } ", which is not on this path." } }
        }
    }
}

/// The names in order; each alias leads to the next.
fn stations(rows: &[Value], start: &str) -> Vec<Station> {
    let mut stations = vec![Station { name: start.to_owned(), ttl_s: None }];
    for row in rows.iter().filter(|row| says(row, "type", "CNAME")) {
        if let Some(last) = stations.last_mut() {
            last.ttl_s = number(row, "ttl_s");
        }
        stations.extend(text(row, "target").map(|target| Station { name: target.into_owned(), ttl_s: None }));
    }
    stations
}

fn hop(station: &Station, place: Place) -> Markup {
    let is = station.name.parse().map_or(HopKind::Unknown, |name| HopKind::of(&name)).describe();
    html! {
        li.failed[place == Place::Failed].after[place == Place::After] {
            @if place == Place::Failed { strong.here { (mark(Tone::Bad)) "Fails here" } }
            code { (station.name) }
            span.soft {
                (is)
                @if place == Place::After { " · not reached now; as last known" }
                @if let Some(ttl_s) = station.ttl_s { " · CNAME, " (ttl_s) " s" }
            }
        }
    }
}

fn ends(rows: &[Value], fault: Fault<'_>, cut: bool) -> Markup {
    let ends: Vec<_> = rows.iter().filter(|row| says(row, "type", "A") || says(row, "type", "AAAA")).collect();
    html! {
        @if !ends.is_empty() {
            li.ends.after[cut].failed[fault == Fault::Behind] {
                @if fault == Fault::Behind { strong.here { (mark(Tone::Bad)) "The name resolves; the failure is behind it" } }
                @for end in ends {
                    code { (text(end, "target").unwrap_or_default()) }
                }
                span.soft {
                    @if cut { "addresses last known" } @else { "addresses" }
                }
            }
        }
    }
}
