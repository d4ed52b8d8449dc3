//! `GET /history`: what happened, newest first. Nothing is stored for it: incidents and drifts of the records tell it.

use serde_json::Value;

use super::page::{Listing, Rows, list};
use super::refresh::selected;
use super::respond::{Answer, Errors};
use super::{AdminRequest, Guard, Operator};
use crate::azure::{FactChange, Knowledge, KnowledgeCopy, drift_causes, load_knowledge};
use crate::json::{json, value};
use crate::net::Hostname;
use crate::origin::{Incident, Record, RecordCopy, incident_id};
use crate::ports::Ports;
use crate::time::UnixMillis;

pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    let mut known = Vec::new();
    for origin in selected(guard, request).unwrap_or_default() {
        known.push((&origin.name, load_knowledge(&guard.scene, origin, 0).await));
    }
    let rows: Rows<'_> = &|origin, copy, listing| {
        let azure = known.iter().find(|(name, _)| **name == origin.name).map(|(_, azure)| azure);
        of_origin(&origin.name, copy.record(), azure.and_then(KnowledgeCopy::record), listing);
        if let Some(unreadable @ KnowledgeCopy::Unreadable(_)) = azure {
            listing.note_unread(origin, unreadable);
        }
    };
    list(guard, request, errors, "events", rows).await
}

/// The events of one origin, newest first; `None` where its record could not be read.
pub(super) fn events(origin: &str, copy: &RecordCopy, azure: &KnowledgeCopy) -> Option<Vec<Value>> {
    if copy.why_unread().is_some() {
        return None;
    }
    let mut listing = Listing::default();
    of_origin(origin, copy.record(), azure.record(), &mut listing);
    Some(listing.into_rows())
}

fn of_origin(origin: &str, record: Option<&Record>, known: Option<&Knowledge>, listing: &mut Listing) {
    let changes = known.map(|known| known.changes.as_slice()).unwrap_or_default();
    if let Some(record) = record {
        of_record(origin, record, changes, listing);
    }
    if let Some(known) = known {
        of_knowledge(origin, known, listing);
    }
}

fn of_record(origin: &str, record: &Record, changes: &[FactChange], listing: &mut Listing) {
    for incident in record.incident.iter().chain(&record.past) {
        of_incident(origin, incident, listing);
    }
    for run in &record.refusals {
        let id = format!("{}-refusals", incident_id(origin, 0, run.first_at));
        let row = json!({
            "id": id, "at": run.first_at, "kind": "backend_rejects_gateway", "origin": origin, "before": Value::Null,
            "after": run.view(), "hop": Value::Null, "causes": [run.sign].as_slice(),
        });
        listing.add(run.first_at, &id, row);
    }
    for drift in &record.drifts {
        let id = incident_id(origin, 0, drift.at);
        let row = json!({
            "id": id, "at": drift.at, "kind": "drift", "origin": origin, "before": drift.before, "after": drift.after,
            "hop": drift.hop, "causes": drift_causes(changes, drift.at),
        });
        listing.add(drift.at, &id, row);
    }
}

fn of_knowledge(origin: &str, known: &Knowledge, listing: &mut Listing) {
    for drift in &known.drifts {
        let id = format!("{}-declared", incident_id(origin, 0, drift.at));
        let row = json!({
            "id": id, "at": drift.at, "kind": "declared_drift", "origin": origin, "before": drift.before,
            "after": drift.after, "hop": Value::Null, "location": drift.location,
            "causes": drift_causes(&known.changes, drift.at),
        });
        listing.add(drift.at, &id, row);
    }
}

fn of_incident(origin: &str, incident: &Incident, listing: &mut Listing) {
    let (mut code, mut hop) = (incident.code, &incident.hop);
    if let Some(first) = incident.changes.first() {
        (code, hop) = (first.from, &first.hop);
    }
    let mut tell = |kind: &str, at: UnixMillis, (before, after): (Value, Value), hop: &Option<Hostname>| {
        let id = format!("{}-{kind}-{}", incident.id, at.0);
        let row = json!({
            "id": id, "at": at, "kind": kind, "origin": origin, "before": before, "after": after,
            "hop": hop, "causes": NONE, "incident": incident.id,
        });
        listing.add(at, &id, row);
    };
    tell("incident_opened", incident.since, (Value::Null, value(&code)), hop);
    let hops = incident.changes.iter().skip(1).map(|change| &change.hop).chain([&incident.hop]);
    for (change, hop) in incident.changes.iter().zip(hops) {
        tell("incident_changed", change.at, (value(&change.from), value(&change.to)), hop);
    }
    if let Some(ended) = incident.ended {
        tell("incident_ended", ended.at, (value(&incident.code), value(&ended.by)), &incident.hop);
    }
}

/// An incident carries its cause as its code.
const NONE: &[&str] = &[];
