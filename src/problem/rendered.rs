//! An answer ready to send, with the header fields that every negotiated answer needs.

use super::MediaType;
use super::render::Page;
use super::render::{STYLE_SHA256, html, markdown, text};

/// An answer ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Status code.
    pub status: u16,
    /// Header fields in order, `Content-Type` among them.
    pub headers: Vec<(&'static str, String)>,
    /// The body; also for `HEAD`, where the shell leaves it out.
    pub body: String,
}

/// What differs between kinds of answers.
pub(super) struct Kind {
    /// Media type of the JSON form.
    pub json_type: &'static str,
    /// `Cache-Control`.
    pub cache: &'static str,
}

impl Rendered {
    /// An answer about the state of things now, with status 200.
    pub(crate) fn report(media: MediaType, json: impl FnOnce() -> String, page: impl FnOnce() -> Page) -> Self {
        Self::new(200, &Kind { json_type: "application/json", cache: "no-store" }, media, json, page)
    }

    /// `json` or `page`, as `media` asks; only the one that is needed is made.
    pub(super) fn new(
        status: u16,
        kind: &Kind,
        media: MediaType,
        json: impl FnOnce() -> String,
        page: impl FnOnce() -> Page,
    ) -> Self {
        let body = match media {
            MediaType::Json => json(),
            MediaType::Html => html(&page()),
            MediaType::Markdown => markdown(&page()),
            MediaType::Text => text(&page()),
        };
        let mut headers = vec![
            ("Content-Type", media.content_type(kind.json_type).to_owned()),
            ("Cache-Control", kind.cache.to_owned()),
            ("Vary", "Accept".to_owned()),
            ("X-Content-Type-Options", "nosniff".to_owned()),
        ];
        if media == MediaType::Html {
            headers.push(("Content-Security-Policy", content_security_policy()));
            headers.push(("Referrer-Policy", "no-referrer".to_owned()));
        }
        Self { status, headers, body }
    }
}

/// Nothing but the page's own stylesheet, and nobody may frame it (CSP level 3).
fn content_security_policy() -> String {
    format!(
        "default-src 'none'; style-src '{STYLE_SHA256}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
