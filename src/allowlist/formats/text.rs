//! Text put together of pieces: every file is one. The files of JSON are too, since their form is fixed: what they look like
//! can be read here, and the module stays small.

use serde_json::Value;

use crate::allowlist::export::Selection;

/// A file around a list: what stands before it, around and between its items, and after it.
pub(super) struct Layout {
    pub(super) before: &'static str,
    pub(super) begin: &'static str,
    pub(super) between: &'static str,
    pub(super) end: &'static str,
    pub(super) after: &'static str,
}

impl Layout {
    /// The file with `items`, without a comment.
    pub(super) fn of(&self, items: &[String]) -> String {
        [self.before, &joined(items, self.begin, self.between, self.end), self.after].concat()
    }

    /// The file with all ranges of `selection`, after what a reader should know, as comments.
    pub(super) fn commented(&self, selection: &Selection<'_>) -> String {
        selection.comments() + &self.of(&selection.texts())
    }
}

/// Every text from `begin` to `end`, with `between` between two of them.
pub(super) fn joined(texts: &[String], begin: &str, between: &str, end: &str) -> String {
    let mut joined = String::new();
    for text in texts {
        if !joined.is_empty() {
            joined.push_str(between);
        }
        for piece in [begin, text, end] {
            joined.push_str(piece);
        }
    }
    joined
}

/// `template` with each `@` replaced by the next of `pieces`.
pub(super) fn filled(template: &str, pieces: &[&str]) -> String {
    let mut pieces = pieces.iter();
    let mut filled = String::new();
    for (index, part) in template.split('@').enumerate() {
        if index > 0 {
            filled.push_str(pieces.next().copied().unwrap_or_default());
        }
        filled.push_str(part);
    }
    filled
}

/// `text` as JSON, in its quotes.
pub(super) fn quoted(text: String) -> String {
    Value::String(text).to_string()
}

/// A list of JSON strings without its brackets. Ranges have nothing to escape.
pub(super) fn strings(texts: &[String]) -> String {
    joined(texts, "\"", ", ", "\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_into_their_places() {
        assert_eq!(filled("a@b@@", &["1", "2", "3"]), "a1b23");
        assert_eq!(joined(&["x".into(), "y".into()], "<", "|", ">"), "<x>|<y>");
        assert_eq!(joined(&[], "<", "|", ">"), "");
        assert_eq!(quoted("a\"b\\".into()), r#""a\"b\\""#);
    }
}
