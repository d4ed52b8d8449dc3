//! The zone's own records: what each form of them means for the hosts that an origin serves.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "test code")]

use std::net::IpAddr;

use apim_origin_guard::azure::{Declared, DeclaredAddress, Direction};
use apim_origin_guard::config::{Config, Severity, load};
use apim_origin_guard::json::ToValue;
use apim_origin_guard::time::UnixMillis;
use apim_origin_guard::zone::{HostReport, Known, Reading, Record, Zone, judge};
use serde_json::{Value, json};

const ZONE: &str = "9a7806061c88ada191ed06f989cc3dac";
const GATEWAY: &str = "contoso.azure-api.net";

fn config(route: &str) -> Config {
    let guard = json!({
        "origins": [
            { "hostname": GATEWAY, "serves": ["api.example.com", "*.shop.example.com"], "route": route },
            { "hostname": "fabrikam.azure-api.net" },
        ],
        "cloudflare": { "account_id": "023e105f4ecef8ad9ca31a8372d0c353", "zone_ids": [ZONE] },
    });
    let loaded = load(Some(&guard.to_string()));
    assert_eq!(loaded.faults, []);
    loaded.config
}

fn record(name: &str, kind: &str, content: &str, proxied: bool) -> Record {
    Record {
        id: format!("id-{name}-{content}"),
        name: name.into(),
        kind: kind.into(),
        content: content.into(),
        proxied,
        ttl: if proxied { 1 } else { 300 },
        comment: Some("Bob's record".into()),
        flattened: false,
    }
}

fn declared() -> Declared {
    let address = |network: &str, gone_since| DeclaredAddress {
        network: network.parse().unwrap(),
        direction: Direction::Both,
        location: "westeurope".into(),
        first_seen_at: UnixMillis(1),
        gone_since,
    };
    Declared {
        at: UnixMillis(2),
        addresses: vec![address("20.1.2.3/32", None), address("20.1.2.4/32", Some(UnixMillis(0)))],
        locations: vec!["westeurope".into()],
        caveats: Vec::new(),
    }
}

fn judged(route: &str, records: Vec<Record>, ssl: Option<&str>, known: Known<'_>) -> Vec<HostReport> {
    let config = config(route);
    let zone = Zone { id: ZONE.into(), records, ssl: ssl.map(str::to_owned), fault: None };
    judge(&config, &config.origins[0], &Reading::new(UnixMillis(5), vec![zone]), known).0
}

/// Codes of the findings of the only host.
fn codes(reports: &[HostReport]) -> Vec<(String, Severity)> {
    let [report] = reports else { panic!("{reports:?}") };
    report.findings.iter().map(|it| (it.code.to_value().as_str().unwrap().to_owned(), it.severity)).collect()
}

fn of(route: &str, kind: &str, content: &str, proxied: bool) -> Vec<(String, Severity)> {
    codes(&judged(route, vec![record("api.example.com", kind, content, proxied)], Some("full"), Known::default()))
}

fn one(code: &str, severity: Severity) -> Vec<(String, Severity)> {
    vec![(code.to_owned(), severity)]
}

#[test]
fn a_proxied_cname_to_the_gateway_is_right_in_both_routes() {
    for route in ["direct", "zone"] {
        assert_eq!(of(route, "CNAME", GATEWAY, true), []);
    }
}

#[test]
fn what_does_not_lead_to_the_gateway_by_its_name_is_told() {
    let pinned = "pinned_address_record";
    assert_eq!(of("zone", "A", "20.1.2.3", true), one(pinned, Severity::Warning));
    assert_eq!(of("direct", "A", "20.1.2.3", true), one(pinned, Severity::Info));
    assert_eq!(of("direct", "CNAME", "fabrikam.azure-api.net", true), one("zone_record_elsewhere", Severity::Warning));
    assert_eq!(of("direct", "CNAME", "old.azure-api.net", true), one("zone_record_leftover", Severity::Warning));
    assert_eq!(of("direct", "CNAME", GATEWAY, false), one("zone_record_not_proxied", Severity::Warning));
    assert_eq!(
        of("zone", "CNAME", "contoso.azurefd.net", true),
        [],
        "another service before the gateway is no mistake"
    );
    for worker in [("A", "192.0.2.1"), ("AAAA", "100::")] {
        assert_eq!(of("direct", worker.0, worker.1, true), [], "a record that stands for the Worker");
    }
}

#[test]
fn whose_a_pinned_address_is() {
    let of = |address: &str, known: Known<'_>| {
        let reports = judged("zone", vec![record("api.example.com", "A", address, true)], None, known);
        reports[0].findings[0].evidence.clone()
    };
    let (declared, seen) = (declared(), ["20.1.2.3".parse::<IpAddr>().unwrap()]);
    let by_azure = Known { declared: Some(&declared), ..Known::default() };
    assert!(of("20.1.2.3", by_azure).ends_with("declared by Azure for westeurope"));
    assert!(of("20.1.2.4", by_azure).contains("no longer declared by Azure since 1970"));
    assert!(of("20.9.9.9", by_azure).contains("not declared by Azure"));
    let by_dns = Known { addresses: &seen, ..Known::default() };
    assert!(of("20.1.2.3", by_dns).contains("leads to it at present"));
    assert!(of("20.9.9.9", by_dns).contains("does not lead to it"));
    assert!(of("20.9.9.9", Known::default()).contains("is not known"));
}

