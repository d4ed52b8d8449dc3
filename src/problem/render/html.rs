//! The HTML form: no script, no remote resource, everything escaped by `maud`.

use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

use super::page::{Block, Command, Link, Node, Page, Section, Step};
use super::style::STYLE;
use super::visible::{inline, lines, one_line};

/// The whole document.
pub(in crate::problem) fn html(page: &Page) -> String {
    let markup = markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="robots" content="noindex";
                title { (one_line(&page.title)) }
                style { (PreEscaped(STYLE)) }
            }
            body { main {
                h1 { (one_line(&page.title)) }
                p.subtitle { (prose(&page.subtitle)) }
                @for section in &page.sections { (part(section)) }
            } }
        }
    };
    markup.into_string()
}

fn part(section: &Section) -> Markup {
    markup! {
        section {
            h2 { (section.heading) }
            @if section.folded {
                details { summary { "Show" } (contents(section)) }
            } @else {
                (contents(section))
            }
        }
    }
}

fn contents(section: &Section) -> Markup {
    markup! { @for block in &section.blocks { (content(block)) } }
}

fn content(block: &Block) -> Markup {
    match block {
        Block::Prose(text) => markup! { p { (prose(text)) } },
        Block::Bullets(items) => markup! { ul { @for item in items { li { (prose(item)) } } } },
        Block::Fields(members) => fields(members),
        Block::Steps(steps) => markup! { ol { @for step in steps { (do_and_verify(step)) } } },
        Block::Links(links) => markup! { ul { @for target in links { li { (link(target)) } } } },
    }
}

fn do_and_verify(step: &Step) -> Markup {
    markup! {
        li {
            p { span.who { (step.who) ":" } " " (prose(&step.action.prose)) }
            (shell(&step.action))
            p { "It worked when: " (prose(&step.verify.prose)) }
            (shell(&step.verify))
        }
    }
}

fn shell(command: &Command) -> Markup {
    markup! { @if let Some(text) = &command.code { pre { code { (lines(text)) } } } }
}

fn fields(members: &[(String, Node)]) -> Markup {
    markup! {
        @if members.is_empty() { p { "none" } } @else {
            dl { @for (name, value) in members { dt { (one_line(name)) } dd { (node(value)) } } }
        }
    }
}

fn node(value: &Node) -> Markup {
    match value {
        Node::Literal(text) => markup! { code { (one_line(text)) } },
        Node::Time(text) => markup! { time datetime=(one_line(text)) { (one_line(text)) } },
        Node::Link(target) => link(target),
        Node::List(items) if items.is_empty() => markup! { "none" },
        Node::List(items) => markup! { ul { @for item in items { li { (node(item)) } } } },
        Node::Fields(members) => fields(members),
    }
}

fn link(target: &Link) -> Markup {
    markup! {
        @if target.is_safe() { a href=(target.url) { (one_line(&target.text)) } } @else { (one_line(&target.text)) }
    }
}

fn prose(text: &str) -> Markup {
    let text = one_line(text);
    markup! {
        @for (is_code, piece) in inline(&text) {
            @if is_code { code { (piece) } } @else { (piece) }
        }
    }
}
