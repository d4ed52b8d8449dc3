//! The four sets of an origin beside one another: seen in DNS, declared by ARM, had by the allowlist targets, published by Azure.

use super::Guard;
use super::seen::Seen;
use crate::allowlist::applied_sets;
use crate::azure::{Comparison, Declared, vendor_ranges};
use crate::network_check::CloudTag;
use crate::network_watch::kept_cloud_tags;
use crate::ports::Ports;

/// The tags of all locations of `seen`. Where nothing is declared, nothing is read.
pub(super) async fn tags_of<P: Ports>(guard: &Guard<'_, P>, seen: &[Seen<'_>]) -> Option<Vec<CloudTag>> {
    let mut locations: Vec<String> = seen.iter().filter_map(declared).flat_map(|one| one.locations.clone()).collect();
    locations.sort();
    locations.dedup();
    if locations.is_empty() { None } else { kept_cloud_tags(guard.scene.ports, &locations).await }
}

/// `None` where nothing is declared, as far as is known.
pub(super) async fn comparison<P: Ports>(
    guard: &Guard<'_, P>,
    seen: &Seen<'_>,
    tags: Option<&[CloudTag]>,
) -> Option<Comparison> {
    let declared = declared(seen)?;
    let addresses = seen.addresses();
    let applied = applied_sets(&guard.scene, seen.origin, declared).await;
    let ranges = tags.map(|tags| vendor_ranges(&addresses, declared, tags));
    let compared = Comparison::of(&addresses, declared, guard.scene.ports.now());
    Some(compared.with_applied(applied).with_vendor_range(ranges, declared))
}

fn declared<'s>(seen: &'s Seen<'_>) -> Option<&'s Declared> {
    seen.azure.record()?.declared.as_ref()
}
