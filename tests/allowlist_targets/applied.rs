//! What is remembered of a target, beside what is declared.

use apim_origin_guard::allowlist::{Mode, Outcome};
use apim_origin_guard::azure::{AppliedSet, Direction};

use crate::world::{Fault, Kv, World, declared, target};

const KINDS: [&str; 7] = ["cloudflare-list", "nsg", "app-service", "storage", "key-vault", "sql", "webhook"];

fn sets(set: &AppliedSet) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let texts = |list: &Option<Vec<ipnet::IpNet>>| {
        list.as_ref().map(|list| list.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    (texts(&set.missing), texts(&set.extra))
}

#[expect(clippy::unnecessary_wraps, reason = "what it is compared with is an option")]
fn some(texts: &[&str]) -> Option<Vec<String>> {
    Some(texts.iter().map(|text| (*text).to_owned()).collect())
}

#[test]
fn of_every_kind_it_is_unknown_then_whole_then_behind_then_whole() {
    for kind in KINDS {
        let world = World::new(kind);
        // The rule is the guard's own, with what it had at the beginning.
        let extra: &[&str] = if kind == "nsg" { &["203.0.113.200/32"] } else { &[] };
        world.declare(&["20.1.2.3/32"]);
        assert_eq!((world.applied().at, sets(&world.applied())), (None, (None, None)), "{kind}: nothing was looked at");
        assert_eq!(world.run_now().outcome, Outcome::Applied, "{kind}");
        let first = world.applied();
        assert_eq!(sets(&first), (some(&[]), some(extra)), "{kind}");
        world.declare(&["20.1.2.3/32", "20.1.2.4/32"]);
        assert_eq!(sets(&world.applied()), (some(&["20.1.2.4/32"]), some(extra)), "{kind}");
        world.pass_s(601);
        assert_eq!(world.run(Mode::Scheduled).outcome, Outcome::Applied, "{kind}");
        assert_eq!(sets(&world.applied()), (some(&[]), some(extra)), "{kind}");
        assert!(world.applied().at > first.at, "{kind}");
    }
}

#[test]
fn a_quiet_day_writes_nothing() {
    for kind in KINDS {
        let world = World::new(kind);
        world.declare(&["20.1.2.3/32", "2001:db8::1/128"]);
        for _ in 0..3 {
            world.run_now();
            world.pass_s(90_000);
        }
        let before = (world.kv_writes.get(), world.applied());
        for _ in 0..288 {
            world.forget();
            world.pass_s(300);
            world.run(Mode::Scheduled);
        }
        assert_eq!((world.kv_writes.get(), world.applied()), before, "{kind}");
    }
}

#[test]
fn a_dry_run_says_what_is_missing_and_that_the_plan_waits() {
    let mut settings = target("key-vault");
    settings["apply"] = false.into();
    let world = World::with("key-vault", &settings);
    world.declare(&["20.1.2.3/32"]);
    world.run_now();
    let set = world.applied();
    assert!(set.dry_run && set.at.is_some());
    assert_eq!(sets(&set), (some(&["20.1.2.3/32"]), some(&[])));
}

#[test]
fn what_a_person_put_there_counts_and_what_was_taken_away_is_missing() {
    let world = World::new("cloudflare-list");
    world.declare(&["192.0.2.7/32", "20.1.2.3/32"]);
    world.run_now();
    assert_eq!(sets(&world.applied()), (some(&[]), some(&[])));
    world.place.borrow_mut().items.retain(|(_, address, _)| !address.starts_with("20."));
    world.pass_s(601);
    // The list can be read, and the write is refused.
    world.then([Fault::None, Fault::Forbidden]);
    assert_eq!(world.run(Mode::Scheduled).outcome, Outcome::Failed);
    assert_eq!(sets(&world.applied()), (some(&["20.1.2.3/32"]), some(&[])));
}

#[test]
fn what_is_held_is_extra_and_what_is_inbound_only_is_not_missing() {
    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32", "20.1.2.4/32"]);
    world.run_now();
    let mut list = declared(&["20.1.2.3/32", "20.1.2.9/32"]);
    list.entries[1].direction = Direction::Inbound;
    *world.list.borrow_mut() = Some(list);
    assert_eq!(sets(&world.applied()), (some(&[]), some(&["20.1.2.4/32"])));
}

#[test]
fn the_form_of_the_target_is_the_same_network() {
    let world = World::new("cloudflare-list");
    world.declare(&["2603:1030::1/128"]);
    world.run_now();
    assert_eq!(sets(&world.applied()), (some(&[]), some(&[])), "held as its /64");
    let world = World::new("storage");
    world.declare(&["20.1.2.2/31", "2603:1030::1/128"]);
    world.run_now();
    assert_eq!(sets(&world.applied()).0, some(&["2603:1030::1/128"]), "storage cannot hold IPv6");
}

#[test]
fn what_cannot_be_read_is_unknown_and_an_older_form_reads() {
    let world = World::new("key-vault");
    world.declare(&["20.1.2.3/32"]);
    world.run_now();
    world.kv.set(Kv::Down);
    assert_eq!(sets(&world.applied()), (None, None));
    world.kv.set(Kv::Good);
    let stored: String = world.store.borrow()["allowlist/target"].clone();
    let (older, _) = stored.split_once(",\"shown\"").unwrap();
    world.store.borrow_mut().insert("allowlist/target".into(), format!("{older}}}"));
    assert_eq!(sets(&world.applied()), (None, None));
    assert_eq!(world.run_now().outcome, Outcome::InPlace, "what the guard owns there is known");
    assert_eq!(sets(&world.applied()), (some(&[]), some(&[])));
}
