//! Percent-encoding (RFC 3986 2.1).

use std::fmt::Write as _;

/// `text` with every octet encoded that is neither unreserved (RFC 3986 2.3) nor one of `also`.
pub(super) fn escaped(text: &str, also: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-._~".contains(c) || (c.is_ascii() && also.contains(c)) {
            out.push(c);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_else_is_encoded() {
        assert_eq!(escaped("a-Z_0.~", ""), "a-Z_0.~");
        assert_eq!(escaped("p&q=%+ ä/", ""), "p%26q%3D%25%2B%20%C3%A4%2F");
        assert_eq!(escaped("/a (b)/é", "/()"), "/a%20(b)/%C3%A9");
    }
}
