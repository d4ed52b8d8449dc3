//! Targets that fail, and what is remembered of it.

use apim_origin_guard::notices::{STATE_KEY, State};
use apim_origin_guard::ports::{FetchFailure, HttpResponse};
use apim_origin_guard::secrets::Secrets;
use serde_json::{Value, json};

use crate::crew::{
    ALL, DUTY, HOOK, SLACK, address, cron, every_kind, fail, guard, hooked, mend, ok, state, status, world, world_of,
};
use crate::support::{Said, StoreManner, World};

fn only_the_hook() -> World {
    world_of(&guard(&json!([{ "kind": "webhook", "url_secret": "HOOK", "min_severity": "info" }])))
}

fn retry_after(value: &str) -> Said {
    let headers = vec![("retry-after".to_owned(), value.to_owned())];
    Ok(HttpResponse { status: 429, headers, body: Vec::new() })
}

#[test]
fn a_target_that_fails_is_asked_again_until_it_takes_the_notice() {
    let failures: [Said; 8] = [
        status(500),
        status(429),
        status(302),
        status(404),
        status(400),
        Err(FetchFailure::ConnectionLost),
        Err(FetchFailure::Internal),
        Err(FetchFailure::Other("TypeError: cannot fetch https://hook.test/in?sig=hush-hook".into())),
    ];
    for failure in failures {
        let world = only_the_hook();
        cron(&world);
        world.receiver(HOOK, failure.clone());
        assert_eq!(fail(&world, 522).unwrap().failed.len(), 1, "{failure:?}");
        let kept = state(&world);
        assert!(kept.targets[0].failing_since.is_some() && kept.targets[0].last_ok_at.is_none());
        world.forget();
        world.receiver(HOOK, ok());
        cron(&world);
        assert_eq!(hooked(&world).len(), 2, "once in vain, once with success: {failure:?}");
        world.forget();
        cron(&world);
        assert_eq!(hooked(&world).len(), 2, "{failure:?}");
        let kept = state(&world);
        assert!(kept.targets[0].failing_since.is_none() && kept.targets[0].last_ok_at.is_some());
        assert!(kept.targets[0].last_error.is_none());
    }
}

#[test]
fn pauses_grow_to_an_hour_and_retry_after_is_kept_to() {
    let world = only_the_hook();
    cron(&world);
    world.receiver(HOOK, status(503));
    fail(&world, 522);
    for _ in 0..12 * 12 {
        world.forget();
        cron(&world);
    }
    let times: Vec<u64> = world.sent.borrow().iter().filter(|it| it.1.url == HOOK).map(|it| it.0.0 / 1000).collect();
    let pauses: Vec<u64> = times.windows(2).map(|pair| (pair[1] - pair[0]).div_ceil(300)).collect();
    assert_eq!(pauses[..6], [1, 1, 1, 2, 4, 7], "in runs of five minutes: {pauses:?}");
    assert!(pauses[6..].iter().all(|pause| (12..=13).contains(pause)), "{pauses:?}");

    let world = only_the_hook();
    cron(&world);
    world.receiver(HOOK, retry_after("1700"));
    fail(&world, 522);
    for _ in 0..5 {
        cron(&world);
    }
    assert_eq!(hooked(&world).len(), 1);
    cron(&world);
    assert_eq!(hooked(&world).len(), 2);
}

#[test]
fn no_answer_in_time_is_a_failure_after_five_seconds() {
    let world = only_the_hook();
    cron(&world);
    world.receivers.borrow_mut().insert(HOOK.into(), (60_000, ok()));
    let report = fail(&world, 522).unwrap();
    assert_eq!(report.failed[0].error, "no answer in time");
}

#[test]
fn one_target_that_fails_is_not_the_others_trouble() {
    let world = world();
    cron(&world);
    world.receiver(SLACK, status(500));
    let report = fail(&world, 522).unwrap();
    assert_eq!((report.told, report.failed.len()), (3, 1));
    assert_eq!(hooked(&world).len(), 1);
}

#[test]
fn what_a_target_does_not_take_holds_up_nothing_else() {
    let world = only_the_hook();
    cron(&world);
    address(&world, 2);
    world.receiver(HOOK, status(400));
    cron(&world);
    world.receiver(HOOK, ok());
    fail(&world, 522);
    assert_eq!(hooked(&world), ["happened drift"], "a pause for all of them");
    cron(&world);
    assert_eq!(hooked(&world)[1..], ["opened origin_address_stale", "happened drift"], "the refused one last");
}

#[test]
fn a_target_that_is_down_for_hours_loses_nothing_and_gets_the_latest_word() {
    let world = only_the_hook();
    cron(&world);
    world.receiver(HOOK, status(503));
    fail(&world, 522);
    cron(&world);
    mend(&world);
    for _ in 0..12 * 10 {
        world.forget();
        cron(&world);
    }
    world.receiver(HOOK, ok());
    let before = hooked(&world).len();
    for _ in 0..13 {
        world.forget();
        cron(&world);
    }
    assert_eq!(hooked(&world)[before..], ["resolved origin_connection_timeout"]);
}

