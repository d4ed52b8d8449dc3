//! The set and its entries.

use ipnet::IpNet;

use crate::azure::{Caveat, Direction};
use crate::json::{shown, shown_words};
use crate::time::UnixMillis;

/// The set for one origin or several, in a stable order: by network, then location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowlist {
    /// Never empty: what is not known is no list.
    pub entries: Vec<Entry>,
    /// When the set last changed: neither the time of the export nor that of the latest look, so that the same set has
    /// the same bytes.
    pub made_at: UnixMillis,
    /// What it was made from, in words: `ARM, service /subscriptions/…/service/contoso`.
    pub from: String,
    /// Why it may not be all.
    pub caveats: Vec<Caveat>,
}

shown! { Allowlist { entries, made_at, from, caveats } }

/// One address or range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Shown with its prefix length.
    pub cidr: IpNet,
    /// Where it is known from.
    pub evidence: EvidenceKind,
    /// As which address it is used.
    pub direction: Direction,
    /// Normalised location (`westeurope`); `None` where it is not known.
    pub location: Option<String>,
    /// When it was first seen; `None` where nothing kept tells it.
    pub first_seen_at: Option<UnixMillis>,
    /// Since when it is gone; it is held on the list for `allowlist.hold_removals_s`.
    pub gone_since: Option<UnixMillis>,
}

shown! { Entry { cidr, evidence, direction, location, first_seen_at, gone_since } }

/// Where an entry is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// ARM declares it.
    Declared,
    /// Only seen in DNS: inbound.
    Observed,
}

shown_words! { EvidenceKind { Declared: "declared", Observed: "observed" } }

impl Allowlist {
    /// The list with those entries only that `keep` takes; `None` where it takes none.
    #[must_use]
    pub fn only(mut self, keep: &dyn Fn(&Entry) -> bool) -> Option<Self> {
        self.entries.retain(keep);
        (!self.entries.is_empty()).then_some(self)
    }

    /// Every address of the entries in as few of their networks as hold them: none twice, none inside another. Sorted.
    pub fn networks(&self) -> Vec<IpNet> {
        covering(self.entries.iter().map(|entry| entry.cidr.trunc()))
    }
}

impl Entry {
    /// Whether traffic in `direction` has this address.
    pub fn is_used(&self, direction: Direction) -> bool {
        self.direction == direction || self.direction == Direction::Both
    }
}

/// `networks` without those that are inside another one, sorted. Several tools refuse overlapping ranges.
pub(super) fn covering(networks: impl IntoIterator<Item = IpNet>) -> Vec<IpNet> {
    let mut sorted: Vec<IpNet> = Vec::new();
    for network in networks {
        // A network comes directly before all that it contains: the order is by first address, then prefix length.
        let at = sorted.partition_point(|other| *other < network);
        sorted.insert(at, network);
    }
    sorted.dedup_by(|later, earlier| earlier.contains(&*later));
    sorted
}
