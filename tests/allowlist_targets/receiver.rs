//! The signed webhook.

use apim_origin_guard::allowlist::{Mode, Outcome};
use apim_origin_guard::notices::sign;
use apim_origin_guard::time::UnixMillis;
use serde_json::Value;

use crate::world::{Fault, HOOK, Kv, World};

#[test]
fn the_whole_list_is_sent_signed_and_once() {
    let world = World::new("webhook");
    world.declare(&["20.1.2.3/32", "20.1.2.4/32"]);
    let report = world.run_now();
    assert_eq!(report.outcome, Outcome::Applied);
    let calls = world.calls.borrow_mut().split_off(0);
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    let field = |name: &str| call.headers.iter().find(|(known, _)| *known == name).unwrap().1.clone();
    let at = UnixMillis(field("X-Origin-Guard-Timestamp").parse::<u64>().unwrap() * 1000);
    assert_eq!(field("X-Origin-Guard-Signature"), sign("hook-key-do-not-print", at, &call.body));
    let body: Value = serde_json::from_slice(&call.body).unwrap();
    assert_eq!(body["entries"], serde_json::json!(["20.1.2.3/32", "20.1.2.4/32"]));
    assert_eq!((body["origin"].as_str(), body["removed"].as_array().map(Vec::len)), (Some("contoso"), Some(0)));
    world.forget();
    assert_eq!((world.run_now().outcome, world.methods().as_str()), (Outcome::InPlace, ""));
}

#[test]
fn what_was_not_confirmed_is_sent_again_and_no_url_is_shown() {
    for fault in [Fault::TimesOutAfterwards, Fault::Lost, Fault::ServerErrorAfterwards] {
        let world = World::new("webhook");
        world.declare(&["20.1.2.3/32"]);
        world.then([fault]);
        let report = world.run_now();
        assert_eq!(report.outcome, Outcome::Unconfirmed, "{fault:?}");
        assert!(!format!("{report:?}").contains(HOOK) && !format!("{report:?}").contains("secret-path"));
        assert_eq!(world.run(Mode::Scheduled).outcome, Outcome::Applied);
    }
}

#[test]
fn without_its_memory_nothing_is_sent() {
    let world = World::new("webhook");
    world.declare(&["20.1.2.3/32"]);
    world.kv.set(Kv::Down);
    assert_eq!((world.run_now().outcome, world.methods().as_str()), (Outcome::TryAgain, ""));
}

#[test]
fn a_receiver_that_refuses_is_told() {
    let world = World::new("webhook");
    world.declare(&["20.1.2.3/32"]);
    world.then([Fault::Forbidden]);
    let report = world.run_now();
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Failed, Some("receiver_refused")));
}
