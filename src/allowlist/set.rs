//! From what is known of origins to one list.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Allowlist, Entry, EvidenceKind, Source, plain};
use crate::azure::{Caveat, DeclaredAddress, Direction};
use crate::origin::Record;
use crate::time::UnixMillis;

/// A list that ARM has not confirmed for so long says so, in seconds.
const STALE_S: u64 = 24 * 60 * 60;

/// How long an address that is gone stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// `allowlist.hold_removals_s`.
    pub for_s: u32,
    /// Now.
    pub now: UnixMillis,
}

impl Held {
    /// When an address that is gone since then leaves the list.
    pub fn until(self, gone_since: UnixMillis) -> UnixMillis {
        gone_since.plus_s(self.for_s.into())
    }

    fn has_ended(self, gone_since: UnixMillis) -> bool {
        self.until(gone_since) <= self.now
    }
}

/// The list of all `sources`; `None` where none of them has an address.
pub fn gather(sources: &[Source], held: Held) -> Option<Allowlist> {
    let addresses = || sources.iter().filter_map(|source| source.declared.as_ref()).flat_map(|it| &it.addresses);
    let kept = addresses().filter(|address| !address.gone_since.is_some_and(|gone| held.has_ended(gone)));
    let observed = sources.iter().flat_map(|source| &source.observed).cloned();
    let changes = addresses().flat_map(|address| changes(address, held));
    let seen = sources.iter().flat_map(|source| &source.observed).filter_map(|entry| entry.first_seen_at);
    let list = Allowlist {
        made_at: changes.chain(seen).max().unwrap_or(UnixMillis(0)),
        entries: merged(kept.map(declared_entry).chain(observed).collect()),
        from: plain(&sources.iter().map(|source| source.from.as_str()).collect::<Vec<_>>().join("; ")),
        caveats: caveats(sources, held.now),
    };
    (!list.entries.is_empty()).then_some(list)
}

/// The times at which the list changed for this address.
fn changes(address: &DeclaredAddress, held: Held) -> impl Iterator<Item = UnixMillis> {
    let ended = address.gone_since.filter(|gone| held.has_ended(*gone)).map(|gone| held.until(gone));
    [Some(address.first_seen_at), address.gone_since, ended].into_iter().flatten()
}

fn declared_entry(address: &DeclaredAddress) -> Entry {
    Entry {
        cidr: address.network.trunc(),
        evidence: EvidenceKind::Declared,
        direction: address.direction,
        location: Some(plain(&address.location)),
        first_seen_at: Some(address.first_seen_at),
        gone_since: address.gone_since,
    }
}

/// The addresses of every place that a look-up led to: inbound. When one was first seen, only a kept drift tells.
pub fn seen_in_dns(record: &Record) -> Vec<Entry> {
    let Some(good) = &record.last_good else { return Vec::new() };
    let places = good.places.iter().flat_map(|place| place.addresses.iter().copied());
    let latest = good.addresses.iter().map(|seen| seen.address);
    merged(places.chain(latest).map(|address| observed_entry(record, address)).collect())
}

fn observed_entry(record: &Record, address: IpAddr) -> Entry {
    let added = record.drifts.iter().filter(|drift| drift.added.contains(&address));
    Entry {
        cidr: IpNet::from(address),
        evidence: EvidenceKind::Observed,
        direction: Direction::Inbound,
        location: None,
        first_seen_at: added.map(|drift| drift.at).min(),
        gone_since: None,
    }
}

/// Sorted by network, then location; one entry for what is the same, and none for what DNS shows of a declared inbound
/// range.
fn merged(entries: Vec<Entry>) -> Vec<Entry> {
    let mut sorted: Vec<Entry> = Vec::new();
    for entry in entries {
        let before = |other: &Entry| {
            (other.cidr, other.evidence, &other.location) <= (entry.cidr, entry.evidence, &entry.location)
        };
        let at = sorted.partition_point(before);
        sorted.insert(at, entry);
    }
    let mut merged: Vec<Entry> = Vec::new();
    for entry in sorted {
        match merged.last_mut().filter(|last| last.is_same_as(&entry)) {
            Some(last) => last.join(&entry),
            None => merged.push(entry),
        }
    }
    let declared: Vec<IpNet> = merged.iter().filter(|entry| entry.is_declared_inbound()).map(|it| it.cidr).collect();
    let is_told = |entry: &Entry| declared.iter().any(|network| network.contains(&entry.cidr));
    merged.retain(|entry| entry.evidence == EvidenceKind::Declared || !is_told(entry));
    merged
}

impl Entry {
    fn is_declared_inbound(&self) -> bool {
        self.evidence == EvidenceKind::Declared && self.is_used(Direction::Inbound)
    }

    /// Of the same network and, as far as known, the same location.
    fn is_same_as(&self, other: &Self) -> bool {
        let apart = self.location.is_some() && other.location.is_some() && self.location != other.location;
        self.cidr == other.cidr && !apart
    }

    /// `other`, which comes after it, says the same or less: DNS does not bring back what ARM says is gone.
    fn join(&mut self, other: &Self) {
        if self.direction != other.direction {
            self.direction = Direction::Both;
        }
        self.first_seen_at = self.first_seen_at.into_iter().chain(other.first_seen_at).min();
        if self.evidence == other.evidence {
            self.gone_since = self.gone_since.zip(other.gone_since).map(|(a, b)| a.max(b));
        }
    }
}

fn caveats(sources: &[Source], now: UnixMillis) -> Vec<Caveat> {
    let mut caveats = Vec::new();
    for (source, declared) in sources.iter().filter_map(|source| Some((source, source.declared.as_ref()?))) {
        caveats.extend(declared.caveats.iter().chain(&source.caveats).cloned());
        if now.since_s(declared.at) >= STALE_S {
            caveats.push(Caveat {
                code: "not_confirmed_lately".into(),
                detail: format!("{}: Azure last confirmed its addresses at {}.", source.origin, declared.at),
            });
        }
    }
    let mut seen = Vec::new();
    caveats.retain(|caveat| {
        !seen.contains(caveat) && {
            seen.push(caveat.clone());
            true
        }
    });
    caveats
}
