//! The document around every page: navigation, style, script, and the header fields.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::parts::Tone;
use super::{Contents, Context, View};
use crate::problem::{Rendered, one_line};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The main pages: the path below `admin.path`, the label, and the views that belong to it.
const PLACES: [(&str, &str, &[View]); 7] = [
    ("/", "Overview", &[View::Overview]),
    ("/incidents", "Incidents", &[View::Incidents, View::Incident]),
    ("/history", "History", &[View::History]),
    ("/allowlist", "Allowlist", &[View::Allowlist, View::Plan]),
    ("/audit", "Network check", &[View::NetworkCheck]),
    ("/checklist", "Checklist", &[View::Checklist]),
    ("/config", "Configuration", &[View::Configuration, View::ConfigurationCheck]),
];

/// A page with a plain heading.
pub(super) fn page(status: u16, view: Option<View>, contents: &Contents, context: &Context<'_>) -> Rendered {
    let title = one_line(&contents.title);
    let main = html! { h1 { (title) } (contents.body) };
    document(status, view, &Document { title: &title, main, tone: None }, context)
}

/// What differs between documents.
pub(super) struct Document<'a> {
    pub(super) title: &'a str,
    pub(super) main: Markup,
    /// Shown in the browser's tab, on the page that is kept up to date.
    pub(super) tone: Option<Tone>,
}

/// The whole answer.
pub(super) fn document(status: u16, view: Option<View>, document: &Document<'_>, context: &Context<'_>) -> Rendered {
    let Context { base, nonce, now, .. } = *context;
    let live = document.tone.map(|_| format!("{base}/"));
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (page_meta())
                meta name="color-scheme" content="light dark";
                title { (document.title) " – Origin Guard" }
                link rel="icon" href=(icon(document.tone));
                style nonce=(nonce) { (PreEscaped(STYLE)) }
            }
            body data-now=(now) {
                a.skip href="#main" { "Skip to content" }
                header {
                    div.bar {
                        a.brand href={ (base) "/" } { "Origin Guard" }
                        form method="post" action={ (base) "/logout" } { button.quiet { "Sign out" } }
                    }
                    (navigation(view, base))
                }
                p #contact role="status" {}
                main #main tabindex="-1" data-live=[live] { (document.main) }
                script nonce=(nonce) { (PreEscaped(SCRIPT)) }
            }
        }
    };
    Rendered { status, headers: headers(nonce), body: markup.into_string() }
}

/// What the head of every page with a form begins with.
pub(crate) fn page_meta() -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width,initial-scale=1";
        meta name="robots" content="noindex";
        // With `no-referrer` browsers send `Origin: null` with the page's own forms (Fetch, "append a request `Origin`
        // header"), and those without Sec-Fetch-Site have no other proof.
        meta name="referrer" content="same-origin";
    }
}

fn navigation(view: Option<View>, base: &str) -> Markup {
    let current = |views: &[View]| view.filter(|view| views.contains(view)).map(|_| "page");
    html! {
        nav aria-label="Pages" { ul {
            @for (path, label, views) in PLACES {
                li { a href={ (base) (path) } aria-current=[current(views)] { (label) } }
            }
        } }
    }
}

/// In the page itself: a browser would else ask the origin for `/favicon.ico`.
fn icon(tone: Option<Tone>) -> String {
    let tone = tone.unwrap_or(Tone::Unknown);
    let colour = match tone {
        Tone::Good => "2e9e62",
        Tone::Warning => "d98b00",
        Tone::Bad => "d92d3a",
        Tone::Info | Tone::Unknown => "7a8190",
    };
    let shape = tone.class_and_shape().1;
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%23{colour}' fill-rule='evenodd' d='{shape}'/%3E%3C/svg%3E"
    )
}

/// What differs from other answers: the page's own style and script alone (CSP level 3).
fn headers(nonce: &str) -> Vec<(&'static str, String)> {
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; \
         img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let fields = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy.as_str()),
        ("Vary", "Accept"),
    ];
    fields.map(|(name, value)| (name, value.to_owned())).into()
}
