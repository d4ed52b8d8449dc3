//! Thirty days as a line: incidents as bars over it, address changes as ticks below. The same as a list for who does not
//! see it.

use maud::{Markup, html};
use serde_json::Value;

use super::Context;
use super::event::event;
use super::read::{instant, member, says};
use crate::time::UnixMillis;

const DAYS: u64 = 30;
const DAY_MS: u64 = 86_400_000;
/// Units of the drawing: one for each 43 minutes.
const WIDTH: u64 = 1_000;
/// The least that can be seen and touched.
const LEAST: u64 = 6;

/// The line of `events`, newest first; the newest of them also as a list, all of them in the history.
pub(super) fn timeline(events: &[Value], id: &str, context: &Context<'_>) -> Markup {
    let incidents = spans(events, context.now);
    let changes: Vec<_> = events
        .iter()
        .filter(|event| says(event, "kind", "drift") || says(event, "kind", "declared_drift"))
        .filter_map(at)
        .collect();
    let summary = summary(incidents.len(), changes.len());
    html! {
        figure.timeline {
            svg viewBox={ "0 0 " (WIDTH) " 44" } preserveAspectRatio="none" role="img" aria-labelledby={ (id) "-t " (id) "-d" } {
                title id={ (id) "-t" } { "The last " (DAYS) " days" }
                desc id={ (id) "-d" } { (summary) }
                @for week in [7_u64, 14, 21, 28] { (rect("week", (place(before(context.now, week), context.now), 2), (0, 44))) }
                (rect("line", (0, WIDTH), (26, 2)))
                @for (from, to) in &incidents {
                    @let left = place(*from, context.now);
                    (rect("bad", (left, place(*to, context.now).saturating_sub(left)), (2, 24)))
                }
                @for at in &changes { (rect("change", (place(*at, context.now), 0), (28, 14))) }
            }
            div.ends aria-hidden="true" { span { (DAYS) " days ago" } span { "now" } }
            figcaption { (summary) }
        }
        @if !events.is_empty() {
            details id={ (id) "-list" } {
                summary { "The newest events as a list" }
                ul.events { @for one in events.iter().take(10) { (event(one, context, false)) } }
            }
        }
    }
}

fn summary(incidents: usize, changes: usize) -> String {
    let times = |count: usize, one: &str, many: &str| match count {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    };
    let (incidents, changes) =
        (times(incidents, "incident", "incidents"), times(changes, "change of addresses", "changes of addresses"));
    format!("In {DAYS} days: {incidents} (tall bars), {changes} (short bars).")
}

fn rect(class: &str, (x, width): (u64, u64), (y, height): (u64, u64)) -> Markup {
    let width = if class == "week" { width } else { width.max(LEAST) };
    let x = x.min(WIDTH.saturating_sub(width));
    html! { rect.(class) x=(x) y=(y) width=(width) height=(height) {} }
}

/// From the opening to the end; to now where there is no end.
fn spans(events: &[Value], now: UnixMillis) -> Vec<(UnixMillis, UnixMillis)> {
    let opened = events.iter().filter(|event| says(event, "kind", "incident_opened"));
    let end_of = |opened: &Value| {
        let same = |other: &&Value| {
            says(other, "kind", "incident_ended") && member(other, "incident") == member(opened, "incident")
        };
        events.iter().find(same).and_then(at).unwrap_or(now)
    };
    opened.filter_map(|opened| Some((at(opened)?, end_of(opened)))).collect()
}

fn at(event: &Value) -> Option<UnixMillis> {
    instant(event, "at")
}

fn before(now: UnixMillis, days: u64) -> UnixMillis {
    UnixMillis(now.0.saturating_sub(days.saturating_mul(DAY_MS)))
}

/// Where an instant stands in the drawing; what is older than its beginning stands at the beginning.
fn place(at: UnixMillis, now: UnixMillis) -> u64 {
    let since_start = at.since_ms(before(now, DAYS));
    since_start.saturating_mul(WIDTH).checked_div(DAYS.saturating_mul(DAY_MS)).unwrap_or(0).min(WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    #[test]
    fn instants_stand_in_proportion() {
        let places = [0, 15, 30, 400].map(|days| place(before(NOW, days), NOW));
        assert_eq!(places, [WIDTH, WIDTH / 2, 0, 0]);
    }

    #[test]
    fn an_open_incident_reaches_to_now_and_an_ended_one_to_its_end() {
        let (one, two, three) = (before(NOW, 3), before(NOW, 2), before(NOW, 1));
        let events = [
            json!({ "kind": "incident_opened", "at": three.to_string(), "incident": "b" }),
            json!({ "kind": "incident_ended", "at": two.to_string(), "incident": "a" }),
            json!({ "kind": "incident_opened", "at": one.to_string(), "incident": "a" }),
        ];
        assert_eq!(spans(&events, NOW), [(three, NOW), (one, two)]);
    }
}
