//! What one resolver said at one time.

use std::fmt;

use serde_json::Value;

use super::{ExtendedError, Rcode, SeenAddress};
use crate::json::{FromNode, Node, ToValue, json, stored, stored_words};
use crate::net::Hostname;
use crate::time::UnixMillis;

/// What one resolver said about the addresses (A and AAAA) of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The resolver's URL as configured.
    pub resolver: String,
    /// When it was asked.
    pub at: UnixMillis,
    /// Time from the first question to the last answer, in milliseconds.
    pub took_ms: u32,
    /// Known, absent or unknown.
    pub outcome: Outcome,
    /// The CNAME hops in order, from the name asked for. Also filled when the chain breaks off: then its last target
    /// is the hop that failed.
    pub chain: Vec<ChainLink>,
    /// Extended errors (RFC 8914) of all answers, each once, 8 at most.
    pub extended_errors: Vec<ExtendedError>,
    /// Where the name is known: the one of its two questions that got no answer. Addresses of that family, if there
    /// are any, are missing then; they are not gone.
    pub unanswered: Option<Unanswered>,
}

stored! { Observation { resolver, at, took_ms, outcome, chain, extended_errors, unanswered } }

/// The question, of the two about a known name, that was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// AAAA; else A.
    pub v6: bool,
    /// Why.
    pub failure: DnsFailure,
}

stored! { Unanswered { v6, failure } }

/// One CNAME hop: `name` is an alias of `target` for `ttl_s` seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainLink {
    /// The alias.
    pub name: Hostname,
    /// Remaining lifetime in seconds, as answered (RFC 2181 8: 31 bits).
    pub ttl_s: u32,
    /// What it points to.
    pub target: Hostname,
}

stored! { ChainLink { name, ttl_s, target } }

/// Three-valued knowledge of a name's addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The name has addresses; never empty, sorted, no duplicates.
    Known {
        /// The addresses.
        addresses: Vec<SeenAddress>,
    },
    /// The resolver says that there are none.
    Absent(Absence),
    /// It could not find out.
    Unknown {
        /// Why not.
        failure: DnsFailure,
    },
}

impl ToValue for Outcome {
    fn to_value(&self) -> Value {
        match self {
            Self::Known { addresses } => json!({ "known": json!({ "addresses": addresses }) }),
            Self::Absent(absence) => json!({ "absent": absence }),
            Self::Unknown { failure } => json!({ "unknown": json!({ "failure": failure }) }),
        }
    }
}

impl FromNode for Outcome {
    fn from_node(node: &Node) -> Option<Self> {
        let (word, content) = node.variant()?;
        Some(match word {
            "known" => Self::Known { addresses: content.member("addresses")? },
            "absent" => Self::Absent(FromNode::from_node(content)?),
            "unknown" => Self::Unknown { failure: content.member("failure")? },
            _ => return None,
        })
    }
}

/// There is no address, and for how long that may be remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// NXDOMAIN or NODATA.
    pub kind: AbsenceKind,
    /// The name at which the chain ends: the name itself, or the last CNAME's target.
    pub at_name: Hostname,
    /// The smaller of the SOA record's TTL and its minimum field (RFC 2308 5), in seconds; `None` without SOA.
    pub negative_ttl_s: Option<u32>,
}

stored! { Absence { kind, at_name, negative_ttl_s } }

/// The two kinds of absence (RFC 2308 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AbsenceKind {
    /// NXDOMAIN: no such name.
    NameNotFound,
    /// NODATA: the name exists without A and AAAA.
    NoAddress,
}

stored_words! { AbsenceKind { NameNotFound: "name_not_found", NoAddress: "no_address" } }

/// Why a resolver's answer gives no knowledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnsFailure {
    /// No answer within `dns.timeout_ms`.
    TimedOut,
    /// This one was not waited for any longer: another resolver had answered, or the time was up.
    NotAwaited,
    /// No HTTP exchange with the resolver.
    Unreachable {
        /// In the runtime's words.
        words: String,
    },
    /// The resolver's HTTP status was not 200.
    HttpStatus {
        /// The status.
        status: u16,
    },
    /// The body was no DNS answer to the question.
    Malformed {
        /// What was wrong with it.
        words: String,
    },
    /// The answer is larger than 64 KiB, or still truncated over `DoH`.
    Truncated,
    /// SERVFAIL, REFUSED or any other RCODE that is neither an answer nor NXDOMAIN.
    Rcode {
        /// The code.
        rcode: Rcode,
        /// The name it is about: the end of the chain that came with it (RFC 6604 3), else the name asked for.
        at_name: Hostname,
    },
    /// The chain returns to a name it has passed.
    Loop {
        /// That name.
        at_name: Hostname,
    },
    /// More than 16 hops.
    TooManyHops,
}

