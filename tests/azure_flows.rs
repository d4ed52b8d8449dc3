//! Keeping up with ARM: when it is asked, what is stored, and that no fault removes what is still declared.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "test code")]
#![allow(clippy::print_stdout, reason = "the benchmark shows the counted reads and writes")]

mod support;

use apim_origin_guard::allowlist::{Held, Source, gather};
use apim_origin_guard::azure::{
    Existence, Fact, FaultKind, Knowledge, Occasion, declared_view, keep_up, look_now, notices,
};
use apim_origin_guard::investigation::{azure_evidence, visit};
use apim_origin_guard::notices::Phase;
use apim_origin_guard::ports::Clock as _;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use serde_json::{Value, json};
use support::azure::{Login, SERVICE, SUBSCRIPTION, Say};
use support::instance::{KEY, VIP, elsewhere, existence, instance, listed, with};
use support::{StoreManner, World};

const OTHER: &str = "172.199.17.99";
const THIRD: &str = "20.50.1.1";

fn lists(world: &World) -> Vec<String> {
    listed(world.known().declared.as_ref())
}

/// Scheduled runs for so many hours, each in a fresh isolate.
fn hours(world: &World, hours: u64) {
    for _ in (0..hours).flat_map(|_| 0..12) {
        world.forget();
        world.run_later();
    }
}

#[test]
fn a_quiet_day_of_runs_in_fresh_isolates_is_cheap() {
    let subnet = "/subscriptions/s/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/n/subnets/a";
    let document = with(instance(&[VIP]), "/properties/virtualNetworkType", json!("External"));
    let document = with(document, "/properties/virtualNetworkConfiguration", json!({"subnetResourceId": subnet}));
    let world = World::with_instance(&document);
    world.azure.put(subnet, json!({"id": subnet, "properties": {}}));
    world.ask();
    world.azure.calls.borrow_mut().clear();
    world.writes.set(0);
    let mut gap = (0, 0);
    for _ in 0..288 {
        world.forget();
        world.pass_s(300);
        let visited = world.run(visit(&world.scene(), &world.config().origins[0], false));
        gap.0 = if visited.azure.is_some() { 0 } else { gap.0 + 5 };
        gap.1 = gap.1.max(gap.0);
    }
    let (reads, writes) = (world.azure.calls.borrow().len(), world.writes.get());
    println!(
        "KV writes of a quiet day with ARM, each run in a new isolate: {writes} (limit 24); ARM reads: {reads} (limit 300)"
    );
    assert!((100..=200).contains(&reads), "{reads} reads");
    assert!(writes <= 24, "{writes} writes");
    assert!(gap.1 <= 10, "{} minutes without a look", gap.1);
}

#[test]
fn in_one_isolate_it_is_asked_every_other_run() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    let asked: Vec<bool> = (0..6).map(|_| world.run_later().is_some()).collect();
    assert_eq!(asked, [false, true, false, true, false, true]);
}

#[test]
fn while_an_incident_is_open_it_is_asked_at_every_run() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    let troubled = Occasion { troubled: true, ..Occasion::default() };
    for _ in 0..4 {
        world.pass_s(300);
        assert!(world.run(keep_up(&world.scene(), &world.config().origins[0], troubled)).is_some());
    }
}

#[test]
fn without_azure_nobody_is_asked_and_nothing_is_stored() {
    let world = World::new();
    let always = Occasion { always: true, ..Occasion::default() };
    assert_eq!(world.run(keep_up(&world.scene(), &world.config().origins[0], always)), None);
    assert_eq!((world.reads.get(), world.azure.logins.borrow().len()), (0, 0));
}

#[test]
fn what_is_new_counts_at_once_and_what_is_missing_is_held() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.pass_s(600);
    world.becomes(&instance(&[VIP, OTHER]));
    let drift = world.ask().drift.unwrap();
    assert_eq!((drift.before.len(), drift.after.len(), drift.location.as_deref()), (1, 2, Some("westeurope")));
    world.becomes(&instance(&[OTHER]));
    world.ask();
    assert_eq!(lists(&world), ["-172.199.17.73/32 Both westeurope", "172.199.17.99/32 Both westeurope"]);
    hours(&world, 23);
    assert_eq!(lists(&world).len(), 2, "held");
    assert_eq!(world.known().drifts.len(), 2, "the removal is told once it is confirmed");
    hours(&world, 5);
    assert_eq!(lists(&world), ["172.199.17.99/32 Both westeurope"]);
    assert_eq!(world.known().drifts.len(), 2);
}

