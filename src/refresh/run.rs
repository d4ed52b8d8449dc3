//! One origin, looked up and compared with what is stored.

use std::net::IpAddr;

use super::{Scene, Stored, load_record, save_record};
use crate::config::{DnsConfig, Origin};
use crate::dns::{Consensus, Lookup, Patience, ResolverRow, fresh_for_s, look_up};
use crate::json::shown;
use crate::origin::{Drift, LastGood, Record, RecordCopy, ResolverAnswer, oldest_kept};
use crate::ports::Ports;
use crate::time::UnixMillis;

/// The answer of `POST /refresh` for one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshReport {
    /// Origin.
    pub name: String,
    /// `known`, `absent` or `unknown`.
    pub outcome: &'static str,
    /// What each resolver said.
    pub resolvers: Vec<ResolverRow>,
    /// The addresses; empty unless known.
    pub addresses: Vec<IpAddr>,
    /// Whether names or addresses differ from the last known ones, or are the first ones.
    pub changed: bool,
    /// The change between two known states.
    pub drift: Option<Drift>,
    /// Whether this run wrote the record.
    pub stored: bool,
    /// Why it was written or not.
    pub store_detail: &'static str,
}

shown! { RefreshReport { name, outcome, resolvers, addresses, changed, drift, stored, store_detail } }

/// Clocks may differ by this, in seconds; a look-up later than that was written by one that was wrong.
const CLOCKS_DIFFER_S: u64 = 300;

/// Whether a record is due at `now`: its latest look-up is no longer fresh, or there is none.
pub fn is_due(copy: &RecordCopy, now: UnixMillis) -> bool {
    copy.record().is_none_or(|record| record.fresh_until <= now || record.observed_at > now.plus_s(CLOCKS_DIFFER_S))
}

/// Looks `origin` up with every resolver's full answer, compares and stores.
pub async fn refresh_origin<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) -> RefreshReport {
    let copy = load_record(scene, origin, 0).await;
    let lookup = look_up(scene.ports, &scene.config.dns, &origin.hostname, Patience::Full).await;
    scene.remember(|memory| memory.remember_lookup(&origin.name, scene.ports.now(), lookup.clone()));
    let stored = save_record(scene, origin, &copy, &mut |record| note_lookup(record, &lookup, &scene.config.dns)).await;
    report(origin, &copy, &lookup, stored)
}

/// Brings `record` up to date with `lookup`. **Unknown and absent never remove what was known.**
pub fn note_lookup(record: &mut Record, lookup: &Lookup, dns: &DnsConfig) {
    lookup.consensus.word().clone_into(&mut record.outcome);
    record.observed_at = lookup.at;
    record.answers = ResolverAnswer::all_of(lookup);
    record.unknown_since = match &lookup.consensus {
        Consensus::Unknown { .. } => Some(record.unknown_since.unwrap_or(lookup.at)),
        Consensus::Known { .. } | Consensus::Absent { .. } => None,
    };
    record.fresh_until = lookup.at.plus_s(u64::from(fresh_for_s(&lookup.consensus, dns)));
    let Some(good) = LastGood::from_lookup(lookup, record.last_good.as_ref(), oldest_kept(lookup.at)) else { return };
    let drift = record.last_good.as_ref().and_then(|old| Drift::between(old, &good));
    record.drifts.splice(0..0, drift);
    record.last_good = Some(good);
}

fn report(origin: &Origin, copy: &RecordCopy, lookup: &Lookup, stored: Stored) -> RefreshReport {
    let old = copy.record().and_then(|record| record.last_good.as_ref());
    let new = LastGood::from_lookup(lookup, old, oldest_kept(lookup.at));
    let drift = old.zip(new.as_ref()).and_then(|(old, new)| Drift::between(old, new));
    RefreshReport {
        name: origin.name.clone(),
        outcome: lookup.consensus.word(),
        resolvers: lookup.observations.iter().map(ResolverRow::from).collect(),
        addresses: new.as_ref().map(LastGood::bare_addresses).unwrap_or_default(),
        changed: drift.is_some() || (old.is_none() && new.is_some()),
        drift,
        stored: stored == Stored::Written,
        store_detail: stored.describe(),
    }
}
