//! One origin, looked up and compared with what is stored.

use serde::Serialize;
use std::net::IpAddr;

use super::{Drift, Scene, Stored, load_record, save_record};
use crate::config::{DnsConfig, Origin};
use crate::dns::{Consensus, Lookup, Patience, ResolverRow, fresh_for_s, look_up};
use crate::origin::{LastGood, Record, RecordCopy};
use crate::ports::Ports;
use crate::time::UnixMillis;

/// The answer of `POST /refresh` for one origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

/// Whether a record is due at `now`: its latest look-up is no longer fresh, or there is none.
pub fn is_due(copy: &RecordCopy, now: UnixMillis) -> bool {
    copy.record().is_none_or(|record| record.fresh_until <= now)
}

/// Looks `origin` up with every resolver's full answer, compares and stores.
pub async fn refresh_origin<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) -> RefreshReport {
    let copy = load_record(scene, origin, 0).await;
    let lookup = look_up(scene.ports, &scene.config.dns, &origin.hostname, Patience::Full).await;
    scene.remember(|memory| memory.remember_lookup(&origin.name, scene.ports.now(), lookup.clone()));
    let stored = save_record(scene, origin, &copy, |record| note_lookup(record, &lookup, &scene.config.dns)).await;
    report(origin, &copy, &lookup, stored)
}

/// Brings `record` up to date with `lookup`. **Unknown and absent never remove what was known.**
pub fn note_lookup(record: &mut Record, lookup: &Lookup, dns: &DnsConfig) {
    lookup.consensus.word().clone_into(&mut record.outcome);
    record.observed_at = lookup.at;
    record.fresh_until = lookup.at.plus_s(u64::from(fresh_for_s(&lookup.consensus, dns)));
    if let Some(good) = last_good(lookup, record.last_good.as_ref()) {
        record.last_good = Some(good);
    }
}

/// What `lookup` knows; addresses of a family that no knowing resolver could be asked for stay as they were.
fn last_good(lookup: &Lookup, old: Option<&LastGood>) -> Option<LastGood> {
    let Consensus::Known { addresses, chain, .. } = &lookup.consensus else { return None };
    let mut addresses = addresses.clone();
    for seen in old.map_or(&[][..], |old| &old.addresses) {
        if lookup.lacks_family(seen.address.is_ipv6()) {
            seen.insert_into(&mut addresses);
        }
    }
    Some(LastGood { chain: chain.clone(), addresses, at: lookup.at })
}

fn report(origin: &Origin, copy: &RecordCopy, lookup: &Lookup, stored: Stored) -> RefreshReport {
    let old = copy.record().and_then(|record| record.last_good.as_ref());
    let new = last_good(lookup, old);
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
