//! What pages are made of: marks, times, commands, lists.

use maud::{Markup, html};
use serde_json::Value;

use super::read::{instant, items, member, plain, text};
use crate::problem::{Code, entry, inline, lines, one_line};
use crate::time::UnixMillis;

/// How good something is: a shape, a colour and, beside them, always a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Warning,
    Bad,
    Info,
    Unknown,
}

impl Tone {
    /// Its class in the stylesheet, and its shape.
    pub(super) const fn class_and_shape(self) -> (&'static str, &'static str) {
        match self {
            Self::Good => ("good", "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7 11 3.8 7.8 5 6.6l2 2 4-4 1.2 1.2z"),
            Self::Warning => ("warn", "M8 1 15.5 15H.5zM7.1 6v4.5h1.8V6zm0 5.7v1.7h1.8v-1.7z"),
            Self::Bad => (
                "bad",
                "M5 1h6l4 4v6l-4 4H5l-4-4V5zm.2 5.4L6.8 8 5.2 9.6l1.2 1.2L8 9.2l1.6 1.6 1.2-1.2L9.2 8l1.6-1.6-1.2-1.2L8 6.8 6.4 5.2z",
            ),
            Self::Info => ("info", "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7.1 4v1.8h1.8V4zm0 3v5h1.8V7z"),
            Self::Unknown => ("none", "M8 .5 15.5 8 8 15.5.5 8zM4 7v2h2V7zm3 0v2h2V7zm3 0v2h2V7z"),
        }
    }

    /// Of a finding's severity.
    pub(super) fn of_severity(severity: Option<&str>) -> Self {
        match severity {
            Some("error") => Self::Bad,
            Some("warning") => Self::Warning,
            Some("info") => Self::Info,
            _ => Self::Unknown,
        }
    }
}

/// A word with its mark.
pub(super) fn badge(tone: Tone, word: &str) -> Markup {
    html! { span.badge.(tone.class_and_shape().0) { (mark(tone)) (words(word)) } }
}

/// The mark alone, for a heading that has the word.
pub(super) fn mark(tone: Tone) -> Markup {
    let (class, shape) = tone.class_and_shape();
    html! { svg.mark.(class) viewBox="0 0 16 16" aria-hidden="true" focusable="false" { path fill-rule="evenodd" d=(shape) {} } }
}

/// What is not known.
pub(super) fn unknown() -> Markup {
    html! { em.unknown { "unknown" } }
}

/// The text of a member, or that it is unknown.
pub(super) fn or_unknown(value: &Value, name: &str) -> Markup {
    match text(value, name) {
        Some(text) => html! { (text) },
        None => unknown(),
    }
}

/// The time in a member with its age; the script adds the reader's own zone.
pub(super) fn time(value: &Value, name: &str, now: UnixMillis) -> Markup {
    match instant(value, name) {
        Some(at) => time_of(at, now),
        None => unknown(),
    }
}

/// A time with its age.
pub(super) fn time_of(at: UnixMillis, now: UnixMillis) -> Markup {
    html! { (clock(at)) " (" (ago(at, now)) ")" }
}

/// The age alone, which the script keeps up.
pub(super) fn ago(at: UnixMillis, now: UnixMillis) -> Markup {
    html! { span data-at=(at) { (age(at, now)) } }
}

/// A time alone.
pub(super) fn clock(at: UnixMillis) -> Markup {
    let written = at.to_string();
    let (day, rest) = written.split_once('T').unwrap_or((&written, ""));
    let seconds = rest.split('.').next().unwrap_or(rest);
    html! { time datetime=(written) { (day) " " (seconds) " UTC" } }
}

/// `5 min ago`. The script writes ages in the same words.
pub(super) fn age(at: UnixMillis, now: UnixMillis) -> String {
    if at > now.plus_s(1) { format!("in {}", span(at.since_s(now))) } else { format!("{} ago", span(now.since_s(at))) }
}

