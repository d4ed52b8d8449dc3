//! `GET /checklist`: each step's live state, from what was seen and no more, and commands that are complete.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code")]

mod support;

use apim_origin_guard::admin::{AdminRequest, Guard, answer};
use apim_origin_guard::checklist::{Situation, State, steps};
use apim_origin_guard::config::Severity;
use apim_origin_guard::diagnosis::{
    AzureEvidence, Evidence, Failure, Finding, FindingCode, Instance, RecordEvidence, findings,
};
use apim_origin_guard::origin::{BackendRefusals, RecordCopy, RefusalSign};
use apim_origin_guard::ports::{FetchFailure, HttpResponse};
use apim_origin_guard::time::UnixMillis;
use apim_origin_guard::zone::{HostReport, OriginZones, Replacement};
use serde_json::{Value, from_str};
use support::{Entry, GATEWAY, Manner, StoreManner, TOKEN, World, Zone, chain, healthy_zone, with};

const API: &str = "api.example.com";
const SUBSCRIPTION: &str = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
const IDS: [&str; 10] = [
    "subscription_enabled",
    "service_runs",
    "name_resolves",
    "record_follows_gateway",
    "record_proxied",
    "certificate_valid",
    "gateway_answers",
    "allowlists_updated",
    "backends_accept",
    "incident_ended",
];

fn world(origin: &str, more: &str) -> World {
    World::configured(&format!(
        r#"{{"origins":[{{{origin}}}],"dns":{{"resolvers":["https://one.test/dns-query","https://two.test/dns-query"]}}{more}}}"#
    ))
}

