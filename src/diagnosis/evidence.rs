//! All that a verdict may rest on. Plain data: it can be stored, sent and judged again later with the same result.

use std::fmt;
use std::net::IpAddr;

use serde_json::Value;

use super::AzureEvidence;
use crate::dns::{ChainLink, Lookup};
use crate::json::{FromNode, Node, ToValue, json, stored, stored_words};
use crate::net::Hostname;
use crate::origin::{Drift, Place};
use crate::time::UnixMillis;

/// What is known about one failed request, and nothing of the request itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// When the failure was met.
    pub at: UnixMillis,
    /// The gateway's host name.
    pub hostname: Hostname,
    /// The name that the edge resolves: the gateway's for `route = "direct"`, the request's host for `"zone"`.
    pub edge_name: Hostname,
    /// Suffixes of which the chain must pass one.
    pub expect_suffixes: Vec<Hostname>,
    /// What happened; `None` in a live diagnosis while all is well.
    pub failure: Option<Failure>,
    /// What the resolvers say of `hostname`; `None` where they were not asked in time.
    pub lookup: Option<Lookup>,
    /// What the resolvers say of the other name, where the edge may use one address and the gateway have another: of
    /// `edge_name` for `route = "zone"`, of the gateway's own name where `hostname` is a name of the customer's.
    pub counterpart: Option<Lookup>,
    /// What was stored before.
    pub record: RecordEvidence,
    /// What ARM says; `None` where it is not configured or could not be asked in time.
    pub azure: Option<AzureEvidence>,
    /// Cloudflare's data centre, from which all this was seen.
    pub seen_from: Option<String>,
}

stored! { Evidence {
    at, hostname, edge_name, expect_suffixes, failure, lookup, counterpart, record, seen_from
} or default { azure } }

impl Evidence {
    /// Whether the edge resolves the zone's own record and not the gateway's name (`route = "zone"`).
    pub fn is_zone_route(&self) -> bool {
        self.edge_name != self.hostname
    }
}

/// How a request to the origin failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Cloudflare's edge made the answer.
    Edge {
        /// Its HTTP status.
        status: u16,
        /// Cloudflare's number, 1016, 522 …; `None` for a 530 that gives none.
        number: Option<u16>,
    },
    /// `fetch` was rejected.
    Rejected {
        /// How.
        rejection: Rejection,
    },
    /// `timeout_ms` passed before the response's head came.
    TimedOut {
        /// The limit, in milliseconds.
        after_ms: u32,
    },
    /// It did not: the origin answered, under a name that had been abandoned and is not proven to be the same instance's.
    Unproven,
}

impl ToValue for Failure {
    fn to_value(&self) -> Value {
        match self {
            Self::Edge { status, number } => json!({ "edge": json!({ "status": status, "number": number }) }),
            Self::Rejected { rejection } => json!({ "rejected": json!({ "rejection": rejection }) }),
            Self::TimedOut { after_ms } => json!({ "timed_out": json!({ "after_ms": after_ms }) }),
            Self::Unproven => "unproven".into(),
        }
    }
}

impl FromNode for Failure {
    fn from_node(node: &Node) -> Option<Self> {
        let (word, content) = node.variant()?;
        Some(match word {
            "edge" => Self::Edge { status: content.member("status")?, number: content.member("number")? },
            "rejected" => Self::Rejected { rejection: content.member("rejection")? },
            "timed_out" => Self::TimedOut { after_ms: content.member("after_ms")? },
            "unproven" => Self::Unproven,
            _ => return None,
        })
    }
}

impl Failure {
    /// Cloudflare's number, where there was one.
    pub const fn number(&self) -> Option<u16> {
        match self {
            Self::Edge { number, .. } => *number,
            Self::Rejected { .. } | Self::TimedOut { .. } | Self::Unproven => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edge { number: Some(number), status } => {
                write!(f, "Cloudflare's edge answered {status} with error {number}")
            }
            Self::Edge { number: None, status } => write!(f, "Cloudflare's edge answered {status} without a number"),
            Self::Rejected { rejection: Rejection::ConnectionLost } => {
                f.write_str("the connection was refused or lost")
            }
            Self::Rejected { .. } => f.write_str("the runtime could not complete the request"),
            Self::TimedOut { after_ms } => write!(f, "no response head came within {after_ms} ms"),
            Self::Unproven => f.write_str("an answer came under a name that had been abandoned"),
        }
    }
}

/// The runtime's exceptions that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// `Network connection lost.`: refused, reset or closed.
    ConnectionLost,
    /// `internal error; reference = …`: among others a name that the local runtime cannot resolve.
    Internal,
    /// Anything else.
    Other,
}

stored_words! { Rejection { ConnectionLost: "connection_lost", Internal: "internal", Other: "other" } }

/// Whether the failure says that the name cannot be resolved: 1001, 1016, 1018, 1023, or a 530 without a number.
pub const fn is_dns_failure(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Edge { number: Some(1001 | 1016 | 1018 | 1023), .. } | Failure::Edge { number: None, status: 530 }
    )
}

/// What the stored record adds.
#[allow(clippy::large_enum_variant, reason = "one for each failure, and the large one is the usual one")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordEvidence {
    /// Nothing is stored yet.
    Empty,
    /// KV is missing, down or slow.
    Unavailable,
    /// Bytes that this version cannot read; kept as they are.
    Unreadable,
    /// The last good look-up.
    Present {
        /// Its addresses.
        addresses: Vec<IpAddr>,
        /// Its chain.
        chain: Vec<ChainLink>,
        /// When it was last confirmed.
        at: UnixMillis,
        /// All places seen so far.
        places: Vec<Place>,
        /// The latest change of its addresses, while an answer from before it may still be in use.
        moved: Option<Drift>,
    },
}

impl ToValue for RecordEvidence {
    fn to_value(&self) -> Value {
        match self {
            Self::Empty => "empty".into(),
            Self::Unavailable => "unavailable".into(),
            Self::Unreadable => "unreadable".into(),
            Self::Present { addresses, chain, at, places, moved } => {
                let known = json!({
                    "addresses": addresses, "chain": chain, "at": at, "places": places, "moved": moved,
                });
                json!({ "present": known })
            }
        }
    }
}

impl FromNode for RecordEvidence {
    fn from_node(node: &Node) -> Option<Self> {
        let (word, content) = node.variant()?;
        Some(match word {
            "empty" => Self::Empty,
            "unavailable" => Self::Unavailable,
            "unreadable" => Self::Unreadable,
            "present" => Self::Present {
                addresses: content.member("addresses")?,
                chain: content.member("chain")?,
                at: content.member("at")?,
                places: content.member_or_default("places")?,
                moved: content.member("moved")?,
            },
            _ => return None,
        })
    }
}
