//! A custom list of IP addresses at Cloudflare.

use apim_origin_guard::allowlist::{Mode, Outcome};

use crate::world::{Fault, TOKEN, World, entry, list_of, networks, target};

/// Addresses and comments, in order.
fn items(world: &World) -> Vec<(String, Option<String>)> {
    world.place.borrow().items.iter().map(|(_, ip, comment)| (ip.clone(), comment.clone())).collect()
}

fn own(ip: &str) -> (String, Option<String>) {
    (ip.to_owned(), Some("origin-guard:contoso".to_owned()))
}

#[test]
fn what_is_missing_is_added_with_the_guards_comment_and_nothing_else_is_touched() {
    let world = World::new("cloudflare-list");
    let foreign = items(&world);
    world.declare(&["20.1.2.3/32", "20.1.2.0/25", "2603:1000::5/128", "192.0.2.7/32"]);
    let report = world.run_now();
    assert_eq!((report.outcome, report.detail.as_str()), (Outcome::Applied, "Changed, and confirmed."));
    // 20.1.2.3 is inside 20.1.2.0/25; the office's entry lets 192.0.2.7 in; a single IPv6 address becomes its /64.
    assert_eq!(report.added, networks(&["20.1.2.0/25", "2603:1000::/64"]));
    assert_eq!(items(&world), [&foreign[..], &[own("20.1.2.0/25"), own("2603:1000::/64")]].concat());
    assert_eq!(world.methods(), "GET POST GET GET GET", "a list, a write, an operation, and two pages");
    assert_eq!(report.plan.unwrap().foreign, ["192.0.2.7", "198.51.100.0/24"]);
}

#[test]
fn in_place_it_is_read_and_not_written_and_only_every_ten_minutes() {
    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32"]);
    world.run_now();
    world.methods();
    assert_eq!(world.kv_writes.get(), 1, "what is there now is remembered");
    assert_eq!(world.run(Mode::Scheduled).outcome, Outcome::InPlace);
    assert_eq!(world.methods(), "GET");
    assert_eq!(world.run(Mode::Scheduled).outcome, Outcome::NotDue);
    world.pass_s(599);
    assert_eq!(world.run(Mode::Scheduled).outcome, Outcome::NotDue);
    world.pass_s(2);
    assert_eq!((world.run(Mode::Scheduled).outcome, world.methods().as_str()), (Outcome::InPlace, "GET"));
    assert_eq!(world.kv_writes.get(), 1, "what stays the same is not written again");
    world.declare(&["20.1.2.3/32", "20.1.2.4/32"]);
    assert_eq!(world.run(Mode::Scheduled).outcome, Outcome::Applied, "another list is due at once");
    assert_eq!(world.kv_writes.get(), 2);
}

#[test]
fn a_dry_run_writes_nothing() {
    let mut settings = target("cloudflare-list");
    settings["apply"] = false.into();
    let world = World::with("cloudflare-list", &settings);
    world.declare(&["20.1.2.3/32"]);
    let report = world.run_now();
    assert_eq!((report.outcome, world.methods().as_str()), (Outcome::WaitsForApproval, "GET"));
    let plan = report.plan.unwrap();
    assert!(plan.dry_run && plan.add[0].reason.contains("declared by Azure for westeurope"), "{plan:?}");
}

#[test]
fn what_is_gone_is_held_then_removed_by_its_id() {
    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32", "20.1.2.4/32"]);
    world.run_now();
    *world.list.borrow_mut() =
        Some(list_of(vec![entry("20.1.2.3/32", None), entry("20.1.2.4/32", Some(world.now_ms()))]));
    let report = world.run_now();
    assert_eq!((report.outcome, report.plan.unwrap().held.len()), (Outcome::InPlace, 1));
    world.pass_s(86_399);
    world.declare(&["20.1.2.3/32"]);
    assert_eq!(world.run_now().removed, [], "not before its time");
    world.pass_s(2);
    let report = world.run_now();
    assert_eq!((report.outcome, report.removed), (Outcome::Applied, networks(&["20.1.2.4/32"])));
    assert_eq!(items(&world).last(), Some(&own("20.1.2.3")));
    assert_eq!(items(&world).len(), 3);
}

