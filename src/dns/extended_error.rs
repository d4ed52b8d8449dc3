//! Extended DNS Errors (RFC 8914): why a resolver failed, in its own code.

use std::fmt;

use serde_json::Value;

use crate::json::{ToValue, from_node, json, with_given};

/// The most distinct extended errors that are kept of one look at a name; a hostile message can carry thousands.
const MAX_KEPT: usize = 8;

/// The most characters of an EXTRA-TEXT that are kept.
const MAX_TEXT_CHARS: usize = 200;

/// One extended error option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtendedError {
    /// The INFO-CODE.
    pub code: u16,
    /// The EXTRA-TEXT without control characters, 200 characters at most; for operators only.
    pub text: String,
}

from_node! { ExtendedError { code } or default { text } }

impl ToValue for ExtendedError {
    fn to_value(&self) -> Value {
        let text = Some(&self.text).filter(|text| !text.is_empty());
        with_given(json!({ "code": self.code }), &mut [("text", text.to_value())])
    }
}

impl ExtendedError {
    /// From the option's two fields. The text is meant for people and comes from strangers: characters that steer a
    /// terminal or the direction of writing are left out, octets that are not UTF-8 become U+FFFD.
    pub(super) fn from_wire(code: u16, text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        Self { code, text: text.chars().filter(|c| !steers(*c)).take(MAX_TEXT_CHARS).collect() }
    }

    /// Whether it says that DNSSEC validation failed: codes 6 to 12 (RFC 8914 4.7 to 4.13).
    pub const fn is_dnssec(&self) -> bool {
        self.code >= 6 && self.code <= 12
    }

    /// The registry's name of the code (IANA "Extended DNS Error Codes").
    pub const fn name(&self) -> &'static str {
        match self.code {
            0 => "Other",
            1 => "Unsupported DNSKEY Algorithm",
            2 => "Unsupported DS Digest Type",
            3 => "Stale Answer",
            4 => "Forged Answer",
            5 => "DNSSEC Indeterminate",
            6 => "DNSSEC Bogus",
            7 => "Signature Expired",
            8 => "Signature Not Yet Valid",
            9 => "DNSKEY Missing",
            10 => "RRSIGs Missing",
            11 => "No Zone Key Bit Set",
            12 => "NSEC Missing",
            13 => "Cached Error",
            14 => "Not Ready",
            15 => "Blocked",
            16 => "Censored",
            17 => "Filtered",
            18 => "Prohibited",
            19 => "Stale NXDOMAIN Answer",
            20 => "Not Authoritative",
            21 => "Not Supported",
            22 => "No Reachable Authority",
            23 => "Network Error",
            24 => "Invalid Data",
            _ => "unassigned code",
        }
    }
}

impl fmt::Display for ExtendedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code, self.name())?;
        if self.text.is_empty() { Ok(()) } else { write!(f, ": {}", self.text) }
    }
}

/// Control characters, line separators, zero-width characters and the marks of bidirectional text.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Adds those of `more` that `kept` does not have yet, while there is room.
pub(super) fn keep_distinct(kept: &mut Vec<ExtendedError>, more: impl IntoIterator<Item = ExtendedError>) {
    for error in more {
        if kept.len() < MAX_KEPT && !kept.contains(&error) {
            kept.push(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_cleaned_and_bounded() {
        let error = ExtendedError::from_wire(22, b"\x1b[31mno\0 servers\r\n\xff \xe2\x80\xaex");
        assert_eq!(error.to_string(), "22 (No Reachable Authority): [31mno servers\u{fffd} x");
        assert_eq!(ExtendedError::from_wire(0, "ä".repeat(60_000).as_bytes()).text, "ä".repeat(200));
    }

    #[test]
    fn codes_6_to_12_are_dnssec() {
        let dnssec: Vec<u16> = (0..=30).filter(|code| ExtendedError::from_wire(*code, b"").is_dnssec()).collect();
        assert_eq!(dnssec, [6, 7, 8, 9, 10, 11, 12]);
    }

    #[test]
    fn each_error_is_kept_once_and_only_so_many() {
        let error = |code: u16| ExtendedError::from_wire(code, b"");
        let mut kept = vec![error(22)];
        keep_distinct(&mut kept, [error(22), error(23), error(22)]);
        assert_eq!(kept, [error(22), error(23)]);
        keep_distinct(&mut kept, (100..2000).map(error));
        assert_eq!(kept.len(), MAX_KEPT);
    }
}
