//! What the guard knows of an origin, without asking anybody but KV: for `status`, `metrics` and `checklist` alike.

use super::Guard;
use crate::config::{Origin, Severity};
use crate::diagnosis::{Evidence, Finding, findings, with_backend_refusals};
use crate::investigation::{edge_name, known_refusals, record_evidence};
use crate::origin::{BackendRefusals, Record, RecordCopy};
use crate::ports::Ports;
use crate::refresh::{load_record, note_lookup};
use crate::zone::{OriginZones, known_zones, zones_of};

/// One origin as it is known.
pub(super) struct Seen<'a> {
    pub(super) origin: &'a Origin,
    /// What the store said.
    pub(super) copy: RecordCopy,
    /// The record with what this isolate knows besides.
    pub(super) record: Option<Record>,
    pub(super) findings: Vec<Finding>,
    pub(super) refusals: Option<BackendRefusals>,
    pub(super) state: State,
    /// The zone's own records of its hosts; `None` where no zone was read.
    pub(super) zones: Option<OriginZones>,
}

/// How an origin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Healthy,
    Degraded,
    Failing,
    Unknown,
}

impl State {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Failing => "failing",
            Self::Unknown => "unknown",
        }
    }
}

/// Every origin.
pub(super) async fn see_all<'a, P: Ports>(guard: &Guard<'a, P>) -> Vec<Seen<'a>> {
    let reading = known_zones(guard.scene).await;
    let mut all = Vec::new();
    for origin in &guard.scene.config.origins {
        let copy = load_record(&guard.scene, origin, 0).await;
        let zones = match &reading {
            Some(reading) => Some(zones_of(guard.scene, origin, reading).await),
            None => None,
        };
        all.push(see(guard, origin, copy, zones));
    }
    all
}

fn see<'a, P: Ports>(
    guard: &Guard<'a, P>,
    origin: &'a Origin,
    copy: RecordCopy,
    zones: Option<OriginZones>,
) -> Seen<'a> {
    let record = copy.record().map(|record| with_memory(guard, origin, record)).or_else(|| from_memory(guard, origin));
    let refusals = known_refusals(&guard.scene, origin, &copy);
    let found = findings(&evidence(guard, origin, &copy));
    let mut findings = with_backend_refusals(found, refusals.as_ref(), guard.scene.ports.now());
    findings.extend(zones.iter().flat_map(OriginZones::findings).cloned());
    let state = state(record.as_ref(), &findings);
    Seen { origin, copy, record, findings, refusals, state, zones }
}

/// An incident that could not be written is open all the same.
fn with_memory<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, record: &Record) -> Record {
    let now = guard.scene.ports.now();
    let here = guard.scene.remember(|memory| memory.failing(&origin.name, now).map(|it| it.incident.clone()));
    let unknown = here.filter(|here| !record.has_ended(&here.id));
    Record { incident: record.incident.clone().or(unknown), ..record.clone() }
}

/// Without a record, this isolate's own look-up is what is known.
fn from_memory<P: Ports>(guard: &Guard<'_, P>, origin: &Origin) -> Option<Record> {
    let lookup = guard.scene.remember(|memory| memory.latest_lookup(&origin.name).cloned())?;
    let mut record = Record::new(&origin.hostname);
    note_lookup(&mut record, &lookup, &guard.scene.config.dns);
    let now = guard.scene.ports.now();
    record.incident = guard.scene.remember(|memory| memory.failing(&origin.name, now).map(|it| it.incident.clone()));
    Some(record)
}

fn evidence<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, copy: &RecordCopy) -> Evidence {
    Evidence {
        at: guard.scene.ports.now(),
        hostname: origin.hostname.clone(),
        edge_name: edge_name(origin).clone(),
        expect_suffixes: origin.expect_suffixes.clone(),
        failure: None,
        lookup: guard.scene.remember(|memory| memory.latest_lookup(&origin.name).cloned()),
        counterpart: None,
        azure: None,
        record: record_evidence(copy, guard.scene.ports.now(), &guard.scene.config.dns),
        seen_from: None,
    }
}

/// Failing while an incident is open; unknown without any good look-up; degraded where something needs a look.
fn state(record: Option<&Record>, found: &[Finding]) -> State {
    let Some(record) = record else { return State::Unknown };
    if record.incident.is_some() {
        State::Failing
    } else if record.last_good.is_none() && record.outcome == "unknown" {
        State::Unknown
    } else if record.outcome != "known" || found.iter().any(|finding| finding.severity >= Severity::Warning) {
        State::Degraded
    } else {
        State::Healthy
    }
}