#[test]
fn an_address_that_comes_back_is_no_longer_gone() {
    let world = World::with_instance(&instance(&[VIP, OTHER]));
    world.ask();
    world.becomes(&instance(&[VIP]));
    world.ask();
    hours(&world, 20);
    world.becomes(&instance(&[VIP, OTHER]));
    world.ask();
    assert_eq!(lists(&world), ["172.199.17.73/32 Both westeurope", "172.199.17.99/32 Both westeurope"]);
    world.becomes(&instance(&[VIP]));
    hours(&world, 20);
    assert_eq!(lists(&world).len(), 2, "the time begins anew");
}

fn without_hold(document: &Value) -> World {
    let origin = json!({"hostname": support::GATEWAY, "azure": support::azure::resource()});
    let guard = json!({
        "origins": [origin], "azure": support::azure::azure_section(), "allowlist": {"hold_removals_s": 0},
        "dns": {"resolvers": [support::ONE, support::TWO]},
    });
    let world = World::configured(&guard.to_string());
    world.azure.put(SERVICE, document.clone());
    world.ask();
    world
}

/// How many runs of five minutes until the address is off the list.
fn rounds(world: &World, address: &str) -> usize {
    (1..50)
        .find(|_| {
            world.run_later();
            !listed(world.known().declared.as_ref()).iter().any(|one| one.contains(address))
        })
        .unwrap()
}

#[test]
fn also_without_a_hold_a_removal_takes_several_rounds() {
    let world = without_hold(&instance(&[VIP, OTHER]));
    world.becomes(&instance(&[VIP]));
    assert!(rounds(&world, OTHER) >= 3);
}

#[test]
fn replacing_the_whole_set_takes_more_of_them() {
    let world = without_hold(&instance(&[VIP, OTHER]));
    world.becomes(&instance(&[THIRD]));
    world.ask();
    assert_eq!(lists(&world).len(), 3, "the new one counts at once");
    assert!(rounds(&world, VIP) >= 5);
    assert_eq!(lists(&world), ["20.50.1.1/32 Both westeurope"]);
}

#[test]
fn runs_at_the_same_time_count_once() {
    let world = without_hold(&instance(&[VIP, OTHER]));
    world.becomes(&instance(&[VIP]));
    for _ in 0..10 {
        world.ask();
        world.pass_s(20);
    }
    assert_eq!(lists(&world).len(), 2);
}

#[test]
fn nothing_is_gone_while_an_operation_runs_or_a_list_is_damaged_or_empty_or_old() {
    let updating = with(instance(&[VIP]), "/properties/provisioningState", json!("Updating"));
    let masked = with(instance(&[VIP]), "/properties/publicIPAddresses", json!([VIP, "172.XXX.17.99"]));
    let null = with(instance(&[VIP]), "/properties/publicIPAddresses", json!(null));
    let old = with(instance(&[VIP]), "/systemData/lastModifiedAt", json!("2025-12-31T00:00:00Z"));
    for document in [updating, masked, null, instance(&[]), old] {
        let world = without_hold(&instance(&[VIP, OTHER]));
        world.becomes(&document);
        hours(&world, 6);
        assert!(lists(&world).iter().any(|one| one.contains(OTHER)), "{document}");
        let exported = export(&world);
        assert!([VIP, OTHER].iter().all(|one| exported.iter().any(|cidr| cidr.starts_with(one))), "{document}");
        let shown = declared_view(&world.known().declared.unwrap());
        assert!(!shown["inbound"].as_array().unwrap().is_empty(), "{document}");
    }
}

/// What `GET /allowlist` and the targets get.
fn export(world: &World) -> Vec<String> {
    let source = Source::of(&world.config().origins[0], Some(&world.known()), None).unwrap();
    let held = Held { for_s: world.config().allowlist.hold_removals_s, now: world.now() };
    gather(&[source], held).map(|list| list.networks()).unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn a_tier_without_addresses_leaves_none_on_the_list() {
    let world = without_hold(&instance(&[VIP]));
    world.becomes(&with(instance(&[VIP]), "/sku/name", json!("Consumption")));
    hours(&world, 1);
    assert_eq!(export(&world), Vec::<String>::new());
}

#[test]
fn another_isolate_keeps_to_retry_after_too() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.azure.then([Say::Error(429, "TooManyRequests", vec![("retry-after", "1800")])]);
    world.ask();
    let asked = (world.azure.calls.borrow().len(), world.azure.logins.borrow().len());
    world.pass_s(1500);
    world.forget();
    assert_eq!(world.ask().outcome(), "azure_throttled");
    assert_eq!((world.azure.calls.borrow().len(), world.azure.logins.borrow().len()), asked);
    world.pass_s(400);
    assert_eq!(world.ask().outcome(), "present");
}

