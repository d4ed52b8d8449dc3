//! No sequence of faults ever removes an address that is still declared, removes or changes a foreign entry, or empties a
//! list; and once the faults are over, everything that is declared is let in.

use std::collections::BTreeMap;

use apim_origin_guard::allowlist::{Mode, Outcome};
use apim_origin_guard::azure::Caveat;
use ipnet::IpNet;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use crate::world::{Fault, GROUP, Kv, Place, World, entry, list_of};

const KINDS: [&str; 6] = ["cloudflare-list", "nsg", "app-service", "storage", "key-vault", "sql"];
/// Addresses that the gateway may have. The first one is in every list before the guard comes.
const POOL: [&str; 6] = ["192.0.2.7/32", "20.1.2.3/32", "20.1.2.4/32", "20.1.2.0/30", "20.40.0.0/16", "20.40.7.7/32"];
const HOLD_S: u64 = 86_400;

#[derive(Debug, Clone)]
enum Step {
    /// The gateway has these addresses now.
    Declare(Vec<&'static str>),
    /// The record is lost: what was held is forgotten, or nothing at all is known.
    Forget(bool),
    /// The list may not be all.
    Doubt,
    Pass(u64),
    Run(Vec<Fault>, bool),
    Kv(Kv),
    NewIsolate,
    /// Somebody else lets something in.
    Foreign(u8),
}

fn any_fault() -> impl Strategy<Value = Fault> {
    select(vec![
        Fault::None,
        Fault::None,
        Fault::None,
        Fault::Busy,
        Fault::Throttled,
        Fault::ServerError,
        Fault::ServerErrorAfterwards,
        Fault::TimesOut,
        Fault::TimesOutAfterwards,
        Fault::Lost,
        Fault::Half,
        Fault::Stale,
        Fault::Stale,
        Fault::Forbidden,
        Fault::Conflict,
    ])
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => subsequence(POOL.to_vec(), 1..=POOL.len()).prop_map(Step::Declare),
        1 => any::<bool>().prop_map(Step::Forget),
        1 => Just(Step::Doubt),
        3 => select(vec![30, 700, 40_000, 86_000, 90_000]).prop_map(Step::Pass),
        6 => (vec(any_fault(), 0..9), any::<bool>()).prop_map(|(faults, scheduled)| Step::Run(faults, scheduled)),
        1 => select(vec![Kv::Good, Kv::Good, Kv::Down, Kv::LosesWrites, Kv::LosesAnswers, Kv::Stale]).prop_map(Step::Kv),
        1 => Just(Step::NewIsolate),
        1 => (0u8..4).prop_map(Step::Foreign),
    ]
}

/// What is declared, and what is held, with the time since when it is gone.
#[derive(Default)]
struct Gateway {
    declared: Vec<&'static str>,
    held: BTreeMap<&'static str, u64>,
    last_declared: BTreeMap<IpNet, u64>,
    forgot: bool,
    unknown: bool,
    doubt: bool,
}

