//! Declared sets for the tests.

use apim_origin_guard::allowlist::{Allowlist, Format, Held, Source, export, gather};
use apim_origin_guard::azure::{Declared, DeclaredAddress, Direction};
use apim_origin_guard::time::UnixMillis;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::START;

/// A day.
pub(crate) const HOLD_S: u32 = 86_400;
/// The clock of the tests.
pub(crate) const NOW: Held = Held { for_s: HOLD_S, now: START };

pub(crate) fn before(seconds: u64) -> UnixMillis {
    UnixMillis(START.0 - seconds * 1000)
}

pub(crate) fn address(network: &str, direction: Direction) -> DeclaredAddress {
    DeclaredAddress {
        network: network.parse().unwrap(),
        direction,
        location: "westeurope".into(),
        first_seen_at: before(1_000_000),
        gone_since: None,
    }
}

pub(crate) fn both(network: &str) -> DeclaredAddress {
    address(network, Direction::Both)
}

pub(crate) fn declared(addresses: Vec<DeclaredAddress>) -> Declared {
    Declared { at: before(60), addresses, locations: vec!["westeurope".into()], caveats: Vec::new() }
}

pub(crate) fn source(declared: Declared) -> Source {
    Source {
        origin: "contoso".into(),
        from: "ARM, service contoso".into(),
        declared: Some(declared),
        caveats: Vec::new(),
        observed: Vec::new(),
    }
}

/// The list of these networks.
pub(crate) fn list(networks: &[&str]) -> Allowlist {
    gather(&[source(declared(networks.iter().map(|network| both(network)).collect()))], NOW).unwrap()
}

/// The list of these networks.
pub(crate) fn list_of(networks: &[IpNet]) -> Allowlist {
    list(&networks.iter().map(ToString::to_string).collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>())
}

/// The file in this format, and its notices.
pub(crate) fn file(format: &str, list: &Allowlist) -> (String, Vec<String>) {
    let export = export(Format::named(format).unwrap(), list, NOW).unwrap();
    (export.body, export.notices)
}

/// So many single addresses, no two of them adjacent.
pub(crate) fn many(count: u32) -> Vec<IpNet> {
    (0..count).map(|n| IpNet::from(std::net::IpAddr::from((0x1400_0000_u32 + 2 * n).to_be_bytes()))).collect()
}

/// Public IPv4 and IPv6 networks as Azure has them.
pub(crate) fn networks() -> impl Strategy<Value = Vec<IpNet>> {
    let v4 = (0x1400_0000_u32..0x3500_0000, 24_u8..=32)
        .prop_map(|(bits, length)| IpNet::V4(Ipv4Net::new(bits.into(), length).unwrap().trunc()));
    let v6 = (0..u128::MAX >> 4, 44_u8..=128)
        .prop_map(|(bits, length)| IpNet::V6(Ipv6Net::new((bits | 0x2603 << 112).into(), length).unwrap().trunc()));
    proptest::collection::vec(prop_oneof![3 => v4, 1 => v6], 1..40)
}

pub(crate) fn direction() -> impl Strategy<Value = Direction> {
    select(vec![Direction::Inbound, Direction::Outbound, Direction::Both])
}
