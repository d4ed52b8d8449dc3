//! DNS host names (RFC 1034 3.5, RFC 1123 2.1) as the guard accepts them, and the patterns of `origins[].serves`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use crate::json::{shown_text, stored_text};

/// A host name in lower case without the root dot: labels of letters, digits, `-` and `_`, 253 octets at most.
///
/// `_` is not a letter of host names, but CNAME targets carry it. Names in other scripts are written in their
/// A-label form (`xn--…`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hostname(String);

/// Why a text is no host name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostnameFault {
    /// Nothing there.
    Empty,
    /// An IPv4 or IPv6 address.
    IpLiteral,
    /// A scheme, path, query, user or white space around the name.
    Url,
    /// More than 253 octets.
    TooLong,
    /// An empty label, one over 63 octets, or one that begins or ends with `-`.
    Label,
    /// A character that host names do not have.
    Character,
}

impl fmt::Display for HostnameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "a host name is missing",
            Self::IpLiteral => "an IP address is not a host name: the guard follows the name, an address goes stale",
            Self::Url => "only the host name, without scheme, user, path or query",
            Self::TooLong => "a host name has 253 characters at most",
            Self::Label => "a label has 1 to 63 characters and neither begins nor ends with `-`",
            Self::Character => "a host name has the letters a-z, digits, `-` and `.`; other scripts as xn--…",
        })
    }
}

impl Hostname {
    /// The name without a root dot.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The label before the first dot.
    pub fn first_label(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }

    /// Whether this is `suffix` itself or a name below it.
    pub fn is_within(&self, suffix: &str) -> bool {
        self.0.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// Whether the name never leaves this machine or network: `localhost` and the names below it and below the
    /// special-use domains of RFC 6761 and RFC 9476 that are meant for tests and local networks.
    pub fn is_local(&self) -> bool {
        ["localhost", "test", "local", "internal"].iter().any(|suffix| self.is_within(suffix))
    }
}

impl FromStr for Hostname {
    type Err = HostnameFault;

    fn from_str(text: &str) -> Result<Self, HostnameFault> {
        let name = text.strip_suffix('.').unwrap_or(text);
        if name.is_empty() {
            return Err(HostnameFault::Empty);
        }
        if is_ip_literal(name) {
            return Err(HostnameFault::IpLiteral);
        }
        if name.contains(['/', '@', '?', '#', ' ', '\t', '\n', '\r', '\\']) {
            return Err(HostnameFault::Url);
        }
        if name.len() > 253 {
            return Err(HostnameFault::TooLong);
        }
        name.split('.').try_for_each(check_label)?;
        Ok(Self(name.to_ascii_lowercase()))
    }
}

/// Dotted-quad IPv4, IPv6 with or without brackets, and the shorthand forms that URL parsers take for IPv4 (a last
/// label that is a number: WHATWG URL, "ends in a number").
fn is_ip_literal(name: &str) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let last = name.rsplit('.').next().unwrap_or(name);
    let number = last.bytes().all(|b| b.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    bare.parse::<IpAddr>().is_ok() || (number && !last.is_empty())
}

fn check_label(label: &str) -> Result<(), HostnameFault> {
    if label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-') {
        return Err(HostnameFault::Label);
    }
    let known = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if label.bytes().all(known) { Ok(()) } else { Err(HostnameFault::Character) }
}

impl fmt::Display for Hostname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

stored_text! { Hostname }

impl std::error::Error for HostnameFault {}

/// A request host name that an origin serves: a name, or `*.` and a name for every name below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostPattern {
    /// Exactly this host.
    Exact(Hostname),
    /// Every host below this one, at any depth; not the name itself.
    Below(Hostname),
}

shown_text! { HostPattern }

impl HostPattern {
    /// Whether a request for `host` (lower case, no port) is meant.
    pub fn matches(&self, host: &str) -> bool {
        match self {
            Self::Exact(name) => name.as_str() == host,
            Self::Below(name) => {
                host.strip_suffix(name.as_str()).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
            }
        }
    }

    /// How specific the pattern is: an exact name over any wildcard, a longer wildcard over a shorter one.
    pub fn specificity(&self) -> usize {
        match self {
            Self::Exact(_) => usize::MAX,
            Self::Below(name) => name.as_str().len(),
        }
    }
}

impl FromStr for HostPattern {
    type Err = HostnameFault;

    fn from_str(text: &str) -> Result<Self, HostnameFault> {
        match text.strip_prefix("*.") {
            Some(rest) => rest.parse().map(Self::Below),
            None => text.parse().map(Self::Exact),
        }
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(name) => name.fmt(f),
            Self::Below(name) => write!(f, "*.{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<HostnameFault> {
        text.parse::<Hostname>().err()
    }

    #[test]
    fn names_are_folded_to_lower_case_without_root_dot() {
        assert_eq!("Contoso.Azure-API.net.".parse::<Hostname>().unwrap().as_str(), "contoso.azure-api.net");
    }

    #[test]
    fn each_mistake_is_told_apart() {
        assert_eq!(fault(""), Some(HostnameFault::Empty));
        for ip in ["20.1.2.3", "2001:db8::1", "[2001:db8::1]", "127.1", "0x7f000001", "1.2.3.4."] {
            assert_eq!(fault(ip), Some(HostnameFault::IpLiteral), "{ip}");
        }
        for url in ["https://contoso.azure-api.net", "contoso.azure-api.net/", "a@b.net", "a b"] {
            assert_eq!(fault(url), Some(HostnameFault::Url), "{url}");
        }
        assert_eq!(fault(&format!("{}.net", "a.".repeat(130))), Some(HostnameFault::TooLong));
        for label in ["a..net", ".net", "-a.net", "a-.net", &format!("{}.net", "a".repeat(64))] {
            assert_eq!(fault(label), Some(HostnameFault::Label), "{label}");
        }
        for other in ["köln.de", "a,b.net", "a:b"] {
            assert_eq!(fault(other), Some(HostnameFault::Character), "{other}");
        }
    }

    #[test]
    fn a_suffix_ends_at_a_label() {
        let name: Hostname = "contoso.azure-api.net".parse().unwrap();
        assert!(name.is_within("azure-api.net") && name.is_within("contoso.azure-api.net"));
        assert!(!name.is_within("api.net"));
    }

    #[test]
    fn a_wildcard_is_for_names_below_it_only() {
        let pattern: HostPattern = "*.example.com".parse().unwrap();
        assert!(pattern.matches("a.example.com") && pattern.matches("a.b.example.com"));
        assert!(
            !pattern.matches("example.com") && !pattern.matches(".example.com") && !pattern.matches("aexample.com")
        );
    }

    proptest::proptest! {
        #[test]
        fn what_is_accepted_prints_as_it_was_read(text in "\\PC{0,80}") {
            if let Ok(name) = text.parse::<Hostname>() {
                proptest::prop_assert_eq!(name.to_string().parse::<Hostname>(), Ok(name));
            }
            if let Ok(pattern) = text.parse::<HostPattern>() {
                proptest::prop_assert_eq!(pattern.to_string().parse::<HostPattern>(), Ok(pattern));
            }
        }
    }
}
