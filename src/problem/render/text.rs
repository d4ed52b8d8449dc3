//! The plain text form, for terminals: no control characters, no wrapping of its own.

use std::fmt::Write;

use super::page::{Block, Command, Link, Node, Page, Step};
use super::visible::{lines, one_line};

/// The whole document.
pub(in crate::problem) fn text(page: &Page) -> String {
    let mut out = format!("{}\n{}\n", one_line(&page.title), one_line(&page.subtitle));
    for section in &page.sections {
        put(&mut out, format_args!("\n{}\n", section.heading.to_ascii_uppercase()));
        section.blocks.iter().for_each(|block| content(&mut out, block));
    }
    out
}

/// Writing to a string cannot fail.
fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn content(out: &mut String, block: &Block) {
    match block {
        Block::Prose(text) => put(out, format_args!("{}\n", one_line(text))),
        Block::Bullets(items) => items.iter().for_each(|item| put(out, format_args!("- {}\n", one_line(item)))),
        Block::Fields(members) => fields(out, members, 0),
        Block::Steps(steps) => steps.iter().zip(1_u32..).for_each(|(step, number)| do_and_verify(out, step, number)),
        Block::Links(links) => links.iter().for_each(|target| put(out, format_args!("- {}\n", link(target)))),
    }
}

fn do_and_verify(out: &mut String, step: &Step, number: u32) {
    put(out, format_args!("{number}. {}: {}\n", step.who, one_line(&step.action.prose)));
    shell(out, &step.action);
    put(out, format_args!("   It worked when: {}\n", one_line(&step.verify.prose)));
    shell(out, &step.verify);
}

fn shell(out: &mut String, command: &Command) {
    let Some(text) = &command.code else { return };
    lines(text).lines().for_each(|line| put(out, format_args!("     {line}\n")));
}

fn fields(out: &mut String, members: &[(String, Node)], depth: usize) {
    for (name, value) in members {
        put(out, format_args!("{}{}:", "  ".repeat(depth), one_line(name)));
        below(out, value, depth);
    }
}

/// The value after a name: on the same line if it is one line, else indented one level deeper.
fn below(out: &mut String, value: &Node, depth: usize) {
    let deeper = depth.saturating_add(1);
    match value {
        Node::Literal(text) | Node::Time(text) => put(out, format_args!(" {}\n", one_line(text))),
        Node::Link(target) => put(out, format_args!(" {}\n", link(target))),
        Node::List(items) if items.is_empty() => out.push_str(" none\n"),
        Node::Fields(members) if members.is_empty() => out.push_str(" none\n"),
        Node::Fields(members) => {
            out.push('\n');
            fields(out, members, deeper);
        }
        Node::List(items) => {
            out.push('\n');
            for item in items {
                put(out, format_args!("{}-", "  ".repeat(deeper)));
                below(out, item, deeper);
            }
        }
    }
}

fn link(target: &Link) -> String {
    if target.text == target.url {
        return one_line(&target.text).into_owned();
    }
    format!("{}: {}", one_line(&target.text), one_line(&target.url))
}
