//! The Markdown form (`CommonMark`, RFC 7763): nothing that stands in a string can become markup.

use std::fmt::Write;

use super::page::{Block, Command, Link, Node, Page, Step};
use super::visible::{inline, lines, one_line};

/// The whole document.
pub(in crate::problem) fn markdown(page: &Page) -> String {
    let mut out = format!("# {}\n\n{}\n", prose(&page.title), prose(&page.subtitle));
    for section in &page.sections {
        put(&mut out, format_args!("\n## {}\n", section.heading));
        for block in &section.blocks {
            out.push('\n');
            content(&mut out, block);
        }
    }
    out
}

/// Writing to a string cannot fail.
fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn content(out: &mut String, block: &Block) {
    match block {
        Block::Prose(text) => put(out, format_args!("{}\n", prose(text))),
        Block::Bullets(items) => items.iter().for_each(|item| put(out, format_args!("- {}\n", prose(item)))),
        Block::Fields(members) => fields(out, members, 0),
        Block::Steps(steps) => steps.iter().zip(1_u32..).for_each(|(step, number)| do_and_verify(out, step, number)),
        Block::Links(links) => links.iter().for_each(|target| put(out, format_args!("- {}\n", link(target)))),
    }
}

fn do_and_verify(out: &mut String, step: &Step, number: u32) {
    let gap = if number == 1 { "" } else { "\n" };
    put(out, format_args!("{gap}{number}. **{}:** {}\n", step.who, prose(&step.action.prose)));
    shell(out, &step.action);
    put(out, format_args!("\n    It worked when: {}\n", prose(&step.verify.prose)));
    shell(out, &step.verify);
}

/// A fenced block inside a list item, four columns in; its fence is longer than any in the command.
fn shell(out: &mut String, command: &Command) {
    let Some(text) = &command.code else { return };
    let fence = "`".repeat(longest_run(text).saturating_add(1).max(3));
    put(out, format_args!("\n    {fence}{}\n", command.language));
    lines(text).lines().for_each(|line| put(out, format_args!("    {line}\n")));
    put(out, format_args!("    {fence}\n"));
}

fn fields(out: &mut String, members: &[(String, Node)], depth: usize) {
    for (name, value) in members {
        put(out, format_args!("{}- {}:", "  ".repeat(depth), prose(name)));
        below(out, value, depth);
    }
}

/// The value after a bullet's name: on the same line if it is one line, else as bullets one level deeper.
fn below(out: &mut String, value: &Node, depth: usize) {
    let deeper = depth.saturating_add(1);
    match value {
        Node::Literal(text) => put(out, format_args!(" {}\n", code(text))),
        Node::Time(text) => put(out, format_args!(" {}\n", prose(text))),
        Node::Link(target) => put(out, format_args!(" {}\n", link(target))),
        Node::List(items) if items.is_empty() => out.push_str(" none\n"),
        Node::Fields(members) if members.is_empty() => out.push_str(" none\n"),
        Node::Fields(members) => {
            out.push('\n');
            fields(out, members, deeper);
        }
        Node::List(items) => {
            out.push('\n');
            for (item, number) in items.iter().zip(1_u32..) {
                put(out, format_args!("{}- {number}:", "  ".repeat(deeper)));
                below(out, item, deeper);
            }
        }
    }
}

fn link(target: &Link) -> String {
    let text = if target.text == target.url { code(&target.text) } else { prose(&target.text) };
    if target.is_safe() { format!("[{text}](<{}>)", target.url) } else { text }
}

fn prose(text: &str) -> String {
    let text = one_line(text);
    let pieces = inline(text.trim_start()).into_iter().enumerate();
    pieces.map(|(index, (is_code, piece))| if is_code { code(piece) } else { plain(piece, index == 0) }).collect()
}

/// Plain characters. Escaped is what could begin an inline or, in `first_of_line`, a block; the colon of a bare URL too,
/// since some readers would link it.
fn plain(text: &str, first_of_line: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let number_end = text.find(|c: char| !c.is_ascii_digit());
    for (index, c) in text.char_indices() {
        // A list, a heading, a quotation, an underline; or the end of a list's number.
        let block = (index == 0 && matches!(c, '#' | '+' | '-' | '=' | '>'))
            || (number_end == Some(index) && matches!(c, '.' | ')'));
        let bare_url = c == ':' && text.get(index..).is_some_and(|rest| rest.starts_with("://"));
        let inline = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~');
        if inline || bare_url || (first_of_line && block) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A code span whose delimiter is longer than any run inside it (`CommonMark` 6.1).
fn code(text: &str) -> String {
    let text = one_line(text);
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    let fence = "`".repeat(longest_run(&text).saturating_add(1));
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
