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
