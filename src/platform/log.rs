//! Structured log lines: one JSON object each (Workers Logs indexes its fields). None for a healthy request.

use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use web_sys::console;

use super::js;
use crate::config::Fault;
use crate::refresh::RefreshReport;

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

/// A scheduled run; `None`: the record was not due.
pub(super) fn scheduled_run(reports: &[Option<RefreshReport>]) {
    let done: Vec<Value> = reports
        .iter()
        .flatten()
        .map(|report| json!({ "origin": report.name, "outcome": report.outcome, "changed": report.changed, "stored": report.stored }))
        .collect();
    line(&json!({ "event": "scheduled_run", "refreshed": done, "not_due": reports.len().saturating_sub(done.len()) }));
}
