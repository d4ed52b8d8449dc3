//! Reading a report. What is missing, null or of another type is unknown, and pages say so.

use std::borrow::Cow;

use serde_json::Value;

use crate::problem::one_line;
use crate::time::UnixMillis;

static NOTHING: Value = Value::Null;

/// The member `name`; null where it is missing.
pub(super) fn member<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&NOTHING)
}

/// A text in one line, without characters that would hide or reorder others.
pub(super) fn text<'v>(value: &'v Value, name: &str) -> Option<Cow<'v, str>> {
    plain(member(value, name))
}

/// The same of a value itself.
pub(super) fn plain(value: &Value) -> Option<Cow<'_, str>> {
    value.as_str().map(one_line)
}

/// A list; `None` where it is not known.
pub(super) fn list<'v>(value: &'v Value, name: &str) -> Option<&'v [Value]> {
    member(value, name).as_array().map(Vec::as_slice)
}

/// A list whose absence is told elsewhere.
pub(super) fn items<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    list(value, name).unwrap_or_default()
}

/// A whole number.
pub(super) fn number(value: &Value, name: &str) -> Option<u64> {
    member(value, name).as_u64()
}

/// An instant.
pub(super) fn instant(value: &Value, name: &str) -> Option<UnixMillis> {
    member(value, name).as_str()?.parse().ok()
}

/// Whether the member says `word`.
pub(super) fn says(value: &Value, name: &str, word: &str) -> bool {
    member(value, name).as_str() == Some(word)
}
