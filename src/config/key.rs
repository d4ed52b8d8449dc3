//! A row of the catalogue: one key of `GUARD` with everything that is said about it and how it is read.

use super::report::Report;
use super::table::{Found, Table};

/// A key. `F` says what its value looks like, `P` what holds where it is left out.
pub(super) struct Key<F, P> {
    /// `origins[].timeout_ms`: `[]` stands for any index.
    pub(super) path: &'static str,
    /// What it is for, in a sentence.
    pub(super) meaning: &'static str,
    /// Which values are right, and why; its form adds bounds or words.
    pub(super) rule: &'static str,
    /// A right value, as JSON.
    pub(super) example: &'static str,
    /// Other names that people write for it, separated by spaces.
    pub(super) slips: &'static str,
    /// The form of the value.
    pub(super) form: F,
    /// What holds where it is left out.
    pub(super) absent: P,
}

/// What a form says about itself.
pub(super) trait Form {
    /// Whether the value is shown as one setting; a section is not.
    const LEAF: bool = true;
    /// The right values, made of the form's own bounds or words and the key's `rule`.
    fn expectation(&self, rule: &str) -> String;
}

/// A form that reads a value.
pub(super) trait Reads: Form + Sized {
    /// What is read.
    type Value;
    /// The value of `key`; `None`, and a fault in `report`, where it is wrong.
    fn read(&self, found: &Found<'_>, key: &dyn Entry, report: &mut Report) -> Option<Self::Value>;
}

/// A form with default values that can be written as constants.
pub(super) trait Defaults: Reads {
    /// The constant.
    type Constant: Copy;
    /// The default value.
    fn default(&self, constant: Self::Constant) -> Self::Value;
    /// As JSON.
    fn default_text(constant: Self::Constant) -> String;
}

/// Leaving the key out is a fault.
pub(super) struct Required;
/// Leaving it out means what the sentence says.
pub(super) struct Optional(pub(super) &'static str);
/// Leaving it out means this value.
pub(super) struct Fallback<C>(pub(super) C);

/// What holds where a key of form `F` is left out, in words.
pub(super) trait Absence<F> {
    /// For the table of all keys.
    fn text(&self) -> String;
}

impl<F> Absence<F> for Required {
    fn text(&self) -> String {
        "required".into()
    }
}

impl<F> Absence<F> for Optional {
    fn text(&self) -> String {
        self.0.into()
    }
}

impl<F: Defaults> Absence<F> for Fallback<F::Constant> {
    fn text(&self) -> String {
        format!("`{}`", F::default_text(self.0))
    }
}

/// A row of the catalogue, whatever its form.
pub(super) trait Entry {
    /// The words that every key has.
    fn about(&self) -> About;
    /// Which values are right, in words that follow "expected".
    fn expectation(&self) -> String;
    /// What holds where it is left out.
    fn default_text(&self) -> String;
    /// Whether the value is one setting; a section is not.
    fn is_leaf(&self) -> bool;
}

/// The words of a [`Key`], all in one: each method of a trait object costs a function for every form of key.
pub(super) struct About {
    path: &'static str,
    meaning: &'static str,
    rule: &'static str,
    example: &'static str,
    slips: &'static str,
}

impl dyn Entry + '_ {
    /// `origins[].timeout_ms`.
    pub(super) fn path(&self) -> &'static str {
        self.about().path
    }

    /// `timeout_ms`.
    pub(super) fn name(&self) -> &'static str {
        last_segment(self.path())
    }

    /// `origins[]`, the table it stands in; empty for `GUARD` itself.
    pub(super) fn parent(&self) -> &'static str {
        self.path().rsplit_once('.').map_or("", |(parent, _)| parent)
    }

    /// What it is for.
    pub(super) fn meaning(&self) -> &'static str {
        self.about().meaning
    }

    /// Which values are right, without the bounds and words of its form.
    pub(super) fn rule(&self) -> &'static str {
        self.about().rule
    }

    /// A right value, as JSON.
    pub(super) fn example(&self) -> &'static str {
        self.about().example
    }

    /// Other names that people write for it.
    pub(super) fn slips(&self) -> impl Iterator<Item = &'static str> {
        self.about().slips.split_ascii_whitespace()
    }
}

fn last_segment(path: &'static str) -> &'static str {
    path.rsplit_once('.').map_or(path, |(_, name)| name)
}

impl<F: Form, P: Absence<F>> Entry for Key<F, P> {
    fn about(&self) -> About {
        let Self { path, meaning, rule, example, slips, .. } = *self;
        About { path, meaning, rule, example, slips }
    }

    fn expectation(&self) -> String {
        self.form.expectation(self.rule)
    }

    fn default_text(&self) -> String {
        self.absent.text()
    }

    fn is_leaf(&self) -> bool {
        F::LEAF
    }
}

impl<F, P> Key<F, P> {
    /// `timeout_ms`.
    pub(super) fn name(&self) -> &'static str {
        last_segment(self.path)
    }
}

impl<F: Reads, P: Absence<F>> Key<F, P> {
    /// Whether `table` has this key, right or wrong.
    pub(super) fn stands_in(&self, table: &Table<'_>) -> bool {
        table.find(self.name()).is_some()
    }

    /// The value in `table`, if it is there and right.
    pub(super) fn given(&self, table: &Table<'_>, report: &mut Report) -> Option<F::Value> {
        let found = table.find(self.name())?;
        let value = self.form.read(&found, self, report)?;
        report.taken(&found.place);
        Some(value)
    }
}

impl<F: Reads> Key<F, Required> {
    /// The value; leaving it out is a fault.
    pub(super) fn read(&self, table: &Table<'_>, report: &mut Report) -> Option<F::Value> {
        table.demand(self, report);
        self.given(table, report)
    }
}

impl<F: Reads> Key<F, Optional> {
    /// The value; `None` where it is left out or wrong.
    pub(super) fn read(&self, table: &Table<'_>, report: &mut Report) -> Option<F::Value> {
        self.given(table, report)
    }
}

impl<F: Defaults> Key<F, Fallback<F::Constant>> {
    /// The value; its default where it is left out or wrong.
    pub(super) fn read(&self, table: &Table<'_>, report: &mut Report) -> F::Value {
        self.given(table, report).unwrap_or_else(|| self.form.default(self.absent.0))
    }
}
