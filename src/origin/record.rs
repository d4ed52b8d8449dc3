//! The stored record of one origin (`docs/kv-schema.md`).

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{Incident, WriteBudget};
use crate::dns::{ChainLink, SeenAddress};
use crate::json::{self, Node};
use crate::net::Hostname;
use crate::time::UnixMillis;

/// The version of the stored form. A change that an older guard could misread raises it.
pub const SCHEMA: u32 = 1;

/// A record is written at the latest after this time, in seconds, so that its age stays honest: 12 times a day.
const HEARTBEAT_S: u64 = 2 * 60 * 60;

/// The KV key of an origin's record.
pub fn record_key(origin: &str) -> String {
    format!("origin/{origin}")
}

/// What is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The name it is about: a record of another name counts as none.
    pub hostname: Hostname,
    /// The last known chain and addresses.
    pub last_good: Option<LastGood>,
    /// Until when the latest look-up is fresh.
    pub fresh_until: UnixMillis,
    /// `known`, `absent` or `unknown`: the latest look-up that was written.
    pub outcome: String,
    /// When that was.
    pub observed_at: UnixMillis,
    /// The open incident.
    pub incident: Option<Incident>,
    /// What may still be written.
    pub writes: WriteBudget,
    /// When it was written.
    pub written_at: UnixMillis,
}

/// The last look-up that found addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastGood {
    /// CNAME hops.
    pub chain: Vec<ChainLink>,
    /// Never empty, sorted.
    pub addresses: Vec<SeenAddress>,
    /// When they were last confirmed.
    pub at: UnixMillis,
}

impl LastGood {
    /// Without lifetimes, which differ at every look.
    pub fn bare_addresses(&self) -> Vec<IpAddr> {
        self.addresses.iter().map(|seen| seen.address).collect()
    }

    /// Whether both hold the same names and addresses.
    pub fn same_as(&self, other: &Self) -> bool {
        let names = |good: &Self| good.chain.iter().map(|link| link.target.clone()).collect::<Vec<_>>();
        self.bare_addresses() == other.bare_addresses() && names(self) == names(other)
    }
}

/// Why stored bytes are no [`Record`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordFault {
    /// Written by a newer version.
    NewerSchema(u32),
    /// Not what this version writes.
    Damaged,
}

impl fmt::Display for RecordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NewerSchema(schema) => write!(f, "written by a newer version (schema {schema})"),
            Self::Damaged => f.write_str("no record of this guard"),
        }
    }
}

/// Read before anything else, so that a newer form is told from damage.
#[derive(Deserialize)]
struct Versioned {
    schema: u32,
}

impl Record {
    /// An empty record of `hostname`.
    pub fn new(hostname: &Hostname) -> Self {
        Self {
            schema: SCHEMA,
            hostname: hostname.clone(),
            last_good: None,
            fresh_until: UnixMillis(0),
            outcome: "unknown".into(),
            observed_at: UnixMillis(0),
            incident: None,
            writes: WriteBudget::default(),
            written_at: UnixMillis(0),
        }
    }

    /// Reads stored bytes.
    ///
    /// # Errors
    /// [`RecordFault`]: the bytes must then be kept as they are.
    pub fn parse(stored: &str) -> Result<Self, RecordFault> {
        let stored: Node = serde_json::from_str(stored).map_err(|_| RecordFault::Damaged)?;
        match json::read_node(&stored) {
            Some(Versioned { schema: SCHEMA }) => json::read_node(&stored).ok_or(RecordFault::Damaged),
            Some(Versioned { schema }) if schema > SCHEMA => Err(RecordFault::NewerSchema(schema)),
            _ => Err(RecordFault::Damaged),
        }
    }

    /// The bytes to store.
    pub fn to_json(&self) -> String {
        // By way of a value: one serializer for everything keeps the module small.
        json::value(self).to_string()
    }

    /// Whether `new` says enough more than this record to be written at `now`.
    pub fn worth_writing(&self, new: &Self, now: UnixMillis) -> bool {
        let good_changed = match (&self.last_good, &new.last_good) {
            (Some(old), Some(new)) => !old.same_as(new),
            (old, new) => old.is_some() != new.is_some(),
        };
        good_changed
            || self.outcome != new.outcome
            || self.incident != new.incident
            || now.since_s(self.written_at) >= HEARTBEAT_S
    }
}
