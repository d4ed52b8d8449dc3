//! The stored record of one origin (`docs/kv-schema.md`).

use std::fmt;

use super::{BackendRefusals, Drift, EndedBy, Incident, LastGood, ResolverAnswer, WriteBudget};
use crate::json::{self, FromNode, Node, stored};
use crate::net::Hostname;
use crate::time::UnixMillis;

/// The version of the stored form. A change that an older guard could misread raises it. Schema 1 had neither `past` nor
/// `drifts`, and no counts in its incident.
pub const SCHEMA: u32 = 2;

/// A record is written at the latest after this time, in seconds, so that its age stays honest: 12 times a day.
const HEARTBEAT_S: u64 = 2 * 60 * 60;
/// While an incident is open, its counts are written after this time, in seconds.
const INCIDENT_HEARTBEAT_S: u64 = 30 * 60;

/// After the first, a change of an incident's cause is written at most this often, in seconds.
const CHANGE_EVERY_S: u64 = 10 * 60;

/// Ended incidents and drifts are kept for 30 days, in milliseconds …
pub const KEPT_FOR_MS: u64 = 30 * 24 * 60 * 60 * 1000;
/// … and not more of each than this, so that a record stays quick to read.
const KEPT: usize = 40;

/// The KV key of an origin's record.
pub fn record_key(origin: &str) -> String {
    format!("origin/{origin}")
}

/// The KV key of what an incident's verdict rests on.
pub fn incident_key(id: &str) -> String {
    format!("incident/{id}")
}

/// What is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// What each resolver said then.
    pub answers: Vec<ResolverAnswer>,
    /// Since when no look-up has come to an answer; `None` where the latest did.
    pub unknown_since: Option<UnixMillis>,
    /// The open incident.
    pub incident: Option<Incident>,
    /// Ended incidents, newest first.
    pub past: Vec<Incident>,
    /// Changes of the addresses, newest first.
    pub drifts: Vec<Drift>,
    /// Runs of signs that a backend refuses the gateway, newest first.
    pub refusals: Vec<BackendRefusals>,
    /// What may still be written.
    pub writes: WriteBudget,
    /// When it was written.
    pub written_at: UnixMillis,
}

stored! { Record {
    schema, hostname, last_good, fresh_until, outcome, observed_at, incident, writes, written_at
} or default { answers, past, drifts, refusals, unknown_since } }

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
            answers: Vec::new(),
            unknown_since: None,
            incident: None,
            past: Vec::new(),
            drifts: Vec::new(),
            refusals: Vec::new(),
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
        // Before anything else, so that a newer form is told from damage.
        match stored.member("schema") {
            Some(1..=SCHEMA) => Self::from_node(&stored).ok_or(RecordFault::Damaged),
            Some(schema) if schema > SCHEMA => Err(RecordFault::NewerSchema(schema)),
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
        let incident_changed = match (&self.incident, &new.incident) {
            (Some(old), Some(new)) if old.id == new.id => new.differs_from(old) && self.may_tell_change(now),
            (Some(_), Some(_)) => true,
            (old, new) => old.is_some() != new.is_some(),
        };
        let heartbeat_s = if new.incident.is_some() { INCIDENT_HEARTBEAT_S } else { HEARTBEAT_S };
        good_changed
            || incident_changed
            || self.outcome != new.outcome
            || self.drifts != new.drifts
            || self.refusals != new.refusals
            || now.since_s(self.written_at) >= heartbeat_s
    }

    /// A changed cause is two writes of the few that there are: not right after the last one.
    fn may_tell_change(&self, now: UnixMillis) -> bool {
        let first = self.incident.as_ref().is_some_and(|incident| incident.changes.is_empty());
        first || now.since_s(self.written_at) >= CHANGE_EVERY_S
    }

    /// Whether the incident with this id is among those that have ended.
    pub fn has_ended(&self, id: &str) -> bool {
        self.past.iter().any(|past| past.id == id)
    }

    /// Ends the open incident and returns it, if there is one.
    pub fn end_incident(&mut self, at: UnixMillis, by: EndedBy) -> Option<&Incident> {
        let ended = self.incident.take()?.ended(at, by);
        self.past.insert(0, ended);
        self.past.first()
    }

    /// The record as it is written at `now`: what is too old or too much is left out.
    #[must_use]
    pub fn pruned(mut self, now: UnixMillis) -> Self {
        let oldest = oldest_kept(now);
        self.past.retain(|incident| incident.last_at >= oldest);
        self.past.truncate(KEPT);
        self.drifts.retain(|drift| drift.at >= oldest);
        self.drifts.truncate(KEPT);
        self.refusals.retain(|run| run.last_at >= oldest);
        self.refusals.truncate(KEPT);
        self
    }
}

/// What happened before is no longer kept at `now`.
pub fn oldest_kept(now: UnixMillis) -> UnixMillis {
    UnixMillis(now.since_ms(UnixMillis(KEPT_FOR_MS)))
}
