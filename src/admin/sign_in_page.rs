//! The pages of signing in and out: no script, one form.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::pages::page_meta;
use crate::problem::STYLE;

/// On top of the stylesheet of all pages.
const FORM_STYLE: &str = "\
main{max-width:26rem;padding-top:12vh}\
form{margin:1.5rem 0}\
label{display:block;font-weight:600;margin-bottom:.25rem}\
input,button{font:inherit;width:100%;min-height:2.75rem;padding:.5rem .75rem;border-radius:.4rem}\
input{background:var(--panel);color:var(--ink);border:1px solid var(--soft)}\
button{margin-top:1rem;background:var(--link);color:var(--paper);border:0;font-weight:600;cursor:pointer}\
:focus-visible{outline:3px solid var(--link);outline-offset:2px}\
[role=alert]{border:1px solid var(--line);border-left:.3rem solid #c62828;padding:.6rem .8rem;background:var(--panel)}";

/// The form; `next` is where it leads, `alert` why it is shown again.
pub(super) fn sign_in_page(admin_path: &str, nonce: &str, next: &str, alert: Option<&str>) -> String {
    page(
        nonce,
        "Sign in",
        &html! {
            @if let Some(alert) = alert { p role="alert" { (alert) } }
            form method="post" action={ (admin_path) "/login" } {
                input type="hidden" name="next" value=(next);
                label for="token" { "Admin token" }
                input id="token" name="token" type="password" autocomplete="current-password" required autofocus
                    aria-describedby="about";
                button type="submit" { "Sign in" }
            }
            p.subtitle #about { "The secret " code { "GUARD_ADMIN_TOKEN" } ". The session lasts 8 hours." }
        },
    )
}

/// For who is in already.
pub(super) fn signed_in_page(admin_path: &str, nonce: &str) -> String {
    page(
        nonce,
        "Signed in",
        &html! {
            p { a href={ (admin_path) "/" } { "To the dashboard" } }
            form method="post" action={ (admin_path) "/logout" } { button type="submit" { "Sign out" } }
        },
    )
}

fn page(nonce: &str, title: &str, content: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (page_meta())
                title { (title) " – Origin Guard" }
                style nonce=(nonce) { (PreEscaped(STYLE)) (PreEscaped(FORM_STYLE)) }
            }
            body { main { h1 { (title) } (content) } }
        }
    };
    page.into_string()
}
