//! Sections: tables with keys of their own, and lists of such tables.

use super::Rule;
use super::key::{Absence, Form, Key};
use super::report::{Refusal, Report};
use super::table::{Found, Table};
use crate::json::Node;

/// What holds where a section is left out: the defaults of its keys.
pub(super) struct OwnDefaults;

impl<F> Absence<F> for OwnDefaults {
    fn text(&self) -> String {
        "the defaults of its keys".into()
    }
}

/// A table.
pub(super) struct Section;

impl Form for Section {
    const LEAF: bool = false;

    fn expectation(&self, rule: &str) -> String {
        rule.into()
    }
}

impl<P: Absence<Section>> Key<Section, P> {
    /// The section's table; an empty one where it is left out or no table.
    pub(super) fn open<'d>(&self, parent: &Table<'d>, report: &mut Report) -> Table<'d> {
        match parent.find(self.name()) {
            Some(found) => self.open_found(&found, report).unwrap_or_else(|| Table::empty(found.place, false)),
            None => Table::empty(parent.place().missing(self.name()), true),
        }
    }

    /// What `read` makes of the section. `None` where it is left out, and where **any** mistake is in it: such a section
    /// says where credentials go or whose are accepted, so half of it is not enough.
    pub(super) fn read_whole<T>(
        &self,
        parent: &Table<'_>,
        report: &mut Report,
        read: impl FnOnce(&Table<'_>, &mut Report) -> Option<T>,
    ) -> Option<T> {
        let found = parent.find(self.name())?;
        let before = report.total();
        let value = self.open_found(&found, report).and_then(|table| read(&table, report));
        value.filter(|_| report.total() == before)
    }

    fn open_found<'d>(&self, found: &Found<'d>, report: &mut Report) -> Option<Table<'d>> {
        let table = Table::open(found, self.path, report);
        if table.is_none() {
            report.refuse(found, self, Rule::WrongType.into());
        }
        table
    }
}

/// A list of tables.
pub(super) struct Sections {
    /// Entries at least: fewer are a fault.
    pub(super) min: usize,
    /// Entries at most: more are a fault, though all are read.
    pub(super) max: usize,
}

impl Form for Sections {
    const LEAF: bool = false;

    fn expectation(&self, rule: &str) -> String {
        format!("a list of {} to {} tables: {rule}", self.min, self.max)
    }
}

impl<P: Absence<Sections>> Key<Sections, P> {
    /// The items of the list that are tables.
    pub(super) fn open<'d>(&self, parent: &Table<'d>, report: &mut Report) -> Vec<Table<'d>> {
        let Some(found) = parent.find(self.name()) else {
            return Vec::new();
        };
        let Node::List(nodes) = found.node else {
            report.refuse(&found, self, Rule::WrongType.into());
            return Vec::new();
        };
        self.check_length(nodes.len(), &found, report);
        let items = nodes.iter().enumerate().map(|(index, node)| Found { node, place: found.place.item(index) });
        items.filter_map(|item| self.open_item(&item, report)).collect()
    }

    fn check_length(&self, length: usize, found: &Found<'_>, report: &mut Report) {
        if length < self.form.min {
            report.refuse(found, self, Rule::EmptyList.into());
        }
        if length > self.form.max {
            report.refuse(found, self, Rule::TooMany.into());
        }
    }

    fn open_item<'d>(&self, item: &Found<'d>, report: &mut Report) -> Option<Table<'d>> {
        let table = Table::open(item, &format!("{}[]", self.path), report);
        if table.is_none() {
            report.refuse(item, self, Refusal::because(Rule::WrongType, "a table (JSON object)"));
        }
        table
    }
}
