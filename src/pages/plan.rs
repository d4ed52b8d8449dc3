//! The targets where the allowlist is kept up: what is, or would be, changed there.

use maud::{Markup, html};
use serde_json::Value;

use super::diagnosis::code_list;
use super::parts::{anything, button, or_unknown, unknown, words};
use super::read::{items, list, member, text};
use super::{Contents, Context};

/// `GET /allowlist/plan` and `POST /allowlist/apply`.
pub(super) fn contents(report: &Value, context: &Context<'_>) -> Contents {
    let body = html! {
        p { "Targets of " code { "allowlist.targets" } ". A plan changes nothing until it is applied." }
        @match list(report, "targets") {
            None => p { (unknown()) },
            Some([]) => p { "No target is configured." },
            Some(targets) => { @for one in targets { (target(one, context)) } },
        }
        p.actions { a.button href={ (context.base) "/allowlist" } { "Allowlist" } }
    };
    Contents { title: "Targets of the allowlist".into(), body }
}

fn target(report: &Value, context: &Context<'_>) -> Markup {
    let name = text(report, "target").unwrap_or_default();
    html! {
        section.card {
            h2 { (name) }
            p { strong { (words(&text(report, "outcome").unwrap_or("unknown".into()))) } ": " (or_unknown(report, "detail")) }
            p.soft { (or_unknown(report, "kind")) " · origin " code { (or_unknown(report, "origin")) } }
            @let plan = member(report, "plan");
            (changes("Missing there", items(plan, "add")))
            (changes("To be removed there", items(plan, "remove")))
            (changes("Added and confirmed", items(report, "added")))
            (changes("Removed and confirmed", items(report, "removed")))
            @if let Some(why) = text(plan, "blocked") { p { strong { "Blocked: " } (why) } }
            @if let Some(fix) = text(report, "fix") { p { strong { "What to do: " } (fix) } }
            @if !plan.is_null() { details { summary { "The whole plan" } (anything(plan)) } }
            (button(&format!("{}/allowlist/apply?target={name}", context.base), "Apply now", ""))
        }
    }
}

fn changes(label: &str, networks: &[Value]) -> Markup {
    html! { @if !networks.is_empty() { p { (label) ": " (code_list(networks)) } } }
}
