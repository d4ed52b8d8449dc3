//! The network check of what runs: documents read from a scripted ARM with its faults, what is kept, and when it is due.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "test code")]
#![allow(clippy::print_stdout, reason = "the benchmark shows the counted reads and writes")]

mod support;

use apim_origin_guard::admin::{AdminRequest, Guard, answer};
use apim_origin_guard::network_watch::{LastCheck, notices};
use apim_origin_guard::notices::Phase;
use apim_origin_guard::round::run;
use apim_origin_guard::time::UnixMillis;
use serde_json::{Value, json};
use support::azure::{Login, SERVICE, SUBSCRIPTION, Say};
use support::instance::{VIP, instance, with};
use support::{Manner, StoreManner, TOKEN, World, chain};

const NETWORK: &str =
    "/subscriptions/a200340d-6b82-494d-9dbf-687ba6e33f9e/resourceGroups/rg1/providers/Microsoft.Network";
const KEY: &str = "audit/contoso";

fn vnet() -> String {
    format!("{NETWORK}/virtualNetworks/vnet")
}

fn subnet() -> String {
    format!("{}/subnets/apim", vnet())
}

fn table() -> String {
    format!("{NETWORK}/routeTables/rt")
}

fn group() -> String {
    format!("{NETWORK}/networkSecurityGroups/nsg")
}

fn tags() -> String {
    format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Network/locations/westeurope/serviceTags")
}

fn status() -> String {
    format!("{SERVICE}/networkstatus")
}

fn routes(hop: &str) -> Value {
    let route = json!({"name": "default", "properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": hop}});
    json!({"id": table(), "type": "Microsoft.Network/routeTables", "properties": {"routes": [route]}})
}

fn network_status(now: UnixMillis) -> Value {
    let entry = json!({
        "name": "apimst.blob.core.windows.net", "status": "success", "error": "", "lastUpdated": now.to_string(),
        "resourceType": "BlobStorage", "isOptional": false,
    });
    json!([{"location": "West Europe", "networkStatus": {"dnsServers": ["168.63.129.16"], "connectivityStatus": [entry]}}])
}

/// An instance in internal mode behind a firewall, with everything that the check asks for.
fn world() -> World {
    let service = with(instance(&[VIP]), "/properties/virtualNetworkType", json!("Internal"));
    let place = json!({"subnetResourceId": subnet()});
    let world = World::with_instance(&with(service, "/properties/virtualNetworkConfiguration", place));
    let subnet = json!({"id": subnet(), "name": "apim", "properties": {
        "addressPrefix": "10.0.1.0/26", "networkSecurityGroup": {"id": group()}, "routeTable": {"id": table()}, "delegations": [],
    }});
    let azure = &world.azure;
    azure.put(&support_path(&subnet), subnet.clone());
    azure.put(
        &vnet(),
        json!({"id": vnet(), "type": "Microsoft.Network/virtualNetworks", "properties": {
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet],
        }}),
    );
    azure.put(&table(), routes("VirtualAppliance"));
    let rule = json!({"name": "Management", "properties": {
        "priority": 100, "access": "Allow", "direction": "Inbound", "protocol": "Tcp", "sourcePortRange": "*",
        "destinationPortRange": "3443", "sourceAddressPrefix": "ApiManagement", "destinationAddressPrefix": "VirtualNetwork",
    }});
    azure.put(&group(), json!({"id": group(), "type": "Microsoft.Network/networkSecurityGroups", "properties": {"securityRules": [rule]}}));
    azure.put(&status(), network_status(UnixMillis(support::START.0)));
    azure.put(&tags(), json!({"changeNumber": "63", "cloud": "Public", "values": [
        {"name": "ApiManagement", "id": "ApiManagement", "properties": {"changeNumber": "63", "addressPrefixes": ["13.64.39.16/32", "20.37.52.67/32"]}},
    ]}));
    world
}

fn support_path(document: &Value) -> String {
    document["id"].as_str().unwrap().to_owned()
}

fn audit(world: &World, query: &str) -> (u16, Value) {
    let guard = Guard { scene: world.scene(), loaded: &world.loaded };
    let request = AdminRequest {
        method: "GET".into(),
        path: "/audit".into(),
        query: query.into(),
        authorization: Some(format!("Bearer {TOKEN}")),
        ..AdminRequest::default()
    };
    let rendered = world.run(answer(&guard, &request));
    (rendered.status, serde_json::from_str(&rendered.body).unwrap())
}

fn report(world: &World) -> Value {
    let (status, report) = audit(world, "");
    assert_eq!(status, 200, "{report}");
    assert_eq!(report["checked"].as_array().unwrap().len() + report["not_checked"].as_array().unwrap().len(), 31);
    report
}

