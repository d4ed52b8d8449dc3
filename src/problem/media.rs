//! The four forms of an answer.

/// A media type the guard can answer in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// `application/problem+json` for problems, `application/json` for everything else.
    Json,
    /// `text/html`.
    Html,
    /// `text/markdown` (RFC 7763).
    Markdown,
    /// `text/plain`.
    Text,
}

impl MediaType {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Json, Self::Html, Self::Markdown, Self::Text];

    /// The value of `Content-Type`. `json` is the type of the JSON form, which is UTF-8 by definition (RFC 8259 8.1).
    pub(crate) const fn content_type(self, json: &'static str) -> &'static str {
        match self {
            Self::Json => json,
            Self::Html => "text/html; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
        }
    }
}
