//! A failed request, from its failure to its verdict: what the resolvers say, what the edge says, what is stored.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code")]

mod support;

use apim_origin_guard::diagnosis::{Failure, FindingCode, Rejection, checks, findings};
use apim_origin_guard::investigation::{
    Investigation, Question, investigate, known_refusals, note_recovery, store_refusals, visit,
};
use apim_origin_guard::origin::{EndedBy, Incident, Record, RefusalSign, WriteBudget};
use apim_origin_guard::ports::Clock;
use apim_origin_guard::problem::Code;
use apim_origin_guard::refresh::{load_record, refresh_origin};
use support::{Entry, Manner, ONE, START, StoreManner, TWO, World, Zone, chain, healthy_zone, with, without};

const EDGE_1016: Failure = Failure::Edge { status: 530, number: Some(1016) };
const LOST: Failure = Failure::Rejected { rejection: Rejection::ConnectionLost };
const INTERNAL: Failure = Failure::Rejected { rejection: Rejection::Internal };

const fn edge(number: u16) -> Failure {
    Failure::Edge { status: if number >= 1000 { 530 } else { number }, number: Some(number) }
}

fn look(world: &World, failure: Failure) -> Investigation {
    let scene = world.scene();
    let origin = &world.config().origins[0];
    let budget_ms = world.config().diagnostics.budget_ms;
    let question = Question { origin, failure: Some(failure), edge_name: &origin.hostname, budget_ms, seen_from: None };
    let mut found = world.run(investigate(&scene, &question));
    found.join(&scene, origin);
    world.run(found.settle(&scene, origin));
    found
}

fn code(world: &World, failure: Failure) -> Code {
    look(world, failure).verdict.unwrap().code
}

fn world_with(zone: Zone) -> World {
    let world = World::new();
    world.both(&Manner::Answers(zone));
    world
}

#[test]
fn the_failed_hop_is_named_wherever_the_chain_breaks() {
    for name in healthy_zone().keys() {
        let found = look(&world_with(without(healthy_zone(), name)), EDGE_1016);
        let verdict = found.verdict.unwrap();
        assert_eq!(verdict.code, Code::OriginNameNotFound, "{name}");
        assert_eq!(verdict.failed_hop.unwrap().name.as_str(), name);
    }
}

#[test]
fn every_outcome_of_dns_has_its_code() {
    let end = "contoso-ip.westeurope.cloudapp.azure.com";
    let servfail = |errors: &[(u16, &str)]| {
        Entry::Rcode(2, errors.iter().map(|(code, text)| (*code, (*text).to_owned())).collect())
    };
    let loops = with(healthy_zone(), end, Entry::Alias("contoso-westeurope-01.regional.azure-api.net".into()));
    let names: Vec<String> = (0..20).map(|i| format!("hop-{i}.azure-api.net")).collect();
    let mut long: Vec<&str> = vec![support::GATEWAY];
    long.extend(names.iter().map(String::as_str));
    let cases = [
        (with(healthy_zone(), end, Entry::Empty), Code::OriginNameHasNoAddress),
        (with(healthy_zone(), end, servfail(&[])), Code::OriginDnsServerFailure),
        (with(healthy_zone(), end, servfail(&[(22, "no reachable authority")])), Code::OriginDnsServerFailure),
        (with(healthy_zone(), end, Entry::Rcode(5, Vec::new())), Code::OriginDnsServerFailure),
        (with(healthy_zone(), end, servfail(&[(7, "signature expired")])), Code::OriginDnssecInvalid),
        (loops, Code::OriginChainInvalid),
        (chain(&long, [20, 1, 2, 3]), Code::OriginChainInvalid),
        (chain(&[support::GATEWAY], [10, 0, 0, 4]), Code::OriginAddressNotPublic),
        (healthy_zone(), Code::OriginDnsDisagreement),
    ];
    for (zone, expected) in cases {
        assert_eq!(code(&world_with(zone.clone()), EDGE_1016), expected, "{zone:?}");
    }
}

#[test]
fn without_a_word_from_any_resolver_it_stays_unconfirmed() {
    for manner in [Manner::TimesOut, Manner::Refuses, Manner::HttpStatus(500), Manner::Html, Manner::Garbage] {
        let world = World::new();
        world.both(&manner);
        assert_eq!(code(&world, EDGE_1016), Code::OriginDnsUnconfirmed, "{manner:?}");
        assert_eq!(code(&world, LOST), Code::OriginUnreachable, "{manner:?}");
    }
}

