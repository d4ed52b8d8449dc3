//! The forms of single values: whole numbers, words and texts.

use std::marker::PhantomData;

use serde_json::Value;

use super::key::{Defaults, Entry, Form, Reads};
use super::report::{Refusal, Report};
use super::table::Found;
use super::{AzureCloud, Detail, NotifyKind, Route, Rule, Scheme, Severity, TargetKind, nearest};
use crate::json::{Node, ToValue};

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

/// `true` or `false`.
pub(super) struct Flag;

impl Form for Flag {
    fn expectation(&self, rule: &str) -> String {
        format!("`true` or `false`: {rule}")
    }
}

impl Reads for Flag {
    type Value = bool;

    fn read(&self, found: &Found<'_>, key: &dyn Entry, report: &mut Report) -> Option<bool> {
        if let Node::Bool(value) = found.node {
            return Some(*value);
        }
        report.refuse(found, key, Rule::WrongType.into());
        None
    }
}

impl Defaults for Flag {
    type Constant = bool;

    fn default(&self, constant: bool) -> bool {
        constant
    }

    fn default_text(constant: bool) -> String {
        constant.to_string()
    }
}

/// A closed set of words.
pub(super) trait Words: Copy + PartialEq + 'static {
    /// All of them as they are written.
    const WRITTEN: &'static [&'static str];
    /// All of them, in the same order.
    const ALL: &'static [Self];
}

/// One of the [`Words`].
pub(super) struct Word<T>(PhantomData<T>);

/// A word of `T`, for keys.
pub(super) const fn word<T: Words>() -> Word<T> {
    Word(PhantomData)
}

/// How `word` is written.
pub(super) fn written<T: Words>(word: T) -> &'static str {
    let index = T::ALL.iter().position(|known| *known == word);
    index.and_then(|index| T::WRITTEN.get(index)).copied().unwrap_or_default()
}

macro_rules! shown_as_written {
    ($($type:ty),+) => {
        $(impl ToValue for $type {
            fn to_value(&self) -> Value {
                written(*self).into()
            }
        })+
    };
}

shown_as_written! { AzureCloud, Detail, NotifyKind, Route, Scheme, Severity, TargetKind }

impl<T: Words> Form for Word<T> {
    fn expectation(&self, rule: &str) -> String {
        one_of(T::WRITTEN, rule)
    }
}

fn one_of(words: &[&str], rule: &str) -> String {
    format!("`{}`: {rule}", words.join("` or `"))
}

impl<T: Words> Reads for Word<T> {
    type Value = T;

    fn read(&self, found: &Found<'_>, key: &dyn Entry, report: &mut Report) -> Option<T> {
        read_word(T::WRITTEN, found, key, report).and_then(|index| T::ALL.get(index)).copied()
    }
}

fn read_word(words: &[&str], found: &Found<'_>, key: &dyn Entry, report: &mut Report) -> Option<usize> {
    let text = text_of(found, key, report)?;
    let index = words.iter().position(|word| *word == text);
    if index.is_none() {
        let nearest = nearest::word(text, words);
        report.refuse(found, key, Refusal { rule: Rule::UnknownWord, expected: None, nearest });
    }
    index
}

impl<T: Words> Defaults for Word<T> {
    type Constant = T;

    fn default(&self, constant: T) -> T {
        constant
    }

    fn default_text(constant: T) -> String {
        quoted(written(constant))
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
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
        quoted(constant)
    }
}

fn text_of<'d>(found: &Found<'d>, key: &dyn Entry, report: &mut Report) -> Option<&'d str> {
    let Node::Text(text) = found.node else {
        report.refuse(found, key, Refusal::because(Rule::WrongType, format!("a text: {}", key.expectation())));
        return None;
    };
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_shown_as_written<T: Words + ToValue + std::fmt::Debug>() {
        assert_eq!(T::WRITTEN.len(), T::ALL.len());
        for word in T::ALL {
            assert_eq!(word.to_value(), format!("{word:?}").to_lowercase());
        }
    }

    #[test]
    fn words_are_shown_as_they_are_written() {
        assert_shown_as_written::<Scheme>();
        assert_shown_as_written::<Route>();
        assert_shown_as_written::<Detail>();
        assert_shown_as_written::<AzureCloud>();
        assert_shown_as_written::<NotifyKind>();
        assert_shown_as_written::<Severity>();
    }
}
