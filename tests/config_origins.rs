//! Which origin answers which host, also when half of the origins are wrong.

use apim_origin_guard::config::{Config, Loaded, Serves, load};
use serde_json::{Value, json};

fn loaded(guard: &Value) -> Loaded {
    load(Some(&guard.to_string()))
}

fn config(guard: &Value) -> Config {
    loaded(guard).config
}

fn rules(loaded: &Loaded) -> Vec<&str> {
    loaded.faults.iter().map(|fault| fault.rule).collect()
}

/// A configuration with the gateways `contoso` and `fabrikam` serving what is given.
fn two(contoso: &Value, fabrikam: &Value) -> Loaded {
    loaded(&json!({ "origins": [
        { "hostname": "contoso.azure-api.net", "serves": contoso },
        { "hostname": "fabrikam.azure-api.net", "serves": fabrikam },
    ]}))
}

/// The name of the origin for a host.
fn answers(config: &Config, host: &str) -> Option<String> {
    config.origin_for(host).map(|origin| origin.name.clone())
}

#[test]
fn each_host_goes_to_the_most_specific_origin() {
    let loaded = two(&json!(["api.example.com", "*.eu.example.com"]), &json!(["*.example.com"]));
    assert_eq!(loaded.faults, []);
    for (host, name) in [
        ("api.example.com", Some("contoso")),
        ("a.eu.example.com", Some("contoso")),
        ("eu.example.com", Some("fabrikam")),
        ("x.y.example.com", Some("fabrikam")),
        ("example.com", None),
    ] {
        assert_eq!(answers(&loaded.config, host).as_deref(), name, "{host}");
    }
}

#[test]
fn other_hosts_go_to_the_default_origin() {
    let loaded = two(&json!(["api.example.com"]), &json!([]));
    assert_eq!(loaded.faults, []);
    assert_eq!(answers(&loaded.config, "api.example.com").as_deref(), Some("contoso"));
    assert_eq!(answers(&loaded.config, "other.example.com").as_deref(), Some("fabrikam"));
}

#[test]
fn of_two_default_origins_neither_is_one() {
    let loaded = two(&json!([]), &json!([]));
    assert_eq!(rules(&loaded), ["second_default"]);
    assert_eq!(answers(&loaded.config, "api.example.com"), None);
    assert_eq!(loaded.config.origins.len(), 2);
}

#[test]
fn a_default_origin_stays_one_beside_an_unreadable_one() {
    let loaded =
        loaded(&json!({ "origins": [{ "hostname": "20.1.2.3" }, { "hostname": "contoso.azure-api.net" }, {}] }));
    assert_eq!(rules(&loaded), ["origin_is_ip_literal", "second_default", "missing_key", "second_default"]);
    assert_eq!(answers(&loaded.config, "api.example.com").as_deref(), Some("contoso"));
}

#[test]
fn a_host_of_two_origins_is_answered_by_neither_nor_by_the_default() {
    let loaded = loaded(&json!({ "origins": [
        { "hostname": "contoso.azure-api.net", "serves": ["api.example.com", "a.example.com"] },
        { "hostname": "fabrikam.azure-api.net", "serves": ["API.example.com"] },
        { "hostname": "tailspin.azure-api.net" },
    ]}));
    assert_eq!(rules(&loaded), ["duplicate"]);
    assert_eq!(answers(&loaded.config, "api.example.com"), None);
    assert_eq!(loaded.config.origins[1].serves, Serves::Nothing);
    assert_eq!(answers(&loaded.config, "a.example.com").as_deref(), Some("contoso"));
    assert_eq!(answers(&loaded.config, "b.example.com").as_deref(), Some("tailspin"));
}

