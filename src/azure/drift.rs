//! A change of the declared addresses.

use ipnet::IpNet;

use super::Declared;
use super::merge::Merged;
use crate::json::stored;
use crate::time::UnixMillis;

/// Old and new set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredDrift {
    /// When it was seen; for what is merely missing, when that was confirmed.
    pub at: UnixMillis,
    /// Where; `None`: in several locations.
    pub location: Option<String>,
    /// What was declared before.
    pub before: Vec<IpNet>,
    /// What is declared now.
    pub after: Vec<IpNet>,
}

stored! { DeclaredDrift { at, location, before, after } }

/// What is declared and not missing.
pub(super) fn current(declared: Option<&Declared>) -> Vec<IpNet> {
    let all = declared.iter().flat_map(|declared| &declared.addresses);
    let mut all: Vec<IpNet> =
        all.filter(|address| address.gone_since.is_none()).map(|address| address.network).collect();
    all.dedup();
    all
}

/// The change that a reading shows; `told` are those before. The first set that is known is no change.
pub(super) fn drift(
    told: &[DeclaredDrift],
    mut before: Vec<IpNet>,
    declared: Option<&Declared>,
    merged: &Merged,
    now: UnixMillis,
) -> Option<DeclaredDrift> {
    let after = current(declared);
    let lost = |drift: &DeclaredDrift, network| drift.before.contains(network) && !drift.after.contains(network);
    let untold = merged.confirmed.iter().filter(|network| !told.iter().any(|drift| lost(drift, network)));
    before.extend(untold.filter(|network| !after.contains(network)));
    before.sort_unstable();
    before.dedup();
    let gone = before.iter().any(|network| !after.contains(network) && merged.confirmed.contains(network));
    if before.is_empty() || (merged.added.is_empty() && !gone) {
        return None;
    }
    let changed = |network: &IpNet| merged.added.contains(network) || merged.confirmed.contains(network);
    let all = declared.iter().flat_map(|declared| &declared.addresses);
    let mut places = all.filter(|address| changed(&address.network)).map(|address| &address.location);
    let location = places.next().filter(|first| places.all(|place| place == *first)).cloned();
    Some(DeclaredDrift { at: now, location, before, after })
}
