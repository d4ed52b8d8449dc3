//! The explanation page of a code.

use serde::Serialize;

use super::catalogue::{Category, Entry};
use super::explain::{Check, Explanation, Fix, Link as Source, PLACEHOLDERS, explanation};
use super::render::{Block, Command, Link, Node, Page, Section, Step};
use super::rendered::Kind;
use super::{Code, MediaType, Rendered, WhoActs, entry, json};

/// The page of `code` in `media`; `base` is the path or URL that codes are appended to.
pub fn explain(code: Code, base: &str, media: MediaType) -> Rendered {
    let (row, content) = (entry(code), explanation(code));
    let body = || json::pretty(&Members::of(&row, content, base));
    Rendered::new(200, &REFERENCE, media, body, || page(&row, content, base))
}

/// The list of all codes with links to their pages.
pub fn explain_index(base: &str, media: MediaType) -> Rendered {
    let body = || json::pretty(&Index { problems: Code::ALL.map(|code| IndexRow::of(&entry(code), base)).into() });
    Rendered::new(200, &REFERENCE, media, body, || index_page(base))
}

/// The same for everyone and for a whole version of the guard, so it may be cached for an hour.
const REFERENCE: Kind = Kind { json_type: "application/json", cache: "public, max-age=3600" };

/// The JSON form; the texts are those of the page.
#[derive(Serialize)]
struct Members {
    r#type: String,
    code: Code,
    title: &'static str,
    status: u16,
    category: Category,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
    owner_action_required: bool,
    who_acts: WhoActs,
    what_happened: &'static str,
    meaning: &'static str,
    proof: &'static [&'static str],
    mistaken_for: &'static [&'static str],
    placeholders: &'static str,
    fixes: Vec<FixMembers>,
    links: &'static [Source],
}

#[derive(Serialize)]
struct FixMembers {
    who: WhoActs,
    action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'static str>,
    verify: Check,
}

impl Members {
    fn of(row: &Entry, content: &'static Explanation, base: &str) -> Self {
        Self {
            r#type: format!("{base}{}", row.code),
            code: row.code,
            title: row.title,
            status: row.status,
            category: row.category,
            retryable: row.retry_after_s.is_some(),
            retry_after: row.retry_after_s,
            owner_action_required: row.owner_action_required,
            who_acts: row.who_acts,
            what_happened: row.public_detail,
            meaning: content.meaning,
            proof: content.proof,
            mistaken_for: content.mistaken_for,
            placeholders: PLACEHOLDERS,
            fixes: content.fixes.iter().map(FixMembers::of).collect(),
            links: content.links,
        }
    }
}

impl FixMembers {
    fn of(fix: &Fix) -> Self {
        let action = format!("{}{}", fix.when.describe(), fix.instruction());
        Self { who: fix.who, action, command: fix.command, verify: fix.verify }
    }
}

fn page(row: &Entry, content: &Explanation, base: &str) -> Page {
    let prose = |text: &str| Block::Prose(text.to_owned());
    let bullets = |items: &[&str]| Block::Bullets(items.iter().map(|&item| item.to_owned()).collect());
    let steps = Block::Steps(content.fixes.iter().map(step).collect());
    let mut sections = vec![
        section("What happened", vec![prose(row.public_detail)]),
        section("What it means", vec![prose(content.meaning)]),
        section("What proves it", vec![bullets(content.proof)]),
        section("What it is often mistaken for", vec![bullets(content.mistaken_for)]),
        section("Who acts", vec![prose(&who_acts(row))]),
        section("How to fix it, and how to tell that it worked", vec![prose(PLACEHOLDERS), steps]),
    ];
    let mut links: Vec<_> = content.links.iter().map(|link| to(link.title, link.url)).collect();
    links.push(to("All problems", base));
    sections.push(section("More", vec![Block::Links(links)]));
    Page { title: row.title.to_owned(), subtitle: format!("HTTP {} · `{}`", row.status, row.code), sections }
}

fn section(heading: &'static str, blocks: Vec<Block>) -> Section {
    Section { heading, blocks }
}

fn to(text: &str, url: &str) -> Link {
    Link { text: text.to_owned(), url: url.to_owned() }
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

fn step(fix: &Fix) -> Step {
    let prose = format!("{}{}", fix.when.describe(), fix.instruction());
    Step {
        who: fix.who.label(),
        action: Command { prose, command: fix.command.map(str::to_owned) },
        verify: Command { prose: fix.verify.action.to_owned(), command: fix.verify.command.map(str::to_owned) },
    }
}

#[derive(Serialize)]
struct Index {
    problems: Vec<IndexRow>,
}

#[derive(Serialize)]
struct IndexRow {
    r#type: String,
    code: Code,
    title: &'static str,
    status: u16,
}

impl IndexRow {
    fn of(row: &Entry, base: &str) -> Self {
        Self { r#type: format!("{base}{}", row.code), code: row.code, title: row.title, status: row.status }
    }
}

fn index_page(base: &str) -> Page {
    let line = |code: Code| {
        let row = entry(code);
        let link = Node::Link(to(code.as_str(), &format!("{base}{code}")));
        (format!("{} · {}", row.status, row.title), link)
    };
    let fields = Block::Fields(Code::ALL.into_iter().map(line).collect());
    let about = "Every code that the guard can answer with. Each page says what happened, what proves it, who acts, how to fix \
        it and how to tell that it worked.";
    Page { title: "Problems".to_owned(), subtitle: about.to_owned(), sections: vec![section("Codes", vec![fields])] }
}