#[test]
fn resolvers_that_contradict_one_another_decide_nothing() {
    let world = World::new();
    world.one(TWO, Manner::Answers(Zone::new()));
    assert_eq!(code(&world, EDGE_1016), Code::OriginDnsDisagreement);
    assert_eq!(code(&world, LOST), Code::OriginUnreachable);
    assert_eq!(code(&world, edge(522)), Code::OriginConnectionTimeout);
}

#[test]
fn a_lost_connection_is_blamed_on_the_name_only_by_two_resolvers() {
    let world = World::new();
    world.both(&Manner::Answers(Zone::new()));
    assert_eq!(code(&world, LOST), Code::OriginNameNotFound);
    let world = World::new();
    world.one(ONE, Manner::Answers(Zone::new()));
    world.one(TWO, Manner::TimesOut);
    assert_eq!(code(&world, LOST), Code::OriginUnreachable);
    assert_eq!(
        code(&world, INTERNAL),
        Code::OriginNameNotFound,
        "the runtime failed as it does for a name, and one resolver says why"
    );
}

#[test]
fn a_slow_resolver_delays_nobody() {
    let world = World::new();
    world.one(TWO, Manner::TimesOut);
    assert_eq!(code(&world, EDGE_1016), Code::OriginDnsDisagreement);
    assert!(world.elapsed_ms() <= 400, "{} ms", world.elapsed_ms());
}

#[test]
fn the_budget_holds_when_nobody_answers() {
    let world = World::new();
    world.both(&Manner::TimesOut);
    world.store_manner.set(StoreManner::Hangs);
    look(&world, EDGE_1016);
    assert!(world.elapsed_ms() <= u64::from(world.config().diagnostics.budget_ms), "{} ms", world.elapsed_ms());
}

#[test]
fn numbers_of_the_edge_have_their_codes() {
    for (number, expected) in [
        (521, Code::OriginConnectionRefused),
        (522, Code::OriginConnectionTimeout),
        (523, Code::OriginUnreachable),
        (524, Code::OriginResponseTimeout),
        (520, Code::OriginResponseInvalid),
        (525, Code::OriginTlsFailed),
        (526, Code::OriginCertificateInvalid),
        (1000, Code::CloudflareProhibitedAddress),
        (1002, Code::CloudflareProhibitedAddress),
        (1003, Code::CloudflareDirectIp),
        (1014, Code::CloudflareCnameCrossAccount),
        (1019, Code::CloudflareWorkerLoop),
        (1033, Code::CloudflareTunnelDown),
        (1042, Code::CloudflareSameZoneWorker),
        (1099, Code::CloudflareErrorUnrecognised),
    ] {
        let verdict = look(&World::new(), edge(number)).verdict.unwrap();
        assert_eq!((verdict.code, verdict.error_code), (expected, Some(number)));
    }
    for number in [1001, 1018, 1023] {
        assert_eq!(code(&world_with(Zone::new()), edge(number)), Code::OriginNameNotFound, "{number}");
    }
    assert_eq!(code(&world_with(Zone::new()), Failure::Edge { status: 530, number: None }), Code::OriginNameNotFound);
}

/// The record holds the first address; then the same regional name leads to another one.
fn moved(regional_after: &str) -> World {
    let world = World::new();
    world.run(refresh_origin(&world.scene(), &world.config().origins[0]));
    world.pass_s(600);
    world.forget();
    let names = [
        support::GATEWAY,
        "apimgmttmvdvsx40imxehisceiicnxlfng4yxihlxoe6gq2zej.trafficmanager.net",
        regional_after,
        "new.westeurope.cloudapp.azure.com",
    ];
    world.both(&Manner::Answers(chain(&names, [20, 9, 9, 9])));
    world
}

#[test]
fn an_address_that_changed_behind_the_same_regional_name_is_stale() {
    for number in [521, 522, 523, 525, 526] {
        let found = look(&moved("contoso-westeurope-01.regional.azure-api.net"), edge(number));
        assert_eq!(found.verdict.as_ref().unwrap().code, Code::OriginAddressStale, "{number}");
        assert!(found.verdict.unwrap().because.contains("172.199.17.73"));
    }
}

#[test]
fn a_moved_address_stays_the_cause_once_the_record_has_the_new_one() {
    let world = moved("contoso-westeurope-01.regional.azure-api.net");
    for (pass_s, expected) in [
        (0, Code::OriginAddressStale),
        (1, Code::OriginAddressStale),
        (30, Code::OriginAddressStale),
        (3_600, Code::OriginConnectionTimeout),
    ] {
        world.pass_s(pass_s);
        world.forget();
        assert_eq!(code(&world, edge(522)), expected, "{pass_s} s later");
    }
}

