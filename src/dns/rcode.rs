//! Response codes.

use std::fmt;

use crate::json::{FromNode, Node, shown_text};

/// A response code (RFC 1035 4.1.1, RFC 6895 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rcode(pub u16);

impl Rcode {
    /// No error.
    pub const NO_ERROR: Self = Self(0);
    /// Server failure.
    pub const SERV_FAIL: Self = Self(2);
    /// No such name.
    pub const NX_DOMAIN: Self = Self(3);
    /// Refused by policy.
    pub const REFUSED: Self = Self(5);
}

const RCODE_NAMES: [(u16, &str); 8] = [
    (0, "NOERROR"),
    (1, "FORMERR"),
    (2, "SERVFAIL"),
    (3, "NXDOMAIN"),
    (4, "NOTIMP"),
    (5, "REFUSED"),
    (9, "NOTAUTH"),
    (16, "BADVERS"),
];

impl fmt::Display for Rcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match RCODE_NAMES.iter().find(|(code, _)| *code == self.0) {
            Some((_, name)) => f.write_str(name),
            None => write!(f, "RCODE{}", self.0),
        }
    }
}

shown_text! { Rcode }

impl FromNode for Rcode {
    fn from_node(node: &Node) -> Option<Self> {
        let text = node.text()?;
        let named = RCODE_NAMES.iter().find(|(_, name)| *name == text).map(|(code, _)| *code);
        named.or_else(|| text.strip_prefix("RCODE")?.parse().ok()).map(Self)
    }
}
