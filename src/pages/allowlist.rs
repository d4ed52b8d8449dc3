//! The addresses that backends must let in.

use maud::{Markup, html};
use serde_json::Value;

use super::parts::{Tone, clock, mark, or_unknown, unknown};
use super::read::{instant, items, list, member, text};
use super::{Contents, Context};
use crate::allowlist::FORMATS;

/// `GET /allowlist`.
pub(super) fn contents(report: &Value, context: &Context<'_>) -> Contents {
    let body = html! {
        p { "Made from: " (or_unknown(report, "from")) ". Confirmed " @match instant(report, "made_at") { Some(at) => (clock(at)), None => (unknown()) } "." }
        (caveats(report))
        (copy_form(context.origin, context))
        p { a href={ (context.base) "/allowlist/plan" } { "Where it is kept up, and what would change there" } }
        h2 { "Entries" }
        (entries(report))
    };
    Contents {
        title: context.origin.map_or_else(|| "Allowlist".to_owned(), |origin| format!("Allowlist of {origin}")),
        body,
    }
}

fn caveats(report: &Value) -> Markup {
    let caveats = items(report, "caveats");
    html! {
        @if !caveats.is_empty() {
            div.notice.warn { (mark(Tone::Warning)) div {
                p { strong { "This may not be all that backends see." } }
                ul { @for one in caveats { li { (or_unknown(one, "detail")) } } }
            } }
        }
    }
}

fn entries(report: &Value) -> Markup {
    let heads = ["Address", "Direction", "Location", "Known from", "First seen", "Gone since"];
    html! {
        @match list(report, "entries") {
            None => p { (unknown()) },
            Some(entries) => div.scroll tabindex="0" role="region" aria-label="Entries of the allowlist" { table {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for one in entries { (entry(one)) } }
            } },
        }
    }
}

fn entry(entry: &Value) -> Markup {
    let at = |name: &str| html! { @if let Some(at) = instant(entry, name) { (clock(at)) } };
    html! {
        tr {
            th scope="row" { code { (or_unknown(entry, "cidr")) } }
            td { (or_unknown(entry, "direction")) }
            td { @match text(entry, "location") { Some(place) => (place), None => (unknown()) } }
            td { (or_unknown(entry, "evidence")) }
            td { (at("first_seen_at")) }
            td { @if member(entry, "gone_since").is_null() { "–" } @else { (at("gone_since")) " (held)" } }
        }
    }
}

/// Shows the list in a format; the script copies it instead.
pub(super) fn copy_form(origin: Option<&str>, context: &Context<'_>) -> Markup {
    let id = format!("format-{}", origin.unwrap_or("all"));
    html! {
        form.copy method="get" action={ (context.base) "/allowlist" } {
            @if let Some(origin) = origin { input type="hidden" name="origin" value=(origin); }
            label for=(id) { "Allowlist as" }
            select id=(id) name="format" { @for format in FORMATS { option value=(format.name) { (format.name) } } option value="json" { "json" } }
            button { "Show" }
        }
    }
}
