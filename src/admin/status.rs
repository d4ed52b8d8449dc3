//! `GET /status`: what the guard knows, from the record and from this isolate's latest look-up. It asks nobody but KV.

use serde_json::Value;

use super::compare::{comparison, tags_of};
use super::respond::Answer;
use super::seen::{Seen, see_all};
use super::{Guard, Operator, notices};
use crate::VERSION;
use crate::azure::{Comparison, declared_view, knowledge_view};
use crate::config::{KV_BINDING, KV_NEEDED_FOR, secrets};
use crate::dns::chain_rows;
use crate::json::json;
use crate::origin::{BackendRefusals, LastGood, RecordCopy};
use crate::ports::{Ports, StoreFailure};

pub(super) async fn handle<P: Ports>(guard: &Guard<'_, P>, _: Operator) -> Answer {
    report(guard, &see_all(guard).await).await.into()
}

pub(super) async fn report<P: Ports>(guard: &Guard<'_, P>, seen: &[Seen<'_>]) -> Value {
    let tags = tags_of(guard, seen).await;
    let mut shown = Vec::new();
    for seen in seen {
        let compared = comparison(guard, seen, tags.as_deref()).await;
        shown.push(show(guard, seen, compared.as_ref()));
    }
    json!({ "guard": guard_part(guard, seen, &notices::view(guard).await), "origins": shown })
}

fn guard_part<P: Ports>(guard: &Guard<'_, P>, seen: &[Seen<'_>], notices: &Value) -> Value {
    json!({
        "version": VERSION,
        "now": guard.scene.ports.now(),
        "config": json!({ "valid": guard.loaded.faults.is_empty(), "errors": guard.loaded.faults }),
        "kv": kv(guard, seen),
        "disabled": disabled(guard),
        "notices": notices,
    })
}

/// What is not done for want of a secret or binding.
fn disabled<P>(guard: &Guard<'_, P>) -> Vec<Value> {
    lacking(guard).into_iter().map(|(name, what)| json!({ "missing": name, "disables": what })).collect()
}

/// Secrets and bindings that are needed and missing, each with what is not done without it.
pub(super) fn lacking<P>(guard: &Guard<'_, P>) -> Vec<(String, String)> {
    let needed = secrets(guard.scene.config).into_iter().map(|secret| (secret.name, secret.needed_for));
    let lacking = needed.filter(|(name, _)| !guard.scene.secrets.names().contains(name));
    let kv = (!guard.scene.secrets.kv_bound).then(|| (KV_BINDING.to_owned(), KV_NEEDED_FOR.to_owned()));
    lacking.chain(kv).collect()
}

/// How the store is: `ok`, `unavailable` or `missing`.
pub(super) fn kv<P>(guard: &Guard<'_, P>, seen: &[Seen<'_>]) -> &'static str {
    let unavailable = |seen: &Seen<'_>| matches!(seen.copy, RecordCopy::Unavailable(StoreFailure::Unavailable(_)));
    if !guard.scene.secrets.kv_bound {
        "missing"
    } else if seen.iter().any(unavailable) {
        "unavailable"
    } else {
        "ok"
    }
}

fn show<P: Ports>(guard: &Guard<'_, P>, seen: &Seen<'_>, comparison: Option<&Comparison>) -> Value {
    let (now, origin, record) = (guard.scene.ports.now(), seen.origin, seen.record.as_ref());
    let good = record.and_then(|record| record.last_good.as_ref());
    let known = seen.azure.record();
    let declared = known.and_then(|known| known.declared.as_ref());
    json!({
        "name": origin.name,
        "hostname": origin.hostname,
        "state": seen.state.as_str(),
        "outcome": record.map(|record| record.outcome.as_str()),
        "chain": good.map(|good| chain_rows(origin.hostname.as_str(), &good.chain, &good.addresses)).unwrap_or_default(),
        "addresses": good.map(LastGood::bare_addresses).unwrap_or_default(),
        "observed_at": record.map(|record| record.observed_at),
        "fresh_until": record.map(|record| record.fresh_until),
        "last_good": good.map(|good| json!({
            "addresses": good.bare_addresses(), "at": good.at, "age_s": now.since_s(good.at), "places": good.places,
        })),
        "declared": declared.map(declared_view),
        "comparison": comparison,
        "azure": known.map(|known| knowledge_view(known, guard.scene.config.azure.as_ref())),
        "findings": seen.findings,
        "zone": seen.zones.as_ref().map(|zones| &zones.hosts),
        "network_check": seen.network.as_ref().map(|check| json!({
            "at": check.at, "from": check.from, "not_checked": check.not_checked,
        })),
        "backend_refusals": seen.refusals.as_ref().map(BackendRefusals::view),
        "incident": record.and_then(|record| record.incident.as_ref()),
        "writes_left": record.map(|record| record.writes.left(now)),
    })
}