impl Gateway {
    fn declare(&mut self, addresses: &[&'static str], now: u64) {
        for old in self.declared.iter().filter(|old| !addresses.contains(old)) {
            self.held.insert(old, now);
        }
        self.held.retain(|held, _| !addresses.contains(held));
        self.declared = addresses.to_vec();
        (self.unknown, self.doubt) = (false, false);
    }

    fn give(&mut self, world: &World) {
        let now = world.now_ms();
        self.held.retain(|_, since| now < *since + HOLD_S * 1000);
        for address in &self.declared {
            self.last_declared.insert(address.parse().unwrap(), now);
        }
        let declared = self.declared.iter().map(|address| entry(address, None));
        let held = self.held.iter().map(|(address, since)| entry(address, Some(*since)));
        let mut list = list_of(declared.chain(held).collect());
        if self.doubt {
            list.caveats = vec![Caveat { code: "masked_address".into(), detail: "One is masked.".into() }];
        }
        *world.list.borrow_mut() = Some(list).filter(|_| !self.unknown && !self.declared.is_empty());
    }
}

/// Entries of a place, each as it is written, and the network that it lets in.
fn entries(kind: &str, place: &Place) -> Vec<(Value, Option<IpNet>)> {
    let network = |text: &str| {
        let parsed = text.parse::<IpNet>().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from));
        parsed.ok()
    };
    let of = |list: &Value, member: &str| {
        let rows = list.as_array().cloned().unwrap_or_default();
        rows.into_iter().map(|row| (row.clone(), network(row[member].as_str().unwrap_or_default()))).collect()
    };
    let document = || place.documents.values().next().unwrap()["properties"].clone();
    match kind {
        "cloudflare-list" => {
            place.items.iter().map(|(id, ip, comment)| (json!([id, ip, comment]), network(ip))).collect()
        }
        "nsg" => {
            let properties = document();
            let many = properties["sourceAddressPrefixes"].as_array().unwrap().clone();
            let single = properties.get("sourceAddressPrefix").cloned();
            many.into_iter().chain(single).map(|it| (it.clone(), network(it.as_str().unwrap()))).collect()
        }
        "app-service" => of(&document()["ipSecurityRestrictions"], "ipAddress"),
        "sql" => place.documents.values().map(|rule| (rule.clone(), sql_network(&rule["properties"]))).collect(),
        _ => of(&document()["networkAcls"]["ipRules"], "value"),
    }
}

fn sql_network(ends: &Value) -> Option<IpNet> {
    let end = |name: &str| ends[name].as_str().unwrap().parse::<std::net::Ipv4Addr>().unwrap();
    let size = u32::from(end("endIpAddress")) - u32::from(end("startIpAddress")) + 1;
    let prefix = 32 - u8::try_from(size.trailing_zeros()).unwrap();
    size.is_power_of_two().then(|| ipnet::Ipv4Net::new(end("startIpAddress"), prefix).unwrap().into())
}

fn lets_in(kind: &str, place: &Place, network: &IpNet) -> bool {
    entries(kind, place).iter().any(|(_, there)| there.is_some_and(|there| there.contains(network)))
}

/// Somebody else adds an entry. A list without a lock is written just after it was read, so what is read stale there is
/// what the guard itself wrote last.
fn add_foreign(kind: &str, world: &World, foreign: &mut Vec<Value>, number: u8) {
    let address = format!("198.51.100.{number}");
    let path = |path: &str| format!("{GROUP}{path}").to_lowercase();
    let place = &mut world.place.borrow_mut();
    let (entry, array) = match kind {
        "cloudflare-list" => {
            let id = format!("foreign{}", foreign.len());
            place.items.push((id.clone(), address.clone(), None));
            return foreign.push(json!([id, address, null]));
        }
        "sql" => {
            let rule = json!({ "name": format!("f{number}"), "properties": { "startIpAddress": address, "endIpAddress": address } });
            place.documents.insert(path(&format!("Microsoft.Sql/servers/db/firewallRules/f{number}")), rule.clone());
            if !foreign.contains(&rule) {
                foreign.push(rule);
            }
            return;
        }
        "nsg" => return,
        "app-service" => (
            json!({ "ipAddress": address, "action": "Allow", "priority": 5, "own": number }),
            "/properties/ipSecurityRestrictions",
        ),
        _ => (json!({ "value": address, "own": number }), "/properties/networkAcls/ipRules"),
    };
    for place in [&mut **place, &mut world.before.borrow_mut()] {
        let document = place.documents.values_mut().next().unwrap();
        document.pointer_mut(array).unwrap().as_array_mut().unwrap().push(entry.clone());
    }
    foreign.push(entry);
}

