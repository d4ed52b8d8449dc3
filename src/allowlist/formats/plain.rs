//! Lines and tables.

use super::text::{Layout, joined};
use crate::allowlist::Entry;
use crate::allowlist::export::Selection;
use crate::json::{ToValue, value};

/// One range a line.
pub(super) fn txt(selection: &Selection<'_>) -> String {
    Layout { before: "", begin: "", between: "", end: "\n", after: "" }.commented(selection)
}

/// RFC 4180: lines end in CRLF, the first names the columns. It has no comments. All entries, with what is known of each.
pub(super) fn csv(selection: &Selection<'_>) -> String {
    let mut file = String::from("cidr,evidence,direction,location,first_seen_at,gone_since\r\n");
    for entry in &selection.list().entries {
        let Entry { cidr, evidence, direction, location, first_seen_at, gone_since } = entry;
        let fields: [&dyn ToValue; 6] = [cidr, evidence, direction, location, first_seen_at, gone_since];
        file.push_str(&joined(&fields.map(|field| cell(value(field).as_str().unwrap_or_default())), "", ",", ""));
        file.push_str("\r\n");
    }
    file
}

/// Quoted where it must be; what a spreadsheet would take for a formula gets an apostrophe before it.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@']);
    let shown = if formula { format!("'{text}") } else { text.to_owned() };
    if shown.contains([',', '"']) { format!("\"{}\"", shown.replace('"', "\"\"")) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas_and_quoted_where_needed() {
        assert_eq!(cell("westeurope"), "westeurope");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
    }
}
