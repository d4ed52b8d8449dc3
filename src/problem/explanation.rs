//! The explanation page of a code.

use serde_json::Value;

use super::catalogue::Entry;
use super::explain::{Explanation, PLACEHOLDERS, explanation};
use super::json::{self, Member};
use super::render::{Block, Link, Node, Page, Section, Step};
use super::rendered::Kind;
use super::{Code, MediaType, Rendered, entry};
use crate::diagnosis::{Remedy, general_remedy};
use crate::json::{json, value};

/// The page of `code` in `media`; `base` is the path or URL that codes are appended to.
pub fn explain(code: Code, base: &str, media: MediaType) -> Rendered {
    let (row, content) = (entry(code), explanation(code));
    let fixes: Vec<Remedy> = content.fixes.iter().map(general_remedy).collect();
    let body = || json::object(&members(&row, content, &fixes, base));
    Rendered::new(200, &REFERENCE, media, body, || page(&row, content, &fixes, base))
}

/// The list of all codes with links to their pages.
pub fn explain_index(base: &str, media: MediaType) -> Rendered {
    let body = || json::object(&[("problems", Some(Code::ALL.map(|code| index_row(&entry(code), base)).into()))]);
    Rendered::new(200, &REFERENCE, media, body, || index_page(base))
}

/// The same for everyone and for a whole version of the guard, so it may be cached for an hour.
const REFERENCE: Kind = Kind { json_type: "application/json", cache: "public, max-age=3600" };

/// The JSON form; the texts are those of the page.
fn members(row: &Entry, content: &Explanation, fixes: &[Remedy], base: &str) -> Vec<Member<'static>> {
    vec![
        ("type", Some(format!("{base}{}", row.code).into())),
        ("code", Some(row.code.as_str().into())),
        ("title", Some(row.title.into())),
        ("status", Some(row.status.into())),
        ("category", Some(value(&row.category))),
        ("retryable", Some(row.retry_after_s.is_some().into())),
        ("retry_after", row.retry_after_s.map(Into::into)),
        ("owner_action_required", Some(row.owner_action_required.into())),
        ("who_acts", Some(value(&row.who_acts))),
        ("what_happened", Some(row.public_detail.into())),
        ("meaning", Some(content.meaning.into())),
        ("proof", Some(content.proof.into())),
        ("mistaken_for", Some(content.mistaken_for.into())),
        ("placeholders", Some(PLACEHOLDERS.into())),
        ("fixes", Some(value(&fixes))),
        ("links", Some(content.links.iter().map(|link| json!({ "title": link.title, "url": link.url })).collect())),
    ]
}

fn page(row: &Entry, content: &Explanation, fixes: &[Remedy], base: &str) -> Page {
    let prose = |text: &str| Block::Prose(text.to_owned());
    let bullets = |items: &[&str]| Block::Bullets(items.iter().map(|&item| item.to_owned()).collect());
    let steps = Block::Steps(fixes.iter().map(Step::from).collect());
    let mut links: Vec<_> = content.links.iter().map(|link| Link::new(link.title, link.url)).collect();
    links.push(Link::new("All problems", base));
    let sections = vec![
        Section::new("What happened", vec![prose(row.public_detail)]),
        Section::new("What it means", vec![prose(content.meaning)]),
        Section::new("What proves it", vec![bullets(content.proof)]),
        Section::new("What it is often mistaken for", vec![bullets(content.mistaken_for)]),
        Section::new("Who acts", vec![prose(&who_acts(row))]),
        Section::new("How to fix it, and how to tell that it worked", vec![prose(PLACEHOLDERS), steps]),
        Section::new("More", vec![Block::Links(links)]),
    ];
    Page { title: row.title.to_owned(), subtitle: format!("HTTP {} · `{}`", row.status, row.code), sections }
}

fn who_acts(row: &Entry) -> String {
    let waiting = match row.retry_after_s {
        Some(seconds) if row.owner_action_required => {
            format!("Clients may try again after {seconds} seconds; waiting alone may not end it.")
        }
        Some(seconds) => format!("Clients may try again after {seconds} seconds; it may end by itself."),
        None => "Trying again without a change does not help.".to_owned(),
    };
    format!("{}. {waiting}", row.who_acts.label())
}

fn index_row(row: &Entry, base: &str) -> Value {
    json!({ "type": format!("{base}{}", row.code), "code": row.code.as_str(), "title": row.title, "status": row.status })
}

fn index_page(base: &str) -> Page {
    let line = |code: Code| {
        let row = entry(code);
        let link = Node::Link(Link::new(code.as_str(), &format!("{base}{code}")));
        (format!("{} · {}", row.status, row.title), link)
    };
    let fields = Block::Fields(Code::ALL.into_iter().map(line).collect());
    let about = "Every code that the guard can answer with. Each page says what happened, what proves it, who acts, how to \
        fix it and how to tell that it worked.";
    let sections = vec![Section::new("Codes", vec![fields])];
    Page { title: "Problems".to_owned(), subtitle: about.to_owned(), sections }
}
