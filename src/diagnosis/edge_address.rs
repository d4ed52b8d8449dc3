//! The address that the edge uses, beside those that the gateway's name has now.
//!
//! They are two look-ups where the edge resolves a name of the customer's: an address record there does not follow the
//! gateway. A flattened CNAME looks like an address record, so a look alone never says which of the two it is.

use std::net::IpAddr;

use super::{Evidence, RecordEvidence};
use crate::dns::{Lookup, SeenAddress};
use crate::net::is_cloudflares;
use crate::origin::{Place, regional};

/// What the comparison says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum EdgeAddress {
    /// The name is proxied by Cloudflare: DNS shows Cloudflare's addresses and not the one behind them.
    Hidden,
    /// One of the two names has no known addresses, or some of its addresses may not be known.
    Unknown,
    /// The two have an address in common, or lead to two places of one gateway.
    Current,
    /// They have none in common.
    Other(Difference),
}

/// Addresses that differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// What the name that the edge resolves has.
    pub(super) used: Vec<IpAddr>,
    /// What the gateway's name has.
    pub(super) current: Vec<IpAddr>,
    /// For how long the answer about `used` may still be remembered, in seconds.
    pub(super) ttl_s: u32,
    /// Whether the name leads to `used` without an alias: an address record, or a flattened CNAME.
    pub(super) by_address_record: bool,
}

/// The comparison; `None` where the edge resolves the gateway's own name.
pub(super) fn edge_address(evidence: &Evidence) -> Option<EdgeAddress> {
    let (used, gateway) = used_and_gateway(evidence)?;
    let (Some((used_chain, used_addresses)), Some((chain, addresses))) =
        (used.consensus.known(), gateway.consensus.known())
    else {
        return Some(EdgeAddress::Unknown);
    };
    let lookups_are_partial = used.is_partial() || gateway.is_partial();
    let (used, current) = (bare(used_addresses), bare(addresses));
    let elsewhere = regional(used_chain).is_some_and(|place| Some(place) != regional(chain));
    Some(if used.iter().all(|address| is_cloudflares(*address)) {
        EdgeAddress::Hidden
    } else if elsewhere
        || used.iter().any(|address| current.contains(address) || is_of_another_place(evidence, gateway, *address))
    {
        EdgeAddress::Current
    } else if lookups_are_partial {
        EdgeAddress::Unknown
    } else {
        let ttl_s = used_addresses.iter().map(|seen| seen.ttl_s).min().unwrap_or_default();
        EdgeAddress::Other(Difference { used, current, ttl_s, by_address_record: used_chain.is_empty() })
    })
}

/// Whether the gateway had `address` at a place that this look-up does not show.
fn is_of_another_place(evidence: &Evidence, gateway: &Lookup, address: IpAddr) -> bool {
    let RecordEvidence::Present { places, .. } = &evidence.record else { return false };
    let shown =
        |place: &Place| gateway.observations.iter().any(|seen| regional(&seen.chain) == place.regional.as_ref());
    places.iter().any(|place| place.addresses.contains(&address) && !shown(place))
}

/// The look-up of the name that the edge resolves, and the one of the gateway's own name.
fn used_and_gateway(evidence: &Evidence) -> Option<(&Lookup, &Lookup)> {
    let (own, other) = (evidence.lookup.as_ref()?, evidence.counterpart.as_ref()?);
    Some(if evidence.is_zone_route() { (other, own) } else { (own, other) })
}

fn bare(addresses: &[SeenAddress]) -> Vec<IpAddr> {
    addresses.iter().map(|seen| seen.address).collect()
}
