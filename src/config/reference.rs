//! The tables of `docs/configuration.md`, made from the catalogue.

use std::fmt::Write;

use super::catalogue;
use super::key::Entry;
use super::rule::Rule;
use super::secrets::{FIXED, KV_BINDING, KV_NEEDED_FOR, LIMITER_BINDING};

/// Markdown: every key section by section, the secrets and bindings, the rules.
pub fn reference() -> String {
    let mut page = String::from("## Keys\n\n");
    for section in catalogue::sections() {
        page.push_str(&keys(section));
    }
    page + &secrets_and_bindings() + &rules()
}

fn keys(section: &[&dyn Entry]) -> String {
    let title = section.first().map_or("", |entry| entry.path());
    let rows = section.iter().map(|entry| {
        let (path, example) = (code(entry.path()), code(entry.example()));
        row(&[&path, entry.meaning(), &entry.expectation(), &entry.default_text(), &example])
    });
    table(&format!("### `{title}`"), &["Path", "Meaning", "Right values", "Default", "Example"], rows)
}

fn secrets_and_bindings() -> String {
    let secrets = FIXED.iter().map(|(name, needed_for, section)| {
        let when = if section.is_empty() { "always".into() } else { format!("with the section `{section}`") };
        row(&[&code(name), "secret", needed_for, &when])
    });
    let named =
        ["the name in `url_secret` or `heartbeat_url_secret`", "secret", "the URL that is notified", "with `notify`"];
    let receiver = [
        "the names in `url_secret` and `signing_secret` of a target",
        "secret",
        "the URL that a list is sent to, and the key of its signature",
        "with a `webhook` target",
    ];
    let keys = ["the name in `signing_secret`", "secret", "the signature of `webhook` notices", "where it is given"];
    let kv = row(&[&code(KV_BINDING), "KV namespace", KV_NEEDED_FOR, "always"]);
    let limiter = [
        &code(LIMITER_BINDING),
        "rate limiter",
        "counting wrong admin tokens of one client across isolates",
        "if you like",
    ];
    let rows = secrets.chain([row(&named), row(&keys), row(&receiver), kv, row(&limiter)]);
    table("## Secrets and bindings", &["Name", "Kind", "Needed for", "Needed"], rows)
}

fn rules() -> String {
    let rows = Rule::ALL.iter().map(|rule| row(&[&code(rule.slug()), rule.meaning()]));
    table("## Rules", &["Rule", "What it means"], rows)
}

fn table(title: &str, head: &[&str], rows: impl Iterator<Item = String>) -> String {
    let mut table = format!("\n{title}\n\n{}", row(head));
    table.push_str(&row(&vec!["---"; head.len()]));
    table.extend(rows);
    table
}

fn row(cells: &[&str]) -> String {
    let mut row = String::from("|");
    for cell in cells {
        // Writing to a `String` cannot fail.
        let _ = write!(row, " {} |", cell.replace('|', "\\|"));
    }
    row + "\n"
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;

    #[test]
    fn the_complete_example_of_the_documentation_gives_every_key() {
        let page = include_str!("../../docs/configuration.md");
        let toml = page.split("```toml\n").nth(2).and_then(|rest| rest.split("```").next()).unwrap();
        let complete: serde_json::Value = toml::from_str(toml).unwrap();
        let given = load(Some(&complete["vars"]["GUARD"].to_string())).provenance.given;
        for entry in catalogue::entries().into_iter().filter(|entry| entry.is_leaf()) {
            let at = |index: usize| entry.path().replace("[]", &format!("[{index}]"));
            assert!((0..4).any(|index| given.contains(&at(index))), "{} is missing", entry.path());
        }
    }
}
