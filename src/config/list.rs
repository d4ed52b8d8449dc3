//! Lists of texts.

use std::fmt::Display;
use std::ops::RangeInclusive;

use serde_json::Value;

use super::Rule;
use super::key::{Defaults, Entry, Form, Reads};
use super::report::{Refusal, Report};
use super::table::Found;
use crate::json::Node;

/// A list of texts, each read into a `T`, none twice.
pub(super) struct List<T> {
    pub(super) item: fn(&str) -> Result<T, Refusal>,
    /// Entries at least.
    pub(super) min: usize,
    /// Entries at most; more are a fault.
    pub(super) max: usize,
}

impl<T> Form for List<T> {
    fn expectation(&self, rule: &str) -> String {
        format!("a list of {} to {} texts: {rule}", self.min, self.max)
    }
}

/// A right item of a list.
pub(super) struct Item<'d> {
    pub(super) found: Found<'d>,
    /// As its value prints, so that equal values have equal texts.
    pub(super) text: String,
}

impl<T: Display> List<T> {
    /// The right items, each once. `None`: no list, an empty one where that is wrong, or not one item is right.
    pub(super) fn items<'d>(&self, found: &Found<'d>, key: &dyn Entry, report: &mut Report) -> Option<Vec<Item<'d>>> {
        let written = written_items(self.min..=self.max, found, key, report)?;
        let print = |text: &str| (self.item)(text).map(|value| value.to_string());
        Some(right_items(written, found, &print, key, report)).filter(|items| written.is_empty() || !items.is_empty())
    }
}

/// Too long a list is a fault, but what is in it counts.
fn written_items<'d>(
    length: RangeInclusive<usize>,
    found: &Found<'d>,
    key: &dyn Entry,
    report: &mut Report,
) -> Option<&'d [Node]> {
    let (nodes, rule) = match found.node {
        Node::List(nodes) if nodes.len() < *length.start() => (None, Rule::EmptyList),
        Node::List(nodes) if nodes.len() <= *length.end() => return Some(nodes),
        Node::List(nodes) => (Some(nodes.as_slice()), Rule::TooMany),
        _ => (None, Rule::WrongType),
    };
    report.refuse(found, key, rule.into());
    nodes
}

fn right_items<'d>(
    written: &'d [Node],
    list: &Found<'d>,
    print: &dyn Fn(&str) -> Result<String, Refusal>,
    key: &dyn Entry,
    report: &mut Report,
) -> Vec<Item<'d>> {
    let mut items: Vec<Item<'d>> = Vec::new();
    for (index, node) in written.iter().enumerate() {
        let found = Found { node, place: list.place.item(index) };
        let printed = print_item(node, print, key).and_then(|text| new_among(&items, text));
        match printed {
            Ok(text) => items.push(Item { found, text }),
            Err(refusal) => report.refuse(&found, key, refusal),
        }
    }
    items
}

fn print_item(
    node: &Node,
    print: &dyn Fn(&str) -> Result<String, Refusal>,
    key: &dyn Entry,
) -> Result<String, Refusal> {
    let printed = match node {
        Node::Text(text) => print(text),
        _ => Err(Rule::WrongType.into()),
    };
    printed.map_err(|mut refusal| {
        refusal.expected.get_or_insert_with(|| format!("each entry a text: {}", key.rule()));
        refusal
    })
}

fn new_among(items: &[Item<'_>], text: String) -> Result<String, Refusal> {
    let Some(earlier) = items.iter().find(|item| item.text == text) else { return Ok(text) };
    let expected = format!("each entry once; this one stands at {} already", earlier.found.place.path());
    Err(Refusal::because(Rule::Duplicate, expected))
}

impl<T: Display> Reads for List<T> {
    type Value = Vec<T>;

    fn read(&self, found: &Found<'_>, key: &dyn Entry, report: &mut Report) -> Option<Vec<T>> {
        let items = self.items(found, key, report)?;
        Some(items.iter().filter_map(|item| (self.item)(&item.text).ok()).collect())
    }
}

impl<T: Display> Defaults for List<T> {
    type Constant = &'static [&'static str];

    fn default(&self, constant: Self::Constant) -> Vec<T> {
        constant.iter().filter_map(|text| (self.item)(text).ok()).collect()
    }

    fn default_text(constant: Self::Constant) -> String {
        Value::from(constant).to_string()
    }
}