fn codes(report: &Value) -> Vec<String> {
    report["findings"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
}

fn gap(report: &Value, code: &str) -> Value {
    let all = report["not_checked"].as_array().unwrap();
    all.iter().find(|gap| gap["check"] == code).cloned().unwrap_or(Value::Null)
}

fn texts(value: &Value) -> String {
    value.to_string()
}

#[test]
fn every_document_leads_to_the_next() {
    let world = world();
    let report = report(&world);
    let expected = ["control_plane_route_missing", "internal_network", "egress_is_firewall"];
    assert_eq!(codes(&report), expected);
    let paths = [SERVICE.to_owned(), status(), vnet(), group(), table(), tags()].map(|path| path.to_lowercase());
    assert_eq!(world.azure.paths(), paths);
    assert!(report["summary"]["service_tags"].as_str().unwrap().starts_with("change number 63 (Public"));
    let evidence = texts(&report["findings"][0]["evidence"]);
    assert!(evidence.contains("2 of 2 IPv4 prefixes"), "{evidence}");
    assert_eq!(world.writes.get(), 0, "nothing is stored unless asked");
}

#[test]
fn a_network_that_may_not_be_read_leaves_the_subnet() {
    let world = world();
    world.azure.at(&vnet(), Say::Error(403, "AuthorizationFailed", Vec::new()));
    let report = report(&world);
    assert!(codes(&report).contains(&"control_plane_route_missing".to_owned()));
    let dns = gap(&report, "dns_servers_not_applied");
    let reason = dns["reason"].as_str().unwrap();
    assert!(reason.contains("the permission Microsoft.Network/virtualNetworks/read is missing"), "{reason}");
    assert!(texts(&dns["fetch"]).contains("az role assignment create --assignee 6731de76-14a6-49ae-97bc-6eba6914391e"));
}

#[test]
fn each_missing_permission_is_named_with_its_command() {
    let cases = [
        (SERVICE.to_owned(), "Microsoft.ApiManagement/service/read", "platform_retired"),
        (status(), "Microsoft.ApiManagement/service/networkstatus/read", "dependency_failing"),
        (table(), "Microsoft.Network/routeTables/read", "control_plane_route_missing"),
        (group(), "Microsoft.Network/networkSecurityGroups/read", "nsg_management_blocked"),
    ];
    for (path, action, code) in cases {
        let world = world();
        world.azure.at(&path, Say::Error(403, "AuthorizationFailed", Vec::new()));
        let gap = gap(&report(&world), code);
        let reason = gap["reason"].as_str().unwrap_or_default();
        assert!(reason.contains(&format!("the permission {action} is missing")), "{code}: {gap}");
        assert!(texts(&gap["fetch"]).contains("az role assignment create"), "{gap}");
        assert!(texts(&gap["fetch"]).contains("--role \\\""), "{gap}");
    }
}

#[test]
fn tags_that_may_not_be_read_are_asked_for() {
    let world = world();
    world.azure.at(&tags(), Say::Error(403, "AuthorizationFailed", Vec::new()));
    // Every published address is routed; whether that is all, the list alone says.
    world.azure.put(&table(), routes("Internet"));
    assert!(!codes(&report(&world)).contains(&"control_plane_route_missing".to_owned()));
    let mut routes = routes("VirtualAppliance");
    let direct =
        json!({"name": "a", "properties": {"addressPrefix": "ApiManagement.Westeurope", "nextHopType": "Internet"}});
    routes["properties"]["routes"].as_array_mut().unwrap().push(direct);
    world.azure.put(&table(), routes);
    let report = report(&world);
    assert!(report["summary"]["service_tags"].is_null());
    assert!(codes(&report).contains(&"control_plane_route_regional".to_owned()), "by the published addresses");
}

#[test]
fn throttling_stops_the_asking_and_is_told() {
    let world = world();
    world.azure.at(&vnet(), Say::Error(429, "TooManyRequests", vec![("retry-after", "17")]));
    let report = report(&world);
    let reason = gap(&report, "nsg_missing")["reason"].to_string();
    assert!(reason.contains("Azure asks to wait") && reason.contains("not to be asked again before"), "{reason}");
    assert_eq!(world.azure.calls.borrow().len(), 3, "service, status, network");
    assert!(codes(&report).contains(&"internal_network".to_owned()));
}

#[test]
fn half_answers_prove_nothing() {
    for (path, code) in [
        (SERVICE.to_owned(), "internal_network"),
        (status(), "dependency_failing"),
        (table(), "control_plane_route_missing"),
        (group(), "nsg_management_blocked"),
    ] {
        for say in [
            Say::Half,
            Say::Raw(200, String::new()),
            Say::Raw(200, "{}".into()),
            Say::Raw(200, json!({"id": path, "type": "Microsoft.Network/routeTables"}).to_string()),
            Say::Raw(200, "<html>".into()),
            Say::TimesOut,
            Say::Lost,
            Say::Error(500, "InternalServerError", Vec::new()),
            Say::Error(404, "ResourceNotFound", Vec::new()),
        ] {
            let world = world();
            world.azure.at(&path, say.clone());
            let report = report(&world);
            assert!(!codes(&report).contains(&code.to_owned()), "{path} {say:?}");
            let gap = gap(&report, code);
            assert!(
                gap["reason"].as_str().is_some_and(|reason| reason.contains("could not be read")),
                "{path} {say:?}: {gap}"
            );
        }
    }
}

#[test]
fn bad_credentials_are_named_and_everything_is_open() {
    let world = world();
    *world.azure.login.borrow_mut() = Login::Refuses(7_000_222, "invalid_client");
    let report = report(&world);
    assert_eq!(codes(&report), Vec::<String>::new());
    let reason = gap(&report, "internal_network")["reason"].to_string();
    assert!(reason.contains("the client secret has expired"), "{reason}");
    assert!(!texts(&report).contains(support::azure::SECRET));
}

#[test]
fn without_azure_it_says_what_to_configure_and_what_else_there_is() {
    let world = World::new();
    let (status, problem) = audit(&world, "");
    assert_eq!((status, problem["code"].as_str()), (400, Some("admin_bad_request")));
    let detail = problem["detail"].as_str().unwrap();
    for word in ["`azure`", "`origins[].azure`", "AZURE_CLIENT_SECRET", "POST"] {
        assert!(detail.contains(word), "{detail}");
    }
    assert_eq!(audit(&world, "origin=nobody").0, 400);
}

#[test]
fn pages_of_service_tags_are_followed_on_the_same_host_alone() {
    let world = world();
    let page = |next: &str, name: &str| {
        json!({"changeNumber": "70", "cloud": "Public", "nextLink": next, "values": [
            {"name": name, "properties": {"changeNumber": "70", "addressPrefixes": ["13.64.39.16/32"]}},
        ]})
    };
    let second = format!("{}/second", tags());
    world.azure.put(&tags(), page(&format!("https://arm.test{second}?api-version=2024-05-01"), "AzureMonitor"));
    world.azure.put(&second, page("", "ApiManagement"));
    let found = report(&world);
    assert!(texts(&found["findings"][0]["evidence"]).contains("1 of 1 IPv4 prefixes"), "{found}");
    world.azure.put(&tags(), page("https://evil.test/tags?api-version=1", "ApiManagement"));
    let found = report(&world);
    assert!(found["summary"]["service_tags"].is_null());
    assert!(world.azure.calls.borrow().iter().all(|call| call.url.starts_with("https://arm.test/")));
}

#[test]
fn what_is_stored_when_asked_serves_and_shows() {
    let world = world();
    let (_, report) = audit(&world, "store=true");
    let notes = texts(&report["summary"]["notes"]);
    assert!(
        notes.contains("was stored: change number 63") && notes.contains("The result for contoso: written."),
        "{notes}"
    );
    world.azure.calls.borrow_mut().clear();
    let again = self::report(&world);
    assert!(!world.azure.paths().contains(&tags().to_lowercase()), "the kept list is of the last days");
    assert_eq!(codes(&again), codes(&report));
    world.pass_s(8 * 24 * 60 * 60);
    world.forget();
    self::report(&world);
    assert!(world.azure.paths().contains(&tags().to_lowercase()), "an old list is read anew");
    assert!(codes(&status_of(&world)).contains(&"control_plane_route_missing".to_owned()));
}

fn status_of(world: &World) -> Value {
    let guard = Guard { scene: world.scene(), loaded: &world.loaded };
    let authorization = Some(format!("Bearer {TOKEN}"));
    let request =
        AdminRequest { method: "GET".into(), path: "/status".into(), authorization, ..AdminRequest::default() };
    let rendered = world.run(answer(&guard, &request));
    serde_json::from_str::<Value>(&rendered.body).unwrap()["origins"][0].clone()
}

fn kept(world: &World) -> LastCheck {
    LastCheck::parse(&world.store.borrow()[KEY]).unwrap()
}

fn round(world: &World) {
    world.azure.put(&status(), network_status(UnixMillis(support::START.0 + world.elapsed_ms())));
    world.run(run(world.scene(), &[]));
}

#[test]
fn a_quiet_day_reads_and_writes_little() {
    let world = world();
    round(&world);
    world.azure.calls.borrow_mut().clear();
    world.writes.set(0);
    for _ in 0..288 {
        world.forget();
        world.pass_s(300);
        round(&world);
    }
    let checks = world.azure.paths().iter().filter(|path| path.ends_with("/networkstatus")).count();
    let (reads, writes) = (world.azure.calls.borrow().len(), world.writes.get());
    println!(
        "ARM reads on a quiet day with the network check: {reads} (limit 300), {checks} of them checks; KV writes: {writes} (limit 24)"
    );
    assert_eq!(checks, 4);
    assert!(reads <= 300, "{reads} reads");
    assert!(writes <= 24, "{writes} writes");
    assert!(!world.azure.paths().contains(&tags().to_lowercase()), "the list of tags is too long for a scheduled run");
}

#[test]
fn what_a_scheduled_run_finds_joins_status() {
    let world = world();
    round(&world);
    let found: Vec<_> = kept(&world).findings.iter().map(|it| it.code.clone()).collect();
    assert!(found.contains(&"control_plane_route_missing".to_owned()), "{found:?}");
    let status = status_of(&world);
    assert!(codes(&status).contains(&"control_plane_route_missing".to_owned()));
    assert_eq!(status["network_check"]["from"], "live");
    assert_eq!(status["state"], "degraded");
    // What is told already is not told twice.
    let internal = codes(&status).iter().filter(|code| code.contains("internal_network")).count();
    assert!(internal <= 1, "{status}");
}

#[test]
fn a_finding_is_told_once_it_is_there_and_once_it_is_gone() {
    let world = world();
    round(&world);
    let first = kept(&world);
    let told = |check: &LastCheck, code: &str| {
        let all = notices(check, "contoso");
        let of_code: Vec<_> = all.iter().filter(|notice| notice.code == code).collect();
        assert!(of_code.len() <= 1);
        of_code.first().map(|notice| (notice.phase, notice.key.clone(), notice.at))
    };
    let key = "network/contoso/control_plane_route_missing".to_owned();
    assert_eq!(told(&first, "control_plane_route_missing"), Some((Phase::Opened, key.clone(), first.at)));
    world.pass_s(6 * 60 * 60 + 60);
    round(&world);
    let same = kept(&world);
    assert!(same.at > first.at);
    assert_eq!(told(&same, "control_plane_route_missing"), Some((Phase::Opened, key.clone(), first.at)));
    world.azure.put(&table(), routes("Internet"));
    world.pass_s(6 * 60 * 60 + 60);
    round(&world);
    let mended = kept(&world);
    assert_eq!(told(&mended, "control_plane_route_missing"), Some((Phase::Resolved, key, mended.at)));
    assert_eq!(told(&mended, "certificate_expired"), None);
}

#[test]
fn what_cannot_be_checked_any_more_is_not_mended() {
    let world = world();
    round(&world);
    world.azure.at(&table(), Say::Error(403, "AuthorizationFailed", Vec::new()));
    world.pass_s(6 * 60 * 60 + 60);
    round(&world);
    let check = kept(&world);
    assert!(check.findings.iter().any(|it| it.code == "control_plane_route_missing"), "{check:?}");
    assert!(
        notices(&check, "contoso")
            .iter()
            .all(|it| it.code != "control_plane_route_missing" || it.phase == Phase::Opened)
    );
    for _ in 0..8 {
        world.pass_s(24 * 60 * 60);
        round(&world);
    }
    let check = kept(&world);
    assert!(
        check.findings.iter().all(|it| it.code != "control_plane_route_missing"),
        "after a week it is only unknown"
    );
    assert!(
        notices(&check, "contoso").iter().all(|it| it.code != "control_plane_route_missing"),
        "which nobody is told"
    );
}

#[test]
fn addresses_that_change_bring_a_check_but_not_many() {
    let world = world();
    round(&world);
    world.azure.calls.borrow_mut().clear();
    for hour in 0..24_u8 {
        world.pass_s(60 * 60);
        world.both(&Manner::Answers(chain(
            &["contoso.azure-api.net", "contoso-westeurope-01.regional.azure-api.net"],
            [172, 199, 18, hour],
        )));
        round(&world);
    }
    let checks = world.azure.paths().iter().filter(|path| path.ends_with("/networkstatus")).count();
    assert!((8..=22).contains(&checks), "{checks}");
}

#[test]
fn a_store_that_does_not_tell_brings_no_check() {
    let world = world();
    world.store_manner.set(StoreManner::Down);
    round(&world);
    assert!(!world.azure.paths().iter().any(|path| path.ends_with("/networkstatus")));
    let report = report(&world);
    assert_eq!(codes(&report).len(), 3, "an operator gets an answer all the same");
}

#[test]
fn stored_bytes_of_another_form_are_none() {
    let world = world();
    round(&world);
    let text = kept(&world).to_json();
    assert_eq!(LastCheck::parse(&text), Some(kept(&world)));
    assert_eq!(LastCheck::parse(&text.replace("\"schema\":1", "\"schema\":2")), None);
    assert_eq!(LastCheck::parse("{}"), None);
}
