//! All that a verdict may rest on.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::dns::Lookup;
use crate::net::Hostname;
use crate::time::UnixMillis;

/// What is known about one failed request, and nothing of the request itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// When the failure was met.
    pub at: UnixMillis,
    /// The gateway's host name.
    pub hostname: Hostname,
    /// Whether the name that the edge resolves is the zone's own record (`route = "zone"`).
    pub zone_route: bool,
    /// What happened; `None` in a live diagnosis while all is well.
    pub failure: Option<Failure>,
    /// What the resolvers say; `None` where they could not be asked at all.
    pub lookup: Option<Lookup>,
    /// What was stored before.
    pub record: RecordEvidence,
}

/// How a request to the origin failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
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
}

/// The runtime's exceptions that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// `Network connection lost.`: refused, reset or closed.
    ConnectionLost,
    /// `internal error; reference = …`: among others a name that the local runtime cannot resolve.
    Internal,
    /// `TimeoutError` or `AbortError`.
    Aborted,
    /// Anything else.
    Other,
}

/// What the stored record adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum RecordEvidence {
    /// Nothing is stored yet.
    Empty,
    /// KV is missing, down or slow.
    Unavailable,
    /// Bytes that this version cannot read; kept as they are.
    Unreadable,
    /// A record.
    Present {
        /// The last good addresses.
        addresses: Vec<IpAddr>,
        /// When they were last confirmed.
        at: UnixMillis,
    },
}