#[test]
fn a_location_that_is_gone_takes_its_addresses_with_it_after_the_hold() {
    let both = with(
        with(instance(&[VIP]), "/sku/name", json!("Premium")),
        "/properties/additionalLocations",
        json!([elsewhere("East US", &[OTHER])]),
    );
    let world = World::with_instance(&both);
    world.ask();
    world.becomes(&with(both.clone(), "/properties/additionalLocations", json!(null)));
    world.ask();
    hours(&world, 27);
    assert_eq!(lists(&world), ["172.199.17.73/32 Both westeurope"]);
    let drift = &world.known().drifts[0];
    assert_eq!((drift.before.len(), drift.after.len()), (2, 1));
    assert!(world.known().changes.iter().any(|change| change.fact == Fact::Locations));
}

#[test]
fn a_direction_that_is_lost_is_held_too() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    let document = with(instance(&[VIP]), "/properties/natGatewayState", json!("Enabled"));
    let document = with(document, "/properties/outboundPublicIPAddresses", json!(["60.0.0.0/31"]));
    world.becomes(&document);
    world.ask();
    assert_eq!(lists(&world), ["60.0.0.0/31 Outbound westeurope", "172.199.17.73/32 Both westeurope"]);
    hours(&world, 27);
    assert_eq!(lists(&world), ["60.0.0.0/31 Outbound westeurope", "172.199.17.73/32 Inbound westeurope"]);
}

#[test]
fn evidence_ranks_the_causes() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.pass_s(900);
    world.azure.put(&format!("/subscriptions/{SUBSCRIPTION}"), json!({"state": "Disabled"}));
    world.ask();
    world.pass_s(900);
    world.azure.put(&format!("/subscriptions/{SUBSCRIPTION}"), json!({"state": "Enabled"}));
    let moved = with(instance(&[OTHER]), "/zones", json!(["1", "2"]));
    world.becomes(&moved);
    let kept = world.ask();
    let causes = apim_origin_guard::azure::drift_causes(&kept.knowledge.changes, kept.drift.unwrap().at);
    assert!(
        causes[0].starts_with(
            "the subscription was disabled or warned, then reinstated: subscription_state was Disabled, is Enabled"
        ),
        "{causes:?}"
    );
    assert!(
        causes[1].starts_with("availability zones or regions were changed: zones of westeurope was none, is 1, 2"),
        "{causes:?}"
    );
    assert_eq!(causes[2], "the service was deleted and created again", "possible, and nothing shows it");
    let again = with(moved, "/properties/createdAtUtc", json!("2026-04-27T10:00:00Z"));
    world.becomes(&with(again, "/properties/publicIPAddresses", json!([THIRD])));
    let kept = world.ask();
    let causes = apim_origin_guard::azure::drift_causes(&kept.knowledge.changes, kept.drift.unwrap().at);
    assert!(
        causes.iter().any(|cause| cause
            .starts_with("the service was deleted and created again: created_at was 2024-06-16T09:40:00.945Z")),
        "{causes:?}"
    );
    let none = apim_origin_guard::azure::drift_causes(&[], support::START);
    assert_eq!(none.len(), 4);
}

fn deleted_path() -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ApiManagement/locations/westeurope/deletedservices/contoso"
    )
}

#[test]
fn a_deleted_instance_can_be_restored_until_it_is_purged() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.azure.remove(SERVICE);
    let purge = "2026-04-29T11:19:52.1234567Z";
    world.azure.put(&deleted_path(), json!({"properties": {"serviceId": SERVICE, "scheduledPurgeDate": purge}}));
    world.pass_s(600);
    let kept = world.ask();
    assert_eq!((existence(&kept), kept.outcome().as_str()), (Existence::SoftDeleted, "soft_deleted"));
    let evidence = azure_evidence(&kept.knowledge, kept.knowledge.asked_at);
    assert_eq!(evidence.restorable_until.unwrap().to_string(), "2026-04-29T11:19:52.123Z");
    world.azure.remove(&deleted_path());
    world.pass_s(300);
    assert_eq!(existence(&world.ask()), Existence::Gone);
    assert_eq!(lists(&world), ["172.199.17.73/32 Both westeurope"], "nothing was said of the addresses");
    world.becomes(&instance(&[VIP]));
    world.pass_s(300);
    let kept = world.ask();
    assert_eq!(existence(&kept), Existence::Present);
    assert!(kept.knowledge.changes.iter().filter(|change| change.fact == Fact::Existence).count() >= 2);
}

