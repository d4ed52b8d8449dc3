//! Looking up, comparing, storing: the cron run and `POST /refresh`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code")]
#![allow(clippy::print_stdout, reason = "the benchmark shows the counted writes")]

mod support;

use apim_origin_guard::diagnosis::Failure;
use apim_origin_guard::investigation::{Question, investigate, visit};
use apim_origin_guard::origin::Record;
use apim_origin_guard::ports::FetchFailure;
use apim_origin_guard::refresh::{RefreshReport, refresh_origin};
use proptest::prelude::{Just, Strategy, prop_oneof};
use support::{Manner, ONE, StoreManner, TWO, World, Zone, chain, healthy_zone};

const KEY: &str = "origin/contoso";

fn refresh(world: &World) -> RefreshReport {
    world.run(refresh_origin(&world.scene(), &world.config().origins[0]))
}

fn cron(world: &World) -> Option<RefreshReport> {
    world.run(visit(&world.scene(), &world.config().origins[0], false)).refreshed
}

fn stored(world: &World) -> Record {
    Record::parse(&world.store.borrow()[KEY]).unwrap()
}

#[test]
fn the_first_look_stores_chain_and_addresses() {
    let world = World::new();
    let report = refresh(&world);
    assert!(report.changed && report.stored && report.drift.is_none());
    assert_eq!(report.outcome, "known");
    let good = stored(&world).last_good.unwrap();
    assert_eq!(good.chain.len(), 3);
    assert_eq!(good.bare_addresses(), ["172.199.17.73".parse::<std::net::IpAddr>().unwrap()]);
}

#[test]
fn a_second_look_writes_nothing() {
    let world = World::new();
    refresh(&world);
    world.pass_s(60);
    let report = refresh(&world);
    assert!(!report.changed && !report.stored);
    assert_eq!(world.writes.get(), 1);
}

#[test]
fn a_change_is_reported_with_both_values_and_the_hop() {
    let world = World::new();
    refresh(&world);
    world.both(&Manner::Answers(chain(
        &[
            support::GATEWAY,
            "apimgmttmvdvsx40imxehisceiicnxlfng4yxihlxoe6gq2zej.trafficmanager.net",
            "contoso-westeurope-01.regional.azure-api.net",
            "other.westeurope.cloudapp.azure.com",
        ],
        [20, 9, 9, 9],
    )));
    let drift = refresh(&world).drift.unwrap();
    assert_eq!(drift.hop.unwrap().as_str(), "other.westeurope.cloudapp.azure.com");
    assert_eq!((drift.before.len(), drift.after.len(), drift.added.len(), drift.not_seen.len()), (1, 1, 1, 1));
}

#[test]
fn cron_looks_only_at_what_is_due() {
    let world = World::new();
    assert!(cron(&world).is_some());
    world.pass_s(30);
    world.forget();
    assert!(cron(&world).is_none(), "the record's TTL of 60 s has not passed");
    world.pass_s(31);
    assert!(cron(&world).is_some());
}

#[test]
fn a_quiet_day_writes_no_more_than_twelve_times() {
    let world = World::new();
    for _ in 0..24 * 12 {
        world.forget();
        cron(&world);
        world.pass_s(300);
    }
    println!("KV writes of a quiet day (a look every 5 minutes): {} (limit 24)", world.writes.get());
    assert!((2..=12).contains(&world.writes.get()), "{} writes", world.writes.get());
}

#[test]
fn a_day_of_flapping_every_minute_writes_less_than_a_hundred_times() {
    let world = World::new();
    for minute in 0..24 * 60u32 {
        world.forget();
        world.both(&Manner::Answers(chain(&[support::GATEWAY], [20, 1, 2, u8::try_from(minute % 2).unwrap()])));
        refresh(&world);
        world.pass_s(60);
    }
    println!("KV writes of a day of flapping every minute: {} (limit below 100)", world.writes.get());
    assert!(world.writes.get() < 100, "{} writes", world.writes.get());
}

