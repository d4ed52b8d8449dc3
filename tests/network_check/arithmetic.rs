//! Sets of addresses against a model that counts one by one. Prefixes lie in 256 addresses, so they meet often.

use apim_origin_guard::network_check::Ranges;
use ipnet::Ipv4Net;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{classic, id};

/// The 256 addresses at either end of the address space, where arithmetic could overflow, or in the middle.
fn prefixes(least: u8) -> impl Strategy<Value = Vec<Ipv4Net>> {
    let octet = prop_oneof![Just([0, 0, 0]), Just([104, 16, 7]), Just([255, 255, 255])];
    let one = (octet, any::<u8>(), least..=32_u8)
        .prop_map(|([a, b, c], d, length)| Ipv4Net::new([a, b, c, d].into(), length).unwrap().trunc());
    prop::collection::vec(one, 0..12)
}

fn holds(prefixes: &[Ipv4Net], address: u32) -> bool {
    prefixes.iter().any(|net| net.contains(&std::net::Ipv4Addr::from(address)))
}

fn addresses() -> impl Iterator<Item = u32> {
    let block = |start: u32| start..=start + 255;
    block(0).chain(block(0x6810_0700)).chain(block(0xffff_ff00))
}

fn count(wanted: impl Fn(u32) -> bool) -> u64 {
    addresses().filter(|address| wanted(*address)).count() as u64
}

proptest! {
    #[test]
    fn sizes_and_sets_are_those_of_counting(a in prefixes(24), b in prefixes(24)) {
        let (one, other) = (Ranges::of(&a), Ranges::of(&b));
        prop_assert_eq!(one.size(), count(|at| holds(&a, at)));
        prop_assert_eq!(one.intersection(&other).size(), count(|at| holds(&a, at) && holds(&b, at)));
        prop_assert_eq!(one.without(&other).size(), count(|at| holds(&a, at) && !holds(&b, at)));
        prop_assert_eq!(one.is_empty(), a.is_empty());
    }

    #[test]
    fn a_prefix_is_covered_or_met_as_by_counting(a in prefixes(24), net in prefixes(24)) {
        let set = Ranges::of(&a);
        for net in net {
            let own = || addresses().filter(|at| net.contains(&std::net::Ipv4Addr::from(*at)));
            prop_assert_eq!(set.covers(&net), own().all(|at| holds(&a, at)));
            prop_assert_eq!(set.overlaps(&net), own().any(|at| holds(&a, at)));
        }
    }

    #[test]
    fn what_is_taken_away_and_what_stays_is_all(a in prefixes(0), b in prefixes(0)) {
        let (one, other) = (Ranges::of(&a), Ranges::of(&b));
        prop_assert_eq!(one.without(&other).size() + one.intersection(&other).size(), one.size());
        prop_assert!(one.without(&other).intersection(&other).is_empty());
    }

    /// The longest prefix wins; of equal ones the first in the order of the model, which is the table's where both are user
    /// routes of one kind.
    #[test]
    fn the_control_plane_is_routed_as_by_the_longest_prefix(routes in routes(), tag in prefixes(28)) {
        let report = classic("Premium", "Internal").with(json!({
            "changeNumber": 1, "values": [{ "name": "ApiManagement", "properties": { "addressPrefixes": texts(&tag) } }],
        }));
        let mut world = report;
        world = world.routes(&[]);
        world.set("table", |table| table["properties"]["routes"] = documents(&routes));
        let report = world.report();
        let lost = tagged(&tag).filter(|at| !to_internet(&routes, *at)).count();
        let all = tagged(&tag).count();
        let found = report.findings.iter().find(|finding| finding.code.name.starts_with("control_plane_route"));
        match found {
            None => prop_assert_eq!(lost, 0),
            Some(finding) => {
                let counted = format!("({lost} of {all} addresses)");
                prop_assert!(finding.found[0].contains(&counted), "{} instead of {counted}", finding.found[0]);
                let whole = tag.iter().filter(|net| tagged(&[**net]).any(|at| !to_internet(&routes, at)));
                let mut listed: Vec<_> = whole.map(ToString::to_string).collect();
                listed.sort();
                let mut said = finding.listed.clone();
                said.sort();
                prop_assert_eq!(said, listed);
                prop_assert_eq!(finding.subject.clone(), id("Microsoft.Network/routeTables/rt"));
            }
        }
    }
}

type Route = (Ipv4Net, bool);

/// At most one route for each prefix: Azure refuses a second.
fn routes() -> impl Strategy<Value = Vec<Route>> {
    (prefixes(20), prefixes(0), prop::collection::vec(any::<bool>(), 24)).prop_map(|(narrow, wide, internet)| {
        let mut all: Vec<Route> = narrow.into_iter().chain(wide).zip(internet).collect();
        all.sort();
        all.dedup_by_key(|(net, _)| *net);
        all
    })
}

fn documents(routes: &[Route]) -> Value {
    let one = |(index, (net, internet)): (usize, &Route)| {
        let hop = if *internet { "Internet" } else { "VirtualAppliance" };
        json!({ "name": format!("r{index}"), "properties": { "addressPrefix": net.to_string(), "nextHopType": hop } })
    };
    routes.iter().enumerate().map(one).collect()
}

fn texts(prefixes: &[Ipv4Net]) -> Value {
    prefixes.iter().map(ToString::to_string).collect()
}

fn tagged(tag: &[Ipv4Net]) -> impl Iterator<Item = u32> {
    addresses().filter(|at| holds(tag, *at))
}

/// By the longest prefix; what no route claims goes to the Internet.
fn to_internet(routes: &[Route], address: u32) -> bool {
    let claims = routes.iter().filter(|(net, _)| net.contains(&std::net::Ipv4Addr::from(address)));
    claims.max_by_key(|(net, _)| net.prefix_len()).is_none_or(|(_, internet)| *internet)
}
