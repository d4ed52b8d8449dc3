//! What is gathered while a configuration is read: mistakes in document order, and which values were given.

use super::key::Entry;
use super::place::Place;
use super::table::{Found, Table};
use super::{Fault, Rule, excerpt};

/// Faults listed at most; one more says how many are left.
pub(super) const MAX_FAULTS: usize = 100;
/// The smallest configuration there is.
pub(super) const SMALLEST: &str = r#"{"origins": [{"hostname": "contoso.azure-api.net"}]}"#;

/// Why a value is refused, where it is more than the key's own rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) rule: Rule,
    /// Instead of the key's expectation.
    pub(super) expected: Option<String>,
    /// The nearest word that would be right.
    pub(super) nearest: Option<String>,
}

impl From<Rule> for Refusal {
    fn from(rule: Rule) -> Self {
        Self { rule, expected: None, nearest: None }
    }
}

impl Refusal {
    /// `rule` was broken, and `expected` says it better than the key's own words.
    pub(super) fn because(rule: Rule, expected: impl Into<String>) -> Self {
        Self { rule, expected: Some(expected.into()), nearest: None }
    }
}

/// Gathers faults and provenance.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// By place, and in the order they were found at one place. Never more than [`MAX_FAULTS`].
    faults: Vec<(Vec<usize>, Fault)>,
    total: usize,
    provenance: Provenance,
}

/// Where the values of the effective configuration come from, by path in the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Provenance {
    /// Values taken from the document; all others are defaults.
    pub(super) given: Vec<String>,
    /// The tables of lists that were kept, in document order: `origins[1]` where `origins[0]` could not be read.
    pub(super) kept: Vec<String>,
}

impl Report {
    /// Faults so far: a reader compares two counts to learn whether a part of the document is sound.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// Adds `fault`, found at `place`.
    pub(super) fn add(&mut self, place: &Place, fault: Fault) {
        let behind = self.faults.partition_point(|(position, _)| position.as_slice() <= place.position());
        self.faults.insert(behind, (place.position().to_vec(), fault));
        self.faults.truncate(MAX_FAULTS);
        self.total = self.total.saturating_add(1);
    }

    /// The value found for `key` is refused.
    pub(super) fn refuse(&mut self, found: &Found<'_>, key: &dyn Entry, refusal: Refusal) {
        let value = Some(excerpt::value(key.name(), found.node));
        self.add(&found.place, fault(found.place.path(), value, key, refusal));
    }

    /// `key` is missing at `place`, or should be given.
    pub(super) fn miss(&mut self, place: &Place, key: &dyn Entry, refusal: impl Into<Refusal>) {
        self.add(place, fault(place.path(), None, key, refusal.into()));
    }

    /// The value of `key` in `table` is refused, or should be given.
    pub(super) fn refuse_in(&mut self, table: &Table<'_>, key: &dyn Entry, refusal: Refusal) {
        match table.find(key.name()) {
            Some(found) => self.refuse(&found, key, refusal),
            None => self.miss(&table.place().missing(key.name()), key, refusal),
        }
    }

    /// The effective value at `place` is the one that was written there.
    pub(super) fn taken(&mut self, place: &Place) {
        self.provenance.given.push(place.path().to_owned());
    }

    /// The values of `keys` in `table` were right, but are not used.
    pub(super) fn not_taken(&mut self, table: &Table<'_>, keys: &[&dyn Entry]) {
        for found in keys.iter().filter_map(|key| table.find(key.name())) {
            self.provenance.given.retain(|given| given != found.place.path());
        }
    }

    /// The table at `place`, an item of a list, is in the effective configuration.
    pub(super) fn keep(&mut self, place: &Place) {
        self.provenance.kept.push(place.path().to_owned());
    }

    /// The faults in document order, and the provenance of the values.
    pub(super) fn finish(self) -> (Vec<Fault>, Provenance) {
        let left = self.total.saturating_sub(self.faults.len());
        let mut faults: Vec<Fault> = self.faults.into_iter().map(|(_, fault)| fault).collect();
        if left > 0 {
            faults.push(whole(
                Rule::MoreFaults,
                Some(format!("{left} more mistakes")),
                "none; mend the ones listed first",
            ));
        }
        (faults, self.provenance)
    }
}

/// A fault of the configuration as a whole.
pub(super) fn whole(rule: Rule, value: Option<String>, expected: &str) -> Fault {
    Fault {
        rule: rule.slug(),
        path: "GUARD".into(),
        value,
        expected: expected.into(),
        example: SMALLEST.into(),
        did_you_mean: None,
    }
}

fn fault(path: &str, value: Option<String>, key: &dyn Entry, refusal: Refusal) -> Fault {
    Fault {
        rule: refusal.rule.slug(),
        path: path.to_owned(),
        value,
        expected: refusal.expected.unwrap_or_else(|| key.expectation()),
        example: key.example().to_owned(),
        did_you_mean: refusal.nearest,
    }
}
