//! The CNAME records of one message, and the chain that they make.

use std::collections::BTreeMap;

use domain::rdata::Cname;

use super::ChainLink;
use super::chain::{MAX_HOPS, end_of};
use super::records::{Section, WireName, records, ttl_s};
use crate::net::Hostname;

/// The chain from `name`, in order, at most one hop longer than [`MAX_HOPS`]. Each record is followed once, so a loop
/// ends where it closes.
///
/// # Errors
/// Where the chain comes to an alias that cannot be followed, or a CNAME record is malformed.
pub(super) fn chain_from(name: &Hostname, section: Section<'_>) -> Result<Vec<ChainLink>, String> {
    let mut aliases = aliases(section)?;
    let mut chain = Vec::new();
    while chain.len() <= MAX_HOPS {
        let Some((name, alias)) = aliases.remove_entry(end_of(&chain, name)) else {
            break;
        };
        chain.push(ChainLink { name, ttl_s: alias.ttl_s, target: alias.target? });
    }
    Ok(chain)
}

/// What a CNAME record says; a target that cannot be followed is an error only if the chain comes to it.
struct Alias {
    ttl_s: u32,
    target: Result<Hostname, String>,
}

/// All CNAME records by owner. Owners that are no [`Hostname`] cannot be in the chain.
fn aliases(section: Section<'_>) -> Result<BTreeMap<Hostname, Alias>, String> {
    let mut aliases = BTreeMap::new();
    for record in records::<Cname<_>>(section) {
        let record = record?;
        if let Ok(owner) = record.owner().to_string().parse::<Hostname>() {
            add_alias(&mut aliases, owner, ttl_s(record.ttl()), record.data().cname());
        }
    }
    Ok(aliases)
}

fn add_alias(aliases: &mut BTreeMap<Hostname, Alias>, owner: Hostname, ttl_s: u32, target: &WireName<'_>) {
    let text = target.to_string();
    let target = text.parse().map_err(|fault| format!("{owner} is an alias of \"{text}\": {fault}"));
    match aliases.get_mut(&owner) {
        None => drop(aliases.insert(owner, Alias { ttl_s, target })),
        Some(known) if known.target == target => known.ttl_s = known.ttl_s.min(ttl_s),
        Some(known) => known.target = Err(format!("{owner} has two CNAME records (RFC 2181 10.1 allows one)")),
    }
}