#[test]
fn a_place_that_any_resolver_sees_is_compared() {
    for urls in [[ONE, TWO], [TWO, ONE]] {
        let world = moved("contoso-westeurope-01.regional.azure-api.net");
        let east = [support::GATEWAY, "contoso-eastus-01.regional.azure-api.net", "other.eastus.cloudapp.azure.com"];
        world.one(urls[0], Manner::Answers(chain(&east, [20, 8, 8, 8])));
        assert_eq!(code(&world, edge(522)), Code::OriginAddressStale, "{urls:?}");
    }
}

#[test]
fn an_answer_from_another_region_is_no_stale_address() {
    let world = moved("contoso-eastus-01.regional.azure-api.net");
    assert_eq!(code(&world, edge(522)), Code::OriginConnectionTimeout);
}

#[test]
fn unknown_and_absent_never_remove_the_last_good_addresses() {
    let world = World::new();
    world.run(refresh_origin(&world.scene(), &world.config().origins[0]));
    for manner in [Manner::TimesOut, Manner::Answers(Zone::new()), Manner::Garbage] {
        world.pass_s(3600);
        world.forget();
        world.both(&manner);
        look(&world, EDGE_1016);
        let stored = world.store.borrow()["origin/contoso"].clone();
        assert!(stored.contains("172.199.17.73"), "{manner:?}: {stored}");
    }
}

#[test]
fn one_incident_from_the_first_failure_on_across_isolates() {
    let world = world_with(Zone::new());
    let first = look(&world, EDGE_1016).incident.unwrap();
    world.pass_s(300);
    world.forget();
    let second = look(&world, edge(522)).incident.unwrap();
    assert_eq!((second.id, second.since), (first.id, START.plus_ms(world.elapsed_ms() - 300_000)));
}

#[test]
fn an_incident_that_another_isolate_has_ended_is_not_joined() {
    let world = world_with(Zone::new());
    let first = look(&world, EDGE_1016).incident.unwrap();
    world.pass_s(120);
    let here = world.memory.take();
    let visit = world.run(visit(&world.scene(), &world.config().origins[0], true));
    assert_eq!(visit.recovered.map(|ended| ended.id), Some(first.id.clone()));
    *world.memory.borrow_mut() = here;
    world.pass_s(60);
    let second = look(&world, EDGE_1016).incident.unwrap();
    assert_ne!(second.id, first.id);
    assert_eq!((second.count, second.since), (1, second.last_at));
}

/// Workers' clock stands still while nothing is waited for: many failures have one time.
#[test]
fn each_change_of_an_incident_is_news_once() {
    let world = world_with(Zone::new());
    let news = |failure| look(&world, failure).news();
    assert_eq!([EDGE_1016, EDGE_1016].map(news), [Some("incident_opened"), None]);
    assert_eq!([edge(524), edge(524), edge(524)].map(news), [Some("incident_changed"), None, None]);
    world.pass_s(60);
    world.forget();
    assert_eq!([edge(524), edge(520), edge(520)].map(news), [None, Some("incident_changed"), None]);
}

#[test]
fn a_hundred_failures_share_one_look_up_and_few_writes() {
    let world = world_with(Zone::new());
    for _ in 0..100 {
        look(&world, EDGE_1016);
    }
    assert_eq!(world.questions.get(), 4, "A and AAAA at two resolvers");
    assert_eq!(world.writes.get(), 2, "the record, and what the verdict rests on");
}

#[test]
fn a_store_in_trouble_changes_nothing_for_the_client() {
    for manner in [
        StoreManner::Down,
        StoreManner::Hangs,
        StoreManner::Missing,
        StoreManner::LosesWrites,
        StoreManner::LosesAnswers,
    ] {
        let world = world_with(Zone::new());
        world.store_manner.set(manner);
        assert_eq!(code(&world, EDGE_1016), Code::OriginNameNotFound, "{manner:?}");
    }
}

#[test]
fn a_record_that_cannot_be_read_is_kept_and_reported() {
    for stored in ["not json", r#"{"schema":2,"new":"form"}"#, "{}", r#"{"schema":1}"#] {
        let world = world_with(Zone::new());
        world.store.borrow_mut().insert("origin/contoso".into(), stored.into());
        let found = look(&world, EDGE_1016);
        assert_eq!(world.store.borrow()["origin/contoso"], stored);
        assert_eq!(world.writes.get(), 0);
        assert!(
            findings(&found.evidence).iter().any(|finding| finding.code == FindingCode::RecordUnreadable),
            "{stored}"
        );
    }
}

