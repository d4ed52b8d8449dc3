//! A change between two known states.

use std::net::IpAddr;

use serde::Serialize;

use crate::net::Hostname;
use crate::origin::LastGood;

/// Old and new, and where the chain changed first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// Addresses before.
    pub before: Vec<IpAddr>,
    /// Addresses now.
    pub after: Vec<IpAddr>,
    /// Addresses that are new.
    pub added: Vec<IpAddr>,
    /// Addresses that this look-up no longer shows. That alone does not mean that they are gone: Traffic Manager
    /// answers differ by place.
    pub not_seen: Vec<IpAddr>,
    /// The first CNAME target that differs; `None` where only the addresses do.
    pub hop: Option<Hostname>,
}

impl Drift {
    /// The change from `old` to `new`; `None` where names and addresses are the same.
    pub fn between(old: &LastGood, new: &LastGood) -> Option<Self> {
        if old.same_as(new) {
            return None;
        }
        let (before, after) = (old.bare_addresses(), new.bare_addresses());
        let only_in =
            |these: &[IpAddr], those: &[IpAddr]| these.iter().filter(|it| !those.contains(it)).copied().collect();
        Some(Self {
            added: only_in(&after, &before),
            not_seen: only_in(&before, &after),
            hop: changed_hop(old, new),
            before,
            after,
        })
    }
}

fn changed_hop(old: &LastGood, new: &LastGood) -> Option<Hostname> {
    let before = old.chain.iter().map(|link| Some(&link.target)).chain(std::iter::repeat(None));
    let differs = new.chain.iter().zip(before).find(|(link, before)| Some(&link.target) != *before);
    differs.map(|(link, _)| link.target.clone())
}
