//! What is known of an origin's addresses, by place, and what a change of it is.
//!
//! Traffic Manager answers differ by place. So addresses are remembered beside the *regional* name that led to them, and
//! only addresses of one place are compared: another region's answer is neither a change nor a fault.

use std::net::IpAddr;

use super::HopKind;
use crate::dns::{ChainLink, Lookup, Observation, SeenAddress};
use crate::json::stored;
use crate::net::Hostname;
use crate::time::UnixMillis;

/// Places remembered at most. API Management is offered in fewer regions.
const MAX_PLACES: usize = 100;

/// The last look-up that found addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastGood {
    /// CNAME hops.
    pub chain: Vec<ChainLink>,
    /// Never empty, sorted.
    pub addresses: Vec<SeenAddress>,
    /// When they were last confirmed.
    pub at: UnixMillis,
    /// Every place seen so far, also those that this look-up did not show.
    pub places: Vec<Place>,
}

stored! { LastGood { chain, addresses, at } or default { places } }

/// The addresses behind one regional name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The regional name that the chain passes; `None` for a chain without one.
    pub regional: Option<Hostname>,
    /// Sorted.
    pub addresses: Vec<IpAddr>,
    /// When they were last seen.
    pub at: UnixMillis,
}

stored! { Place { regional, addresses, at } }

impl LastGood {
    /// What `lookup` adds to `old`; `None` where it knows no addresses. Places seen since `oldest` stay.
    pub fn from_lookup(lookup: &Lookup, old: Option<&Self>, oldest: UnixMillis) -> Option<Self> {
        let (chain, addresses) = lookup.consensus.known()?;
        let old_places = old.map_or(&[][..], |old| &old.places);
        let mut known = Self {
            chain: chain.to_vec(),
            addresses: addresses.to_vec(),
            at: lookup.at,
            places: places(lookup, old_places, oldest),
        };
        known.keep_unasked(lookup, old);
        Some(known)
    }

    /// Addresses of a family that no knowing resolver could be asked for stay as they were.
    fn keep_unasked(&mut self, lookup: &Lookup, old: Option<&Self>) {
        for seen in old.map_or(&[][..], |old| &old.addresses) {
            if lookup.lacks_family(seen.address.is_ipv6()) {
                seen.insert_into(&mut self.addresses);
            }
        }
    }

    /// Without lifetimes, which differ at every look.
    pub fn bare_addresses(&self) -> Vec<IpAddr> {
        self.addresses.iter().map(|seen| seen.address).collect()
    }

    /// Whether both know the same places with the same addresses, and the same names on the way to them.
    pub fn same_as(&self, other: &Self) -> bool {
        let known =
            |good: &Self, place: &Place| good.place(place.regional.as_ref()) == Some(place.addresses.as_slice());
        let places = |these: &Self, those: &Self| these.places.iter().all(|place| known(those, place));
        places(self, other) && places(other, self) && self.hop_differing_from(other).is_none()
    }

    fn longest_ttl_s(&self) -> u32 {
        let hops = self.chain.iter().map(|link| link.ttl_s);
        hops.chain(self.addresses.iter().map(|seen| seen.ttl_s)).max().unwrap_or_default()
    }

    fn place(&self, regional: Option<&Hostname>) -> Option<&[IpAddr]> {
        let place = self.places.iter().find(|place| place.regional.as_ref() == regional)?;
        Some(&place.addresses)
    }

    /// The first CNAME target that `older` had differently on the way to the same place.
    fn hop_differing_from(&self, older: &Self) -> Option<&Hostname> {
        if regional(&self.chain) != regional(&older.chain) {
            return None;
        }
        let before = older.chain.iter().map(|link| Some(&link.target)).chain(std::iter::repeat(None));
        self.chain
            .iter()
            .map(|link| &link.target)
            .zip(before)
            .find(|(now, before)| Some(*now) != *before)
            .map(|it| it.0)
    }
}

