//! Members of a document, wherever its printer put them.
//!
//! The REST API nests most of them below `properties`, `az network … show` does not, and `az apim show` writes
//! `publicIpAddresses` where the API writes `publicIPAddresses`.

use serde_json::Value;

use crate::time::UnixMillis;

/// A member of `value` or of its `properties`, names compared without case where need be; `null` counts as absent.
pub(crate) fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let found = member(value, name).or_else(|| member(member(value, "properties")?, name));
    found.filter(|found| !found.is_null())
}

/// The `properties` of `value`; `value` itself where it has none. Reading many members from there saves looking for each beside
/// it first.
pub(super) fn properties(value: &Value) -> &Value {
    member(value, "properties").unwrap_or(value)
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let members = value.as_object()?;
    members.get(name).or_else(|| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, found)| found))
}

/// A string; empty counts as absent.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    field(value, name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// A truth value, also as the strings Azure writes in places.
pub(crate) fn flag(value: &Value, name: &str) -> Option<bool> {
    match field(value, name)? {
        Value::Bool(truth) => Some(*truth),
        Value::String(word) if word.eq_ignore_ascii_case("true") => Some(true),
        Value::String(word) if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A whole number, also as a string: the tag file and the discovery API differ in that.
pub(crate) fn number(value: &Value, name: &str) -> Option<u64> {
    let found = field(value, name)?;
    found.as_u64().or_else(|| found.as_str()?.trim().parse().ok())
}

/// An instant: ARM writes UTC with `Z`, `az` with `+00:00`.
pub(crate) fn instant(text: &str) -> Option<UnixMillis> {
    let plain = text.strip_suffix("+00:00").map(|local| format!("{local}Z"));
    plain.as_deref().unwrap_or(text).parse().ok()
}

/// The items of an array; none where it is absent.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    field(value, name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The strings of an array.
pub(crate) fn texts<'a>(value: &'a Value, name: &str) -> Vec<&'a str> {
    list(value, name).iter().filter_map(Value::as_str).map(str::trim).collect()
}

/// What stands under the singular and the plural name together: Azure fills one, the other, or one of them with "".
pub(crate) fn either<'a>(value: &'a Value, singular: &str, plural: &str) -> Vec<&'a str> {
    let mut found = texts(value, plural);
    found.extend(text(value, singular));
    found
}

/// The `id` of the resource under `name`.
pub(crate) fn reference<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    text(field(value, name)?, "id")
}
