//! What a run tells, and when the heartbeat beats.

use apim_origin_guard::notices::STATE_KEY;
use apim_origin_guard::origin::Record;
use serde_json::json;

use crate::crew::{
    ALL, BEAT, DUTY, HOOK, SLACK, TEAMS, address, cron, fail, guard, hooked, mend, state, world, world_of,
};
use crate::support::{Manner, StoreManner, TWO, World};

fn beats(world: &World) -> usize {
    world.sent.borrow().iter().filter(|(_, request)| request.url == BEAT && request.method == "GET").count()
}

fn writes_of_state(world: &World) -> usize {
    usize::from(world.store.borrow().contains_key(STATE_KEY))
}

#[test]
fn a_quiet_day_tells_nothing_and_writes_the_state_once() {
    let world = world();
    cron(&world);
    assert_eq!(writes_of_state(&world), 1, "from now on there is no history");
    let before = world.store.borrow()[STATE_KEY].clone();
    for _ in 0..24 * 12 {
        world.forget();
        cron(&world);
    }
    assert_eq!(world.store.borrow()[STATE_KEY], before);
    assert!(ALL.iter().all(|url| world.told(url).is_empty()));
    assert!(world.writes.get() <= 2 * 13 + 1, "{} writes for two origins", world.writes.get());
    assert_eq!(beats(&world), 24 * 12 + 1);
}

#[test]
fn without_targets_nobody_is_asked() {
    let world = world_of(
        &json!({ "origins": [{ "hostname": crate::support::GATEWAY }], "dns": { "resolvers": [crate::support::ONE] } }),
    );
    cron(&world);
    fail(&world, 522);
    cron(&world);
    assert!(!world.store.borrow().contains_key(STATE_KEY));
    assert!(world.sent.borrow().is_empty());
}

#[test]
fn a_failure_is_told_at_once_and_its_end_by_the_run_that_sees_it() {
    let world = world();
    cron(&world);
    let report = fail(&world, 522).unwrap();
    assert_eq!((report.told, report.failed.len()), (4, 0));
    assert_eq!(hooked(&world), ["opened origin_connection_timeout"]);
    world.forget();
    cron(&world);
    assert_eq!(hooked(&world).len(), 1, "another isolate's run knows that it was told");
    mend(&world);
    cron(&world);
    assert_eq!(hooked(&world), ["opened origin_connection_timeout", "resolved origin_connection_timeout"]);
    assert_eq!((world.told(SLACK).len(), world.told(TEAMS).len(), world.told(DUTY).len()), (2, 2, 2));
    cron(&world);
    assert_eq!(hooked(&world).len(), 2);
}

#[test]
fn a_changed_cause_is_told() {
    let world = world();
    cron(&world);
    fail(&world, 522);
    world.pass_s(700);
    fail(&world, 521);
    assert_eq!(hooked(&world), ["opened origin_connection_timeout", "opened origin_connection_refused"]);
    let told = &world.told(HOOK)[1];
    assert_eq!(told["before"]["code"], "origin_connection_timeout");
    assert_eq!(told["after"]["code"], "origin_connection_refused");
}

#[test]
fn an_incident_that_its_isolate_could_not_tell_is_told_by_a_run_a_minute_later() {
    let mut world = world();
    cron(&world);
    let telling = std::mem::replace(&mut world.loaded, world_of(&guard(&json!([]))).loaded);
    fail(&world, 522);
    world.loaded = telling;
    world.forget();
    world.run(apim_origin_guard::round::run(world.scene(), &[]));
    assert!(hooked(&world).is_empty(), "the isolate that stored it may be telling it now");
    cron(&world);
    assert_eq!(hooked(&world), ["opened origin_connection_timeout"]);
}

#[test]
fn a_change_of_addresses_is_told_once_with_both_values() {
    let world = world();
    cron(&world);
    address(&world, 2);
    cron(&world);
    cron(&world);
    let told = world.told(HOOK);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((&told[0]["code"], &told[0]["phase"]), (&json!("drift"), &json!("happened")));
    assert_eq!((&told[0]["before"], &told[0]["after"]), (&json!(["20.1.1.1"]), &json!(["20.1.1.2"])));
    assert!(world.told(DUTY).is_empty(), "min_severity is error there");
}

