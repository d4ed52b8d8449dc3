//! `GET /history`: what happened, newest first. Nothing is stored for it: incidents and drifts of the records tell it.

use serde_json::Value;

use super::page::{Listing, Rows, list};
use super::respond::{Answer, Errors};
use super::{AdminRequest, Guard, Operator};
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
    let rows: Rows<'_> = &|origin, copy, listing| {
        if let Some(record) = copy.record() {
            of_record(&origin.name, record, listing);
        }
    };
    list(guard, request, errors, "events", rows).await
}

/// The events of one origin, newest first.
pub(super) fn events(origin: &str, copy: &RecordCopy) -> Option<Vec<Value>> {
    let mut listing = Listing::default();
    match copy {
        RecordCopy::Present(record) => of_record(origin, record, &mut listing),
        RecordCopy::Empty => {}
        RecordCopy::Unreadable(_) | RecordCopy::Unavailable(_) => return None,
    }
    Some(listing.into_rows())
}

fn of_record(origin: &str, record: &Record, listing: &mut Listing) {
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
            "hop": drift.hop, "causes": CAUSES,
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

/// When Microsoft says that the addresses of a gateway change
/// (<https://learn.microsoft.com/azure/api-management/api-management-howto-ip-addresses>). Which of them it was, DNS alone
/// does not tell.
const CAUSES: &[&str] = &[
    "the subscription was disabled or warned, then reinstated",
    "the service was deleted and created again",
    "a virtual network was added, removed or changed",
    "availability zones or regions were changed",
];