#[test]
fn one_not_found_is_not_believed_nor_where_deleted_ones_cannot_be_read() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.azure.remove(SERVICE);
    assert_eq!(existence(&world.ask()), Existence::Missing);
    let refuse = |world: &World| {
        world.azure.then([Say::Good, Say::Error(403, "AuthorizationFailed", vec![])]);
        world.pass_s(300);
        existence(&world.ask())
    };
    assert_eq!([refuse(&world), refuse(&world)], [Existence::Missing, Existence::Missing]);
    world.pass_s(300);
    assert_eq!(existence(&world.ask()), Existence::Gone);
    assert_eq!(refuse(&world), Existence::Gone, "what was said stays");
}

#[test]
fn an_abandoned_name_is_remembered_until_arm_has_the_instance_again() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.azure.remove(SERVICE);
    let gone = Occasion { always: true, name_gone: true, ..Occasion::default() };
    let look = |world: &World, occasion| {
        world.pass_s(300);
        world.run(keep_up(&world.scene(), &world.config().origins[0], occasion)).unwrap().knowledge
    };
    assert_eq!(look(&world, gone).abandoned_since, None);
    let since = look(&world, gone).abandoned_since;
    assert!(since.is_some());
    assert_eq!(look(&world, Occasion { name_gone: false, ..gone }).abandoned_since, since);
    world.becomes(&instance(&[VIP]));
    assert_eq!(look(&world, gone).abandoned_since, None);
}

#[test]
fn a_fault_is_told_since_when_and_its_end_too() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.pass_s(4000);
    *world.azure.login.borrow_mut() = Login::Refuses(7_000_222, "invalid_client");
    let kept = world.ask();
    assert_eq!((kept.outcome().as_str(), existence(&kept)), ("azure_secret_expired", Existence::Present));
    let since = kept.knowledge.fault.as_ref().unwrap().since;
    world.pass_s(600);
    let kept = world.ask();
    let run = kept.knowledge.fault.clone().unwrap();
    assert_eq!((run.since, run.last_at > since, run.fault.kind), (since, true, FaultKind::SecretExpired));
    let told = notices(&kept.knowledge, "contoso", run.last_at);
    let opened = told.iter().find(|notice| notice.code == "azure_secret_expired").unwrap();
    assert_eq!((opened.phase, opened.at), (Phase::Opened, since));
    *world.azure.login.borrow_mut() = Login::Good;
    world.pass_s(600);
    let known = world.ask().knowledge;
    let told = notices(&known, "contoso", known.asked_at);
    let ended = told.iter().find(|notice| notice.code == "azure_secret_expired").unwrap();
    assert_eq!((ended.phase, &ended.key), (Phase::Resolved, &opened.key));
    assert!(known.fault.is_none());
}

#[test]
fn what_passes_by_itself_is_told_when_it_lasts() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.azure.always(Say::TimesOut);
    let tells = |world: &World| {
        let known = world.ask().knowledge;
        notices(&known, "contoso", known.asked_at).iter().any(|notice| notice.code == "azure_timed_out")
    };
    assert!(!tells(&world));
    world.pass_s(3 * 3600);
    assert!(tells(&world));
}

#[test]
fn a_certificate_is_told_before_it_ends_and_again_when_it_has() {
    for (expiry, code, phase) in [
        ("2026-05-20T00:00:00+00:00", "certificate_expiring", Phase::Opened),
        ("2026-04-20T00:00:00+00:00", "certificate_expired", Phase::Opened),
        ("2027-04-20T00:00:00Z", "certificate_expiring", Phase::Resolved),
    ] {
        let host = json!([{"type": "Proxy", "hostName": "api.contoso.com", "certificateSource": "KeyVault",
            "certificate": {"expiry": expiry}}]);
        let world = World::with_instance(&with(instance(&[VIP]), "/properties/hostnameConfigurations", host));
        let known = world.ask().knowledge;
        let told = notices(&known, "contoso", known.asked_at);
        let one = told.iter().find(|notice| notice.code == code).unwrap();
        assert_eq!((one.phase, one.key.as_str()), (phase, format!("azure/contoso/{code}/api.contoso.com").as_str()));
    }
}

