//! `GET /incidents`, `/incidents/<id>`, `/incidents/<id>/bundle`, and `POST /replay`.

use serde_json::Value;

use super::page::{self, Rows};
use super::request::BodyFault;
use super::respond::{Answer, Errors};
use super::seen::open_incident;
use super::{AdminRequest, Guard, Operator};
use crate::config::Origin;
use crate::diagnosis::{checks, evidence_view, findings, remedies, verdict_view};
use crate::investigation::{Bundle, BundleFault};
use crate::json::{json, value};
use crate::origin::{Incident, RecordCopy, incident_key, is_incident_id};
use crate::ports::{Ports, StoreFailure};
use crate::problem::{Code, Rendered};
use crate::refresh::{load_record, read_key};

/// Open and ended incidents, newest first.
pub(super) async fn list<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    let rows: Rows<'_> = &|origin, copy, listing| {
        for incident in of_origin(guard, origin, copy) {
            listing.add(incident.since, &incident.id, view(&origin.name, &incident));
        }
    };
    page::list(guard, request, errors, "incidents", rows).await
}

/// The incidents of one origin; the open one also where this isolate alone knows of it.
fn of_origin<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, copy: &RecordCopy) -> Vec<Incident> {
    let (record, open) = (copy.record(), open_incident(guard, origin, copy));
    open.into_iter().chain(record.into_iter().flat_map(|record| record.past.clone())).collect()
}

/// What the bundle of incident `id` shows; null where none is kept or readable.
pub(super) async fn diagnosis<P: Ports>(guard: &Guard<'_, P>, id: &str) -> Value {
    let stored = read_key(guard.scene.ports, &incident_key(id)).await.ok().flatten();
    stored.and_then(|text| Bundle::parse(&text).ok()).map_or(Value::Null, |bundle| judged(&bundle))
}

/// An incident as the interface shows it.
pub(super) fn view(origin: &str, incident: &Incident) -> Value {
    json!({
        "id": incident.id,
        "instance": format!("urn:origin-guard:incident:{}", incident.id),
        "origin": origin,
        "state": if incident.ended.is_some() { "ended" } else { "open" },
        "code": incident.code,
        "hop": incident.hop,
        "since": incident.since,
        "last_at": incident.last_at,
        "count": incident.count,
        "changes": incident.changes,
        "ended": incident.ended,
    })
}

/// One incident, or its bundle.
pub(super) async fn one<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    id: &str,
    bundle_alone: bool,
    errors: &Errors,
) -> Answer {
    if !is_incident_id(id) {
        return unknown(errors).into();
    }
    let stored = match read_key(guard.scene.ports, &incident_key(id)).await {
        Ok(stored) => stored,
        Err(failure) => return unavailable(errors, &failure).into(),
    };
    let bundle = match stored.as_deref().map(Bundle::parse).transpose() {
        Ok(bundle) => bundle,
        Err(_) if bundle_alone => return unreadable(errors).into(),
        Err(_) => None,
    };
    if bundle_alone {
        return bundle.map_or_else(|| unknown(errors).into(), |bundle| value(&bundle).into());
    }
    let listed = find(guard, id).await;
    match (listed, bundle) {
        (None, None) => unknown(errors).into(),
        (Some(incident), bundle) => with_proof(incident, bundle.as_ref()).into(),
        (None, Some(bundle)) => {
            let unlisted = with(view(&bundle.origin, &bundle.incident), "state", "unknown".into());
            with_proof(unlisted, Some(&bundle)).into()
        }
    }
}

async fn find<P: Ports>(guard: &Guard<'_, P>, id: &str) -> Option<Value> {
    for origin in &guard.scene.config.origins {
        let incidents = of_origin(guard, origin, &load_record(&guard.scene, origin, 0).await);
        if let Some(incident) = incidents.iter().find(|incident| incident.id == id) {
            return Some(view(&origin.name, incident));
        }
    }
    None
}

fn with_proof(incident: Value, bundle: Option<&Bundle>) -> Value {
    with(incident, "diagnosis", bundle.map_or(Value::Null, judged))
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    if let Value::Object(members) = &mut object {
        members.insert(name.to_owned(), value);
    }
    object
}

/// The verdict of this version on a bundle's evidence, and all that goes with it.
fn judged(bundle: &Bundle) -> Value {
    let (evidence, verdict) = (&bundle.evidence, bundle.judge_again());
    json!({
        "verdict": verdict.as_ref().map(verdict_view),
        "checks": checks(evidence),
        "findings": findings(evidence),
        "remedies": verdict.as_ref().map(|verdict| remedies(verdict, evidence)).unwrap_or_default(),
        "evidence": evidence_view(evidence, verdict.as_ref()),
    })
}

/// Judges a bundle again. `same`: whether the verdict is the one of its time.
pub(super) fn replay(_: Operator, request: &AdminRequest, errors: &Errors) -> Answer {
    let refuse = |detail: String| errors.problem(Code::AdminBadRequest, detail).into();
    match &request.body {
        Some(Ok(text)) => match Bundle::parse(text) {
            Ok(bundle) => replayed(&bundle).into(),
            Err(BundleFault::NotABundle) => {
                refuse("The body is no bundle: send what GET /incidents/<id>/bundle gave, unchanged.".into())
            }
            Err(BundleFault::NewerSchema(schema)) => refuse(format!(
                "The bundle has form {schema}, newer than this guard: replay it with the guard that made it."
            )),
        },
        Some(Err(BodyFault::TooLong)) => refuse("The body is longer than 64 KiB; no bundle is.".into()),
        Some(Err(BodyFault::Unreadable)) | None => refuse("Send a bundle as the body.".into()),
    }
}

fn replayed(bundle: &Bundle) -> Value {
    let same = bundle.judge_again().is_some_and(|verdict| verdict.agrees_with(&bundle.verdict));
    with(with(judged(bundle), "same", same.into()), "incident", view(&bundle.origin, &bundle.incident))
}

fn unknown(errors: &Errors) -> Rendered {
    errors.problem(Code::AdminNotFound, "No such incident is kept: incidents lists those of the last 30 days.")
}

fn unreadable(errors: &Errors) -> Rendered {
    errors.problem(Code::AdminNotFound, "Its bundle is kept, but this version cannot read it: it is newer, or damaged.")
}

fn unavailable(errors: &Errors, failure: &StoreFailure) -> Rendered {
    errors.for_now(format!("Whether there is such an incident is not known ({failure})."))
}
