//! Foreign text in comments, descriptions and header fields.

/// One line of printable ASCII: anything else becomes `?`, a backslash `/` (at the end of a line it would make Apache take
/// the next one for a part of the comment).
pub fn plain(text: &str) -> String {
    let shown = |c: char| match c {
        '\\' => '/',
        ' '..='~' => c,
        '\n' | '\r' | '\t' => ' ',
        _ => '?',
    };
    text.chars().map(shown).collect()
}

/// The same, of at most `most` characters.
pub(super) fn short(text: &str, most: usize) -> String {
    plain(text).chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_line_or_continues_it() {
        assert_eq!(plain("a\nb\u{2028}c\u{202e}d é \\"), "a b?c?d ? /");
        assert_eq!(short("abcdef", 4), "abcd");
    }
}