#[test]
fn what_was_over_before_notices_were_configured_is_history() {
    let world = world_of(&guard(&json!([])));
    cron(&world);
    address(&world, 2);
    cron(&world);
    fail(&world, 522);
    mend(&world);
    cron(&world);
    world.pass_s(3 * 3600);
    fail(&world, 521);
    let later = world_of(&guard(&crate::crew::every_kind()));
    *later.store.borrow_mut() = world.store.borrow().clone();
    later.pass_s(world.elapsed_ms() / 1000);
    *later.origin.borrow_mut() = Err(apim_origin_guard::ports::FetchFailure::ConnectionLost);
    address(&later, 2);
    cron(&later);
    assert_eq!(hooked(&later), ["opened origin_connection_refused"], "only what is open");
}

#[test]
fn resolvers_that_are_silent_for_an_hour_are_told_and_their_return_too() {
    let world = world();
    cron(&world);
    world.both(&Manner::TimesOut);
    for _ in 0..11 {
        cron(&world);
    }
    assert!(hooked(&world).is_empty());
    for _ in 0..30 {
        world.forget();
        cron(&world);
    }
    assert_eq!(hooked(&world), ["opened lookup_overdue", "opened lookup_overdue"], "one for each origin");
    address(&world, 1);
    cron(&world);
    cron(&world);
    assert_eq!(hooked(&world)[2..], ["resolved lookup_overdue", "resolved lookup_overdue"]);
}

#[test]
fn the_heart_beats_after_good_runs_only() {
    let world = world();
    let beat = |arrange: &dyn Fn(&World)| {
        arrange(&world);
        let before = beats(&world);
        let round = cron(&world);
        assert_eq!(round.heartbeat.is_some(), beats(&world) > before);
        beats(&world) > before
    };
    assert!(beat(&|_| {}));
    assert!(beat(&|world| world.one(TWO, Manner::TimesOut)), "one resolver is enough");
    assert!(!beat(&|world| world.both(&Manner::TimesOut)));
    assert!(!beat(&|_| {}), "not until a look-up has an answer again");
    assert!(beat(&|world| address(world, 1)));
    assert!(!beat(&|world| {
        world.forget();
        world.store_manner.set(StoreManner::Down);
    }));
    assert!(beat(&|world| world.store_manner.set(StoreManner::Good)));
    assert!(!beat(&|world| {
        world.store_manner.set(StoreManner::LosesWrites);
        address(world, 3);
    }));
}

#[test]
fn a_store_that_is_down_is_told_on_the_second_run() {
    let world = world();
    cron(&world);
    world.store_manner.set(StoreManner::Down);
    world.memory.take();
    cron(&world);
    assert!(hooked(&world).is_empty());
    cron(&world);
    cron(&world);
    assert_eq!(hooked(&world), ["opened kv_unavailable"]);
    world.store_manner.set(StoreManner::Good);
    cron(&world);
    assert_eq!(hooked(&world), ["opened kv_unavailable", "resolved kv_unavailable"]);
    assert!(!state(&world).told.is_empty(), "stored once KV answers");
}

#[test]
fn a_backend_that_refuses_is_told_and_that_the_signs_stopped() {
    let world = world();
    cron(&world);
    let now = apim_origin_guard::ports::Clock::now(&world);
    let key = "origin/contoso";
    let mut record = Record::parse(&world.store.borrow()[key]).unwrap();
    record.refusals.insert(
        0,
        apim_origin_guard::origin::BackendRefusals {
            count: 7,
            first_at: now,
            last_at: now,
            sign: apim_origin_guard::origin::RefusalSign::IpForbidden,
            refused_address: None,
        },
    );
    world.store.borrow_mut().insert(key.into(), record.to_json());
    world.forget();
    cron(&world);
    assert_eq!(hooked(&world), ["opened backend_rejects_gateway"]);
    for _ in 0..13 {
        cron(&world);
    }
    assert_eq!(hooked(&world), ["opened backend_rejects_gateway", "resolved backend_rejects_gateway"]);
}

#[test]
fn a_faulty_configuration_is_told_once() {
    let mut world = world();
    let mut faulty = guard(&crate::crew::every_kind());
    faulty["dns"]["timeout_ms"] = json!(0);
    world.loaded = apim_origin_guard::config::load(Some(&faulty.to_string()));
    for _ in 0..600 {
        world.forget();
        cron(&world);
    }
    assert_eq!(hooked(&world), ["happened guard_config_invalid"]);
    assert!(world.told(HOOK)[0]["detail"].as_str().unwrap().contains("dns.timeout_ms"));
}
