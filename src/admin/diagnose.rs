//! `GET /diagnose`: the staged checks, live, also when all is well.

use futures_util::future::join;
use serde_json::Value;

use super::probe_checks::probe_checks;
use super::refresh::{selected, unknown_origin};
use super::respond::{Answer, Errors};
use super::{AdminRequest, Guard, Operator};
use crate::config::Origin;
use crate::diagnosis::{
    Evidence, Finding, Verdict, checks, diagnose, evidence_view, findings, remedies, verdict_view,
    with_backend_refusals,
};
use crate::investigation::{
    Dialled, Investigation, Question, dial_gateway, edge_name, investigate, known_refusals, probe_origin,
};
use crate::json::json;
use crate::origin::{BackendRefusals, RecordCopy};
use crate::ports::Ports;
use crate::problem::{Check, Code, Rendered};
use crate::time::UnixMillis;

pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    match the_origin(guard, request, errors) {
        Ok(origin) => show(origin, &look(guard, origin, request).await).into(),
        Err(refusal) => refusal.into(),
    }
}

/// The origin of `?origin=`, or the only one.
pub(super) fn the_origin<'a, P: Ports>(
    guard: &Guard<'a, P>,
    request: &AdminRequest,
    errors: &Errors,
) -> Result<&'a Origin, Rendered> {
    match selected(guard, request).as_deref() {
        Err(name) => Err(unknown_origin(guard, errors, name)),
        Ok([origin]) => Ok(origin),
        Ok([]) => {
            Err(errors
                .problem(Code::GuardConfigInvalid, "The configuration names no origin; config lists what is wrong."))
        }
        Ok(_) => {
            Err(errors.problem(Code::AdminBadRequest, "There are several origins: say which one with ?origin=<name>."))
        }
    }
}

/// What a live look found.
pub(super) struct Live {
    pub(super) evidence: Evidence,
    pub(super) verdict: Option<Verdict>,
    pub(super) checks: Vec<Check>,
    pub(super) findings: Vec<Finding>,
    pub(super) refusals: Option<BackendRefusals>,
    /// The record as the store gave it.
    pub(super) copy: RecordCopy,
}

/// Looks the name up and dials what it has, asks the health path beside that, then judges all of it. The budget is for
/// the whole.
pub(super) async fn look<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, request: &AdminRequest) -> Live {
    let budget_ms = guard.scene.config.diagnostics.budget_ms;
    let question =
        Question { origin, failure: None, edge_name: edge_name(origin), budget_ms, seen_from: request.colo.as_deref() };
    let until = guard.scene.ports.now().plus_ms(budget_ms.into());
    let ((found, dialled), probe) =
        join(look_up_and_dial(guard, &question, until), probe_origin(guard.scene.ports, origin, budget_ms)).await;
    let refusals = known_refusals(&guard.scene, origin, &found.copy);
    let mut evidence = found.evidence;
    evidence.failure = probe.failure;
    let verdict = diagnose(&evidence);
    let mut stages = checks(&evidence);
    probe_checks(&mut stages, dialled.as_ref(), &probe);
    let findings = with_backend_refusals(findings(&evidence), refusals.as_ref(), evidence.at);
    Live { evidence, verdict, checks: stages, findings, refusals, copy: found.copy }
}

fn show(origin: &Origin, live: &Live) -> Value {
    let Live { evidence, verdict, checks, findings, .. } = live;
    json!({
        "origin": origin.name,
        "hostname": origin.hostname,
        "verdict": verdict.as_ref().map(verdict_view),
        "checks": checks,
        "findings": findings,
        "remedies": verdict.as_ref().map(|verdict| remedies(verdict, evidence)).unwrap_or_default(),
        "evidence": evidence_view(evidence, verdict.as_ref()),
    })
}

async fn look_up_and_dial<P: Ports>(
    guard: &Guard<'_, P>,
    question: &Question<'_>,
    until: UnixMillis,
) -> (Investigation, Option<Dialled>) {
    let found = investigate(&guard.scene, question).await;
    let dialled = match &found.evidence.lookup {
        Some(lookup) => Some(dial_gateway(guard.scene.ports, question.origin, lookup, until).await),
        None => None,
    };
    (found, dialled)
}