impl ToValue for DnsFailure {
    fn to_value(&self) -> Value {
        match self {
            Self::TimedOut => "timed_out".into(),
            Self::NotAwaited => "not_awaited".into(),
            Self::Unreachable { words } => json!({ "unreachable": json!({ "words": words }) }),
            Self::HttpStatus { status } => json!({ "http_status": json!({ "status": status }) }),
            Self::Malformed { words } => json!({ "malformed": json!({ "words": words }) }),
            Self::Truncated => "truncated".into(),
            Self::Rcode { rcode, at_name } => json!({ "rcode": json!({ "rcode": rcode, "at_name": at_name }) }),
            Self::Loop { at_name } => json!({ "loop": json!({ "at_name": at_name }) }),
            Self::TooManyHops => "too_many_hops".into(),
        }
    }
}

impl FromNode for DnsFailure {
    fn from_node(node: &Node) -> Option<Self> {
        let (word, content) = node.variant()?;
        Some(match word {
            "timed_out" => Self::TimedOut,
            "not_awaited" => Self::NotAwaited,
            "unreachable" => Self::Unreachable { words: content.member("words")? },
            "http_status" => Self::HttpStatus { status: content.member("status")? },
            "malformed" => Self::Malformed { words: content.member("words")? },
            "truncated" => Self::Truncated,
            "rcode" => Self::Rcode { rcode: content.member("rcode")?, at_name: content.member("at_name")? },
            "loop" => Self::Loop { at_name: content.member("at_name")? },
            "too_many_hops" => Self::TooManyHops,
            _ => return None,
        })
    }
}

impl fmt::Display for DnsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("no answer in time"),
            Self::NotAwaited => f.write_str("was not waited for any longer"),
            Self::Unreachable { words } => write!(f, "could not be asked: {words}"),
            Self::HttpStatus { status } => write!(f, "answered HTTP status {status}"),
            Self::Malformed { words } => write!(f, "answered no valid DNS message: {words}"),
            Self::Truncated => f.write_str("answered a truncated or oversized message"),
            Self::Rcode { rcode, at_name } => write!(f, "answered {rcode} for {at_name}"),
            Self::Loop { at_name } => write!(f, "the CNAME chain returns to {at_name}"),
            Self::TooManyHops => f.write_str("the CNAME chain has more than 16 hops"),
        }
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "asked for {}: {}", if self.v6 { "AAAA" } else { "A" }, self.failure)
    }
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            AbsenceKind::NameNotFound => write!(f, "{} does not exist (NXDOMAIN)", self.at_name),
            AbsenceKind::NoAddress => write!(f, "{} has neither A nor AAAA (NODATA)", self.at_name),
        }
    }
}

impl DnsFailure {
    /// Whether it speaks of the resolver rather than of the guard's own patience.
    pub const fn is_trouble(&self) -> bool {
        !matches!(self, Self::NotAwaited)
    }
}

impl Outcome {
    /// `known`, `absent` or `unknown`, as the contract names them.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Known { .. } => "known",
            Self::Absent(_) => "absent",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Whether the resolver could tell: known or absent.
    pub const fn has_told(&self) -> bool {
        !matches!(self, Self::Unknown { .. })
    }

    /// The addresses; empty unless known.
    pub fn addresses(&self) -> &[SeenAddress] {
        match self {
            Self::Known { addresses } => addresses,
            Self::Absent(_) | Self::Unknown { .. } => &[],
        }
    }
}

impl Observation {
    /// The host (and port) of the resolver's URL: some carry an account's id in their path.
    pub fn resolver_host(&self) -> &str {
        let rest = self.resolver.split_once("://").map_or(self.resolver.as_str(), |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }

    /// The RCODE behind the outcome; `None` where no DNS answer came.
    pub const fn rcode(&self) -> Option<Rcode> {
        match &self.outcome {
            Outcome::Known { .. } | Outcome::Absent(Absence { kind: AbsenceKind::NoAddress, .. }) => {
                Some(Rcode::NO_ERROR)
            }
            Outcome::Absent(Absence { kind: AbsenceKind::NameNotFound, .. }) => Some(Rcode::NX_DOMAIN),
            Outcome::Unknown { failure } => match failure {
                DnsFailure::Rcode { rcode, .. } => Some(*rcode),
                DnsFailure::Loop { .. } | DnsFailure::TooManyHops => Some(Rcode::NO_ERROR),
                _ => None,
            },
        }
    }
}
