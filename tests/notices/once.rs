//! Once each: over random sequences of what can happen, and where things flap.

use std::collections::BTreeMap;

use apim_origin_guard::notices::TOLD_WITHIN_MS;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_oneof};
use serde_json::Value;

use crate::crew::{ALL, DUTY, HOOK, SLACK, address, cron, fail, hooked, mend, ok, state, status, world};
use crate::support::{StoreManner, World};

/// What happens.
#[derive(Debug, Clone)]
enum Step {
    Run,
    Fail(u16),
    Mend,
    Move(u8),
    IsolateLost,
    Receiver(usize, bool),
    Store(StoreManner),
}

fn any_step(stores: bool) -> impl Strategy<Value = Step> {
    let store = if stores {
        vec![StoreManner::Good, StoreManner::Down, StoreManner::LosesWrites, StoreManner::LosesAnswers]
    } else {
        vec![StoreManner::Good]
    };
    prop_oneof![
        6 => Just(Step::Run),
        2 => proptest::sample::select(vec![521_u16, 522, 525]).prop_map(Step::Fail),
        2 => Just(Step::Mend),
        1 => (1_u8..4).prop_map(Step::Move),
        2 => Just(Step::IsolateLost),
        2 => (0_usize..4, proptest::bool::ANY).prop_map(|(index, up)| Step::Receiver(index, up)),
        1 => proptest::sample::select(store).prop_map(Step::Store),
    ]
}

fn take(world: &World, step: &Step) {
    match step {
        Step::Run => drop(cron(world)),
        Step::Fail(number) => {
            world.pass_s(61);
            drop(fail(world, *number));
        }
        Step::Mend => mend(world),
        Step::Move(last) => address(world, *last),
        Step::IsolateLost => world.forget(),
        Step::Receiver(index, up) => world.receiver(ALL[*index], if *up { ok() } else { status(503) }),
        Step::Store(manner) => world.store_manner.set(*manner),
    }
}

/// All is well again, and there is time enough for every pause and for every hour of damping.
fn settle(world: &World) {
    world.store_manner.set(StoreManner::Good);
    for url in ALL {
        world.receiver(url, ok());
    }
    for _ in 0..20 {
        world.pass_s(600);
        cron(world);
    }
}

/// What arrived at the webhook: taken, not merely tried.
struct Arrived {
    key: String,
    phase: String,
    code: String,
}

fn words(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().to_owned()
}

fn repeats(arrived: &[Arrived]) -> Vec<String> {
    let mut latest: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    let mut repeats = Vec::new();
    for one in arrived {
        let word = (one.phase.as_str(), one.code.as_str());
        if latest.insert(&one.key, word) == Some(word) {
            repeats.push(format!("{} {} {}", one.key, one.phase, one.code));
        }
    }
    repeats
}

