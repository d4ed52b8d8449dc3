//! The CNAME records of one message, and the chain that they make.

use domain::rdata::Cname;

use super::ChainLink;
use super::chain::{MAX_HOPS, end_of};
use super::records::{Section, WireName, records, ttl_s};
use crate::net::Hostname;

/// The chain from `name`, in order, at most one hop longer than [`MAX_HOPS`]. No alias is followed twice, so a loop
/// ends where it closes.
///
/// # Errors
/// Where the chain comes to an alias that cannot be followed, or a CNAME record is malformed.
pub(super) fn chain_from(name: &Hostname, section: Section<'_>) -> Result<Vec<ChainLink>, String> {
    let aliases = aliases(section)?;
    let mut chain: Vec<ChainLink> = Vec::new();
    while chain.len() <= MAX_HOPS {
        let end = end_of(&chain, name);
        let closes = chain.iter().any(|link| link.name == *end);
        let Some(link) = link_of(end, &aliases)?.filter(|_| !closes) else { break };
        chain.push(link);
    }
    Ok(chain)
}

/// What a CNAME record says; a target that cannot be followed is an error only if the chain comes to it.
struct Alias {
    owner: Hostname,
    ttl_s: u32,
    target: Result<Hostname, String>,
}

/// Of all CNAME records. Owners that are no [`Hostname`] cannot be in the chain.
fn aliases(section: Section<'_>) -> Result<Vec<Alias>, String> {
    let mut aliases = Vec::new();
    for record in records::<Cname<WireName<'_>>>(section) {
        let record = record?;
        if let Ok(owner) = record.owner().to_string().parse() {
            let target = target_of(&owner, record.data().cname());
            aliases.push(Alias { owner, ttl_s: ttl_s(record.ttl()), target });
        }
    }
    Ok(aliases)
}

fn target_of(owner: &Hostname, target: &WireName<'_>) -> Result<Hostname, String> {
    let text = target.to_string();
    text.parse().map_err(|fault| format!("{owner} is an alias of \"{text}\": {fault}"))
}

/// The hop from `name`, if it is an alias. Two records of it must say the same.
fn link_of(name: &Hostname, aliases: &[Alias]) -> Result<Option<ChainLink>, String> {
    let mut same = aliases.iter().filter(|alias| alias.owner == *name);
    let Some(first) = same.next() else { return Ok(None) };
    let target = first.target.clone()?;
    let mut ttl_s = first.ttl_s;
    for other in same {
        if other.target != first.target {
            return Err(format!("{name} has two CNAME records (RFC 2181 10.1 allows one)"));
        }
        ttl_s = ttl_s.min(other.ttl_s);
    }
    Ok(Some(ChainLink { name: name.clone(), ttl_s, target }))
}
