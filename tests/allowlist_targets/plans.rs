//! Plans that are not carried out, and why.

use apim_origin_guard::allowlist::{EvidenceKind, Mode, Outcome, notices_of};
use apim_origin_guard::azure::Caveat;
use apim_origin_guard::json::ToValue;
use apim_origin_guard::notices::Phase;

use crate::world::{Fault, Kv, World, declared, entry, list_of, target};

#[test]
fn what_is_not_known_empties_no_list() {
    let world = World::new("cloudflare-list");
    let report = world.run_now();
    assert_eq!((report.outcome, world.methods().as_str()), (Outcome::Blocked, ""));
    let mut observed = entry("20.1.2.3/32", None);
    observed.evidence = EvidenceKind::Observed;
    *world.list.borrow_mut() = Some(list_of(vec![observed]));
    let report = world.run_now();
    assert_eq!(report.outcome, Outcome::Blocked, "an address that is only seen in DNS is not what backends see");
    assert!(report.plan.unwrap().add.is_empty());
}

#[test]
fn with_a_doubt_nothing_is_removed_and_with_another_way_out_nothing_is_added() {
    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32", "20.1.2.4/32"]);
    world.run_now();
    let caveat = |code: &str| Caveat { code: code.into(), detail: "It may be more.".into() };
    let mut list = declared(&["20.1.2.3/32"]);
    list.caveats = vec![caveat("masked_address")];
    *world.list.borrow_mut() = Some(list.clone());
    for _ in 0..3 {
        world.pass_s(90_000);
        let report = world.run_now();
        assert_eq!((report.outcome, report.removed.len()), (Outcome::InPlace, 0));
        assert!(report.plan.unwrap().held[0].reason.contains("It may be more."));
    }
    list.entries.push(entry("20.1.2.9/32", None));
    list.caveats = vec![caveat("egress_is_nat_gateway")];
    *world.list.borrow_mut() = Some(list);
    assert_eq!(world.run_now().outcome, Outcome::Blocked);
}

#[test]
fn without_its_memory_nothing_is_removed() {
    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32", "20.1.2.4/32"]);
    world.run_now();
    world.declare(&["20.1.2.3/32"]);
    world.kv.set(Kv::Down);
    for _ in 0..3 {
        world.pass_s(90_000);
        let report = world.run_now();
        assert_eq!(report.removed, []);
        assert!(report.plan.unwrap().held[0].reason.contains("KV could not be read"));
    }
    world.kv.set(Kv::Good);
    world.store.borrow_mut().insert("allowlist/target".into(), r#"{"schema": 99}"#.into());
    assert_eq!(world.run_now().removed, []);
    assert_eq!(world.store.borrow()["allowlist/target"], r#"{"schema": 99}"#, "a newer form is kept as it is");
}

#[test]
fn more_than_fits_is_not_begun() {
    let world = World::new("storage");
    let many: Vec<_> = (0..400).map(|n| entry(&format!("20.1.{}.{}/32", n / 200, n % 200), None)).collect();
    *world.list.borrow_mut() = Some(list_of(many));
    let report = world.run_now();
    assert_eq!((report.outcome, world.methods().as_str()), (Outcome::Blocked, "GET"));
    assert!(report.detail.contains("401 entries; it can have 400"), "{}", report.detail);
}

#[test]
fn what_is_declared_inside_a_wider_network_keeps_its_entry() {
    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32"]);
    world.run_now();
    world.declare(&["20.1.2.0/24"]);
    for _ in 0..4 {
        world.pass_s(90_000);
        let report = world.run_now();
        assert_eq!(report.removed, []);
        assert!(report.plan.unwrap().held[0].reason.contains("overlaps 20.1.2.0/24"));
    }
}

#[test]
fn a_plan_is_told_once_it_waits_and_once_it_is_done_or_in_trouble() {
    let mut settings = target("cloudflare-list");
    settings["apply"] = false.into();
    let world = World::with("cloudflare-list", &settings);
    world.declare(&["20.1.2.3/32"]);
    let told = |report| notices_of(&report).into_iter().map(|it| (it.key, it.phase, it.code)).collect::<Vec<_>>();
    let waits = told(world.run_now());
    let key = |about: &str| format!("allowlist/target/{about}");
    assert!(waits.contains(&(key("plan"), Phase::Opened, "allowlist_plan_waits".into())), "{waits:?}");
    world.then([Fault::Forbidden]);
    let trouble = told(world.run_now());
    assert_eq!(trouble, [(key("trouble"), Phase::Opened, "cloudflare_permission_missing".into())]);
    world.then([Fault::TimesOut]);
    assert_eq!(told(world.run_now()), [], "what the next run may find in order is no news");

    let world = World::new("cloudflare-list");
    world.declare(&["20.1.2.3/32"]);
    let report = world.run_now();
    let changed = notices_of(&report).pop().unwrap();
    assert_eq!((changed.phase, changed.code.as_str()), (Phase::Happened, "allowlist_changed"));
    assert_eq!(changed.after["added"][0], "20.1.2.3/32");
    assert!(notices_of(&world.run_now()).iter().all(|notice| notice.phase == Phase::Resolved));
}

#[test]
fn showing_changes_nothing_anywhere() {
    let world = World::new("storage");
    world.declare(&["20.1.2.3/32"]);
    let report = world.run(Mode::Show);
    assert_eq!(
        (report.outcome, world.methods().as_str(), world.kv_writes.get()),
        (Outcome::WaitsForApproval, "GET", 0)
    );
    let shown = report.to_value();
    assert_eq!(shown["plan"]["add"][0]["network"], "20.1.2.3/32");
    assert_eq!(shown["outcome"], "waits_for_approval");
}
