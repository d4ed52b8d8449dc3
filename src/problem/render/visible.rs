//! Text without characters that a terminal or a reader would obey instead of show.

use std::borrow::Cow;

/// One line: white space becomes a space, other control characters and bidirectional controls U+FFFD.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    replace(text, |c| c.is_control() || is_bidirectional(c))
}

/// As [`one_line`], but line feeds stay.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    replace(text, |c| c != '\n' && (c.is_control() || is_bidirectional(c)))
}

/// Whether `c` reorders or hides its neighbours (Unicode TR 36 and "Trojan Source", CVE-2021-42574).
pub(in crate::problem) const fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

fn replace(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return text.into();
    }
    let shown = |c: char| match c {
        c if !hidden(c) => c,
        '\n' | '\r' | '\t' => ' ',
        _ => char::REPLACEMENT_CHARACTER,
    };
    text.chars().map(shown).collect::<String>().into()
}

/// Prose in pieces: `(false, plain)` and `(true, code)` by turns. An open backtick is a plain character.
pub(crate) fn inline(prose: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    let mut rest = prose;
    while let Some((plain, (code, after))) =
        rest.split_once('`').and_then(|(plain, tail)| Some((plain, tail.split_once('`')?)))
    {
        pieces.push((false, plain));
        pieces.push((true, code));
        rest = after;
    }
    pieces.push((false, rest));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}
