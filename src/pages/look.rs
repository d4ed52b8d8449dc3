//! What `look now` found.

use maud::{Markup, html};
use serde_json::Value;

use super::diagnosis::resolvers;
use super::parts::{Tone, badge, literals, or_unknown, unknown};
use super::read::{items, list, member, text};
use super::{Contents, Context};

/// `POST /refresh`.
pub(super) fn contents(report: &Value, context: &Context<'_>) -> Contents {
    let body = html! {
        @match list(report, "origins") {
            None => p { (unknown()) },
            Some([]) => p { "No origin is configured, so nothing was looked up." },
            Some(origins) => { @for one in origins { (origin(one)) } },
        }
        p.actions { a.button.main href={ (context.base) "/" } { "Back to the overview" } }
    };
    Contents { title: "Looked now".into(), body }
}

fn origin(origin: &Value) -> Markup {
    let (tone, word) = match member(origin, "outcome").as_str() {
        Some("known") => (Tone::Good, "known"),
        Some("absent") => (Tone::Bad, "absent"),
        _ => (Tone::Unknown, "unknown"),
    };
    html! {
        section.card.(tone.class_and_shape().0) {
            div.head { h2 { (or_unknown(origin, "name")) } (badge(tone, word)) }
            p { (outcome(origin, word)) }
            @if member(origin, "recovered").as_bool() == Some(true) { p { strong { "The open incident is over: the origin answers again." } } }
            @if word == "known" { (literals(items(origin, "addresses"))) }
            p.soft { "Record: " (text(origin, "store_detail").unwrap_or_default()) }
            h3 { "What each resolver said" }
            (resolvers(origin))
        }
    }
}

fn outcome(origin: &Value, word: &str) -> Markup {
    html! {
        @match (word, member(origin, "changed").as_bool()) {
            ("known", Some(true)) => "The name resolves, and its addresses or its path are new.",
            ("known", _) => "The name resolves; addresses and path are as before.",
            ("absent", _) => "The resolvers agree that the name has no address.",
            _ => "The resolvers could not settle it. What was known stays as it was.",
        }
    }
}