#[test]
fn after_a_day_what_is_over_is_told_no_more() {
    let world = only_the_hook();
    cron(&world);
    world.receiver(HOOK, status(503));
    address(&world, 2);
    for _ in 0..12 * 26 {
        world.forget();
        cron(&world);
    }
    let tries = hooked(&world).len();
    world.receiver(HOOK, ok());
    for _ in 0..24 {
        world.forget();
        cron(&world);
    }
    assert_eq!(hooked(&world).len(), tries, "{tries} tries in a day");
    assert!(tries < 35, "{tries}");
}

#[test]
fn an_alert_that_may_have_arrived_is_resolved() {
    let world = world();
    cron(&world);
    world.receivers.borrow_mut().insert(DUTY.into(), (60_000, ok()));
    fail(&world, 522);
    world.receiver(DUTY, ok());
    mend(&world);
    cron(&world);
    let told = world.told(DUTY);
    let actions: Vec<&Value> = told.iter().map(|body| &body["event_action"]).collect();
    assert_eq!(actions, ["trigger", "resolve"]);
    assert_eq!(told[0]["dedup_key"], told[1]["dedup_key"]);
}

#[test]
fn what_nobody_was_paged_for_pages_nobody_when_it_is_over() {
    let mut world = world();
    cron(&world);
    let telling = std::mem::replace(&mut world.loaded, world_of(&guard(&json!([]))).loaded);
    fail(&world, 522);
    mend(&world);
    cron(&world);
    world.loaded = telling;
    cron(&world);
    assert_eq!(hooked(&world), ["resolved origin_connection_timeout"], "it was, and is over");
    assert!(world.told(DUTY).is_empty());
}

#[test]
fn bytes_that_cannot_be_read_are_kept_and_only_pagerduty_is_told() {
    let newer = State { schema: 2, ..State::default() }.to_json();
    for bytes in [newer.as_str(), "", "{}", "no json"] {
        let world = world();
        cron(&world);
        world.store.borrow_mut().insert(STATE_KEY.into(), bytes.to_owned());
        world.forget();
        let report = fail(&world, 522).unwrap();
        assert!(report.unreadable);
        for _ in 0..3 {
            world.forget();
            assert_eq!(cron(&world).heartbeat, None);
        }
        assert_eq!(world.store.borrow()[STATE_KEY], bytes);
        assert!(hooked(&world).is_empty() && world.told(SLACK).is_empty());
        let told = world.told(DUTY);
        assert!(!told.is_empty() && told.iter().all(|body| body["dedup_key"] == told[0]["dedup_key"]));
    }
}

#[test]
fn with_kv_down_an_isolate_tells_once() {
    let world = world();
    cron(&world);
    fail(&world, 522);
    world.store_manner.set(StoreManner::Down);
    for _ in 0..4 {
        cron(&world);
    }
    let of_incident: Vec<String> = hooked(&world).into_iter().filter(|told| told.contains("origin_")).collect();
    assert_eq!(of_incident.len(), 1, "{:?}", hooked(&world));
}

#[test]
fn two_flows_of_one_isolate_tell_once() {
    let world = world();
    cron(&world);
    let mut silent = world;
    let telling = std::mem::replace(&mut silent.loaded, world_of(&guard(&json!([]))).loaded);
    fail(&silent, 522);
    silent.loaded = telling;
    let world = silent;
    let (scene, origin) = (world.scene(), &world.config().origins[0]);
    let both = futures_util::future::join(
        apim_origin_guard::round::tell_now(scene, origin),
        apim_origin_guard::round::tell_now(scene, origin),
    );
    let (one, other) = world.run(both);
    assert_eq!(one.told + other.told, 4);
    assert!(ALL.iter().all(|url| world.told(url).len() == 1));
}

#[test]
fn two_isolates_lose_nothing_of_each_other() {
    let world = world();
    cron(&world);
    let isolate = world.notices.take();
    address(&world, 2);
    world.forget();
    cron(&world);
    *world.notices.borrow_mut() = isolate;
    fail(&world, 522);
    let keys: Vec<String> =
        state(&world).told.into_iter().filter(|it| it.target.starts_with("webhook")).map(|it| it.key).collect();
    assert_eq!(keys.len(), 2, "{keys:?}");
}

#[test]
fn a_secret_that_is_missing_or_wrong_sends_nothing_and_is_said() {
    let mut world = world_of(&guard(&every_kind()));
    world.secrets = Secrets::new([("HOOK".into(), HOOK.into()), ("SLACK".into(), "hush, no URL".into())], true);
    cron(&world);
    let report = fail(&world, 522).unwrap();
    assert_eq!(report.failed.len(), 4);
    assert!(world.sent.borrow().is_empty(), "nothing unsigned, nothing to nowhere");
    let words: Vec<&str> = report.failed.iter().map(|failed| failed.error.as_str()).collect();
    assert!(words[0].contains("signing_secret") && words[1].contains("no URL with"), "{words:?}");
    assert!(!format!("{report:?}").contains("hush"));
}

#[test]
fn nothing_that_is_kept_or_reported_has_a_url_or_a_key_in_it() {
    let world = world();
    cron(&world);
    for url in ALL {
        let words = format!("TypeError: fetch {url} hush-hook hush-signing-key");
        world.receiver(url, Err(FetchFailure::Other(words)));
    }
    let report = fail(&world, 522).unwrap();
    let round = cron(&world);
    let stored: String = world.store.borrow().values().cloned().collect();
    for text in [stored, format!("{report:?}"), format!("{round:?}")] {
        for secret in ["hush", "hook.test", "slack.test", "teams.test", "duty.test"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