#[test]
fn a_drift_is_told_once_with_both_values() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.becomes(&instance(&[OTHER]));
    let known = world.ask().knowledge;
    let told: Vec<_> =
        notices(&known, "contoso", known.asked_at).into_iter().filter(|one| one.code == "declared_drift").collect();
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0].before, &told[0].after), (&json!([format!("{VIP}/32")]), &json!([format!("{OTHER}/32")])));
}

#[test]
fn bytes_that_cannot_be_read_are_kept() {
    for bytes in ["{\"schema\": 99}", "not json", "{\"schema\": 1}"] {
        let world = World::with_instance(&instance(&[VIP]));
        world.store.borrow_mut().insert(KEY.into(), bytes.into());
        let kept = world.ask();
        assert!(!kept.stored && kept.knowledge.declared.is_some(), "{bytes}");
        assert_eq!(world.store.borrow()[KEY], bytes);
    }
}

#[test]
fn knowledge_of_another_resource_counts_as_none() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    let other = world.store.borrow()[KEY].replace("service/contoso", "service/other");
    world.store.borrow_mut().insert(KEY.into(), other);
    world.forget();
    world.becomes(&instance(&[OTHER]));
    let kept = world.ask();
    assert_eq!((kept.drift, listed(kept.knowledge.declared.as_ref()).len()), (None, 1));
}

#[test]
fn a_store_that_fails_loses_nothing_that_it_has() {
    for manner in [StoreManner::Down, StoreManner::Hangs, StoreManner::Missing, StoreManner::LosesWrites] {
        let world = World::with_instance(&instance(&[VIP, OTHER]));
        world.ask();
        world.becomes(&instance(&[VIP]));
        world.store_manner.set(manner);
        world.forget();
        for _ in 0..10 {
            world.pass_s(300);
            assert!(!world.ask().stored);
        }
        world.store_manner.set(StoreManner::Good);
        world.pass_s(300);
        world.ask();
        assert_eq!(lists(&world).len(), 2, "{manner:?}");
    }
}

#[test]
fn what_was_not_confirmed_is_written_again() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.becomes(&instance(&[VIP, OTHER]));
    world.store_manner.set(StoreManner::LosesWrites);
    world.pass_s(300);
    world.ask();
    world.store_manner.set(StoreManner::Good);
    world.pass_s(600);
    assert!(world.ask().stored);
    assert_eq!(lists(&world).len(), 2);
}

#[test]
fn a_failed_request_asks_arm_once_a_minute_and_writes_nothing() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.forget();
    let (writes, calls) = (world.writes.get(), world.azure.calls.borrow().len());
    let origin = &world.config().origins[0];
    for _ in 0..5 {
        assert!(world.run(look_now(&world.scene(), origin)).is_some());
        world.pass_s(5);
    }
    assert_eq!((world.writes.get(), world.azure.calls.borrow().len() - calls), (writes, 2));
}

#[test]
fn the_stored_form_is_read_back() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.pass_s(600);
    world.becomes(&with(instance(&[OTHER]), "/zones", json!(["1"])));
    world.ask();
    world.pass_s(600);
    *world.azure.login.borrow_mut() = Login::Refuses(7_000_222, "invalid_client");
    world.forget();
    let known = world.ask().knowledge;
    let parts = [known.drifts.len(), known.changes.len(), known.missing.len(), known.fault.iter().count()];
    assert_eq!(parts, [1, 1, 1, 1], "something of everything");
    assert_eq!(Knowledge::parse(&known.to_json()), Ok(known.clone()));
    let stored = world.known();
    assert_eq!((&stored.service, &stored.declared, &stored.fault), (&known.service, &known.declared, &known.fault));
    for secret in [support::azure::SECRET, "token-"] {
        assert!(world.store.borrow().values().all(|value| !value.contains(secret)));
    }
}

/// One thing that may happen between two runs.
#[derive(Debug, Clone)]
enum Event {
    Says(Vec<Say>),
    /// From now on, for so many runs.
    Goes(Say, usize),
    Login(bool),
    Store(StoreManner),
    NewIsolate,
    Adds(u8),
    Overlaps,
}

