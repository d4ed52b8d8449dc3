//! What was found, what was not checked, and that every code is accounted for.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::catalogue::{CATALOGUE, Code};
use super::field::text;
use super::input::{Document, Fault, Unread};
use super::network::Need;
use super::resource_id::key;
use super::service_tags::{List, Tags};
use crate::config::Severity;
use crate::problem::WhoActs;

/// Something that is wrong, once for each code and subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What.
    pub code: &'static Code,
    /// How grave, here.
    pub severity: Severity,
    /// Resource id.
    pub subject: String,
    /// The rules, routes and entries that prove it, a sentence each.
    pub found: Vec<String>,
    /// The complete list of what is concerned, where there is one: prefixes.
    pub listed: Vec<String>,
    /// Best first.
    pub remedies: Vec<Remedy>,
}

/// A way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// Who does it.
    pub who: WhoActs,
    /// What to do.
    pub action: String,
    /// A complete command.
    pub command: Option<String>,
    /// The same as code: language and text.
    pub snippet: Option<(&'static str, String)>,
    /// What tells that it worked.
    pub verify: String,
    /// The command that shows it.
    pub verify_command: Option<String>,
}

/// A check that could not be done, or not for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotChecked {
    /// What.
    pub code: &'static Code,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
    /// The commands that print what is missing.
    pub fetch: Vec<String>,
}

/// The outcome. Each code is in exactly one of `checked` and `not_checked`.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Gravest first, then in the order of the catalogue, then by subject.
    pub findings: Vec<Finding>,
    /// Done for all that was given.
    pub checked: Vec<&'static Code>,
    /// Not done, or not for all.
    pub not_checked: Vec<NotChecked>,
    /// The list of service tags that was used.
    pub service_tags: Option<String>,
    /// Kind, id and source of each document.
    pub documents: Vec<Value>,
    /// What was given and could not be read: filled in by who read it.
    pub not_read: Vec<Fault>,
    /// What else there is to say, such as that something was stored.
    pub notes: Vec<String>,
}

/// Where checks write. Keys begin with the place of the code in the catalogue.
#[derive(Default)]
pub(super) struct Ledger<'a> {
    findings: BTreeMap<(usize, String), Finding>,
    not_checked: Vec<NotChecked>,
    unread: &'a [Unread],
}

impl<'a> Ledger<'a> {
    /// An empty one. What is among `unread` was looked for in vain.
    pub(super) fn new(unread: &'a [Unread]) -> Self {
        Self { unread, ..Self::default() }
    }

    /// `found` proves `code` of `subject`. What is already there of the same code and subject is added to.
    pub(super) fn find(&mut self, code: &'static Code, subject: &str, found: String) -> &mut Finding {
        let finding = self.findings.entry((place(code), key(subject))).or_insert_with(|| Finding::new(code, subject));
        add(&mut finding.found, found);
        finding
    }

    /// How grave what was found so far of `code` and `subject` is.
    pub(super) fn severity(&self, code: &'static Code, subject: &str) -> Option<Severity> {
        self.findings.get(&(place(code), key(subject))).map(|finding| finding.severity)
    }

    /// `codes` could not be checked, since `reason`; `command` prints what is missing.
    pub(super) fn miss(&mut self, codes: &[&'static Code], reason: &str, command: Option<&str>) {
        for code in codes {
            if !self.not_checked.iter().any(|gap| gap.code == *code) {
                self.not_checked.push(NotChecked { code, reasons: Vec::new(), fetch: Vec::new() });
            }
            for gap in self.not_checked.iter_mut().filter(|gap| gap.code == *code) {
                add(&mut gap.reasons, reason.to_owned());
                if let Some(command) = command {
                    add(&mut gap.fetch, command.to_owned());
                }
            }
        }
    }

    /// `codes` need `need`, a document whose id is or would be `id`; `of` is what it belongs to.
    pub(super) fn need(&mut self, codes: &[&'static Code], need: Need, id: &str, of: &str) {
        let is_it = |unread: &&Unread| Some(unread.kind) == need.kind() && need.is_of(&unread.id, id);
        let Some(unread) = self.unread.iter().find(is_it) else {
            return self.miss(codes, &format!("not given: {}{of}", need.label()), Some(&need.command(id)));
        };
        let reason = format!("could not be read: {}{of}: {}", need.label(), unread.reason);
        self.miss(codes, &reason, unread.command.as_deref());
        self.miss(codes, &reason, Some(&need.command(id)));
    }

    pub(super) fn close(mut self, documents: &[Document], tags: &Tags<'_>) -> Report {
        let (mut checked, mut not_checked) = (Vec::new(), Vec::new());
        for code in CATALOGUE {
            match self.not_checked.iter().position(|gap| gap.code == code) {
                Some(index) => not_checked.push(self.not_checked.swap_remove(index)),
                None => checked.push(code),
            }
        }
        let mut findings = Vec::new();
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            findings.extend(self.findings.values().filter(|finding| finding.severity == severity).cloned());
        }
        Report {
            checked,
            findings,
            not_checked,
            service_tags: tags.newest.map(List::describe),
            documents: documents.iter().map(describe).collect(),
            not_read: Vec::new(),
            notes: Vec::new(),
        }
    }
}

fn place(code: &Code) -> usize {
    CATALOGUE.iter().position(|one| one.name == code.name).unwrap_or_default()
}

impl Finding {
    fn new(code: &'static Code, subject: &str) -> Self {
        Self {
            code,
            severity: code.severity,
            subject: subject.to_owned(),
            found: Vec::new(),
            listed: Vec::new(),
            remedies: Vec::new(),
        }
    }

    /// These remedies instead of those given before. Not inlined: what drops the old ones is long.
    #[inline(never)]
    pub(super) fn mend(&mut self, remedies: Vec<Remedy>) {
        self.remedies = remedies;
    }
}

fn add(all: &mut Vec<String>, one: String) {
    if !all.contains(&one) {
        all.push(one);
    }
}

fn describe(document: &Document) -> Value {
    let id = text(&document.value, "id").or(document.location.as_deref());
    let mut object = Map::new();
    for (name, value) in [("kind", Some(document.kind.label())), ("id", id), ("source", Some(&document.source))] {
        object.insert(name.to_owned(), value.into());
    }
    object.into()
}