/// The regional name that a chain passes.
pub fn regional(chain: &[ChainLink]) -> Option<&Hostname> {
    chain.iter().map(|link| &link.target).find(|name| HopKind::of(name) == HopKind::Regional)
}

fn places(lookup: &Lookup, old: &[Place], oldest: UnixMillis) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for seen in lookup.observations.iter().filter(|seen| !seen.outcome.addresses().is_empty()) {
        add(&mut places, regional(&seen.chain), seen.outcome.addresses().iter().map(|it| it.address), lookup.at);
        // What could not be asked for is not gone.
        let before = old.iter().filter(|place| place.regional.as_ref() == regional(&seen.chain));
        let unasked = before.flat_map(|place| &place.addresses).filter(|address| lacks(seen, **address)).copied();
        add(&mut places, regional(&seen.chain), unasked, lookup.at);
    }
    for place in old.iter().filter(|place| place.at >= oldest) {
        if !places.iter().any(|known| known.regional == place.regional) {
            places.push(place.clone());
        }
    }
    places.truncate(MAX_PLACES);
    places
}

fn lacks(seen: &Observation, address: IpAddr) -> bool {
    seen.unanswered.as_ref().is_some_and(|question| question.v6 == address.is_ipv6())
}

fn add(places: &mut Vec<Place>, regional: Option<&Hostname>, addresses: impl Iterator<Item = IpAddr>, at: UnixMillis) {
    let known = places.iter().position(|place| place.regional.as_ref() == regional);
    let index = known.unwrap_or_else(|| {
        places.push(Place { regional: regional.cloned(), addresses: Vec::new(), at });
        places.len().saturating_sub(1)
    });
    if let Some(place) = places.get_mut(index) {
        for address in addresses {
            if let Err(position) = place.addresses.binary_search(&address) {
                place.addresses.insert(position, address);
            }
        }
    }
}

/// A change between two known states: old and new, and where the chain changed first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// When it was seen.
    pub at: UnixMillis,
    /// Addresses of the place before.
    pub before: Vec<IpAddr>,
    /// Addresses of the place now.
    pub after: Vec<IpAddr>,
    /// Addresses that are new.
    pub added: Vec<IpAddr>,
    /// Addresses that this look-up no longer shows. That alone does not mean that they are gone.
    pub not_seen: Vec<IpAddr>,
    /// The first CNAME target that differs; `None` where only the addresses do.
    pub hop: Option<Hostname>,
    /// For how long an answer from before may still be in use, in seconds.
    pub ttl_s: u32,
}

stored! { Drift { at, before, after, added, not_seen, hop } or default { ttl_s } }

impl Drift {
    /// The change from `old` to `new`: a place with an address that it did not have, or another name on the way to the
    /// same place. An address that is merely not seen is no change, nor is a place that was not seen before.
    pub fn between(old: &LastGood, new: &LastGood) -> Option<Self> {
        let hop = new.hop_differing_from(old);
        let gains = |place: &&Place| {
            old.place(place.regional.as_ref()).is_some_and(|before| !only_in(&place.addresses, before).is_empty())
        };
        let gained = new.places.iter().find(gains);
        let main = || new.places.iter().find(|place| place.regional.as_ref() == regional(&new.chain));
        let place = gained.or_else(|| hop.and_then(|_| main()))?;
        let before = old.place(place.regional.as_ref()).unwrap_or_default();
        Some(Self {
            at: new.at,
            added: only_in(&place.addresses, before),
            not_seen: only_in(before, &place.addresses),
            before: before.to_vec(),
            after: place.addresses.clone(),
            hop: hop.cloned(),
            ttl_s: old.longest_ttl_s(),
        })
    }
}

fn only_in(these: &[IpAddr], others: &[IpAddr]) -> Vec<IpAddr> {
    these.iter().filter(|it| !others.contains(it)).copied().collect()
}