#[test]
fn every_resolver_is_shown_with_what_it_said() {
    let world = World::new();
    world.one(TWO, Manner::HttpStatus(503));
    let report = refresh(&world);
    let shown: Vec<_> = report.resolvers.iter().map(|row| (row.url.as_str(), row.outcome)).collect();
    assert_eq!(shown, [(ONE, "known"), (TWO, "unknown")]);
    assert_eq!(report.resolvers[1].detail.as_deref(), Some("answered HTTP status 503"));
}

/// A failed request opens an incident and stores it.
fn fail(world: &World) {
    let (scene, origin) = (world.scene(), &world.config().origins[0]);
    let failure = Some(Failure::Edge { status: 522, number: Some(522) });
    let question = Question { origin, failure, edge_name: &origin.hostname, budget_ms: 2500, seen_from: None };
    let mut found = world.run(investigate(&scene, &question));
    found.join(&scene, origin);
    world.run(found.settle(&scene, origin));
    assert!(stored(world).incident.is_some());
}

#[test]
fn a_visit_closes_an_incident_only_when_the_gateway_answers() {
    let world = World::new();
    fail(&world);
    *world.origin.borrow_mut() = Err(FetchFailure::ConnectionLost);
    assert!(world.run(visit(&world.scene(), &world.config().origins[0], true)).recovered.is_none());
    assert!(stored(&world).incident.is_some());
    *world.origin.borrow_mut() =
        Ok(apim_origin_guard::ports::HttpResponse { status: 401, headers: Vec::new(), body: b"{}".to_vec() });
    assert!(world.run(visit(&world.scene(), &world.config().origins[0], true)).recovered.is_some());
    assert!(stored(&world).incident.is_none());
}

fn any_manner() -> impl Strategy<Value = Manner> {
    prop_oneof![
        Just(Manner::Answers(healthy_zone())),
        Just(Manner::Answers(Zone::new())),
        Just(Manner::Answers(chain(&[support::GATEWAY], [20, 1, 2, 3]))),
        Just(Manner::TimesOut),
        Just(Manner::Refuses),
        Just(Manner::Html),
        Just(Manner::Garbage),
        Just(Manner::HttpStatus(500)),
        Just(Manner::Slow(50, healthy_zone())),
    ]
}

fn any_store() -> impl Strategy<Value = StoreManner> {
    prop_oneof![
        Just(StoreManner::Good),
        Just(StoreManner::Down),
        Just(StoreManner::Hangs),
        Just(StoreManner::Missing),
        Just(StoreManner::LosesWrites),
        Just(StoreManner::LosesAnswers),
    ]
}

proptest::proptest! {
    /// Whatever goes wrong in whatever order: what was known once is never emptied.
    #[test]
    fn no_sequence_of_faults_empties_a_record(rounds in proptest::collection::vec((any_manner(), any_manner(), any_store(), proptest::bool::ANY), 1..12)) {
        let world = World::new();
        refresh(&world);
        for (one, two, store, forget) in rounds {
            world.one(ONE, one);
            world.one(TWO, two);
            world.store_manner.set(store);
            if forget {
                world.forget();
            }
            world.pass_s(700);
            refresh(&world);
            let record = stored(&world);
            proptest::prop_assert!(record.last_good.is_some_and(|good| !good.addresses.is_empty()));
        }
    }
}

/// The resolvers answer A and say nothing of AAAA: what was known of IPv6 stays.
#[test]
fn a_family_that_could_not_be_asked_for_keeps_its_addresses() {
    let world = World::new();
    refresh(&world);
    let mut record = stored(&world);
    let v6 = apim_origin_guard::dns::SeenAddress { address: "2603:1030:7::155".parse().unwrap(), ttl_s: 60 };
    record.last_good.as_mut().unwrap().addresses.push(v6);
    world.store.borrow_mut().insert(KEY.into(), record.to_json());
    world.forget();
    world.both(&Manner::OnlyA(healthy_zone()));
    world.pass_s(3 * 3600);
    assert!(refresh(&world).stored, "the heartbeat");
    assert!(stored(&world).last_good.unwrap().bare_addresses().contains(&v6.address));
}
