//! `GET /history`: what happened, newest first. Nothing is stored for it: incidents and drifts of the records tell it.

use serde_json::{Value, json};

use super::page::{Listing, Paged};
use super::refresh::{selected, unknown_origin};
use super::respond::Errors;
use super::{AdminRequest, Guard, Operator};
use crate::origin::{Drift, Incident, Record, incident_id};
use crate::ports::Ports;
use crate::problem::Rendered;
use crate::refresh::load_record;
use crate::time::UnixMillis;

pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Rendered {
    let origins = match selected(guard, request) {
        Ok(origins) => origins,
        Err(name) => return unknown_origin(errors, &name),
    };
    let mut listing = Listing::default();
    for origin in origins {
        let copy = load_record(&guard.scene, origin, 0).await;
        listing.note_unread(origin, &copy);
        if let Some(record) = copy.record() {
            of_record(&origin.name, record, &mut listing.rows);
        }
    }
    listing.page("events", request, errors)
}

fn of_record(origin: &str, record: &Record, events: &mut Vec<Paged>) {
    for incident in record.incident.iter().chain(&record.past) {
        of_incident(origin, incident, events);
    }
    events.extend(record.drifts.iter().map(|drift| of_drift(origin, drift)));
}

fn of_incident(origin: &str, incident: &Incident, events: &mut Vec<Paged>) {
    let first = incident.changes.first().map_or(incident.code, |change| change.from);
    let mut tell = |kind: &'static str, at: UnixMillis, before: Value, after: Value| {
        let id = [&incident.id, "-", kind, "-", &at.0.to_string()].concat();
        let value = json!({
            "id": id, "at": at, "kind": kind, "origin": origin, "before": before, "after": after,
            "hop": incident.hop, "causes": [], "incident": incident.id,
        });
        events.push(Paged { at, id, value });
    };
    tell("incident_opened", incident.since, Value::Null, json!(first));
    for change in &incident.changes {
        tell("incident_changed", change.at, json!(change.from), json!(change.to));
    }
    if let Some(ended) = incident.ended {
        tell("incident_ended", ended.at, json!(incident.code), json!(ended.by));
    }
}

fn of_drift(origin: &str, drift: &Drift) -> Paged {
    let id = incident_id(origin, drift.at);
    let value = json!({
        "id": id, "at": drift.at, "kind": "drift", "origin": origin, "before": drift.before, "after": drift.after,
        "hop": drift.hop, "causes": CAUSES,
    });
    Paged { at: drift.at, id, value }
}

/// When Microsoft says that the addresses of a gateway change
/// (<https://learn.microsoft.com/azure/api-management/api-management-howto-ip-addresses>). Which of them it was, DNS alone
/// does not tell.
const CAUSES: [&str; 4] = [
    "the subscription was disabled or warned, then reinstated",
    "the service was deleted and created again",
    "a virtual network was added, removed or changed",
    "availability zones or regions were changed",
];
