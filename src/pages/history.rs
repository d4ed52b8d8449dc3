//! What happened, newest first.

use maud::{Markup, html};
use serde_json::Value;

use super::event::event;
use super::parts::{unknown, unread};
use super::read::{items, list, text};
use super::{Contents, Context};

/// `GET /history`.
pub(super) fn contents(report: &Value, context: &Context<'_>) -> Contents {
    let body = html! {
        p { "Incidents, changes of addresses and signs of refusal of the last 30 days, newest first." }
        (unread(report))
        @match list(report, "events") {
            None => p { (unknown()) },
            Some([]) => p { @if items(report, "unknown").is_empty() { "Nothing happened in 30 days." } @else { "Of the other origins: nothing in 30 days." } },
            Some(events) => ul.events { @for one in events { (event(one, context, true)) } },
        }
        (more(report, "/history", context))
    };
    let title = context.origin.map_or_else(|| "History".to_owned(), |origin| format!("History of {origin}"));
    Contents { title, body }
}

/// The link to the next page of a list, and to the list of all origins.
pub(super) fn more(report: &Value, path: &str, context: &Context<'_>) -> Markup {
    let origin = context.origin.map(|origin| format!("&origin={}", percent(origin))).unwrap_or_default();
    html! {
        p.actions {
            @if let Some(cursor) = text(report, "next") {
                a.button rel="next" href={ (context.base) (path) "?cursor=" (percent(&cursor)) (origin) } { "Older" }
            }
            @if context.origin.is_some() { a.button href={ (context.base) (path) } { "Of all origins" } }
        }
    }
}

/// For the value of a query parameter (RFC 3986 2.3).
fn percent(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
