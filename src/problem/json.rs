//! The JSON form: indented, since people meet it in terminals, and without raw control characters.

use std::fmt::Write;

use serde::Serialize;

use super::render::is_bidirectional;

/// Indented JSON with a line feed at the end.
///
/// What a terminal would obey (C1 controls) or show in another order is written as `\uNNNN`. Outside strings JSON has
/// ASCII only, so that changes no value.
pub(super) fn pretty(value: &impl Serialize) -> String {
    // Only maps with other keys than strings cannot be written, and there are none.
    let json = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && (c.is_control() || is_bidirectional(c)) {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}