#[test]
fn all_that_is_owned_is_never_replaced_in_one_plan() {
    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32"]);
    world.run_now();
    world.declare(&["20.9.9.9/32"]);
    world.always.set(Fault::ServerError);
    world.run_now();
    world.always.set(Fault::None);
    // The time passes while the addition cannot be made.
    world.then([Fault::None, Fault::Forbidden]);
    world.run_now();
    world.pass_s(90_000);
    let report = world.run_now();
    assert_eq!((report.added.len(), report.removed.len()), (1, 0), "{report:?}");
    assert!(report.plan.unwrap().held[0].reason.contains("not all that the guard owns is removed at once"));
    let report = world.run_now();
    assert_eq!(report.removed, networks(&["20.1.2.3/32"]));
}

#[test]
fn one_operation_at_a_time_and_the_next_run_tries_again() {
    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32"]);
    world.then([Fault::None, Fault::Busy]);
    let report = world.run_now();
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::TryAgain, Some("cloudflare_throttled")));
    assert_eq!(world.run(Mode::Scheduled).outcome, Outcome::Applied);
}

#[test]
fn retry_after_is_remembered_and_nothing_is_asked_before() {
    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32"]);
    world.then([Fault::Throttled]);
    assert_eq!((world.run_now().outcome, world.methods().as_str()), (Outcome::TryAgain, "GET"));
    assert_eq!((world.run_now().outcome, world.methods().as_str()), (Outcome::TryAgain, ""));
    world.pass_s(31);
    assert_eq!(world.run_now().outcome, Outcome::Applied);
}

#[test]
fn an_answer_that_is_lost_could_not_be_confirmed_and_the_next_run_finds_out() {
    for fault in [Fault::TimesOutAfterwards, Fault::ServerErrorAfterwards, Fault::Half] {
        let world = World::new("cloudflare-list");
        world.declare(&["20.1.2.3/32"]);
        world.then([Fault::None, fault]);
        let report = world.run_now();
        assert_eq!(report.outcome, Outcome::Unconfirmed, "{fault:?}");
        assert!(report.detail.starts_with("Could not confirm: "), "{}", report.detail);
        world.methods();
        assert_eq!((world.run(Mode::Scheduled).outcome, world.methods().as_str()), (Outcome::InPlace, "GET"));
    }
}

#[test]
fn an_operation_that_takes_long_is_waited_for_and_then_left_to_the_next_run() {
    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32"]);
    world.slow_by.set(4);
    assert_eq!(world.run_now().outcome, Outcome::Applied);
    world.declare(&["20.1.2.3/32", "20.1.2.4/32"]);
    world.slow_by.set(40);
    let report = world.run_now();
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Unconfirmed, Some("cloudflare_operation_pending")));
}

#[test]
fn an_operation_that_fails_says_why() {
    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32"]);
    *world.operation_error.borrow_mut() = Some("list is full".into());
    let report = world.run_now();
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Failed, Some("cloudflare_operation_failed")));
    assert!(report.detail.contains("list is full"), "{}", report.detail);
}

#[test]
fn every_refusal_has_a_word_and_a_fix_and_no_token() {
    for (fault, code) in [
        (Fault::Forbidden, "cloudflare_permission_missing"),
        (Fault::Busy, "cloudflare_throttled"),
        (Fault::Conflict, "cloudflare_conflict"),
        (Fault::ServerError, "cloudflare_server_error"),
        (Fault::TimesOut, "cloudflare_timed_out"),
        (Fault::Lost, "cloudflare_connection_lost"),
        (Fault::Half, "cloudflare_answer_not_understood"),
    ] {
        let world = World::new("cloudflare-list");
        world.declare(&["20.1.2.3/32"]);
        world.then([fault]);
        let report = world.run_now();
        assert_eq!(report.code.as_deref(), Some(code));
        assert!(report.fix.as_ref().is_some_and(|fix| !fix.is_empty()), "{report:?}");
        assert_eq!(
            (report.plan.as_ref(), world.methods().as_str()),
            (None, "GET"),
            "what cannot be read is not changed"
        );
        assert!(!format!("{report:?}").contains(TOKEN));
    }
}

#[test]
fn a_list_that_is_not_there_is_a_fault_of_the_configuration() {
    let mut settings = target("cloudflare-list");
    settings["list_id"] = "00000000000000000000000000000000".into();
    let world = World::with("cloudflare-list", &settings);
    world.declare(&["20.1.2.3/32"]);
    let report = world.run_now();
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Failed, Some("cloudflare_not_found")));
    assert!(report.fix.unwrap().contains("list_id"));
}