fn plain() -> World {
    world(&format!(r#""hostname":"{GATEWAY}""#), "")
}

fn get(world: &World, query: &str) -> (u16, Value) {
    let guard = Guard { scene: world.scene(), loaded: &world.loaded };
    let request = AdminRequest {
        method: "GET".into(),
        host: API.into(),
        path: "/checklist".into(),
        query: query.into(),
        authorization: Some(format!("Bearer {TOKEN}")),
        ..AdminRequest::default()
    };
    let rendered = world.run(answer(&guard, &request));
    (rendered.status, from_str(&rendered.body).unwrap())
}

fn checklist(world: &World) -> Value {
    let (status, body) = get(world, "");
    assert_eq!(status, 200, "{body}");
    body
}

fn state(list: &Value, id: &str) -> String {
    let step = list["steps"].as_array().unwrap().iter().find(|step| step["id"] == id);
    step.unwrap_or_else(|| panic!("no step {id}"))["state"].as_str().unwrap().to_owned()
}

fn zone_of(world: &World, zone: Zone) {
    world.both(&Manner::Answers(zone));
}

#[test]
fn all_is_well_and_nothing_is_claimed_that_is_not_seen() {
    let list = checklist(&plain());
    let ids: Vec<&str> = list["steps"].as_array().unwrap().iter().map(|step| step["id"].as_str().unwrap()).collect();
    assert_eq!(ids, IDS.into_iter().filter(|id| *id != "record_proxied").collect::<Vec<_>>());
    for done in [
        "service_runs",
        "name_resolves",
        "record_follows_gateway",
        "certificate_valid",
        "gateway_answers",
        "incident_ended",
    ] {
        assert_eq!(state(&list, done), "done", "{done}");
    }
    for unknown in ["subscription_enabled", "allowlists_updated", "backends_accept"] {
        assert_eq!(state(&list, unknown), "unknown", "{unknown}");
    }
    assert_eq!((&list["next"], list["origin"].as_str()), (&Value::Null, Some("contoso")));
}

#[test]
fn a_name_that_is_gone_is_the_next_thing_to_do_and_what_rests_on_it_is_no_worse_than_seen() {
    let world = plain();
    zone_of(&world, Zone::new());
    *world.origin.borrow_mut() = Err(FetchFailure::ConnectionLost);
    let list = checklist(&world);
    assert_eq!(list["next"], "name_resolves");
    for (id, expected) in [
        ("name_resolves", "to_do"),
        ("gateway_answers", "to_do"),
        ("service_runs", "unknown"),
        ("certificate_valid", "unknown"),
    ] {
        assert_eq!(state(&list, id), expected, "{id}");
    }
    world.both(&Manner::TimesOut);
    assert_eq!(state(&checklist(&world), "name_resolves"), "unknown", "silence is no absence");
}

#[test]
fn a_gateway_that_answers_500_is_to_do_and_one_of_unknown_form_is_unknown() {
    let world = plain();
    let answers = |status: u16, body: &str| {
        *world.origin.borrow_mut() = Ok(HttpResponse { status, headers: Vec::new(), body: body.into() });
        checklist(&world)
    };
    let internal = answers(500, r#"{ "statusCode": 500, "message": "Internal server error" }"#);
    assert_eq!(
        (state(&internal, "gateway_answers"), state(&internal, "certificate_valid")),
        ("to_do".into(), "done".into())
    );
    let other = answers(404, "<html>");
    assert_eq!((state(&other, "gateway_answers"), state(&other, "service_runs")), ("unknown".into(), "unknown".into()));
}

#[test]
fn in_zone_route_the_record_is_told_apart() {
    let zone_route = format!(r#""hostname":"{GATEWAY}","route":"zone","serves":["{API}"]"#);
    let pinned = Entry::V4(vec![[20, 1, 1, 1]]);
    let cloudflares = Entry::V4(vec![[104, 16, 0, 1]]);
    for (entry, follows, is_proxied) in
        [(Entry::Alias(GATEWAY.into()), "done", "to_do"), (pinned, "to_do", "to_do"), (cloudflares, "unknown", "done")]
    {
        let world = world(&zone_route, "");
        zone_of(&world, with(healthy_zone(), API, entry));
        let list = checklist(&world);
        assert_eq!(state(&list, "record_follows_gateway"), follows);
        assert_eq!(state(&list, "record_proxied"), is_proxied);
    }
}

#[test]
fn a_name_of_ones_own_that_holds_an_address_is_to_do() {
    let world = world(r#""hostname":"gw.example.com""#, "");
    zone_of(&world, chain(&["gw.example.com"], [20, 1, 1, 1]));
    let list = checklist(&world);
    assert_eq!(list["next"], "record_follows_gateway");
}

#[test]
fn commands_are_filled_in_with_the_names_of_the_origin() {
    let origin = format!(
        r#""hostname":"{GATEWAY}","serves":["{API}"],"health_path":"/internal/health","azure":{{"subscription_id":"{SUBSCRIPTION}","resource_group":"rg-apim","service_name":"contoso"}}"#
    );
    let zone = "0123456789abcdef0123456789abcdef";
    let more = format!(
        r#","azure":{{"tenant_id":"{SUBSCRIPTION}","client_id":"{SUBSCRIPTION}"}},"cloudflare":{{"account_id":"{zone}","zone_ids":["{zone}"]}}"#
    );
    let text = checklist(&world(&origin, &more)).to_string();
    for known in [
        SUBSCRIPTION,
        "rg-apim",
        zone,
        "https://api.example.com/__guard/refresh",
        "contoso.azure-api.net/internal/health",
    ] {
        assert!(text.contains(known), "{known}: {text}");
    }
    for filled in [
        "<subscription-id>",
        "<resource-group>",
        "<service-name>",
        "<hostname>",
        "<api-host>",
        "<guard-url>",
        "<origin>",
        "<zone-id>",
        "<tls-name>",
    ] {
        assert!(!text.contains(filled), "{filled}: {text}");
    }
}

#[test]
fn what_the_reader_can_run_quotes_every_placeholder_that_is_left() {
    let text = checklist(&plain());
    for step in text["steps"].as_array().unwrap() {
        let commands = step["commands"].as_array().unwrap().iter().chain(step["verify"].get("command"));
        for command in commands.map(|command| command.as_str().unwrap()) {
            for (at, _) in command.match_indices('<') {
                assert!(command.get(..at).unwrap().matches('\'').count() % 2 == 1, "{command}");
            }
        }
    }
}

#[test]
fn a_store_that_is_down_makes_the_incident_unknown() {
    let world = plain();
    world.store_manner.set(StoreManner::Down);
    assert_eq!(state(&checklist(&world), "incident_ended"), "unknown");
}

#[test]
fn several_origins_ask_for_one() {
    let world = World::configured(
        r#"{"origins":[{"hostname":"contoso.azure-api.net"},{"hostname":"fabrikam.azure-api.net","serves":["f.example.com"]}],"dns":{"resolvers":["https://one.test/dns-query"]}}"#,
    );
    assert_eq!(get(&world, "").0, 400);
    assert_eq!(get(&world, "origin=nobody").0, 400);
    assert_eq!(get(&world, "origin=fabrikam").1["hostname"], "fabrikam.azure-api.net");
}

/// What ARM and the record add, by hand: `(azure, refusals)`.
fn with_azure(azure: Option<AzureEvidence>, refusals: Option<BackendRefusals>) -> Vec<(&'static str, State, String)> {
    let world = plain();
    let evidence = evidence(azure);
    let findings = findings(&evidence);
    let situation = Situation { refusals: refusals.as_ref(), ..situation(&world, &evidence, &findings) };
    steps(&situation).into_iter().map(|step| (step.id, step.state, step.why)).collect()
}

fn evidence(azure: Option<AzureEvidence>) -> Evidence {
    Evidence {
        at: NOW,
        hostname: GATEWAY.parse().unwrap(),
        edge_name: GATEWAY.parse().unwrap(),
        expect_suffixes: Vec::new(),
        failure: Some(Failure::Edge { status: 526, number: Some(526) }),
        lookup: None,
        counterpart: None,
        record: RecordEvidence::Empty,
        azure,
        seen_from: None,
    }
}

fn situation<'a>(world: &'a World, evidence: &'a Evidence, findings: &'a [Finding]) -> Situation<'a> {
    Situation {
        origin: &world.config().origins[0],
        config: world.config(),
        guard_url: "<guard-url>",
        evidence,
        checks: &[],
        findings,
        copy: &RecordCopy::Empty,
        incident: None,
        refusals: None,
        declared: None,
        zones: None,
    }
}

const NOW: UnixMillis = UnixMillis(1_777_288_792_000);

fn azure(instance: Instance, subscription: Option<&str>, provisioning: Option<&str>) -> AzureEvidence {
    AzureEvidence {
        at: NOW,
        resource: format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso"
        ),
        instance,
        subscription_state: subscription.map(Into::into),
        provisioning_state: provisioning.map(Into::into),
        public_network_access: None,
        virtual_network_type: None,
        restorable_until: None,
        was_known: true,
        abandoned_since: None,
    }
}

#[test]
fn what_arm_says_decides_subscription_and_service() {
    use State::{Done, ToDo, Unknown};
    for (said, subscription, service) in [
        (azure(Instance::Present, Some("Enabled"), Some("Succeeded")), Done, Done),
        (azure(Instance::Present, Some("Warned"), Some("Succeeded")), ToDo, Done),
        (azure(Instance::Present, Some("Disabled"), Some("Stopped")), ToDo, ToDo),
        (azure(Instance::Present, None, Some("Stopped")), Unknown, ToDo),
        (azure(Instance::SoftDeleted, Some("Enabled"), None), Done, ToDo),
        (azure(Instance::Gone, Some("Enabled"), None), Done, ToDo),
        (azure(Instance::Unknown, None, None), Unknown, Unknown),
    ] {
        let words = format!("{said:?}");
        let steps = with_azure(Some(said), None);
        assert_eq!((steps[0].1, steps[1].1), (subscription, service), "{words}");
    }
    assert_eq!(with_azure(None, None)[0].1, Unknown);
}

#[test]
fn where_the_zone_was_read_its_records_decide_and_the_complete_replacement_comes_first() {
    let world = world(&format!(r#""hostname":"{GATEWAY}","route":"zone","serves":["{API}"]"#), "");
    let looked = |proxied, pinned: bool| {
        let evidence = Evidence { edge_name: API.parse().unwrap(), ..evidence(None) };
        let replacement = pinned.then(|| Replacement {
            command: "curl the whole replacement".into(),
            way_back: String::new(),
            old_records: Vec::new(),
            needs: "DNS Write for this zone",
        });
        let found = pinned.then(|| Finding {
            code: FindingCode::PinnedAddressRecord,
            severity: Severity::Warning,
            title: "A record holds an address".into(),
            evidence: "A 20.1.1.1".into(),
        });
        let findings: Vec<Finding> = found.into_iter().collect();
        let host = HostReport {
            host: API.into(),
            zone_id: String::new(),
            records: Vec::new(),
            proxied: Some(proxied),
            flattened: false,
            ssl: None,
            findings: findings.clone(),
            replacement,
            read_at: NOW,
        };
        let zones = OriginZones { origin: "contoso".into(), hosts: vec![host], unreadable: Vec::new() };
        let situation = Situation {
            evidence: &evidence,
            findings: &findings,
            zones: Some(&zones),
            ..situation(&world, &evidence, &[])
        };
        let steps = steps(&situation);
        let step = |id| steps.iter().find(|step| step.id == id).unwrap().clone();
        (step("record_follows_gateway"), step("record_proxied").state)
    };
    let (record, proxy) = looked(true, false);
    assert_eq!((record.state, proxy), (State::Done, State::Done));
    let (record, proxy) = looked(false, true);
    assert_eq!((record.state, proxy), (State::ToDo, State::ToDo));
    assert_eq!(record.commands.first().map(String::as_str), Some("curl the whole replacement"));
}

#[test]
fn a_backend_that_refuses_makes_both_of_its_steps_to_do_while_it_goes_on() {
    let run = |last_at| BackendRefusals {
        count: 3,
        first_at: NOW,
        last_at,
        sign: RefusalSign::IpForbidden,
        refused_address: None,
    };
    let of = |run| {
        let steps = with_azure(None, Some(run));
        let state = |id| steps.iter().find(|step| step.0 == id).unwrap().1;
        (state("allowlists_updated"), state("backends_accept"))
    };
    assert_eq!(of(run(NOW)), (State::ToDo, State::ToDo));
    let over = BackendRefusals { last_at: UnixMillis(NOW.0 - 3_600_000), ..run(NOW) };
    assert_eq!(of(over), (State::Unknown, State::Unknown));
}
