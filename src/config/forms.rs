//! The forms of values: whole numbers, words, texts and lists of texts. Sections stand in `section.rs`.

use std::marker::PhantomData;

use serde::Serialize;
use serde_json::Value;

use super::key::{Defaults, Entry, Form, Reads};
use super::node::Node;
use super::place::Place;
use super::report::{Refusal, Report};
use super::table::Found;
use super::{Rule, nearest};

/// A whole number within bounds, both included.
pub(super) struct Whole {
    pub(super) min: u32,
    pub(super) max: u32,
}

impl Form for Whole {
    fn expectation(&self, rule: &str) -> String {
        format!("a whole number from {} to {}: {rule}", self.min, self.max)
    }
}

impl Reads for Whole {
    type Value = u32;

    fn read(&self, found: &Found<'_>, key: &dyn Entry, report: &mut Report) -> Option<u32> {
        let rule = match found.node {
            Node::Number(number) => match number.as_u64().and_then(|value| u32::try_from(value).ok()) {
                Some(value) if (self.min..=self.max).contains(&value) => return Some(value),
                _ => Rule::OutOfRange,
            },
            _ => Rule::WrongType,
        };
        report.refuse(found, key, rule.into());
        None
    }
}

impl Defaults for Whole {
    type Constant = u32;

    fn default(&self, constant: u32) -> u32 {
        constant
    }

    fn default_text(constant: u32) -> String {
        constant.to_string()
    }
}

/// A closed set of words; how they are written is how they are serialised.
pub(super) trait Words: Copy + Serialize + 'static {
    /// All of them.
    const ALL: &'static [Self];
}

/// One of the [`Words`].
pub(super) struct Word<T>(pub(super) PhantomData<T>);

/// A word of `T`, for keys.
pub(super) const fn word<T: Words>() -> Word<T> {
    Word(PhantomData)
}

fn written<T: Words>(word: T) -> String {
    serde_json::to_value(word).ok().as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

impl<T: Words> Form for Word<T> {
    fn expectation(&self, rule: &str) -> String {
        let words: Vec<String> = T::ALL.iter().map(|word| format!("`{}`", written(*word))).collect();
        format!("{}: {rule}", words.join(" or "))
    }
}

impl<T: Words> Reads for Word<T> {
    type Value = T;

    fn read(&self, found: &Found<'_>, key: &dyn Entry, report: &mut Report) -> Option<T> {
        let text = text_of(found, key, report)?;
        let word = T::ALL.iter().copied().find(|word| written(*word) == text);
        if word.is_none() {
            let words = T::ALL.iter().copied().map(written).collect();
            let nearest = nearest::word(text, words);
            report.refuse(found, key, Refusal { rule: Rule::UnknownWord, expected: None, nearest });
        }
        word
    }
}

impl<T: Words> Defaults for Word<T> {
    type Constant = T;

    fn default(&self, constant: T) -> T {
        constant
    }

    fn default_text(constant: T) -> String {
        Value::from(written(constant)).to_string()
    }
}

/// A text that is read into a `T`.
pub(super) struct Text<T>(pub(super) fn(&str) -> Result<T, Refusal>);

impl<T> Form for Text<T> {
    fn expectation(&self, rule: &str) -> String {
        rule.into()
    }
}

impl<T> Reads for Text<T> {
    type Value = T;

    fn read(&self, found: &Found<'_>, key: &dyn Entry, report: &mut Report) -> Option<T> {
        let text = text_of(found, key, report)?;
        (self.0)(text).map_err(|refusal| report.refuse(found, key, refusal)).ok()
    }
}

impl Defaults for Text<String> {
    type Constant = &'static str;

    fn default(&self, constant: &'static str) -> String {
        constant.into()
    }

    fn default_text(constant: &'static str) -> String {
        Value::from(constant).to_string()
    }
}

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

/// An item of a list with its place.
pub(super) type Item<'d, T> = (Found<'d>, T);

impl<T: PartialEq + Clone> List<T> {
    /// The right items, each once. `None`: no list, an empty one where that is wrong, or not one item is right.
    pub(super) fn items<'d>(
        &self,
        found: &Found<'d>,
        key: &dyn Entry,
        report: &mut Report,
    ) -> Option<Vec<Item<'d, T>>> {
        let written = self.written(found, key, report)?;
        let mut items: Vec<Item<'d, T>> = Vec::new();
        for (index, node) in written.iter().enumerate() {
            let item = Found { node, place: found.place.item(index) };
            let Some(value) = self.read_item(&item, key, report) else {
                continue;
            };
            match items.iter().find(|(_, earlier)| *earlier == value) {
                Some((earlier, _)) => report.refuse(&item, key, duplicate_of(&earlier.place)),
                None => items.push((item, value)),
            }
        }
        (written.is_empty() || !items.is_empty()).then_some(items)
    }

    /// Too long a list is a fault, but what is in it counts.
    fn written<'d>(&self, found: &Found<'d>, key: &dyn Entry, report: &mut Report) -> Option<&'d [Node]> {
        let (nodes, rule) = match found.node {
            Node::List(nodes) if nodes.len() < self.min => (None, Rule::EmptyList),
            Node::List(nodes) if nodes.len() <= self.max => return Some(nodes),
            Node::List(nodes) => (Some(nodes.as_slice()), Rule::TooMany),
            _ => (None, Rule::WrongType),
        };
        report.refuse(found, key, rule.into());
        nodes
    }

    fn read_item(&self, item: &Found<'_>, key: &dyn Entry, report: &mut Report) -> Option<T> {
        let refusal = match item.node {
            Node::Text(text) => match (self.item)(text) {
                Ok(value) => return Some(value),
                Err(refusal) => refusal,
            },
            _ => Rule::WrongType.into(),
        };
        let expected = refusal.expected.unwrap_or_else(|| format!("each entry a text: {}", key.rule()));
        report.refuse(item, key, Refusal { expected: Some(expected), ..refusal });
        None
    }
}

impl<T: Ord + Clone> Reads for List<T> {
    type Value = Vec<T>;

    fn read(&self, found: &Found<'_>, key: &dyn Entry, report: &mut Report) -> Option<Vec<T>> {
        let items = self.items(found, key, report)?;
        Some(items.into_iter().map(|(_, value)| value).collect())
    }
}

impl<T: Ord + Clone> Defaults for List<T> {
    type Constant = &'static [&'static str];

    fn default(&self, constant: Self::Constant) -> Vec<T> {
        constant.iter().filter_map(|text| (self.item)(text).ok()).collect()
    }

    fn default_text(constant: Self::Constant) -> String {
        Value::from(constant).to_string()
    }
}

fn text_of<'d>(found: &Found<'d>, key: &dyn Entry, report: &mut Report) -> Option<&'d str> {
    let Node::Text(text) = found.node else {
        report.refuse(found, key, Refusal::because(Rule::WrongType, format!("a text: {}", key.expectation())));
        return None;
    };
    Some(text)
}

fn duplicate_of(earlier: &Place) -> Refusal {
    Refusal::because(Rule::Duplicate, format!("each entry once; this one stands at {} already", earlier.path()))
}
