//! `GET /status`: what the guard knows, from the record and from this isolate's latest look-up. It asks nobody but KV.

use serde_json::Value;

use super::respond::Answer;
use super::{Guard, Operator};
use crate::VERSION;
use crate::config::{KV_BINDING, KV_NEEDED_FOR, Origin, Severity, secrets};
use crate::diagnosis::{Evidence, Finding, findings, with_backend_refusals};
use crate::dns::chain_rows;
use crate::investigation::{edge_name, known_refusals, record_evidence};
use crate::json::{json, shown_words};
use crate::origin::{BackendRefusals, LastGood, Record, RecordCopy};
use crate::ports::{Ports, StoreFailure};
use crate::refresh::{load_record, note_lookup};

/// How an origin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Healthy,
    Degraded,
    Failing,
    Unknown,
}

shown_words! { State { Healthy: "healthy", Degraded: "degraded", Failing: "failing", Unknown: "unknown" } }

pub(super) async fn handle<P: Ports>(guard: &Guard<'_, P>, _: Operator) -> Answer {
    report(guard, &load_all(guard).await).into()
}

/// The record of every origin.
pub(super) async fn load_all<P: Ports>(guard: &Guard<'_, P>) -> Vec<RecordCopy> {
    let mut copies = Vec::new();
    for origin in &guard.scene.config.origins {
        copies.push(load_record(&guard.scene, origin, 0).await);
    }
    copies
}

pub(super) fn report<P: Ports>(guard: &Guard<'_, P>, copies: &[RecordCopy]) -> Value {
    let origins = guard.scene.config.origins.iter().zip(copies);
    let shown: Vec<Value> = origins.map(|(origin, copy)| show(guard, origin, copy)).collect();
    json!({ "guard": guard_part(guard, copies), "origins": shown })
}

fn guard_part<P: Ports>(guard: &Guard<'_, P>, copies: &[RecordCopy]) -> Value {
    json!({
        "version": VERSION,
        "now": guard.scene.ports.now(),
        "config": json!({ "valid": guard.loaded.faults.is_empty(), "errors": guard.loaded.faults }),
        "kv": kv(guard.scene.secrets.kv_bound, copies),
        "disabled": disabled(guard),
    })
}

/// What is not done for want of a secret or binding.
fn disabled<P: Ports>(guard: &Guard<'_, P>) -> Vec<Value> {
    let needed = secrets(guard.scene.config).into_iter().map(|secret| (secret.name, secret.needed_for));
    let lacking = needed.filter(|(name, _)| !guard.scene.secrets.names().contains(name));
    let kv = (!guard.scene.secrets.kv_bound).then(|| (KV_BINDING.to_owned(), KV_NEEDED_FOR.to_owned()));
    lacking.chain(kv).map(|(name, what)| json!({ "missing": name, "disables": what })).collect()
}

fn kv(bound: bool, copies: &[RecordCopy]) -> &'static str {
    let unavailable = |copy: &RecordCopy| matches!(copy, RecordCopy::Unavailable(StoreFailure::Unavailable(_)));
    if !bound {
        "missing"
    } else if copies.iter().any(unavailable) {
        "unavailable"
    } else {
        "ok"
    }
}

fn show<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, copy: &RecordCopy) -> Value {
    let now = guard.scene.ports.now();
    let known = copy.record().map(|record| with_memory(guard, origin, record)).or_else(|| from_memory(guard, origin));
    let record = known.as_ref();
    let good = record.and_then(|record| record.last_good.as_ref());
    let refusals = known_refusals(&guard.scene, origin, copy);
    let found = findings(&evidence(guard, origin, copy));
    let found = with_backend_refusals(found, refusals.as_ref(), now);
    json!({
        "name": origin.name,
        "hostname": origin.hostname,
        "state": state(record, &found),
        "outcome": record.map(|record| record.outcome.as_str()),
        "chain": good.map(|good| chain_rows(origin.hostname.as_str(), &good.chain, &good.addresses)).unwrap_or_default(),
        "addresses": good.map(LastGood::bare_addresses).unwrap_or_default(),
        "observed_at": record.map(|record| record.observed_at),
        "fresh_until": record.map(|record| record.fresh_until),
        "last_good": good.map(|good| json!({
            "addresses": good.bare_addresses(), "at": good.at, "age_s": now.since_s(good.at), "places": good.places,
        })),
        "declared": Value::Null,
        "findings": found,
        "backend_refusals": refusals.as_ref().map(BackendRefusals::view),
        "incident": record.and_then(|record| record.incident.as_ref()),
        "writes_left": record.map(|record| record.writes.left(now)),
    })
}

/// An incident that could not be written is open all the same.
fn with_memory<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, record: &Record) -> Record {
    let now = guard.scene.ports.now();
    let here = guard.scene.remember(|memory| memory.failing(&origin.name, now).map(|it| it.incident.clone()));
    let unknown = here.filter(|here| !record.has_ended(&here.id));
    Record { incident: record.incident.clone().or(unknown), ..record.clone() }
}

/// Without a record, this isolate's own look-up is what is known.
fn from_memory<P: Ports>(guard: &Guard<'_, P>, origin: &Origin) -> Option<Record> {
    let lookup = guard.scene.remember(|memory| memory.latest_lookup(&origin.name).cloned())?;
    let mut record = Record::new(&origin.hostname);
    note_lookup(&mut record, &lookup, &guard.scene.config.dns);
    let now = guard.scene.ports.now();
    record.incident = guard.scene.remember(|memory| memory.failing(&origin.name, now).map(|it| it.incident.clone()));
    Some(record)
}

fn evidence<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, copy: &RecordCopy) -> Evidence {
    Evidence {
        at: guard.scene.ports.now(),
        hostname: origin.hostname.clone(),
        edge_name: edge_name(origin).clone(),
        expect_suffixes: origin.expect_suffixes.clone(),
        failure: None,
        lookup: guard.scene.remember(|memory| memory.latest_lookup(&origin.name).cloned()),
        counterpart: None,
        azure: None,
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