fn play(kind: &str, steps: &[Step]) -> Result<(), TestCaseError> {
    let world = World::new(kind);
    let mut gateway = Gateway::default();
    let mut foreign: Vec<Value> = entries(kind, &world.place.borrow()).into_iter().map(|(entry, _)| entry).collect();
    if kind == "nsg" {
        foreign.clear();
    }
    for step in steps {
        match step {
            Step::Declare(addresses) => gateway.declare(addresses, world.now_ms()),
            Step::Forget(everything) => {
                gateway.held.clear();
                (gateway.forgot, gateway.unknown) = (true, *everything);
            }
            Step::Doubt => gateway.doubt = true,
            Step::Pass(seconds) => world.pass_s(*seconds),
            Step::Kv(kv) => world.kv.set(*kv),
            Step::NewIsolate => world.forget(),
            Step::Foreign(number) => add_foreign(kind, &world, &mut foreign, *number),
            Step::Run(faults, scheduled) => {
                gateway.give(&world);
                world.then(faults.iter().copied());
                let report = world.run(if *scheduled { Mode::Scheduled } else { Mode::Now });
                world.faults.borrow_mut().clear();
                check(kind, &world, &gateway, &foreign)?;
                let shown = format!("{report:?}");
                prop_assert!(!shown.contains("do-not-print"));
            }
        }
    }
    settles(kind, &world, &mut gateway)
}

/// What holds of every single change that the guard made.
fn check(kind: &str, world: &World, gateway: &Gateway, foreign: &[Value]) -> Result<(), TestCaseError> {
    let declared: Vec<IpNet> = gateway.declared.iter().map(|address| address.parse().unwrap()).collect();
    for (before, after) in world.watch.borrow_mut().drain(..) {
        for network in &declared {
            let kept = !lets_in(kind, &before, network) || lets_in(kind, &after, network);
            prop_assert!(kept, "{network} is declared and was removed: {before:?} {after:?}");
        }
        let (old, new) = (entries(kind, &before), entries(kind, &after));
        prop_assert!(!new.is_empty(), "emptied: {before:?}");
        for entry in foreign {
            prop_assert!(new.iter().any(|(it, _)| it == entry), "foreign {entry} is gone: {after:?}");
        }
        prop_assert!(!gateway.unknown || before == after, "changed without knowing anything");
        for (_, gone) in old.iter().filter(|(entry, _)| !new.iter().any(|(it, _)| it == entry)) {
            let Some(last) = gone.and_then(|network| gateway.last_declared.get(&network)) else { continue };
            let early =
                !gateway.forgot && !lets_in(kind, &after, &gone.unwrap()) && world.now_ms() < last + HOLD_S * 1000;
            prop_assert!(!early, "{gone:?} was removed before its time");
        }
    }
    Ok(())
}

/// Without faults everything that is declared is let in, and the target is in place.
fn settles(kind: &str, world: &World, gateway: &mut Gateway) -> Result<(), TestCaseError> {
    world.kv.set(Kv::Good);
    world.always.set(Fault::None);
    world.pass_s(7200);
    world.forget();
    gateway.declare(&["20.1.2.3/32", "20.40.0.0/16"], world.now_ms());
    let mut last = None;
    for _ in 0..5 {
        gateway.give(world);
        last = Some(world.run_now());
        world.pass_s(90_000);
    }
    let last = last.unwrap();
    prop_assert_eq!(last.outcome, Outcome::InPlace, "{:?}", last);
    for network in &gateway.declared {
        prop_assert!(lets_in(kind, &world.place.borrow(), &network.parse().unwrap()), "{network} is not let in");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_goes_wrong_nothing_declared_or_foreign_goes(kind in select(KINDS.to_vec()), steps in vec(any_step(), 1..40)) {
        play(kind, &steps)?;
    }
}

#[test]
fn the_laws_see_a_removal() {
    let world = World::new("cloudflare-list");
    let mut gateway = Gateway::default();
    gateway.declare(&["192.0.2.7/32"], world.now_ms());
    gateway.give(&world);
    let before = world.place.borrow().clone();
    let mut after = before.clone();
    after.items.remove(0);
    world.watch.borrow_mut().push((before, after));
    assert!(check("cloudflare-list", &world, &gateway, &[]).is_err());
}
