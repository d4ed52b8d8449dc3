//! HTML, Markdown and text: well formed, nothing loaded, nothing injected.

use std::sync::LazyLock;

use crate::support::{BASE, NOW, document, everything, found, header, marked_document};
use apim_origin_guard::problem::{Code, Document, MediaType, Rendered, explain, explain_index, render};
use base64::Engine;
use pulldown_cmark::{Event, Options, Parser, Tag};
use scraper::{Html, Selector};
use sha2::{Digest, Sha256};

/// Strings that would break out of one form or another.
const HOSTILE: [&str; 14] = [
    "<script>alert(1)</script>",
    "</code></pre></dd></dl></main><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "]]>--><style>*{display:none}</style>",
    "](javascript:alert(1)) ![x](https://evil.example/x.png) [x]: https://evil.example",
    "<https://evil.example> https://evil.example/ www.evil.example",
    "```\n# heading\n- list\n```` `code` ``x``",
    "~~~~\n| a | b |\n|---|---|\n",
    "1. one\n2) two\n> quote\n***\n---\n===",
    "line\r\nSet-Cookie: x=y\r\n\r\n<html>",
    "\u{1b}[31mred\u{1b}[0m \u{9b}2J \u{7} \u{0} \u{7f}",
    "\u{202e}desrever\u{2066}x\u{2069}",
    "&lt;b&gt; &#60;i&#62; \\<u\\>",
    "*emphasis* _emphasis_ **strong** ~~gone~~",
];

/// Every document, page and hostile document: a name for messages, the form and the answer.
static PAGES: LazyLock<Vec<(String, MediaType, Rendered)>> = LazyLock::new(|| {
    let mut all = everything();
    for media in MediaType::ALL {
        all.push((format!("index {media:?}"), media, explain_index(BASE, media)));
        all.extend(Code::ALL.map(|code| (format!("{code} page {media:?}"), media, explain(code, BASE, media))));
        for text in HOSTILE {
            let document = Document { type_base: text.into(), ..marked_document(Code::OriginNameNotFound, text) };
            all.push((format!("hostile {media:?} {text:?}"), media, render(&document, media)));
        }
    }
    all
});

fn of(media: MediaType) -> impl Iterator<Item = (&'static str, &'static Rendered)> {
    PAGES.iter().filter(move |(_, form, _)| *form == media).map(|(name, _, rendered)| (name.as_str(), rendered))
}

fn count(html: &Html, selector: &str) -> usize {
    html.select(&Selector::parse(selector).unwrap()).count()
}

#[test]
fn html_is_well_formed_and_has_a_plain_structure() {
    for (name, rendered) in of(MediaType::Html) {
        let html = Html::parse_document(&rendered.body);
        assert!(html.errors.is_empty(), "{name}: {:?}", html.errors);
        for (selector, times) in
            [("html[lang=en]", 1), ("meta[charset=utf-8]", 1), ("meta[name=viewport]", 1), ("main > h1", 1), ("h1", 1)]
        {
            assert_eq!(count(&html, selector), times, "{name}: {selector}");
        }
        assert!(count(&html, "main > section > h2") >= 1, "{name}");
    }
}

#[test]
fn html_has_no_script_and_loads_nothing() {
    let loading = "script, img, link, iframe, object, embed, video, audio, source, svg, form, base, meta[http-equiv], \
        [src], [srcset], [style], [onload], [onerror], [onclick]";
    for (name, rendered) in of(MediaType::Html) {
        let html = Html::parse_document(&rendered.body);
        assert_eq!(count(&html, loading), 0, "{name}");
        assert_eq!(count(&html, "style"), 1, "{name}");
        assert!(!rendered.body.contains("url(") && !rendered.body.contains("@import"), "{name}");
        for link in html.select(&Selector::parse("a").unwrap()) {
            let href = link.value().attr("href").unwrap();
            assert!(href.starts_with("https://") || href.starts_with('/'), "{name}: {href}");
        }
    }
}

/// The policy allows the page's own stylesheet by its hash, and nothing else.
#[test]
fn the_content_security_policy_fits_the_stylesheet() {
    for (name, rendered) in of(MediaType::Html) {
        let html = Html::parse_document(&rendered.body);
        let style: String = html.select(&Selector::parse("style").unwrap()).next().unwrap().text().collect();
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        assert_eq!(header(rendered, "Content-Security-Policy"), Some(policy.as_str()), "{name}");
        assert_eq!(header(rendered, "Referrer-Policy"), Some("no-referrer"), "{name}");
    }
}

