//! Structured log lines: one JSON object each (Workers Logs indexes its fields). None for a healthy request.

use serde_json::Value;
use wasm_bindgen::JsValue;
use web_sys::console;

use super::js;
use crate::config::{Fault, Origin};
use crate::investigation::Visit;
use crate::json::json;

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

/// A scheduled run.
pub(super) fn scheduled_run(origins: &[&Origin], visits: &[Visit]) {
    let origins: Vec<Value> = origins.iter().zip(visits).map(|(origin, visit)| visited(origin, visit)).collect();
    line(&json!({ "event": "scheduled_run", "origins": origins }));
}

fn visited(origin: &Origin, visit: &Visit) -> Value {
    let report = visit.refreshed.as_ref();
    json!({
        "origin": origin.name,
        "due": report.is_some(),
        "outcome": report.map(|report| report.outcome),
        "changed": report.map(|report| report.changed),
        "stored": report.map(|report| report.stored),
        "recovered": visit.recovered,
    })
}
