//! The first page: which origin is broken, at which hop, since when, and the first thing to do.

use maud::{Markup, html};
use serde_json::Value;

use super::layout::{Document, document};
use super::origin::{self, State};
use super::parts::{Tone, clock, mark, or_unknown};
use super::read::{items, member, text};
use super::{Context, View, setup};
use crate::problem::Rendered;

/// The whole page. What is broken comes first; faults of the set-up come before everything but that.
pub(super) fn page(report: &Value, context: &Context<'_>) -> Rendered {
    let status = member(report, "status");
    let guard = member(status, "guard");
    let sorted = sorted(items(status, "origins"));
    let (failing, others): (Vec<_>, Vec<_>) = sorted.iter().partition(|(state, _)| *state == State::Failing);
    let (tone, title) = headline(&sorted);
    let show = |(state, shown): &(State, &Value)| origin::section(*state, shown, more(report, shown), context);
    let main = html! {
        h1.headline { (mark(tone)) (title) }
        p.soft.as-of { "As of " (clock(context.now)) }
        @for one in &failing { (show(one)) }
        (setup::faults(guard, context))
        @if sorted.is_empty() { (empty(context)) }
        @for one in &others { (show(one)) }
        p.soft { "Version " (or_unknown(guard, "version")) " · KV: " (or_unknown(guard, "kv")) }
    };
    document(200, Some(View::Overview), &Document { title: &title, main, tone: Some(tone) }, context)
}

/// The gravest first, in the order of the configuration within one state.
fn sorted(origins: &[Value]) -> Vec<(State, &Value)> {
    let of = |state: State| origins.iter().filter(move |it| State::of(it) == state).map(move |it| (state, it));
    State::GRAVEST_FIRST.into_iter().flat_map(of).collect()
}

fn headline(sorted: &[(State, &Value)]) -> (Tone, String) {
    let Some((gravest, first)) = sorted.first() else {
        return (Tone::Unknown, "No origin is configured".into());
    };
    let count = sorted.iter().filter(|(state, _)| state == gravest).count();
    let (tone, word) = gravest.tone_and_word();
    let name = text(first, "name").unwrap_or_default();
    let all = sorted.len();
    let title = match (*gravest, count, all) {
        (State::Unknown, 1, 1) => format!("Nothing is known of {name} yet"),
        (State::Unknown, ..) => format!("Nothing is known of {count} of {all} origins yet"),
        (State::Healthy, 2.., _) => format!("All {all} origins are healthy"),
        (_, 1, _) => format!("{name} is {word}"),
        _ => format!("{count} of {all} origins are {word}"),
    };
    (tone, title)
}

/// What the report has beyond the status of an origin.
fn more<'v>(report: &'v Value, origin: &Value) -> &'v Value {
    static NOTHING: Value = Value::Null;
    let name = member(origin, "name");
    items(report, "origins").iter().find(|more| member(more, "name") == name).unwrap_or(&NOTHING)
}

fn empty(context: &Context<'_>) -> Markup {
    html! {
        section.card {
            h2 { "Name the gateway first" }
            ol {
                li { "Put its host name, such as " code { "contoso.azure-api.net" } " and never an address, into " code { "wrangler.toml" } " under " code { "[[vars.GUARD.origins]]" } "." }
                li { a href={ (context.base) "/config" } { "Check the configuration here" } " before you deploy it." }
                li { "Deploy. The first look-up follows at the next scheduled run, or at once with " em { "Look now" } "." }
            }
        }
    }
}
