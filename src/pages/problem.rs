//! An error of the admin interface as a page, from its problem document.

use maud::{Markup, html};
use serde_json::Value;

use super::layout;
use super::network_check;
use super::parts::prose;
use super::read::{member, says, text};
use super::{Contents, Context, View};
use crate::problem::Rendered;

/// The page of `answer` where that is a problem document in JSON; its status and header fields stay.
pub(super) fn page(view: Option<View>, answer: Rendered, context: &Context<'_>) -> Rendered {
    let is_problem =
        answer.headers.iter().any(|(name, value)| *name == "Content-Type" && value.contains("problem+json"));
    let Some(document) = is_problem.then(|| serde_json::from_str::<Value>(&answer.body).ok()).flatten() else {
        return answer;
    };
    let mut page = layout::page(answer.status, view, &contents(view, &document, context), context);
    for (name, value) in answer.headers {
        if !page.headers.iter().any(|(given, _)| *given == name) {
            page.headers.push((name, value));
        }
    }
    page
}

fn contents(view: Option<View>, document: &Value, context: &Context<'_>) -> Contents {
    let code = text(document, "code").unwrap_or_default();
    let choice = choice(view, context);
    let body = html! {
        p { (prose(&text(document, "detail").unwrap_or_default())) }
        @if let Some(path) = choice {
            ul { @for name in context.origins { li { a href={ (context.base) (path) "?origin=" (name) } { (name) } } } }
        }
        (advice(view, document, context))
        p.soft { "HTTP " (member(document, "status")) " · " a href={ (context.base) "/problems/" (code) } { code { (code) } } }
        p.actions { a.button href={ (context.base) "/" } { "Overview" } }
    };
    let title = match view {
        Some(View::NetworkCheck) => "Network check".into(),
        Some(View::Allowlist) => "Allowlist".into(),
        Some(_) if choice.is_some() => "Of which origin?".into(),
        _ => text(document, "title").unwrap_or_default(),
    };
    Contents { title: title.into_owned(), body }
}

/// The path of a call about one origin, where it is open of which.
fn choice(view: Option<View>, context: &Context<'_>) -> Option<&'static str> {
    let path = match view? {
        View::Diagnosis => "/diagnose",
        View::Checklist => "/checklist",
        View::NetworkCheck => "/audit",
        _ => return None,
    };
    (context.origins.len() > 1 && context.origin.is_none()).then_some(path)
}

/// The way on that this page has.
fn advice(view: Option<View>, document: &Value, context: &Context<'_>) -> Markup {
    html! {
        @if says(document, "code", "allowlist_unknown") {
            div.card {
                p { "No list is better than a wrong one: a backend that trusts it would turn the gateway away. Two ways on:" }
                ul {
                    li { "Let the guard ask Azure: set " code { "azure" } " and " code { "origins[].azure" } ", then the secret " code { "AZURE_CLIENT_SECRET" } ". " a href={ (context.base) "/config" } { "Configuration" } }
                    li { a href={ (context.base) "/allowlist?evidence=observed" } { "Show the addresses seen in DNS" } ": those that clients connect to, which need not be the ones that backends see." }
                }
            }
        }
        @if view == Some(View::NetworkCheck) { (network_check::form(context)) }
    }
}
