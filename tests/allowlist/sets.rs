//! From what is declared and seen to one list.

use apim_origin_guard::allowlist::{Entry, EvidenceKind, Source, gather, seen_in_dns};
use apim_origin_guard::azure::{Caveat, Declared, Direction};
use apim_origin_guard::dns::SeenAddress;
use apim_origin_guard::origin::{Drift, LastGood, Place, Record};
use apim_origin_guard::time::UnixMillis;
use proptest::prelude::*;

use crate::support::START;
use crate::worlds::{HOLD_S, NOW, address, before, both, declared, direction, file, list, networks, source};

fn shown(entries: &[Entry]) -> Vec<String> {
    let word = |entry: &Entry| format!("{:?} {:?}", entry.evidence, entry.direction).to_lowercase();
    entries.iter().map(|entry| format!("{} {}", entry.cidr, word(entry))).collect()
}

fn gone(network: &str, seconds_ago: u64) -> apim_origin_guard::azure::DeclaredAddress {
    apim_origin_guard::azure::DeclaredAddress { gone_since: Some(before(seconds_ago)), ..both(network) }
}

#[test]
fn the_order_is_by_network_and_what_is_the_same_is_one_entry() {
    let one = declared(vec![address("20.2.0.0/31", Direction::Outbound), both("2603::/48"), both("20.1.0.1/32")]);
    let two = declared(vec![address("20.2.0.0/31", Direction::Inbound), both("4.1.0.1/32")]);
    let list = gather(&[source(one), source(two)], NOW).unwrap();
    let entries = ["4.1.0.1/32", "20.1.0.1/32", "20.2.0.0/31", "2603::/48"].map(|it| format!("{it} declared both"));
    assert_eq!(shown(&list.entries), entries);
}

#[test]
fn the_same_network_in_two_locations_is_two_entries_and_one_range() {
    let elsewhere = apim_origin_guard::azure::DeclaredAddress { location: "eastus".into(), ..both("20.1.0.1/32") };
    let list = gather(&[source(declared(vec![both("20.1.0.1/32"), elsewhere]))], NOW).unwrap();
    let locations: Vec<_> = list.entries.iter().map(|entry| entry.location.as_deref().unwrap()).collect();
    assert_eq!(locations, ["eastus", "westeurope"]);
    assert_eq!(list.networks().len(), 1);
}

#[test]
fn an_address_that_is_gone_stays_until_the_hold_is_over_and_the_file_says_so() {
    let at =
        |seconds| gather(&[source(declared(vec![both("20.1.0.1/32"), gone("20.1.0.2/32", seconds)]))], NOW).unwrap();
    let held = at(u64::from(HOLD_S) - 1);
    assert_eq!(held.entries.len(), 2);
    assert_eq!(held.entries[1].gone_since, Some(before(u64::from(HOLD_S) - 1)));
    let line = "# Held: 20.1.0.2/32, gone since 2026-04-26T11:19:53.000Z, leaves the list at 2026-04-27T11:19:53.000Z.";
    assert!(file("nginx", &held).0.contains(line), "{}", file("nginx", &held).0);
    assert_eq!(at(HOLD_S.into()).entries.len(), 1);
}

#[test]
fn a_list_of_nothing_is_no_list() {
    assert_eq!(gather(&[], NOW), None);
    assert_eq!(gather(&[source(declared(vec![gone("20.1.0.2/32", HOLD_S.into())]))], NOW), None);
}

#[test]
fn a_later_confirmation_of_the_same_set_changes_nothing() {
    let first = declared(vec![both("20.1.0.1/32")]);
    let later = Declared { at: before(1), ..first.clone() };
    assert_eq!(gather(&[source(first)], NOW), gather(&[source(later)], NOW));
}

#[test]
fn made_at_is_the_latest_change_also_when_a_held_address_has_left() {
    let made_at = |addresses| gather(&[source(declared(addresses))], NOW).unwrap().made_at;
    assert_eq!(made_at(vec![both("20.1.0.1/32")]), before(1_000_000));
    assert_eq!(made_at(vec![both("20.1.0.1/32"), gone("20.1.0.2/32", 50)]), before(50));
    assert_eq!(made_at(vec![both("20.1.0.1/32"), gone("20.1.0.2/32", u64::from(HOLD_S) + 5)]), before(5));
}

#[test]
fn what_azure_has_not_confirmed_for_a_day_says_so() {
    let old = Declared { at: before(86_400), ..declared(vec![both("20.1.0.1/32")]) };
    let list = gather(&[source(old)], NOW).unwrap();
    assert_eq!(list.caveats[0].code, "not_confirmed_lately");
    assert!(list.caveats[0].detail.contains("2026-04-26T11:19:52.000Z"));
    assert!(file("txt", &list).0.contains("# Caveat not_confirmed_lately: contoso: "));
}

