//! The JSON form: members in a fixed order, indented, since people meet it in terminals.

use std::fmt::Write;

use serde_json::Value;

use super::render::is_bidirectional;

/// A member of the outermost object; `None` is left out.
pub(crate) type Member<'a> = (&'a str, Option<Value>);

/// An object with these members in this order, and a line feed at the end.
///
/// What a terminal would obey (C1 controls) or show in another order is written as `\uNNNN`, which changes no value.
pub(crate) fn object(members: &[Member<'_>]) -> String {
    let mut out = String::new();
    let given = members.iter().filter_map(|(name, value)| Some((Some(*name), value.as_ref()?)));
    block(&mut out, 1, ('{', '}'), &mut { given });
    out.push('\n');
    out
}

type Items<'i, 'v> = &'i mut dyn Iterator<Item = (Option<&'v str>, &'v Value)>;

fn block(out: &mut String, depth: usize, (open, close): (char, char), items: Items<'_, '_>) {
    out.push(open);
    for (index, (name, value)) in items.enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        indent(out, depth);
        if let Some(name) = name {
            scalar(out, &Value::from(name));
            out.push_str(": ");
        }
        element(out, depth, value);
    }
    out.push('\n');
    indent(out, depth.saturating_sub(1));
    out.push(close);
}

fn element(out: &mut String, depth: usize, value: &Value) {
    let deeper = depth.saturating_add(1);
    match value {
        Value::Array(items) if !items.is_empty() => {
            block(out, deeper, ('[', ']'), &mut items.iter().map(|item| (None, item)));
        }
        Value::Object(members) if !members.is_empty() => {
            block(out, deeper, ('{', '}'), &mut members.iter().map(|(name, member)| (Some(name.as_str()), member)));
        }
        _ => scalar(out, value),
    }
}

fn indent(out: &mut String, depth: usize) {
    (0..depth).for_each(|_| out.push_str("  "));
}

fn scalar(out: &mut String, value: &Value) {
    for c in value.to_string().chars() {
        if c.is_control() || is_bidirectional(c) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
}
