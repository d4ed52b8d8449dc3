//! The effective configuration, what is missing, and the check of one that is not deployed yet.

use maud::{Markup, html};
use serde_json::Value;

use super::parts::{Tone, badge, command, mark, or_unknown, prose, unknown};
use super::read::{items, list, member, says, text};
use super::setup::{command_for, fault};
use super::{Contents, Context};
use crate::problem::one_line;

/// `GET /config`.
pub(super) fn effective(report: &Value, context: &Context<'_>) -> Contents {
    let body = html! {
        (validity(report, "The configuration has no mistakes."))
        section aria-labelledby="needed" {
            h2 #needed { "Secrets and bindings" }
            ul.checks {
                @for one in items(report, "bindings").iter().chain(items(report, "secrets")) { (needed(one)) }
            }
        }
        section aria-labelledby="values" { h2 #values { "Every value in effect" } (settings(report)) }
        (form(context))
    };
    Contents { title: "Configuration".into(), body }
}

/// `POST /config/check`.
pub(super) fn checked(report: &Value, context: &Context<'_>) -> Contents {
    let body = html! {
        (validity(report, "This configuration has no mistakes. Secrets and bindings are not part of it."))
        (form(context))
        section aria-labelledby="values" { h2 #values { "What would be in effect" } (settings(report)) }
    };
    Contents { title: "Check of a configuration".into(), body }
}

fn validity(report: &Value, well: &str) -> Markup {
    html! {
        @match member(report, "valid").as_bool() {
            Some(true) => p.notice.good { (mark(Tone::Good)) span { (well) } },
            None => p { "Whether it is valid: " (unknown()) },
            Some(false) => {
                @let errors = items(report, "errors");
                section.setup aria-labelledby="mistakes" {
                    h2 #mistakes { (mark(Tone::Bad)) "Mistakes: " (errors.len()) }
                    p { "What is right is used all the same; what is wrong is left out." }
                    ul.faults { @for one in errors { (fault(one)) } }
                }
            }
        }
    }
}

fn needed(one: &Value) -> Markup {
    let name = text(one, "name").unwrap_or_default();
    let is_there = says(one, "status", "set") || says(one, "status", "bound");
    let tone = if is_there { Tone::Good } else { Tone::Warning };
    html! {
        li {
            (badge(tone, &text(one, "status").unwrap_or("unknown".into())))
            div {
                p { code { (name) } }
                p.soft { "For " (or_unknown(one, "needed_for")) }
                @if !is_there { (command(&command_for(&name))) }
            }
        }
    }
}

fn settings(report: &Value) -> Markup {
    html! {
        @match list(report, "settings") {
            None => p { (unknown()) },
            Some([]) => p { "None." },
            Some(rows) => dl.settings { @for one in rows { div {
                dt { code { (or_unknown(one, "path")) } }
                dd {
                    code { (one_line(&member(one, "value").to_string())) } " "
                    @if says(one, "source", "given") { strong { "given" } } @else { span.soft { (or_unknown(one, "source")) } }
                    p.soft { (prose(&text(one, "meaning").unwrap_or_default())) }
                }
            } } },
        }
    }
}

fn form(context: &Context<'_>) -> Markup {
    html! {
        section.card aria-labelledby="check" {
            h2 #check { "Check a configuration before you deploy it" }
            form.check method="post" action={ (context.base) "/config/check" } {
                label for="configuration" { "The " code { "GUARD" } " variable as JSON, or a " code { "wrangler.json" } " with it" }
                textarea #configuration name="configuration" rows="10" spellcheck="false" autocomplete="off" required { (context.given.unwrap_or_default()) }
                button.main { "Check" }
            }
        }
    }
}