fn says() -> impl Strategy<Value = Say> {
    prop_oneof![
        Just(Say::Good),
        Just(Say::Error(429, "TooManyRequests", vec![("retry-after", "30")])),
        Just(Say::Error(503, "ServiceUnavailable", vec![])),
        Just(Say::Error(500, "InternalServerError", vec![])),
        Just(Say::Error(404, "ResourceNotFound", vec![])),
        Just(Say::Error(403, "AuthorizationFailed", vec![])),
        Just(Say::Error(401, "ExpiredAuthenticationToken", vec![])),
        Just(Say::TimesOut),
        Just(Say::Lost),
        Just(Say::Half),
        Just(Say::Stale),
        Just(Say::Raw(200, "{}".into())),
        Just(Say::Raw(200, "<html>".into())),
        Just(Say::Raw(200, instance(&[]).to_string())),
        Just(Say::Raw(200, with(instance(&[]), "/properties/publicIPAddresses", json!(null)).to_string())),
        Just(Say::Raw(200, json!({"id": SERVICE, "properties": {}}).to_string())),
        Just(Say::Raw(200, with(instance(&[]), "/properties/publicIPAddresses", json!(["1.XXX.2.3"])).to_string())),
    ]
}

fn events() -> impl Strategy<Value = Event> {
    use StoreManner::{Down, Good, Hangs, LosesAnswers, LosesWrites, Missing};
    let manner = proptest::sample::select(vec![Good, Good, Down, Hangs, LosesAnswers, LosesWrites, Missing]);
    prop_oneof![
        6 => proptest::collection::vec(says(), 1..4).prop_map(Event::Says),
        3 => (says(), 1..12_usize).prop_map(|(say, runs)| Event::Goes(say, runs)),
        1 => any::<bool>().prop_map(Event::Login),
        2 => manner.prop_map(Event::Store),
        2 => Just(Event::NewIsolate),
        2 => any::<u8>().prop_map(Event::Adds),
        1 => Just(Event::Overlaps),
    ]
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(150))]

    /// The guarantee of contract section 1: throttles, time-outs, lost, half and stale answers, 5xx, a dead store, fresh
    /// isolates and overlapping runs, in any order, never take an address off that ARM still declares, and never empty the
    /// list.
    #[test]
    fn no_sequence_of_faults_removes_what_is_still_declared(
        hold in proptest::bool::ANY,
        events in proptest::collection::vec(events(), 1..40),
    ) {
        let mut declared = vec![VIP.to_owned(), OTHER.to_owned()];
        let show = |declared: &[String], version: usize| {
            let all: Vec<&str> = declared.iter().map(String::as_str).collect();
            with(instance(&all), "/systemData/lastModifiedAt", json!(format!("2026-01-01T00:00:{version:02}Z")))
        };
        let world = if hold { World::with_instance(&show(&declared, 0)) } else { without_hold(&show(&declared, 0)) };
        world.ask();
        let mut seen = declared.clone();
        for event in events {
            match event {
                Event::Says(says) => world.azure.then(says),
                Event::Goes(say, runs) => {
                    world.azure.always(say);
                    (0..runs).for_each(|_| drop(world.run_later()));
                    world.azure.always(Say::Good);
                }
                Event::Login(good) => {
                    let answer = if good { Login::Good } else { Login::TimesOut };
                    *world.azure.login.borrow_mut() = answer;
                }
                Event::Store(manner) => world.store_manner.set(manner),
                Event::NewIsolate => world.forget(),
                Event::Adds(octet) if declared.len() < 50 => {
                    declared.push(format!("20.50.2.{octet}"));
                    declared.dedup();
                    world.becomes(&show(&declared, declared.len()));
                }
                Event::Adds(_) => {}
                Event::Overlaps => {
                    let scene = world.scene();
                    let origin = &world.config().origins[0];
                    let always = Occasion { always: true, ..Occasion::default() };
                    world.run(futures_util::future::join(
                        keep_up(&scene, origin, always),
                        keep_up(&scene, origin, always),
                    ));
                }
            }
            world.run_later();
            let listed = export(&world);
            let has = |address: &String| listed.iter().any(|one| one.contains(&format!("{address}/32")));
            // What the store was told of, and ARM still declares.
            seen.extend(declared.iter().filter(|address| has(address)).cloned());
            proptest::prop_assert!(!listed.is_empty());
            for address in &seen {
                proptest::prop_assert!(has(address), "{address} is still declared: {listed:?}");
            }
        }
    }
}