#[test]
fn the_hosts_of_an_unreadable_origin_do_not_fall_to_another_one() {
    let loaded = loaded(&json!({ "origins": [
        { "hostname": "https://contoso.azure-api.net", "serves": ["api.example.com", "shared.example.com"] },
        { "hostname": "fabrikam.azure-api.net", "serves": ["*.example.com", "shared.example.com"] },
        { "hostname": "tailspin.azure-api.net" },
    ]}));
    assert_eq!(answers(&loaded.config, "api.example.com"), None);
    assert_eq!(answers(&loaded.config, "shared.example.com").as_deref(), Some("fabrikam"));
    assert_eq!(answers(&loaded.config, "b.example.com").as_deref(), Some("fabrikam"));
    assert_eq!(answers(&loaded.config, "example.org").as_deref(), Some("tailspin"));
}

/// Values of `serves` of which nothing can be read.
fn unreadable() -> [Value; 5] {
    [json!("api.example.com"), json!(["https://api.example.com"]), json!([1]), json!(null), json!({})]
}

#[test]
fn an_origin_whose_serves_cannot_be_read_is_no_default_origin_beside_another() {
    for unreadable in unreadable() {
        let config = two(&unreadable, &json!(["fabrikam.example.com"])).config;
        assert_eq!(config.origins[0].serves, Serves::Nothing, "{unreadable}");
        assert_eq!(answers(&config, "api.example.com"), None, "{unreadable}");
        let config = two(&unreadable, &json!([])).config;
        assert_eq!(answers(&config, "api.example.com").as_deref(), Some("fabrikam"), "{unreadable}");
    }
}

#[test]
fn a_single_origin_whose_serves_cannot_be_read_answers_every_host() {
    for unreadable in unreadable() {
        let loaded = loaded(&json!({ "origins": [{ "hostname": "contoso.azure-api.net", "serves": unreadable }] }));
        assert_eq!(answers(&loaded.config, "api.example.com").as_deref(), Some("contoso"), "{unreadable}");
        assert_eq!(loaded.faults.len(), 1, "{unreadable}");
    }
    let readable =
        config(&json!({ "origins": [{ "hostname": "contoso.azure-api.net", "serves": ["a.example.com", "?"] }] }));
    assert_eq!(answers(&readable, "b.example.com"), None);
}

#[test]
fn of_serves_the_right_entries_count() {
    let loaded = two(&json!(["api.example.com", "not a host"]), &json!([]));
    assert_eq!(rules(&loaded), ["invalid_hostname"]);
    assert_eq!(answers(&loaded.config, "api.example.com").as_deref(), Some("contoso"));
}

#[test]
fn names_are_made_of_the_host_name_and_never_equal() {
    let long = "a".repeat(40);
    let hosts = [
        "contoso.azure-api.net",
        "contoso.azure-api.us",
        "my_api.test",
        &format!("{long}.test"),
        &format!("{long}.local"),
    ];
    let mut origins: Vec<Value> = hosts
        .iter()
        .enumerate()
        .map(|(n, host)| json!({ "hostname": host, "serves": [format!("{n}.example.com")] }))
        .collect();
    origins.push(json!({ "hostname": "fabrikam.azure-api.net", "name": "contoso-2" }));
    let loaded = loaded(&json!({ "origins": origins }));
    let names: Vec<&str> = loaded.config.origins.iter().map(|origin| origin.name.as_str()).collect();
    assert_eq!(
        names,
        ["contoso", "contoso-3", "my-api", &"a".repeat(32), &format!("{}-2", "a".repeat(30)), "contoso-2"]
    );
    assert_eq!(rules(&loaded), ["duplicate", "duplicate"]);
}

#[test]
fn more_origins_than_allowed_are_a_mistake_but_all_are_guarded() {
    let origins: Vec<Value> =
        (0..60).map(|n| json!({ "hostname": format!("g{n}.test"), "serves": [format!("{n}.example.com")] })).collect();
    let loaded = loaded(&json!({ "origins": origins }));
    assert_eq!(rules(&loaded), ["too_many"]);
    assert_eq!(answers(&loaded.config, "59.example.com").as_deref(), Some("g59"));
}
