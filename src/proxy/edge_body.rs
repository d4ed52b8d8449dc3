//! The second look: the first bytes of a suspect body. Four documented shapes; anything else is the origin's own.

use super::Sign;
use super::edge_head::{Head, MAX_EDGE_BODY, belongs, judge_empty};
use crate::json::{self, from_node};

/// What the bytes read so far say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// The origin's own.
    Own,
    /// Made by the edge, with Cloudflare's number where there is one.
    Edge(Option<u16>),
    /// Not enough read yet; never answered for a complete body.
    More,
}

/// Judges the body of a [`Sign::Suspect`] response by what was read of it; `complete`: there is no more.
pub fn judge_body(head: &Head<'_>, read: &[u8], complete: bool) -> Sniffed {
    if read.len() as u64 > MAX_EDGE_BODY {
        return Sniffed::Own;
    }
    match read.trim_ascii_start().first() {
        None if complete => empty(head),
        None => Sniffed::More,
        Some(first) => shape_of(*first).map_or(Sniffed::Own, |shape| shape.judge(head, read, complete)),
    }
}

fn empty(head: &Head<'_>) -> Sniffed {
    match judge_empty(head) {
        Sign::Edge(number) => Sniffed::Edge(number),
        Sign::Own | Sign::Suspect => Sniffed::Own,
    }
}

/// The documented shapes, told apart by their first character.
#[derive(Clone, Copy)]
enum Shape {
    Plain,
    Json,
    Html,
    Markdown,
}

const fn shape_of(first: u8) -> Option<Shape> {
    match first {
        b'e' => Some(Shape::Plain),
        b'{' => Some(Shape::Json),
        b'<' => Some(Shape::Html),
        b'-' => Some(Shape::Markdown),
        _ => None,
    }
}

/// The longest plain body: `error code: 1016`, white space around it.
const MAX_PLAIN: usize = 32;

impl Shape {
    fn judge(self, head: &Head<'_>, read: &[u8], complete: bool) -> Sniffed {
        if !self.may_go_on(read) {
            return Sniffed::Own;
        }
        if !complete {
            return Sniffed::More;
        }
        let number = std::str::from_utf8(read).ok().and_then(|text| self.number(text.trim()));
        match number {
            Some(number) if belongs(number, head.status) || self.signed(number, head.status) => {
                Sniffed::Edge(Some(number))
            }
            _ => Sniffed::Own,
        }
    }

    fn may_go_on(self, read: &[u8]) -> bool {
        match self {
            Self::Plain => {
                let begun = read.trim_ascii_start();
                let known = begun.len().min(PLAIN.len());
                read.len() <= MAX_PLAIN && begun.get(..known) == PLAIN.as_bytes().get(..known)
            }
            Self::Json | Self::Html | Self::Markdown => true,
        }
    }

    /// The structured shapes carry Cloudflare's own mark, also for 500, 502 and 504 and for numbers yet to come.
    const fn signed(self, number: u16, status: u16) -> bool {
        matches!(self, Self::Json | Self::Markdown) && (number == status || number >= 1000)
    }

    fn number(self, text: &str) -> Option<u16> {
        match self {
            Self::Plain => text.strip_prefix(PLAIN)?.trim().parse().ok(),
            Self::Json => json_number(text),
            Self::Html => html_number(text),
            Self::Markdown => markdown_number(text),
        }
    }
}

const PLAIN: &str = "error code:";

/// Cloudflare's structured error; the mark is what makes it one.
struct StructuredError {
    cloudflare_error: bool,
    error_code: u16,
}

from_node! { StructuredError { cloudflare_error, error_code } }

fn json_number(text: &str) -> Option<u16> {
    let error: StructuredError = json::read(text)?;
    error.cloudflare_error.then_some(error.error_code)
}

/// YAML front matter with the same two members.
fn markdown_number(text: &str) -> Option<u16> {
    let front = text.strip_prefix("---")?.split("\n---").next()?;
    let member = |name: &str| {
        front.lines().find_map(|line| line.trim().strip_prefix(name)?.trim_start().strip_prefix(':')).map(str::trim)
    };
    (member("cloudflare_error") == Some("true")).then(|| member("error_code")?.trim_matches('"').parse().ok()).flatten()
}

/// Marks of Cloudflare's own page; a page that merely speaks of Cloudflare has none of these.
const HTML_MARKS: [&str; 4] = ["cf-error-details", "cf-error-code", "cf-wrapper", "/cdn-cgi/styles/"];
/// What stands before the number in the page's text: the 5xx page, the 1xxx page, the titles.
const HTML_NUMBERS: [&str; 3] = ["Error code ", "Error ", "| "];

fn html_number(html: &str) -> Option<u16> {
    let text = visible(html);
    let marked =
        HTML_MARKS.iter().any(|mark| html.contains(mark)) || (text.contains("Cloudflare") && text.contains("Ray ID"));
    if !marked {
        return None;
    }
    HTML_NUMBERS.iter().find_map(|before| text.split(before).skip(1).find_map(leading_number))
}