/// The body of the call that `command` makes.
fn body(command: &str) -> Value {
    let (before, rest) = command.split_once("--data '").unwrap();
    assert!(
        before.contains(&format!("https://api.cloudflare.com/client/v4/zones/{ZONE}/dns_records/batch")),
        "{before}"
    );
    let body = rest.strip_suffix('\'').unwrap();
    assert!(!body.contains('\''), "the body stands in single quotes: {body}");
    serde_json::from_str(body).unwrap()
}

#[test]
fn the_replacement_is_one_call_and_so_is_the_way_back() {
    let records =
        vec![record("api.example.com", "A", "20.1.2.3", true), record("api.example.com", "A", "20.1.2.4", true)];
    let reports = judged("zone", records.clone(), None, Known::default());
    let replacement = reports[0].replacement.clone().unwrap();
    let there = body(&replacement.command);
    assert_eq!(there["deletes"], json!([{ "id": records[0].id }, { "id": records[1].id }]));
    assert_eq!(
        there["posts"],
        json!([{ "type": "CNAME", "name": "api.example.com", "content": GATEWAY, "proxied": true, "ttl": 1, "comment": "was A 20.1.2.3, A 20.1.2.4" }])
    );
    let back = body(&replacement.way_back);
    assert_eq!(back["deletes"], json!([{ "id": "NEW_RECORD_ID" }]));
    assert_eq!(back["posts"][1]["content"], "20.1.2.4");
    assert_eq!(back["posts"][0]["comment"], "Bob's record");
    assert_eq!(replacement.old_records, records);
    assert!(!replacement.command.contains("Bearer ey") && replacement.command.contains("$DNS_WRITE_TOKEN"));
}

#[test]
fn a_host_without_a_record_of_its_own_has_the_nearest_wildcards() {
    let records =
        vec![record("*.example.com", "A", "20.1.2.3", true), record("*.shop.example.com", "CNAME", GATEWAY, true)];
    let reports = judged("zone", records, None, Known::default());
    let found: Vec<_> = reports.iter().map(|it| (it.host.as_str(), it.findings.len())).collect();
    assert_eq!(found, [("api.example.com", 1), ("*.shop.example.com", 0)]);
}

#[test]
fn a_name_that_leads_to_the_gateway_and_is_served_by_nobody_is_looked_at_too() {
    let reports = judged("direct", vec![record("extra.example.com", "CNAME", GATEWAY, false)], None, Known::default());
    assert_eq!(reports[0].host, "extra.example.com");
    assert_eq!(codes(&reports), one("zone_record_not_proxied", Severity::Warning));
}

#[test]
fn an_address_of_the_gateway_is_found_where_no_origin_serves_the_name() {
    let declared = declared();
    let known = Known { declared: Some(&declared), ..Known::default() };
    let records = vec![
        record("gone.example.com", "A", "20.1.2.4", true),
        record("other.example.com", "A", "198.51.100.7", true),
        record("pin.example.com", "A", "20.1.2.3", true),
    ];
    let reports = judged("zone", records, None, known);
    assert_eq!(reports.iter().map(|it| it.host.as_str()).collect::<Vec<_>>(), ["gone.example.com", "pin.example.com"]);
}

#[test]
fn a_mode_without_tls_breaks_the_zone_route_only() {
    for (route, mode, expected) in [
        ("zone", "flexible", one("ssl_mode_breaks_origin", Severity::Error)),
        ("zone", "off", one("ssl_mode_breaks_origin", Severity::Error)),
        ("zone", "strict", Vec::new()),
        ("direct", "flexible", Vec::new()),
    ] {
        let records = vec![record("api.example.com", "CNAME", GATEWAY, true)];
        assert_eq!(codes(&judged(route, records, Some(mode), Known::default())), expected, "{route} {mode}");
    }
}

#[test]
fn a_managed_certificate_cannot_be_renewed_behind_the_proxy() {
    let managed = ["api.example.com".to_owned()];
    let known = Known { managed: &managed, ..Known::default() };
    let of = |proxied| {
        let records = vec![record("api.example.com", "CNAME", GATEWAY, proxied)];
        codes(&judged("direct", records, None, known))
    };
    assert_eq!(of(true), one("managed_certificate_behind_proxy", Severity::Warning));
    assert_eq!(of(false), one("zone_record_not_proxied", Severity::Warning));
}

#[test]
fn a_zone_that_could_not_be_read_is_told_and_nothing_is_claimed_of_it() {
    let config = config("zone");
    let zone = Zone { id: ZONE.into(), records: Vec::new(), ssl: None, fault: Some("no permission".into()) };
    let reading = Reading::new(UnixMillis(5), vec![zone]);
    let (hosts, unreadable) = judge(&config, &config.origins[0], &reading, Known::default());
    assert_eq!(hosts, []);
    assert!(unreadable[0].evidence.contains("no permission"));
    assert_eq!(Reading::parse(&reading.to_json()), Some(reading));
}