#[test]
fn what_was_not_checked_is_listed_as_skipped_with_its_reason() {
    let world = World::new();
    world.both(&Manner::TimesOut);
    for check in checks(&look(&world, EDGE_1016).evidence) {
        assert!(!check.detail.is_empty(), "{}", check.name);
    }
}

#[test]
fn a_pinned_address_record_is_found() {
    let world = World::configured(
        r#"{"origins":[{"hostname":"gateway.example.com"}],"dns":{"resolvers":["https://one.test/dns-query","https://two.test/dns-query"]}}"#,
    );
    world.both(&Manner::Answers(chain(&["gateway.example.com"], [20, 1, 2, 3])));
    let found = look(&world, edge(522));
    assert!(findings(&found.evidence).iter().any(|finding| finding.code == FindingCode::PinnedAddressRecord));
}

fn stored(world: &World) -> Record {
    Record::parse(&world.store.borrow()["origin/contoso"]).unwrap()
}

fn recover(world: &World) -> Option<Incident> {
    world.run(note_recovery(&world.scene(), &world.config().origins[0], EndedBy::ClientAnswered))
}

#[test]
fn an_incident_costs_two_writes_and_its_end_one() {
    let world = World::new();
    look(&world, edge(522));
    assert_eq!((world.writes.get(), stored(&world).writes.left(world.now())), (2, 6));
    assert!(recover(&world).is_some());
    assert_eq!((world.writes.get(), stored(&world).writes.left(world.now())), (3, 5));
    assert_eq!(recover(&world), None, "told once");
}

#[test]
fn the_end_that_could_not_be_written_is_told_when_it_is() {
    let world = World::new();
    look(&world, edge(522));
    let spent = Record { writes: full(&world), ..stored(&world) };
    world.store.borrow_mut().insert("origin/contoso".into(), spent.to_json());
    world.pass_s(1);
    assert_eq!(recover(&world), None);
    assert!(stored(&world).incident.is_some());
    world.pass_s(3_600);
    let ended = recover(&world).unwrap();
    assert_eq!((stored(&world).incident, stored(&world).past), (None, vec![ended]));
}

/// A budget with nothing left.
fn full(world: &World) -> WriteBudget {
    std::iter::successors(Some(WriteBudget::default()), |budget| budget.spend_last(world.now())).last().unwrap()
}

#[test]
fn without_a_store_the_isolate_tells_the_end() {
    let world = World::new();
    world.store_manner.set(StoreManner::Missing);
    let incident = look(&world, edge(522)).incident.unwrap();
    let ended = recover(&world).unwrap();
    assert_eq!((ended.id, ended.ended.map(|end| end.by)), (incident.id, Some(EndedBy::ClientAnswered)));
}

#[test]
fn what_another_isolate_has_ended_is_not_ended_again() {
    let world = World::new();
    look(&world, edge(522));
    let here = world.memory.take();
    world.pass_s(1);
    assert!(recover(&world).is_some());
    world.pass_s(1);
    *world.memory.borrow_mut() = here;
    assert_eq!(recover(&world), None);
    assert_eq!((stored(&world).incident, stored(&world).past.len()), (None, 1));
}

#[test]
fn of_two_isolates_incidents_the_stored_one_goes_on_with_the_failures_of_both() {
    let world = World::new();
    let first = look(&world, edge(522)).incident.unwrap();
    // Another isolate has met a failure before it could read of that.
    world.forget();
    world.store_manner.set(StoreManner::Missing);
    world.pass_s(1);
    let other = look(&world, edge(522)).incident.unwrap();
    assert_ne!(other.id, first.id);
    world.store_manner.set(StoreManner::Good);
    world.pass_s(60);
    look(&world, edge(523));
    let kept = stored(&world).incident.unwrap();
    assert_eq!((kept.id, kept.since, kept.count), (first.id, first.since, 3));
    assert!(stored(&world).past.is_empty());
}

#[test]
fn what_a_backend_refused_stays_known_where_it_cannot_be_stored() {
    let world = World::new();
    world.store_manner.set(StoreManner::Down);
    let origin = &world.config().origins[0];
    world.scene().remember(|memory| {
        memory.watch_refusals(&origin.name, |watch| watch.note(world.now(), RefusalSign::IpForbidden, None))
    });
    world.run(store_refusals(&world.scene(), origin));
    let copy = world.run(load_record(&world.scene(), origin, 0));
    assert_eq!(known_refusals(&world.scene(), origin, &copy).map(|run| run.count), Some(1));
    world.store_manner.set(StoreManner::Good);
    world.pass_s(1_800);
    world.run(store_refusals(&world.scene(), origin));
    assert_eq!(stored(&world).refusals.iter().map(|run| run.count).collect::<Vec<_>>(), [1]);
}
