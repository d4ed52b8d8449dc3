//! The address the edge used is no longer the gateway's.
//!
//! An answer from another place is no change: Traffic Manager steers by place, and then the *regional* names differ.
//! Only where both chains pass the same regional name, or none, is a different address a new address.

use std::net::IpAddr;

use super::{Cause, Evidence, HopKind, RecordEvidence};
use crate::dns::{ChainLink, Consensus};
use crate::net::Hostname;
use crate::problem::Code;

/// `origin_address_stale`, where the last good look-up and the present one have no address in common.
pub(super) fn stale_address(evidence: &Evidence) -> Option<Cause> {
    let RecordEvidence::Present { addresses: before, chain: chain_before, at } = &evidence.record else { return None };
    let Consensus::Known { addresses, chain, .. } = &evidence.lookup.as_ref()?.consensus else { return None };
    let now: Vec<IpAddr> = addresses.iter().map(|seen| seen.address).collect();
    if before.is_empty()
        || before.iter().any(|address| now.contains(address))
        || regional(chain) != regional(chain_before)
    {
        return None;
    }
    let because = format!("at {at} the name had {}, now it has {}", list(before.iter()), list(now.iter()));
    Some(Cause::new(Code::OriginAddressStale, because))
}

/// The regional name a chain passes.
fn regional(chain: &[ChainLink]) -> Option<&Hostname> {
    chain.iter().map(|link| &link.target).find(|name| HopKind::of(name) == HopKind::Regional)
}

fn list<'a>(addresses: impl Iterator<Item = &'a IpAddr>) -> String {
    addresses.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
