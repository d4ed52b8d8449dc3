//! The address the edge used is no longer the gateway's.
//!
//! Two proofs: the name that the edge resolves has other addresses than the gateway's name, or the gateway's name itself
//! had others at the last good look-up. An answer from another place is no change ([`crate::origin::regional`]).

use std::net::IpAddr;

use super::edge_address::{Difference, EdgeAddress, edge_address};
use super::findings::UPKEEP_S;
use super::{Cause, Evidence, RecordEvidence};
use crate::dns::Observation;
use crate::origin::regional;
use crate::problem::Code;

/// `origin_address_stale`, where the evidence shows it.
pub(super) fn stale_address(evidence: &Evidence) -> Option<Cause> {
    match edge_address(evidence) {
        Some(EdgeAddress::Other(difference)) => Some(by_comparison(evidence, &difference)),
        Some(EdgeAddress::Current) => None,
        Some(EdgeAddress::Hidden | EdgeAddress::Unknown) | None => by_record(evidence),
    }
}

fn by_comparison(evidence: &Evidence, difference: &Difference) -> Cause {
    let Difference { used, current, ttl_s, by_address_record } = difference;
    let how = if had_within_ttl(evidence, difference) {
        format!("it had that address until a moment ago: an older answer lives {ttl_s} s more at most")
    } else if *by_address_record {
        "no CNAME leads there: an address record, or a flattened CNAME that has not followed".into()
    } else {
        "the CNAME leads somewhere else".into()
    };
    stale(format!("{} leads to {}, the gateway's name to {}; {how}", evidence.edge_name, list(used), list(current)))
}

/// Whether the gateway's name had the used address so short a time ago that an answer of that time may still be in use.
fn had_within_ttl(evidence: &Evidence, difference: &Difference) -> bool {
    let RecordEvidence::Present { addresses, at, .. } = &evidence.record else { return false };
    evidence.is_zone_route()
        && difference.used.iter().all(|address| addresses.contains(address))
        && evidence.at.since_s(*at) <= u64::from(difference.ttl_s)
}

/// The last good look-up and the present one have no address in common, though some resolver sees the place of the former.
/// Once the record has the new addresses, its latest change says the same.
fn by_record(evidence: &Evidence) -> Option<Cause> {
    let RecordEvidence::Present { addresses: before, chain, at, moved, .. } = &evidence.record else { return None };
    let lookup = evidence.lookup.as_ref().filter(|lookup| !lookup.is_partial())?;
    let (_, addresses) = lookup.consensus.known()?;
    let now: Vec<IpAddr> = addresses.iter().map(|seen| seen.address).collect();
    let in_common = |these: &[IpAddr]| these.iter().any(|address| now.contains(address));
    let told = |seen: &&Observation| !seen.outcome.addresses().is_empty();
    let mut places = lookup.observations.iter().filter(told).map(|seen| regional(&seen.chain));
    let recent = evidence.at.since_s(*at) <= UPKEEP_S;
    if recent && !before.is_empty() && !in_common(before) && places.any(|place| place == regional(chain)) {
        return Some(stale(format!("at {at} the name had {}, now it has {}", list(before), list(&now))));
    }
    let moved = moved.as_ref().filter(|moved| !in_common(&moved.before) && in_common(&moved.after))?;
    let (at, before) = (moved.at, list(&moved.before));
    (!moved.before.is_empty()).then(|| stale(format!("until {at} the name had {before}, now it has {}", list(&now))))
}

fn stale(because: String) -> Cause {
    Cause::new(Code::OriginAddressStale, because)
}

pub(super) fn list(addresses: &[IpAddr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