/// The page without its tags, white space folded.
fn visible(html: &str) -> String {
    let pieces = html.split('<').enumerate().map(|(place, piece)| match place {
        0 => piece,
        _ => piece.split_once('>').map_or("", |(_tag, text)| text),
    });
    let words: Vec<&str> = pieces.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

fn leading_number(text: &str) -> Option<u16> {
    let digits = text.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok().filter(|number| matches!(number, 520..=527 | 1000..=1299))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(status: u16, body: &str) -> Sniffed {
        judge_body(&Head { status, ..Head::default() }, body.as_bytes(), true)
    }

    #[test]
    fn the_plain_shape_with_and_without_newline() {
        assert_eq!(whole(530, "error code: 1016"), Sniffed::Edge(Some(1016)));
        assert_eq!(whole(530, "error code: 1016\n"), Sniffed::Edge(Some(1016)));
        assert_eq!(whole(404, "error code: 1042\n"), Sniffed::Edge(Some(1042)));
        assert_eq!(whole(522, "error code: 522"), Sniffed::Edge(Some(522)));
    }

    #[test]
    fn the_structured_shapes_need_the_mark() {
        let json = r#"{"cloudflare_error":true,"error_code":1016,"status":530}"#;
        assert_eq!(whole(530, json), Sniffed::Edge(Some(1016)));
        assert_eq!(whole(530, &json.replace("true", "false")), Sniffed::Own);
        assert_eq!(whole(530, r#"{"error_code":1016}"#), Sniffed::Own);
        assert_eq!(whole(502, r#"{"cloudflare_error":true,"error_code":502}"#), Sniffed::Edge(Some(502)));
        let markdown = "---\nstatus: 522\nerror_code: 522\ncloudflare_error: true\n---\n# What Happened\n";
        assert_eq!(whole(522, markdown), Sniffed::Edge(Some(522)));
        assert_eq!(whole(522, "---\nerror_code: 522\n---\ncloudflare_error: true"), Sniffed::Own);
    }

    #[test]
    fn the_html_pages() {
        let page_1xxx = r#"<!DOCTYPE html><title>DNS resolution error | x | Cloudflare</title><div id="cf-wrapper">
            <span class="cf-error-type">Error</span> <span class="cf-error-code">1001</span>"#;
        assert_eq!(whole(409, page_1xxx), Sniffed::Edge(Some(1001)));
        let page_new =
            r#"<div id="cf-wrapper"><h1><span data-translate="error">Error</span> <span>1033</span></h1></div>"#;
        assert_eq!(whole(530, page_new), Sniffed::Edge(Some(1033)));
        let page_5xx = r#"<!DOCTYPE html><title>x | 525: SSL handshake failed</title><div id="cf-error-details">
            <span class="code-label">Error code 525</span>"#;
        assert_eq!(whole(525, page_5xx), Sniffed::Edge(Some(525)));
        assert_eq!(whole(503, "<html>Error 1016? Ask Cloudflare, quoting the Ray ID</html>"), Sniffed::Own);
    }

    #[test]
    fn what_only_looks_like_it_is_the_origins_own() {
        for (status, body) in [
            (503, "error code: 1016"),
            (502, "error code: 502"),
            (530, "error code: 1016 in the backend"),
            (530, "error code: 9999"),
            (530, r#"{ "statusCode": 530, "message": "error code: 1016" }"#),
            (530, "The backend said error code: 1016"),
            (521, "error code: 522"),
            (404, r#"{ "statusCode": 404, "message": "Resource not found" }"#),
            (530, ""),
            (530, "error code:                             1016"),
        ] {
            assert_eq!(whole(status, body), Sniffed::Own, "{status} {body}");
        }
    }

    #[test]
    fn a_body_is_read_no_further_than_needed() {
        let head = Head { status: 530, ..Head::default() };
        let so_far = |bytes: &[u8]| judge_body(&head, bytes, false);
        assert_eq!(so_far(b""), Sniffed::More);
        assert_eq!(so_far(b"error co"), Sniffed::More);
        assert_eq!(so_far(b"error in"), Sniffed::Own);
        assert_eq!(so_far(b"ordinary text"), Sniffed::Own);
        assert_eq!(so_far(&[b'e'; 40]), Sniffed::Own);
        assert_eq!(so_far(b"{\"a\":"), Sniffed::More);
        assert_eq!(so_far(&vec![b'{'; 40_000]), Sniffed::Own);
    }

    proptest::proptest! {
        #[test]
        fn in_whatever_pieces_a_body_comes(space in 0usize..40, text in "(error code: ?[0-9]{3,4}|[{<-].{0,20}|e.{0,40})\\s{0,40}") {
            let (head, body) = (Head { status: 530, ..Head::default() }, [" ".repeat(space), text].concat());
            let whole = judge_body(&head, body.as_bytes(), true);
            for end in 0..=body.len() {
                let so_far = judge_body(&head, &body.as_bytes()[..end], false);
                proptest::prop_assert!(so_far == Sniffed::More || so_far == whole, "{body:?} up to {end}");
            }
        }

        #[test]
        fn total_and_decided_once_complete(status in 200u16..600, body in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let head = Head { status, ..Head::default() };
            proptest::prop_assert_ne!(judge_body(&head, &body, true), Sniffed::More);
        }
    }
}