/// Runs the steps; of the webhook's notices those that it took.
fn play(world: &World, steps: &[Step]) -> Vec<Arrived> {
    let mut arrived = Vec::new();
    let mut seen = 0;
    let mut all: Vec<Step> = steps.to_vec();
    all.push(Step::Run);
    for step in &all {
        let up = world.receivers.borrow()[HOOK].1 == ok();
        take(world, step);
        let told = world.told(HOOK);
        if up {
            let new = told[seen..].iter();
            arrived.extend(new.map(|it| Arrived {
                key: words(it, "key"),
                phase: words(it, "phase"),
                code: words(it, "code"),
            }));
        }
        seen = told.len();
    }
    arrived
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 24, ..Default::default() })]

    /// KV works: whatever targets and isolates do, nothing is told twice, and nothing is lost once the target is back.
    #[test]
    fn with_kv_each_thing_is_told_exactly_once(steps in vec(any_step(false), 1..40)) {
        let world = world();
        cron(&world);
        let arrived = play(&world, &steps);
        proptest::prop_assert_eq!(repeats(&arrived), Vec::<String>::new());
        settle(&world);
        let now = apim_origin_guard::ports::Clock::now(&world);
        for target in ALL {
            proptest::prop_assert!(world.told(target).len() < 200);
        }
        for told in &state(&world).told {
            proptest::prop_assert_eq!(told.attempts, 0, "{:?}", told);
        }
        // Everything that the records tell of is told, but for what nobody was paged for.
        let record = apim_origin_guard::origin::Record::parse(&world.store.borrow()["origin/contoso"]).unwrap();
        for incident in record.past.iter().filter(|it| now.since_ms(it.last_at) < TOLD_WITHIN_MS) {
            let key = format!("incident/{}", incident.id);
            let known = state(&world);
            let told: Vec<_> = known.told.iter().filter(|it| it.key == key && it.target.starts_with("webhook")).collect();
            proptest::prop_assert_eq!(told.len(), 1, "{}", key);
            proptest::prop_assert_eq!(told[0].phase, apim_origin_guard::notices::Phase::Resolved);
        }
        for drift in &record.drifts {
            let key = format!("drift/contoso/{}", drift.at.0);
            proptest::prop_assert!(state(&world).told.iter().any(|it| it.key == key && it.target.starts_with("webhook")), "{}", key);
        }
    }

    /// Whatever KV does too: nothing is lost once all is back, and no alert stays open that is over. An isolate that is lost
    /// before KV took what it knows takes that with it: an alert of such a time is a person's to resolve.
    #[test]
    fn nothing_is_lost_whatever_fails(steps in vec(any_step(true), 1..40)) {
        let world = world();
        cron(&world);
        for step in &steps {
            match step {
                Step::IsolateLost if world.store_manner.get() != StoreManner::Good => {}
                Step::IsolateLost => {
                    cron(&world);
                    world.forget();
                }
                step => take(&world, step),
            }
        }
        mend(&world);
        settle(&world);
        let mut open: BTreeMap<String, bool> = BTreeMap::new();
        for body in world.told(DUTY) {
            open.insert(words(&body, "dedup_key"), body["event_action"] == "trigger");
        }
        proptest::prop_assert!(!open.values().any(|open| *open), "{:?}", open);
        // A change that could not be stored is found, and told, anew: of the earlier one nothing is left but that it was tried.
        for told in state(&world).told.iter().filter(|told| !told.key.starts_with("drift/")) {
            proptest::prop_assert_eq!(told.attempts, 0, "{:?}", told);
        }
    }
}

#[test]
fn a_return_within_ten_minutes_joins_what_was_before() {
    let world = world();
    cron(&world);
    fail(&world, 522);
    mend(&world);
    cron(&world);
    world.pass_s(120);
    fail(&world, 522);
    let told = world.told(HOOK);
    assert_eq!(told.len(), 3);
    assert_eq!(told[2]["key"], told[0]["key"], "one matter for the receiver");
    assert_eq!(told[2]["title"], "Again: contoso: Connection to the origin timed out");
    mend(&world);
    cron(&world);
    assert_eq!(world.told(HOOK)[3]["key"], told[0]["key"]);
    let keys: Vec<Value> = world.told(DUTY).iter().map(|body| body["dedup_key"].clone()).collect();
    assert_eq!((keys[0] == keys[1], keys[2] == keys[3], keys[0] == keys[2]), (true, true, false));

    world.pass_s(3600);
    fail(&world, 522);
    assert_ne!(world.told(HOOK)[4]["key"], told[0]["key"], "later it is another one");
}

/// Addresses that change at every run, for six hours.
#[test]
fn what_flaps_is_told_six_times_an_hour_at_most_and_nothing_is_left_out() {
    let world = world();
    cron(&world);
    for round in 0..72_u8 {
        address(&world, 1 + round % 2);
        cron(&world);
    }
    for _ in 0..24 {
        cron(&world);
    }
    let sent: Vec<u64> = world.sent.borrow().iter().filter(|(_, it)| it.url == SLACK).map(|(at, _)| at.0).collect();
    for first in &sent {
        let within = sent.iter().filter(|at| **at >= *first && **at < first + 3_600_000);
        assert!(within.count() <= 6);
    }
    let told = hooked(&world);
    let summed: u64 = world.told(HOOK).iter().filter_map(|body| body["after"]["count"].as_u64()).sum();
    let single = told.iter().filter(|told| *told == "happened drift").count() as u64;
    let record = apim_origin_guard::origin::Record::parse(&world.store.borrow()["origin/contoso"]).unwrap();
    assert!(record.drifts.len() >= 20, "{}", record.drifts.len());
    assert_eq!(single + summed, record.drifts.len() as u64, "{told:?}");
    assert!(summed > 0, "{told:?}");
}
