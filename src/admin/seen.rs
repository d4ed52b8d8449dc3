//! What the guard knows of an origin, without asking anybody but KV: for `status`, `metrics` and `checklist` alike.

use std::net::IpAddr;

use super::Guard;
use crate::azure::{Knowledge, KnowledgeCopy, load_knowledge};
use crate::config::{Origin, Severity};
use crate::diagnosis::{Evidence, Finding, findings, with_azure, with_backend_refusals};
use crate::investigation::{azure_evidence, edge_name, known_refusals, record_evidence};
use crate::network_watch::{LastCheck, known_check, with_network_check};
use crate::origin::{BackendRefusals, Incident, LastGood, Record, RecordCopy};
use crate::ports::Ports;
use crate::refresh::{load_record, note_lookup};
use crate::zone::{OriginZones, Reading, known_zones, zones_of};

/// One origin as it is known.
pub(super) struct Seen<'a> {
    pub(super) origin: &'a Origin,
    /// What the store said.
    pub(super) copy: RecordCopy,
    /// The record with what this isolate knows besides.
    pub(super) record: Option<Record>,
    pub(super) findings: Vec<Finding>,
    pub(super) refusals: Option<BackendRefusals>,
    /// What is kept of ARM's word.
    pub(super) azure: KnowledgeCopy,
    /// What is kept of the last network check.
    pub(super) network: Option<LastCheck>,
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
        let azure = load_knowledge(&guard.scene, origin, 0).await;
        let network = known_check(&guard.scene, origin).await.ok().flatten();
        all.push(see(guard, origin, (copy, azure, network), reading.as_ref()));
    }
    all
}

impl Seen<'_> {
    /// The addresses that were last seen in DNS.
    pub(super) fn addresses(&self) -> Vec<IpAddr> {
        last_good(self.record.as_ref())
    }
}

pub(super) fn last_good(record: Option<&Record>) -> Vec<IpAddr> {
    let good = record.and_then(|record| record.last_good.as_ref());
    good.map(LastGood::bare_addresses).unwrap_or_default()
}

fn see<'a, P: Ports>(
    guard: &Guard<'a, P>,
    origin: &'a Origin,
    (copy, azure, network): (RecordCopy, KnowledgeCopy, Option<LastCheck>),
    reading: Option<&Reading>,
) -> Seen<'a> {
    let record = copy
        .record()
        .map(|record| with_memory(guard, origin, &copy, record))
        .or_else(|| from_memory(guard, origin, &copy));
    let refusals = known_refusals(&guard.scene, origin, &copy);
    let found = findings(&evidence(guard, origin, &copy, azure.record()));
    let found = with_backend_refusals(found, refusals.as_ref(), guard.scene.ports.now());
    let addresses = last_good(record.as_ref());
    let found = azure_findings(guard, &azure, found, &addresses);
    let mut findings = with_network_check(found, network.as_ref());
    let zones = reading.map(|reading| zones_of(guard.scene.config, origin, reading, azure.record(), &addresses));
    findings.extend(zones.iter().flat_map(OriginZones::findings).cloned());
    let findings = with_network_check(findings, network.as_ref());
    let state = state(record.as_ref(), &findings);
    Seen { origin, copy, record, findings, refusals, azure, network, state, zones }
}

/// With what is known from ARM, or that what is stored of it cannot be read.
fn azure_findings<P: Ports>(
    guard: &Guard<'_, P>,
    azure: &KnowledgeCopy,
    mut found: Vec<Finding>,
    seen: &[IpAddr],
) -> Vec<Finding> {
    if let KnowledgeCopy::Unreadable(fault) = azure {
        found.push(Finding::unreadable(&format!("azure: {fault}")));
    }
    match azure.record() {
        Some(known) => with_azure(found, known, seen, guard.scene.config.azure.as_ref(), guard.scene.ports.now()),
        None => found,
    }
}

/// The record, with an incident that could not be written: it is open all the same.
fn with_memory<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, copy: &RecordCopy, record: &Record) -> Record {
    Record { incident: open_incident(guard, origin, copy), ..record.clone() }
}

/// The open incident: the stored one, else the one that this isolate alone knows of.
pub(super) fn open_incident<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, copy: &RecordCopy) -> Option<Incident> {
    let (now, record) = (guard.scene.ports.now(), copy.record());
    let stored = record.and_then(|record| record.incident.clone());
    let here = || guard.scene.remember(|memory| memory.failing(&origin.name, now).map(|it| it.incident.clone()));
    let has_ended = |here: &Incident| record.is_some_and(|record| record.has_ended(&here.id));
    stored.or_else(|| here().filter(|here| !has_ended(here)))
}

/// Without a record, this isolate's own look-up is what is known.
fn from_memory<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, copy: &RecordCopy) -> Option<Record> {
    let lookup = guard.scene.remember(|memory| memory.latest_lookup(&origin.name).cloned())?;
    let mut record = Record::new(&origin.hostname);
    note_lookup(&mut record, &lookup, &guard.scene.config.dns);
    record.incident = open_incident(guard, origin, copy);
    Some(record)
}

fn evidence<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, copy: &RecordCopy, azure: Option<&Knowledge>) -> Evidence {
    Evidence {
        at: guard.scene.ports.now(),
        hostname: origin.hostname.clone(),
        edge_name: edge_name(origin).clone(),
        expect_suffixes: origin.expect_suffixes.clone(),
        failure: None,
        lookup: guard.scene.remember(|memory| memory.latest_lookup(&origin.name).cloned()),
        counterpart: None,
        azure: azure.map(|known| azure_evidence(known, guard.scene.ports.now())),
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