/// `5 min`.
pub(super) fn span(seconds: u64) -> String {
    let part = |unit: u64| seconds.checked_div(unit).unwrap_or(0);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", part(60)),
        7_200..172_800 => format!("{} h", part(3_600)),
        _ => format!("{} days", part(86_400)),
    }
}

/// `failed_hop` is "failed hop", as a label.
pub(super) fn words(member: &str) -> String {
    let spaced = one_line(member).replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Prose with inline code between backticks.
pub(super) fn prose(prose: &str) -> Markup {
    let line = one_line(prose);
    html! { @for (is_code, piece) in inline(&line) { @if is_code { code { (piece) } } @else { (piece) } } }
}

/// A command or a snippet; the script adds a button that copies it.
pub(super) fn command(text: &str) -> Markup {
    let text = lines(text);
    html! {
        pre.command { code { @for (index, word) in text.split(' ').enumerate() {
            @if index > 0 { " " }
            // Broken after a hyphen, an option could not be read.
            @if word.starts_with('-') { span { (word) } } @else { (word) }
        } } }
    }
}

/// The title of a code in words, and the code itself where it is none of the guard's.
pub(super) fn title_of(code: &str) -> String {
    match code.parse::<Code>() {
        Ok(code) => entry(code).title.to_owned(),
        Err(_) => words(code),
    }
}

/// Addresses, or other short texts, in fixed width.
pub(super) fn literals(values: &[Value]) -> Markup {
    html! {
        @if values.is_empty() { "none" } @else {
            ul.literals { @for value in values { li { code { (plain(value).unwrap_or_default()) } } } }
        }
    }
}

/// Any value: for members whose form is not the pages' business.
pub(super) fn anything(value: &Value) -> Markup {
    match value {
        Value::Null => html! { "none" },
        Value::Bool(truth) => html! { @if *truth { "yes" } @else { "no" } },
        Value::Number(number) => html! { (number) },
        Value::String(text) => html! { @if let Ok(at) = text.parse() { (clock(at)) } @else { code { (lines(text)) } } },
        Value::Array(list) if list.is_empty() => html! { "none" },
        Value::Array(list) => html! { ul.tree { @for item in list { li { (anything(item)) } } } },
        Value::Object(members) => {
            html! { dl.tree { @for (name, value) in members { dt { (words(name)) } dd { (anything(value)) } } } }
        }
    }
}

/// A button that sends a form to `action`: what it does needs no script.
pub(super) fn button(action: &str, label: &str, class: &str) -> Markup {
    html! { form method="post" action=(action) { button.(class) { (label) } } }
}

/// Origins of which a list could not be read: of these nothing is told, which is not nothing.
pub(super) fn unread(report: &Value) -> Markup {
    let unread = items(report, "unknown");
    html! {
        @if !unread.is_empty() {
            div.notice.warn { (mark(Tone::Warning)) div {
                p { strong { "Not all is known." } " The records of these origins could not be read, so what they have is missing here:" }
                ul { @for one in unread { li { code { (or_unknown(one, "origin")) } ": " (or_unknown(one, "reason")) } } }
            } }
        }
    }
}

/// A name of the chain and what it is: of a text, or of `{ name, is }`.
pub(super) fn hop(value: &Value) -> Markup {
    match plain(value) {
        Some(name) => html! { code { (name) } },
        None if value.is_object() => {
            html! { @if let Some(is) = text(value, "is") { (is) ", " } code { (or_unknown(value, "name")) } }
        }
        None => unknown(),
    }
}

/// Rows of a definition list, each with a heading.
pub(super) fn facts(rows: &[(&str, Markup)]) -> Markup {
    html! { dl.facts { @for (name, value) in rows { div { dt { (name) } dd { (value) } } } } }
}

/// The count in a member.
pub(super) fn count(value: &Value, name: &str) -> Markup {
    html! { @match member(value, name).as_u64() { Some(count) => (count), None => (unknown()) } }
}
