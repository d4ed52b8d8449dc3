//! What is wrong with the set-up, each with what to do about it.

use maud::{Markup, html};
use serde_json::Value;

use super::Context;
use super::parts::{Tone, command, mark, or_unknown, prose};
use super::read::{items, member, plain, says, text};

/// Mistakes shown on the first page; the configuration page has all.
const SHOWN: usize = 5;

/// Faults of the configuration, missing secrets and bindings, a store that does not answer. Empty where all is well.
pub(super) fn faults(guard: &Value, context: &Context<'_>) -> Markup {
    let errors = items(member(guard, "config"), "errors");
    let missing = items(guard, "disabled");
    let kv_down = says(guard, "kv", "unavailable");
    html! {
        @if !errors.is_empty() || !missing.is_empty() || kv_down {
            section.setup aria-labelledby="setup" {
                h2 #setup { (mark(Tone::Warning)) "The set-up is not complete" }
                @if !errors.is_empty() {
                    p { "The configuration has mistakes (" (errors.len()) "); what is right in it is in use." }
                    ul.faults { @for error in errors.iter().take(SHOWN) { (fault(error)) } }
                    p { a href={ (context.base) "/config" } { "All mistakes, and a check before you deploy" } }
                }
                @for one in missing { (missing_one(one)) }
                @if kv_down {
                    div.fault {
                        p { strong { "The KV store does not answer." } " What was last known cannot be read or kept; requests are not affected." }
                        p { "Look at Cloudflare's status page, then at the binding " code { "GUARD_KV" } "." }
                    }
                }
            }
        }
    }
}

/// One mistake: where, what is wrong, what would be right.
pub(super) fn fault(error: &Value) -> Markup {
    html! {
        li.fault {
            p { code { (or_unknown(error, "path")) } ": expected " @if let Some(expected) = text(error, "expected") { (prose(&expected)) } "." }
            p { "Found: " @match text(error, "value") { Some(value) => code { (value) }, None => "nothing" } }
            @if let Some(key) = text(error, "did_you_mean") { p { "Did you mean " code { (key) } "?" } }
            p { "Right would be, for example: " code { (text(error, "example").unwrap_or_default()) } }
        }
    }
}

fn missing_one(one: &Value) -> Markup {
    let name = text(one, "missing").unwrap_or_default();
    html! {
        div.fault {
            p { strong { code { (name) } " is missing." } " Not done for want of it: " (plain(member(one, "disables")).unwrap_or_default()) "." }
            (command(&command_for(&name)))
        }
    }
}

/// The command that sets a secret, or makes the namespace.
pub(super) fn command_for(name: &str) -> String {
    match name {
        "GUARD_KV" => {
            "npx wrangler kv namespace create GUARD_KV   # then put the id into wrangler.toml and deploy".into()
        }
        name => format!("npx wrangler secret put {name}"),
    }
}
