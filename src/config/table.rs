//! Tables of the document: finding keys, and refusing those there are not.

use super::excerpt::is_secretive;
use super::key::Entry;
use super::place::Place;
use super::report::Report;
use super::{Fault, Rule, catalogue, excerpt, nearest};
use crate::json::Node;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Found<'d> {
    pub(super) node: &'d Node,
    pub(super) place: Place,
}

/// A JSON object of the document, or nothing where a section is left out.
#[derive(Debug)]
pub(super) struct Table<'d> {
    place: Place,
    entries: &'d [(String, Node)],
    sound: bool,
}

impl<'d> Table<'d> {
    /// Opens the table `found`, whose keys stand in the catalogue below `pattern`. `None`: it is no table.
    pub(super) fn open(found: &Found<'d>, pattern: &str, report: &mut Report) -> Option<Self> {
        let Node::Table(entries) = found.node else { return None };
        let mut table = Self { place: found.place.clone(), entries, sound: true };
        let before = report.total();
        table.refuse_unknown_keys(pattern, report);
        table.refuse_repeated_keys(report);
        table.sound = report.total() == before;
        Some(table)
    }

    /// A table without entries: all its keys have their defaults. `sound`: that is what was written.
    pub(super) fn empty(place: Place, sound: bool) -> Self {
        Self { place, entries: &[], sound }
    }

    /// Where it stands.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Whether it is a table and each of its keys is known and stands there once.
    pub(super) fn is_sound(&self) -> bool {
        self.sound
    }

    /// The value of key `name`; of a repeated key the last one, as JSON readers do.
    pub(super) fn find(&self, name: &str) -> Option<Found<'d>> {
        let (index, (_, node)) = self.entries.iter().enumerate().rfind(|(_, (key, _))| key == name)?;
        Some(Found { node, place: self.place.entry(name, index) })
    }

    /// A fault where `key` is missing.
    pub(super) fn demand(&self, key: &dyn Entry, report: &mut Report) {
        if self.find(key.name()).is_none() {
            report.miss(&self.place.missing(key.name()), key, Rule::MissingKey);
        }
    }

    fn refuse_unknown_keys(&self, pattern: &str, report: &mut Report) {
        let known = catalogue::children(pattern);
        for (index, (key, node)) in self.entries.iter().enumerate() {
            if !known.iter().any(|entry| entry.name() == key) {
                let place = self.place.entry(key, index);
                report.add(&place, unknown_key(pattern, key, node, &place));
            }
        }
    }

    fn refuse_repeated_keys(&self, report: &mut Report) {
        for (index, (key, node)) in self.entries.iter().enumerate() {
            if self.entries.iter().take(index).any(|(earlier, _)| earlier == key) {
                let place = self.place.entry(key, index);
                report.add(&place, repeated_key(key, node, &place));
            }
        }
    }
}

fn unknown_key(pattern: &str, key: &str, node: &Node, place: &Place) -> Fault {
    let Some(nearest) = nearest::key(pattern, key) else {
        return key_like_no_other(pattern, key, node, place);
    };
    // What was meant for the place of a secret's name may be the secret itself.
    let shown_as = if is_secretive(nearest.name()) { nearest.name() } else { key };
    let meant = if nearest.parent() == pattern { nearest.name() } else { nearest.path() };
    Fault {
        rule: Rule::UnknownKey.slug(),
        path: place.path().to_owned(),
        value: Some(excerpt::value(shown_as, node)),
        expected: known_keys(pattern),
        example: as_member(nearest),
        did_you_mean: Some(meant.to_owned()),
    }
}

fn key_like_no_other(pattern: &str, key: &str, node: &Node, place: &Place) -> Fault {
    let sibling = || catalogue::children(pattern).first().map_or_else(String::new, |entry| as_member(*entry));
    let (rule, expected, example) = if is_secretive(key) {
        (Rule::SecretInConfiguration, NO_SECRETS.to_owned(), "wrangler secret put <NAME>".to_owned())
    } else {
        (Rule::UnknownKey, known_keys(pattern), sibling())
    };
    Fault {
        rule: rule.slug(),
        path: place.path().to_owned(),
        value: Some(excerpt::value(key, node)),
        expected,
        example,
        did_you_mean: None,
    }
}

const NO_SECRETS: &str = "no secret here, where everyone who may see the Worker's settings reads it: replace it and set \
    the new one as a secret";

fn known_keys(pattern: &str) -> String {
    let known: Vec<String> = catalogue::children(pattern).iter().map(|entry| format!("`{}`", entry.name())).collect();
    format!("one of the keys {}", known.join(", "))
}

/// `"hostname": "contoso.azure-api.net"`.
fn as_member(entry: &dyn Entry) -> String {
    format!("\"{}\": {}", entry.name(), entry.example())
}

fn repeated_key(key: &str, node: &Node, place: &Place) -> Fault {
    Fault {
        rule: Rule::DuplicateKey.slug(),
        path: place.path().to_owned(),
        value: Some(excerpt::value(key, node)),
        expected: "each key once in a table; the last one counts".into(),
        example: format!("`{}` in one place only", place.path()),
        did_you_mean: None,
    }
}
