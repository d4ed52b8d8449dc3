//! What changed about an instance besides its addresses: evidence for why they did.

use super::{Egress, Location, Service, Way};
use crate::json::{stored, stored_words};
use crate::time::UnixMillis;

/// One fact that was one thing and is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactChange {
    /// When it was seen.
    pub at: UnixMillis,
    /// Which fact.
    pub fact: Fact,
    /// In which location; `None`: of the whole instance.
    pub location: Option<String>,
    /// The value before, as ARM writes it.
    pub before: String,
    /// The value after.
    pub after: String,
}

stored! { FactChange { at, fact, before, after } or default { location } }

/// The facts that are watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fact {
    /// `state` of the subscription.
    SubscriptionState,
    /// `createdAtUtc`.
    CreatedAt,
    /// Whether there is such an instance.
    Existence,
    /// `virtualNetworkType`.
    NetworkType,
    /// `subnetResourceId`.
    Subnet,
    /// `publicIpAddressId`.
    PublicIp,
    /// `publicNetworkAccess`.
    PublicAccess,
    /// `zones`.
    Zones,
    /// The list of locations.
    Locations,
    /// `platformVersion`.
    PlatformVersion,
    /// `natGatewayState`.
    NatGateway,
    /// The way out of a subnet.
    Egress,
    /// `sku.name`.
    Sku,
}

stored_words! { Fact {
    SubscriptionState: "subscription_state",
    CreatedAt: "created_at",
    Existence: "existence",
    NetworkType: "virtual_network_type",
    Subnet: "subnet",
    PublicIp: "public_ip_address",
    PublicAccess: "public_network_access",
    Zones: "zones",
    Locations: "locations",
    PlatformVersion: "platform_version",
    NatGateway: "nat_gateway_state",
    Egress: "egress",
    Sku: "sku",
} }

impl FactChange {
    /// Of the whole instance.
    pub(super) fn of(at: UnixMillis, fact: Fact, before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { at, fact, location: None, before: before.into(), after: after.into() }
    }
}

/// What differs between two readings of one instance. What either of them does not tell is no difference.
pub(super) fn changes(old: &Service, new: &Service, at: UnixMillis) -> Vec<FactChange> {
    let mut found = Vec::new();
    let [created, recreated] = [old, new].map(|service| service.created_at.map(|at| at.to_string()));
    for (fact, pair) in [
        (Fact::CreatedAt, [created.as_deref(), recreated.as_deref()]),
        (Fact::NetworkType, [old, new].map(|service| service.network_type.as_deref())),
        (Fact::PublicAccess, [old, new].map(|service| service.public_access.as_deref())),
        (Fact::PlatformVersion, [old, new].map(|service| service.platform_version.as_deref())),
        (Fact::Sku, [old, new].map(|service| Some(service.sku.as_str()))),
    ] {
        push(&mut found, at, fact, None, pair);
    }
    let [before, after] = [old, new].map(|service| names(&service.locations));
    push(&mut found, at, Fact::Locations, None, [Some(&before), Some(&after)]);
    for place in &new.locations {
        let before = old.locations.iter().find(|known| known.name == place.name);
        if let Some(before) = before {
            of_location(&mut found, at, before, place);
        }
    }
    found
}

fn of_location(found: &mut Vec<FactChange>, at: UnixMillis, old: &Location, new: &Location) {
    let [zones, rezoned] =
        [old, new].map(|place| if place.zones.is_empty() { "none".into() } else { place.zones.join(", ") });
    for (fact, pair) in [
        (Fact::Subnet, [old, new].map(|place| place.subnet.as_deref())),
        (Fact::PublicIp, [old, new].map(|place| place.public_ip.as_deref())),
        (Fact::PlatformVersion, [old, new].map(|place| place.platform_version.as_deref())),
        (Fact::NatGateway, [old, new].map(|place| place.nat_gateway.as_deref())),
        (Fact::Zones, [Some(zones.as_str()), Some(rezoned.as_str())]),
    ] {
        push(found, at, fact, Some(&new.name), pair);
    }
}

fn push(found: &mut Vec<FactChange>, at: UnixMillis, fact: Fact, location: Option<&str>, pair: [Option<&str>; 2]) {
    let [Some(before), Some(after)] = pair else { return };
    if before.eq_ignore_ascii_case(after) {
        return;
    }
    let told = |known: &FactChange| known.fact == fact && known.before == before && known.after == after;
    if !found.iter().any(told) {
        found.push(FactChange { location: location.map(str::to_owned), ..FactChange::of(at, fact, before, after) });
    }
}

fn names(locations: &[Location]) -> String {
    locations.iter().map(|location| location.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Ways out that are others now. What could not be read is no change.
pub(super) fn ways(old: &[Egress], new: &[Egress], at: UnixMillis) -> Vec<FactChange> {
    let read = |way: &&Egress| way.way != Way::Unread;
    let word = |way: &Egress| match way.way {
        Way::Own => "its own address".to_owned(),
        Way::NatGateway | Way::Routed | Way::Unread => way.detail.clone(),
    };
    let pairs = new.iter().filter(read).filter_map(|now| {
        let before = old.iter().filter(read).find(|before| before.subnet == now.subnet)?;
        (word(before) != word(now)).then(|| FactChange::of(at, Fact::Egress, word(before), word(now)))
    });
    pairs.collect()
}