#[test]
fn caveats_are_told_once_and_cannot_leave_their_comment() {
    let caveat = Caveat { code: "masked_address".into(), detail: "\"137.XXX.11.74\"\n; deny \u{2028}é \\".into() };
    let masked = Declared { caveats: vec![caveat], ..declared(vec![both("20.1.0.1/32")]) };
    let list = gather(&[source(masked.clone()), source(masked)], NOW).unwrap();
    assert_eq!(list.caveats.len(), 1);
    let apache = file("apache", &list).0;
    assert!(apache.contains("# Caveat masked_address: \"137.XXX.11.74\" ; deny ?? /\n"), "{apache}");
}

fn record() -> Record {
    let hostname = "contoso.azure-api.net".parse().unwrap();
    let place = |addresses: &[[u8; 4]]| Place {
        regional: None,
        addresses: addresses.iter().map(|it| (*it).into()).collect(),
        at: START,
    };
    let good = LastGood {
        chain: Vec::new(),
        addresses: vec![SeenAddress { address: [20, 9, 9, 9].into(), ttl_s: 7 }],
        at: START,
        places: vec![place(&[[20, 1, 0, 1], [20, 9, 9, 9]]), place(&[[20, 1, 0, 0]])],
    };
    Record { last_good: Some(good), ..Record::new(&hostname) }
}

#[test]
fn what_dns_shows_is_inbound_of_all_places_and_first_seen_only_if_a_drift_tells() {
    let drift = |at: UnixMillis| Drift {
        at,
        before: Vec::new(),
        after: Vec::new(),
        added: vec![[20, 9, 9, 9].into()],
        not_seen: Vec::new(),
        hop: None,
        ttl_s: 0,
    };
    let seen = seen_in_dns(&Record { drifts: vec![drift(before(9)), drift(before(99))], ..record() });
    let expected = ["20.1.0.0/32", "20.1.0.1/32", "20.9.9.9/32"].map(|it| format!("{it} observed inbound"));
    assert_eq!(shown(&seen), expected);
    let first_seen: Vec<_> = seen.iter().map(|entry| entry.first_seen_at).collect();
    assert_eq!(first_seen, [None, None, Some(before(99))]);
    assert_eq!(seen_in_dns(&Record { last_good: None, ..record() }), []);
}

fn with_dns(addresses: Vec<apim_origin_guard::azure::DeclaredAddress>) -> Vec<String> {
    let source = Source { observed: seen_in_dns(&record()), ..source(declared(addresses)) };
    shown(&gather(&[source], NOW).unwrap().entries)
}

#[test]
fn what_is_declared_and_seen_is_declared_once() {
    let entries = with_dns(vec![both("20.1.0.0/31"), address("20.9.9.9/32", Direction::Outbound)]);
    assert_eq!(entries, ["20.1.0.0/31 declared both", "20.9.9.9/32 declared both"]);
}

#[test]
fn a_declared_range_that_is_only_outbound_does_not_hide_what_dns_shows() {
    let entries = with_dns(vec![address("20.1.0.0/24", Direction::Outbound)]);
    assert_eq!(entries[..2], ["20.1.0.0/24 declared outbound", "20.1.0.0/32 observed inbound"]);
}

#[test]
fn dns_does_not_bring_back_what_is_gone() {
    let source = Source { observed: seen_in_dns(&record()), ..source(declared(vec![gone("20.9.9.9/32", 50)])) };
    let list = gather(&[source], NOW).unwrap();
    let entry = list.entries.iter().find(|entry| entry.cidr.to_string() == "20.9.9.9/32").unwrap();
    assert_eq!((entry.evidence, entry.gone_since), (EvidenceKind::Declared, Some(before(50))));
}

#[test]
fn directions_narrow_the_list() {
    let all = gather(
        &[source(declared(vec![
            address("20.1.0.1/32", Direction::Inbound),
            address("20.1.0.2/32", Direction::Outbound),
            both("20.1.0.3/32"),
        ]))],
        NOW,
    );
    let outbound = all.unwrap().only(&|entry| entry.is_used(Direction::Outbound)).unwrap();
    assert_eq!(shown(&outbound.entries), ["20.1.0.2/32 declared outbound", "20.1.0.3/32 declared both"]);
    assert_eq!(list(&["20.1.0.1/32"]).only(&|_| false), None);
}

proptest! {
    #[test]
    fn no_declared_address_is_lost_and_none_comes_from_nowhere(
        networks in networks(), ages in proptest::collection::vec(proptest::option::of(0_u64..200_000), 40),
        directions in proptest::collection::vec(direction(), 40),
    ) {
        let addresses: Vec<_> = networks.iter().zip(&ages).zip(&directions).map(|((network, age), direction)| {
            let gone_since = age.map(before);
            apim_origin_guard::azure::DeclaredAddress { gone_since, ..address(&network.to_string(), *direction) }
        }).collect();
        let is_kept = |age: &Option<u64>| age.is_none_or(|age| age < u64::from(HOLD_S));
        let kept: Vec<_> = networks.iter().zip(&ages).filter(|(_, age)| is_kept(age)).map(|it| *it.0).collect();
        let list = gather(&[source(declared(addresses))], NOW);
        let ranges = list.map(|list| list.networks()).unwrap_or_default();
        prop_assert_eq!(ipnet::IpNet::aggregate(&ranges), ipnet::IpNet::aggregate(&kept));
    }
}
