//! The set and its entries.

use ipnet::IpNet;

use crate::azure::{Caveat, Direction};
use crate::json::shown_words;
use crate::time::UnixMillis;

/// The set for one origin or several, in a stable order: by network, then location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowlist {
    /// Never empty: what is not known is no list.
    pub entries: Vec<Entry>,
    /// When the newest fact in it was confirmed: not the time of the export, so that the same set has the same bytes.
    pub made_at: UnixMillis,
    /// What it was made from, in words: `ARM, service /subscriptions/…/service/contoso`.
    pub from: String,
    /// Why it may not be all.
    pub caveats: Vec<Caveat>,
}

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
    /// When it was first seen.
    pub first_seen_at: UnixMillis,
    /// Since when it is gone; it is held on the list for `allowlist.hold_removals_s`.
    pub gone_since: Option<UnixMillis>,
}

/// Where an entry is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceKind {
    /// ARM declares it.
    Declared,
    /// Only seen in DNS: inbound.
    Observed,
}

shown_words! { EvidenceKind { Declared: "declared", Observed: "observed" } }
