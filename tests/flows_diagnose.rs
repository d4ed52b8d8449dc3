//! `GET /diagnose`: its stages in order, what each proves, and the time that all of it takes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code")]

mod support;

use apim_origin_guard::admin::{AdminRequest, Guard, answer};
use apim_origin_guard::ports::{FetchFailure, HttpResponse};
use serde_json::{Value, from_slice};
use support::{Entry, GATEWAY, Line, Manner, TOKEN, World, Zone, chain, healthy_zone, with};

const PEER: &str = "172.199.17.73:443";
const RESOLVER: &str = "two.test:443";

fn diagnose(world: &World) -> Value {
    let guard = Guard { scene: world.scene(), loaded: &world.loaded };
    let request = AdminRequest {
        method: "GET".into(),
        path: "/diagnose".into(),
        authorization: Some(format!("Bearer {TOKEN}")),
        ..AdminRequest::default()
    };
    let rendered = world.run(answer(&guard, &request));
    assert_eq!(rendered.status, 200);
    from_slice(rendered.body.as_bytes()).unwrap()
}

fn checks(world: &World) -> Vec<(String, String, String, u64)> {
    let text = |check: &Value, name: &str| check[name].as_str().unwrap().to_owned();
    let seen = diagnose(world)["checks"].as_array().unwrap().clone();
    let read = |check: &Value| {
        (text(check, "name"), text(check, "result"), text(check, "detail"), check["took_ms"].as_u64().unwrap())
    };
    seen.iter().map(read).collect()
}

/// Results and details of the checks called `name`.
fn named(world: &World, name: &str) -> Vec<(String, String)> {
    let all = checks(world).into_iter().filter(|check| check.0 == name);
    all.map(|(_, result, detail, _)| (result, detail)).collect()
}

fn opens(world: &World, peers: &[&str]) {
    for peer in peers {
        world.lines.borrow_mut().insert((*peer).to_owned(), Line::Opens);
    }
}

fn answers(world: &World, status: u16, body: &str) {
    *world.origin.borrow_mut() = Ok(HttpResponse { status, headers: Vec::new(), body: body.into() });
}

fn down(world: &World) {
    *world.origin.borrow_mut() = Err(FetchFailure::ConnectionLost);
}

fn many(count: u8) -> Zone {
    let end = "contoso-ip.westeurope.cloudapp.azure.com";
    with(healthy_zone(), end, Entry::V4((1..=count).map(|last| [20, 1, 1, last]).collect()))
}

fn world_with(zone: Zone) -> World {
    let world = World::new();
    world.both(&Manner::Answers(zone));
    world
}

#[test]
fn all_is_well_and_every_stage_is_shown_in_order_with_its_time() {
    let world = World::new();
    opens(&world, &[PEER]);
    let seen = checks(&world);
    let names: Vec<&str> = seen.iter().map(|check| check.0.as_str()).collect();
    let stages = [
        "name",
        "resolvers",
        "chain",
        "address_class",
        "known_before",
        "edge_address",
        "azure",
        "tcp",
        "https",
        "gateway_answer",
    ];
    assert_eq!(names, stages);
    assert!(seen.iter().all(|check| check.1 != "fail"), "{seen:?}");
    assert_eq!(seen[7], ("tcp".into(), "pass".into(), format!("{PEER} opens"), 5));
    assert_eq!(*world.dialled.borrow(), [[PEER]], "nothing else is dialled");
}

#[test]
fn a_dial_that_fails_while_https_answers_is_no_failure() {
    for (resolver, reason) in [(Line::Opens, "HTTPS is answered"), (Line::Fails, "no sockets here")] {
        for line in [Line::Fails, Line::Silent] {
            let world = World::new();
            world.lines.borrow_mut().extend([(PEER.to_owned(), line), (RESOLVER.to_owned(), resolver)]);
            let [(result, detail)] = &named(&world, "tcp")[..] else { panic!("one dial") };
            assert_eq!(result, "skip", "{detail}");
            assert!(detail.contains("could not be opened from here") && detail.contains(reason), "{detail}");
        }
    }
}

#[test]
fn a_dial_that_fails_is_a_failure_only_where_sockets_are_seen_to_work() {
    for (resolver, expected) in [(Line::Opens, "fail"), (Line::Fails, "skip"), (Line::Silent, "skip")] {
        let world = World::new();
        down(&world);
        world.lines.borrow_mut().insert(RESOLVER.to_owned(), resolver);
        let [(result, detail)] = &named(&world, "tcp")[..] else { panic!("one dial") };
        assert_eq!(result, expected, "{detail}");
        assert!(detail.contains("could not be opened from here (proxy request failed)"), "{detail}");
    }
}