#[test]
fn the_stylesheet_is_for_light_dark_and_narrow_screens() {
    let body = explain_index(BASE, MediaType::Html).body;
    assert!(body.contains("prefers-color-scheme:dark") && body.contains("overflow-wrap:anywhere"));
    assert!(body.contains("white-space:pre-wrap"), "commands wrap at 320 px");
}

#[test]
fn hostile_text_is_shown_as_text_in_html() {
    let mark = "<b title=\"x\">&amp;'`</b>";
    let rendered = render(&marked_document(Code::OriginNameNotFound, mark), MediaType::Html);
    let html = Html::parse_document(&rendered.body);
    assert_eq!(count(&html, "b"), 0);
    let commands: Vec<String> =
        html.select(&Selector::parse("pre > code").unwrap()).map(|code| code.text().collect()).collect();
    assert_eq!(commands, [mark, mark]);
}

#[test]
fn instants_are_marked_as_such() {
    let document = document(&found(Code::OriginNameNotFound), true);
    let html = Html::parse_document(&render(&document, MediaType::Html).body);
    let selector = Selector::parse("time").unwrap();
    let times = html.select(&selector).map(|time| (time.value().attr("datetime").unwrap(), time.text().collect()));
    let (datetimes, written): (Vec<&str>, Vec<String>) = times.unzip();
    assert_eq!(datetimes, written);
    for at in [document.since.unwrap(), document.timestamp] {
        assert!(written.contains(&at.to_string()), "{written:?}");
    }
    assert!(written.contains(&"2026-04-27T11:19:52.000Z".to_owned()), "the last good look-up: {written:?}");
}

/// Read by an independent `CommonMark` parser with the GitHub extensions.
#[test]
fn markdown_has_only_the_markup_that_is_meant() {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    for (name, rendered) in of(MediaType::Markdown) {
        let mut headings = 0;
        for event in Parser::new_ext(&rendered.body, options) {
            match event {
                Event::Html(_) | Event::InlineHtml(_) | Event::Rule | Event::FootnoteReference(_) => {
                    panic!("{name}: {event:?}")
                }
                Event::Start(Tag::Heading { .. }) => headings += 1,
                Event::Start(Tag::Link { dest_url, .. }) => {
                    assert!(dest_url.starts_with("https://") || dest_url.starts_with('/'), "{name}: {dest_url}");
                    assert!(!dest_url.contains("evil"), "{name}");
                }
                Event::Start(
                    Tag::Image { .. }
                    | Tag::Table(_)
                    | Tag::BlockQuote(_)
                    | Tag::Emphasis
                    | Tag::Strikethrough
                    | Tag::HtmlBlock,
                ) => panic!("{name}: {event:?}\n{}", rendered.body),
                _ => {}
            }
        }
        let meant = rendered.body.lines().filter(|line| line.starts_with("# ") || line.starts_with("## ")).count();
        assert_eq!(headings, meant, "{name}\n{}", rendered.body);
    }
}

/// A command comes out of the Markdown exactly as it went in, fence or no fence inside.
#[test]
fn commands_survive_markdown() {
    for command in ["dig '<hostname>' A", "echo ```` && x `y`", "a\nb\n```\n# c", "~~~\n    indented"] {
        let mut document = marked_document(Code::OriginNameNotFound, "x");
        document.operator.as_mut().unwrap().remedies[0].command = Some(command.into());
        let body = render(&document, MediaType::Markdown).body;
        let mut blocks = Vec::new();
        let mut inside = false;
        for event in Parser::new(&body) {
            match event {
                Event::Start(Tag::CodeBlock(_)) => {
                    inside = true;
                    blocks.push(String::new());
                }
                Event::End(pulldown_cmark::TagEnd::CodeBlock) => inside = false,
                Event::Text(text) if inside => blocks.last_mut().unwrap().push_str(&text),
                _ => {}
            }
        }
        assert_eq!(blocks, [format!("{command}\n"), "x\n".into()], "{body}");
    }
}

/// C0 and C1 controls move cursors, bidirectional controls reorder text; JSON escapes them, the others replace them.
#[test]
fn no_form_has_characters_that_a_terminal_obeys() {
    for (name, _, rendered) in &*PAGES {
        let obeyed =
            |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{2066}';
        assert!(!rendered.body.contains(obeyed), "{name}");
        assert!(rendered.body.ends_with('\n') || rendered.body.ends_with("</html>"), "{name}");
    }
}

#[test]
fn json_keeps_every_character_of_the_evidence() {
    for text in HOSTILE {
        let document = Document { detail: Some(text.into()), ..Document::new(Code::AdminBadRequest, BASE, NOW) };
        let json: serde_json::Value = serde_json::from_str(&render(&document, MediaType::Json).body).unwrap();
        assert_eq!(json["detail"], text);
    }
}
