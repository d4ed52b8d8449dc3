//! Telling an answer that Cloudflare's edge made from one of the origin's own, by its head.
//!
//! Sources: Cloudflare's "Error headers", "Error responses" and 1xxx / 5xx error pages
//! (<https://developers.cloudflare.com/support/troubleshooting/http-status-codes/>). When in doubt the answer is the
//! origin's own and goes through.

/// The fields of a response's head that tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head<'a> {
    /// Status code.
    pub status: u16,
    /// `Server`.
    pub server: Option<&'a str>,
    /// `cf-error-type`: Cloudflare puts it on errors of its own and never on forwarded ones.
    pub cf_error_type: Option<&'a str>,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `Content-Length`.
    pub content_length: Option<u64>,
}

/// What the head alone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// The origin's own: goes through untouched.
    Own,
    /// Made by the edge, with Cloudflare's number where there is one.
    Edge(Option<u16>),
    /// Could be either: the first bytes of the body decide ([`super::judge_body`]).
    Suspect,
}

/// A body that could be an edge-made error is not longer than this, in bytes. Cloudflare's largest, the HTML page,
/// has about 7 kB.
pub(super) const MAX_EDGE_BODY: u64 = 32 * 1024;

/// Judges a response by its head.
pub fn judge_head(head: &Head<'_>) -> Sign {
    if !could_be_edge_status(head.status) {
        return Sign::Own;
    }
    if let Some(kind) = head.cf_error_type {
        return Sign::Edge(kind.trim().parse().ok().or_else(|| own_number(head.status)));
    }
    if head.server.is_some_and(|server| !is_cloudflare(server)) || !could_be_edge_body(head) {
        return Sign::Own;
    }
    if head.content_length == Some(0) { judge_empty(head) } else { Sign::Suspect }
}

/// An empty body with one of Cloudflare's own status codes, signed by its `Server` field.
pub(super) fn judge_empty(head: &Head<'_>) -> Sign {
    let cloudflares_own = matches!(head.status, 520..=527 | 530);
    if cloudflares_own && head.server.is_some_and(is_cloudflare) {
        Sign::Edge(own_number(head.status))
    } else {
        Sign::Own
    }
}

/// Statuses of edge-made errors: 1xxx errors come as 403, 404, 409, 429, 500, 503 or 530, 5xx as themselves.
const fn could_be_edge_status(status: u16) -> bool {
    matches!(status, 403 | 404 | 409 | 429 | 500 | 502..=504 | 520..=527 | 530)
}

fn could_be_edge_body(head: &Head<'_>) -> bool {
    let short = head.content_length.is_none_or(|length| length <= MAX_EDGE_BODY);
    let form = head.content_type.is_none_or(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        matches!(
            kind.as_str(),
            "" | "text/plain" | "text/html" | "text/markdown" | "application/json" | "application/problem+json"
        )
    });
    short && form
}

fn is_cloudflare(server: &str) -> bool {
    server.trim().eq_ignore_ascii_case("cloudflare")
}

/// 520 to 527 are their own numbers; 530 stands for one that only the body gives.
pub(super) fn own_number(status: u16) -> Option<u16> {
    matches!(status, 520..=527).then_some(status)
}

/// Whether Cloudflare sends error `number` with HTTP `status`.
pub(super) const fn belongs(number: u16, status: u16) -> bool {
    match number {
        520..=527 => number == status,
        1000..=1099 => matches!(status, 403 | 404 | 409 | 429 | 530),
        // Worker and capacity errors (1101, 1102, 1200 …) also come as 500 and 503.
        1100..=1299 => matches!(status, 403 | 404 | 409 | 429 | 500 | 503 | 530),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(status: u16) -> Head<'static> {
        Head { status, ..Head::default() }
    }

    #[test]
    fn ordinary_answers_are_the_origins_own() {
        for status in [200, 204, 301, 304, 400, 401, 405, 410, 418, 451, 501, 505, 599] {
            assert_eq!(judge_head(&head(status)), Sign::Own, "{status}");
        }
    }

    #[test]
    fn another_server_field_settles_it() {
        for status in [403, 502, 503, 504, 520, 530] {
            let head = Head { server: Some("Microsoft-IIS/10.0"), ..head(status) };
            assert_eq!(judge_head(&head), Sign::Own, "{status}");
        }
    }

    #[test]
    fn the_error_type_field_settles_it_too() {
        let sign = |status, kind| judge_head(&Head { cf_error_type: Some(kind), ..head(status) });
        assert_eq!(sign(530, "1016"), Sign::Edge(Some(1016)));
        assert_eq!(sign(522, "522"), Sign::Edge(Some(522)));
        assert_eq!(sign(522, "connection"), Sign::Edge(Some(522)));
        assert_eq!(sign(530, "dns"), Sign::Edge(None));
        assert_eq!(sign(200, "1016"), Sign::Own);
    }

    #[test]
    fn an_empty_530_is_cloudflares_only_where_cloudflare_signed_it() {
        let empty = |server| Head { content_length: Some(0), server, ..head(530) };
        assert_eq!(judge_head(&empty(Some("cloudflare"))), Sign::Edge(None));
        assert_eq!(judge_head(&empty(None)), Sign::Own);
        let empty_522 = Head { content_length: Some(0), server: Some("cloudflare"), ..head(522) };
        assert_eq!(judge_head(&empty_522), Sign::Edge(Some(522)));
        let empty_503 = Head { content_length: Some(0), server: Some("cloudflare"), ..head(503) };
        assert_eq!(judge_head(&empty_503), Sign::Own);
    }

    #[test]
    fn bodies_the_edge_does_not_make_are_not_read() {
        assert_eq!(judge_head(&Head { content_length: Some(16_000_000), ..head(503) }), Sign::Own);
        assert_eq!(judge_head(&Head { content_type: Some("image/png"), ..head(404) }), Sign::Own);
        assert_eq!(judge_head(&Head { content_type: Some("text/event-stream"), ..head(503) }), Sign::Own);
        assert_eq!(judge_head(&Head { content_type: Some("Text/HTML; charset=UTF-8"), ..head(503) }), Sign::Suspect);
    }
}
