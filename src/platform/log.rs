//! Structured log lines: one JSON object each (Workers Logs indexes its fields). None for a healthy request.

use serde_json::Value;
use wasm_bindgen::JsValue;
use web_sys::console;

use super::js;
use crate::allowlist::{Outcome, TargetReport};
use crate::azure::KeptUp;
use crate::config::{Fault, Origin};
use crate::investigation::Visit;
use crate::json::json;
use crate::notices::STATE_KEY;
use crate::origin::{Incident, RefusalSign};
use crate::round::{Report, Round};

fn line(value: &Value) {
    console::log_1(&value.to_string().into());
}

/// A mistake in the configuration; once per isolate.
pub(super) fn config_fault(fault: &Fault) {
    line(&json!({ "event": "config_fault", "path": fault.path, "rule": fault.rule, "message": fault.to_string() }));
}

/// A rejected `fetch`, in the runtime's words.
pub(super) fn rejected(error: &JsValue) {
    line(&json!({ "event": "origin_fetch_rejected", "message": js::words(error) }));
}

/// The first sign after an hour without that a backend refuses the gateway.
pub(super) fn backend_rejects_gateway(origin: &str, sign: RefusalSign) {
    line(&json!({ "event": "backend_rejects_gateway", "origin": origin, "sign": sign }));
}

/// A change of an incident: `event` says which, `None` that there is none.
pub(super) fn incident(origin: &str, event: Option<&str>, incident: Option<&Incident>) {
    if let (Some(event), Some(incident)) = (event, incident) {
        line(&json!({
            "event": event,
            "origin": origin,
            "incident": incident.id,
            "code": incident.code,
            "hop": incident.hop,
            "since": incident.since,
            "count": incident.count,
            "ended": incident.ended,
        }));
    }
}

/// The end of an incident, if one ended.
pub(super) fn incident_ended(origin: &str, ended: Option<&Incident>) {
    incident(origin, Some("incident_ended"), ended);
}

/// A scheduled run, after the incidents that it ended.
pub(super) fn scheduled_run(origins: &[Origin], round: &Round) {
    let visits = origins.iter().zip(&round.visits);
    visits.clone().for_each(|(origin, visit)| incident_ended(&origin.name, visit.recovered.as_ref()));
    let origins: Vec<Value> = visits.map(|(origin, visit)| visited(origin, visit)).collect();
    line(&json!({ "event": "scheduled_run", "origins": origins }));
    targets(&round.targets);
    notices(&round.notices);
    if let Some(Err(error)) = &round.heartbeat {
        line(&json!({ "event": "heartbeat_failed", "error": error }));
    }
}

/// What could not be told.
pub(super) fn notices(report: &Report) {
    for failed in &report.failed {
        line(&json!({
            "event": "notice_failed",
            "target": failed.index,
            "kind": failed.kind,
            "error": failed.error,
        }));
    }
    if report.unreadable {
        line(&json!({ "event": "notices_unreadable", "key": STATE_KEY }));
    }
}

fn visited(origin: &Origin, visit: &Visit) -> Value {
    let report = visit.refreshed.as_ref();
    json!({
        "origin": origin.name,
        "due": report.is_some(),
        "outcome": report.map(|report| report.outcome),
        "changed": report.map(|report| report.changed),
        "stored": report.map(|report| report.stored),
        "azure": visit.azure.as_ref().map(KeptUp::outcome),
        "recovered": visit.recovered.is_some(),
    })
}

/// The targets at which something was done or went wrong.
fn targets(reports: &[TargetReport]) {
    for report in reports.iter().filter(|report| !matches!(report.outcome, Outcome::InPlace | Outcome::NotDue)) {
        line(&json!({
            "event": "allowlist_target",
            "target": report.target,
            "outcome": report.outcome,
            "detail": report.detail,
            "code": report.code,
            "added": report.added,
            "removed": report.removed,
        }));
    }
}