#[test]
fn one_address_of_two_that_does_not_open_is_shown_also_while_https_answers() {
    let world = world_with(many(2));
    opens(&world, &["20.1.1.2:443"]);
    let results: Vec<String> = named(&world, "tcp").into_iter().map(|(result, _)| result).collect();
    assert_eq!(results, ["fail", "pass"]);
}

#[test]
fn eight_addresses_are_dialled_four_at_once_and_the_rest_is_said_not_to_be_tried() {
    let world = world_with(many(11));
    world.lines.borrow_mut().extend((1..=11).map(|last| (format!("20.1.1.{last}:443"), Line::Opens)));
    let dialled = named(&world, "tcp");
    assert_eq!(dialled.iter().filter(|(result, _)| result == "pass").count(), 8);
    assert!(dialled[8].1.starts_with("3 more address(es) not tried"), "{dialled:?}");
    assert_eq!(dialled.len(), 9);
    assert_eq!(world.dialled.borrow().iter().map(Vec::len).collect::<Vec<_>>(), [4, 4]);
}

#[test]
fn the_whole_stays_within_the_budget() {
    let silent = |world: &World| {
        let peers = (1..=9).map(|last| (format!("20.1.1.{last}:443"), Line::Silent));
        world
            .lines
            .borrow_mut()
            .extend(peers.chain(["one.test:443", RESOLVER].map(|peer| (peer.into(), Line::Silent))));
    };
    for manner in [Manner::Answers(many(9)), Manner::Slow(1900, many(9)), Manner::TimesOut] {
        let world = World::new();
        world.both(&manner);
        silent(&world);
        down(&world);
        checks(&world);
        assert!(world.elapsed_ms() <= 2500, "{manner:?}: {} ms", world.elapsed_ms());
    }
}

#[test]
fn what_cannot_be_dialled_is_skipped_with_its_reason() {
    for (zone, reason) in [
        (Zone::new(), "the name does not resolve"),
        (chain(&[GATEWAY], [10, 0, 0, 4]), "10.0.0.4 is not a public address"),
    ] {
        let world = world_with(zone);
        assert_eq!(named(&world, "tcp"), [("skip".to_owned(), reason.to_owned())]);
        assert!(world.dialled.borrow().is_empty());
    }
}

#[test]
fn a_local_origin_is_dialled_on_its_own_port() {
    let guard = r#"{"origins":[{"hostname":"localhost:8443"}],"dns":{"resolvers":["http://localhost:53/dns-query"]}}"#;
    let world = World::configured(guard);
    let zone = chain(&["localhost"], [127, 0, 0, 1]);
    world.one("http://localhost:53/dns-query", Manner::Answers(zone));
    down(&world);
    opens(&world, &["localhost:53"]);
    assert_eq!(named(&world, "tcp")[0].0, "fail");
    assert_eq!(*world.dialled.borrow(), [["127.0.0.1:8443"], ["localhost:53"]]);
}

#[test]
fn the_answer_proves_what_it_proves_and_no_more() {
    let own = |status: u16, message: &str| format!(r#"{{ "statusCode": {status}, "message": "{message}" }}"#);
    let key = own(401, "Access denied due to missing subscription key. Make sure to include it.");
    for (status, body, result, words) in [
        (200, String::new(), "pass", "200: on the health path"),
        (401, key.clone(), "pass", "the gateway works; this path asks for a subscription key"),
        (404, own(404, "Resource not found"), "pass", "the gateway works; nothing is published"),
        (500, own(500, "Internal server error"), "fail", "the gateway runs; a policy or something behind it fails"),
        (403, own(403, "Caller IP address 1.2.3.4 is not allowed. Access denied."), "fail", "its ip-filter"),
        (404, "<html>not found</html>".into(), "skip", "whether it is the gateway is not proved"),
        (401, own(404, "Resource not found"), "skip", "whether it is the gateway is not proved"),
        (204, String::new(), "skip", "whether it is the gateway is not proved"),
        (503, "busy".into(), "fail", "whether it is the gateway is not proved"),
    ] {
        let world = World::new();
        opens(&world, &[PEER]);
        answers(&world, status, &body);
        let [(got, detail)] = &named(&world, "gateway_answer")[..] else { panic!("one stage") };
        assert!(got == result && detail.contains(words), "{status} {body}: {got}, {detail}");
        assert_eq!(named(&world, "https")[0].0, "pass", "{status}: something answered");
    }
}

#[test]
fn without_an_answer_nothing_is_proved() {
    let world = World::new();
    down(&world);
    assert_eq!(named(&world, "gateway_answer"), [("skip".to_owned(), "the gateway gave no answer".to_owned())]);
    *world.origin.borrow_mut() = Err(FetchFailure::TooLarge);
    assert_eq!(named(&world, "https")[0].0, "pass");
    assert_eq!(named(&world, "gateway_answer")[0].0, "skip");
}
