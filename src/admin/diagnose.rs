//! `GET /diagnose`: the staged checks, live, also when all is well.

use futures_util::future::join;
use serde_json::Value;

use super::refresh::{selected, unknown_origin};
use super::respond::{Errors, json};
use super::{AdminRequest, Guard, Operator};
use crate::config::Origin;
use crate::diagnosis::{checks, diagnose, evidence_view, findings, remedies};
use crate::investigation::{Probe, Question, edge_name, investigate, probe_origin};
use crate::json::json;
use crate::ports::Ports;
use crate::problem::{Check, Code, Rendered, entry};

pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Rendered {
    match selected(guard, request).as_deref() {
        Err(name) => unknown_origin(errors, name),
        Ok([origin]) => json(200, &live(guard, origin, request).await),
        Ok([]) => {
            errors.problem(Code::GuardConfigInvalid, "The configuration names no origin; config lists what is wrong.")
        }
        Ok(_) => errors.problem(Code::AdminBadRequest, "There are several origins: say which one with ?origin=<name>."),
    }
}

/// Looks the name up and asks the health path side by side, then judges both.
async fn live<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, request: &AdminRequest) -> Value {
    let budget_ms = guard.scene.config.diagnostics.budget_ms;
    let question = Question { origin, failure: None, edge_name: edge_name(origin), budget_ms };
    let (found, probe) =
        join(investigate(&guard.scene, &question), probe_origin(guard.scene.ports, origin, budget_ms)).await;
    let mut evidence = found.evidence;
    evidence.failure = probe.failure;
    let verdict = diagnose(&evidence);
    let mut stages = checks(&evidence);
    stages.push(https(&probe));
    json!({
        "origin": origin.name,
        "hostname": origin.hostname,
        "verdict": verdict.as_ref().map(|verdict| json!({
            "code": verdict.code,
            "title": entry(verdict.code).title,
            "error_code": verdict.error_code,
            "who_acts": entry(verdict.code).who_acts,
            "because": verdict.because,
            "failed_hop": verdict.failed_hop,
        })),
        "checks": stages,
        "findings": findings(&evidence),
        "remedies": verdict.as_ref().map(|verdict| remedies(verdict, &evidence)).unwrap_or_default(),
        "evidence": evidence_view(&evidence, verdict.as_ref(), request.colo.as_deref()),
    })
}

fn https(probe: &Probe) -> Check {
    match (probe.status, probe.failure) {
        (Some(status), _) => Check::pass(
            "https",
            format!("{} answered {status}: name, connection and TLS work, and the gateway answers", probe.url),
            probe.took_ms,
        ),
        (None, Some(failure)) => Check::fail("https", format!("{} failed: {failure}", probe.url), probe.took_ms),
        (None, None) => Check::skip("https", "not asked"),
    }
}
