//! Laws of reading a configuration, for documents nobody would write and for those somebody might.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "test code")]

use std::collections::BTreeSet;

use apim_origin_guard::config::{Config, Fault, Rule, Serves, check, load};
use apim_origin_guard::json::ToValue;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const RESOURCE: &str = "/subscriptions/6f9619ff-8b86-d011-b42d-00c04fc964ff/resourceGroups/rg/providers/\
    Microsoft.Network/networkSecurityGroups/nsg";

/// A right configuration with every key, as (JSON pointer, value).
fn complete() -> Value {
    json!({
        "origins": [
            {
                "hostname": "contoso.azure-api.net", "name": "contoso", "serves": ["api.example.com"], "scheme": "https",
                "route": "direct", "expect_suffixes": ["azure-api.net"], "timeout_ms": 30000, "health_path": "/up",
                "azure": { "subscription_id": "6f9619ff-8b86-d011-b42d-00c04fc964ff", "resource_group": "rg", "service_name": "contoso" },
            },
            { "hostname": "localhost:8080", "name": "local", "scheme": "http" },
        ],
        "dns": { "resolvers": ["https://dns.google/dns-query"], "timeout_ms": 100, "min_ttl_s": 1, "max_ttl_s": 60 },
        "diagnostics": { "detail": "operator", "budget_ms": 200, "docs_url": "https://docs.example.com/" },
        "admin": {
            "path": "/ops", "hostname": "guard.example.com", "allow_networks": ["203.0.113.0/24"],
            "access": { "team_domain": "contoso.cloudflareaccess.com", "audience": "4714c1358e65fe4b" },
        },
        "azure": {
            "tenant_id": "contoso.onmicrosoft.com", "client_id": "6731de76-14a6-49ae-97bc-6eba6914391e", "cloud": "usgov",
            "login_url": "https://login.example.com", "management_url": "https://arm.example.com", "api_version": "2024-05-01",
        },
        "cloudflare": { "account_id": "023e105f4ecef8ad9ca31a8372d0c353", "zone_ids": [], "api_url": "https://api.example.com" },
        "allowlist": { "hold_removals_s": 0, "targets": [
            { "kind": "cloudflare-list", "name": "edge", "origin": "contoso", "apply": true, "list_id": "2c0fc9fa937b11eaa1b71c4d701ab86e" },
            { "kind": "nsg", "origin": "local", "resource_id": RESOURCE, "rule": "allow-apim" },
        ] },
        "notify": { "heartbeat_url_secret": "BEAT", "targets": [{ "kind": "webhook", "url_secret": "HOOK", "signing_secret": "KEY", "min_severity": "info" }] },
    })
}

/// JSON pointers of all values below `value` that are no tables or lists of tables.
fn leaves(value: &Value, at: &str) -> Vec<String> {
    let below = |entries: Vec<(String, &Value)>| {
        entries.into_iter().flat_map(|(key, inner)| leaves(inner, &format!("{at}/{key}"))).collect()
    };
    match value {
        Value::Object(entries) => below(entries.iter().map(|(key, inner)| (key.clone(), inner)).collect()),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            below(items.iter().enumerate().map(|(index, inner)| (index.to_string(), inner)).collect())
        }
        _ => vec![at.to_owned()],
    }
}

/// `/origins/0/name` as `origins[0].name`.
fn as_path(pointer: &str) -> String {
    let join = |path: String, segment: &str| match segment.parse::<usize>() {
        Ok(index) => format!("{path}[{index}]"),
        Err(_) if path.is_empty() => segment.to_owned(),
        Err(_) => format!("{path}.{segment}"),
    };
    pointer.split('/').skip(1).fold(String::new(), join)
}

/// Values that are right somewhere, near to right, or wrong everywhere.
fn any_leaf() -> impl Strategy<Value = Value> {
    let texts = [
        "",
        "a",
        "contoso",
        "contoso.azure-api.net",
        "contoso.azure-api.us:443",
        "localhost",
        "20.1.2.3",
        "::1",
        "*.example.com",
        "api.example.com",
        "https://dns.google/dns-query",
        "http://localhost:1/",
        "https://1.1.1.1/",
        "203.0.113.0/24",
        "/",
        "/a",
        "direct",
        "zone",
        "http",
        "https",
        "public",
        "operator",
        "usgov",
        "slack",
        "webhook",
        "error",
        "SLACK_URL",
        "6f9619ff-8b86-d011-b42d-00c04fc964ff",
        "023e105f4ecef8ad9ca31a8372d0c353",
        "contoso.cloudflareaccess.com",
        "2024-05-01",
    ];
    prop_oneof![
        4 => proptest::sample::select(texts.to_vec()).prop_map(Value::from),
        1 => "\\PC{0,40}".prop_map(Value::from),
        2 => any::<i32>().prop_map(Value::from),
        1 => (0_u64..100_000).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

/// Known keys, near ones and any.
fn any_key() -> impl Strategy<Value = String> {
    let pointers = leaves(&complete(), "");
    let known: BTreeSet<String> = pointers.iter().flat_map(|it| it.split('/')).map(str::to_owned).collect();
    prop_oneof![8 => proptest::sample::select(known.into_iter().collect::<Vec<_>>()), 1 => "\\PC{0,50}"]
}

/// Documents of about the right shape.
fn any_document() -> impl Strategy<Value = Value> {
    any_leaf().prop_recursive(4, 60, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(any_key(), inner, 0..8).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// The complete configuration with some values replaced by others and some keys added.
fn changed_configuration() -> impl Strategy<Value = Value> {
    let pointers = leaves(&complete(), "");
    let changes = vec((proptest::sample::select(pointers), prop_oneof![3 => any_leaf(), 1 => any_document()]), 0..12);
    (changes, btree_map(any_key(), any_document(), 0..2)).prop_map(|(changes, added)| {
        let mut guard = complete();
        for (pointer, value) in changes {
            *guard.pointer_mut(&pointer).expect("a leaf") = value;
        }
        guard.as_object_mut().expect("a table").extend(added.into_iter().filter(|(key, _)| key != "origins"));
        guard
    })
}

/// What holds of every list of faults.
fn check_faults(faults: &[Fault]) -> Result<(), TestCaseError> {
    prop_assert!(faults.len() <= 101);
    for fault in faults {
        prop_assert!(Rule::ALL.iter().any(|rule| rule.slug() == fault.rule));
        prop_assert!(!fault.expected.is_empty() && !fault.example.is_empty() && !fault.path.is_empty());
        prop_assert!(fault.value.as_ref().is_none_or(|value| value.chars().count() <= 80));
        prop_assert!(!fault.to_string().contains(char::is_control), "{fault}");
    }
    Ok(())
}

/// What holds of every effective configuration.
fn check_config(config: &Config) -> Result<(), TestCaseError> {
    let names: BTreeSet<&str> = config.origins.iter().map(|origin| origin.name.as_str()).collect();
    prop_assert_eq!(names.len(), config.origins.len());
    for name in names {
        prop_assert!(
            (1..=32).contains(&name.len())
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        );
    }
    prop_assert!(config.origins.iter().filter(|origin| origin.serves == Serves::Default).count() <= 1);
    prop_assert!((1..=8).contains(&config.dns.resolvers.len()));
    prop_assert!(config.dns.min_ttl_s >= 1 && config.dns.min_ttl_s <= config.dns.max_ttl_s);
    prop_assert!(
        config.admin.path.len() > 1 && config.admin.path.starts_with('/') && !config.admin.path.ends_with('/')
    );
    Ok(())
}

/// Reads `text` and checks all laws; then writes the effective configuration and reads that.
fn check_laws(text: &str) -> Result<(), TestCaseError> {
    let loaded = load(Some(text));
    check_faults(&loaded.faults)?;
    check_config(&loaded.config)?;
    let checked = check(text);
    prop_assert_eq!(checked["valid"].as_bool(), checked["errors"].as_array().map(Vec::is_empty));
    let mut config = loaded.config;
    // What was left out cannot be written, and an origin that is left alone by it answers every host.
    config.withheld.clear();
    if let [only] = config.origins.as_mut_slice()
        && only.serves == Serves::Nothing
    {
        only.serves = Serves::Default;
    }
    let again = load(Some(&config.to_value().to_string()));
    if loaded.faults.is_empty() {
        prop_assert_eq!(&again.faults, &Vec::new());
    }
    prop_assert_eq!(again.config, config);
    Ok(())
}

/// Compares two places in the document as it was sent: keys of a table sort as `serde_json` writes them.
fn in_document_order(faults: &[Fault], guard: &Value) -> bool {
    let order = leaves(guard, "");
    let rank = |fault: &Fault| order.iter().position(|pointer| as_path(pointer) == fault.path);
    faults.iter().filter_map(rank).is_sorted()
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check_laws(&text)?;
    }

    #[test]
    fn any_json_is_read(document in any_document()) {
        check_laws(&document.to_string())?;
    }

    #[test]
    fn a_configuration_with_any_changes_is_read_and_can_be_written_again(guard in changed_configuration()) {
        check_laws(&guard.to_string())?;
    }

    #[test]
    fn cut_anywhere_it_is_still_read(guard in changed_configuration(), at in any::<prop::sample::Index>()) {
        let text = guard.to_string();
        let cut: String = text.chars().take(at.index(text.chars().count())).collect();
        check_laws(&cut)?;
    }

    #[test]
    fn every_broken_key_is_reported_at_its_path_and_in_order(
        broken in btree_set(proptest::sample::select(leaves(&complete(), "")), 0..20),
    ) {
        let mut guard = complete();
        for pointer in &broken {
            *guard.pointer_mut(pointer).expect("a leaf") = json!({ "not": "right" });
        }
        let faults = load(Some(&guard.to_string())).faults;
        prop_assert!(faults.len() >= broken.len());
        let paths: BTreeSet<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        for pointer in &broken {
            prop_assert!(paths.contains(as_path(pointer).as_str()), "{} is not in {:?}", as_path(pointer), paths);
        }
        prop_assert_eq!(faults.is_empty(), broken.is_empty());
        prop_assert!(in_document_order(&faults, &guard));
    }

    #[test]
    fn a_right_host_name_survives_every_other_mistake(
        origin in btree_map(any_key().prop_filter("another key", |key| key != "hostname"), any_document(), 0..10),
        rest in btree_map(any_key().prop_filter("another key", |key| key != "origins"), any_document(), 0..10),
        others in vec(any_document(), 0..4),
        host in "[a-z]([a-z0-9-]{0,20}[a-z0-9])?\\.azure-api\\.net",
    ) {
        let mut table: Map<String, Value> = origin.into_iter().collect();
        table.insert("hostname".into(), json!(host));
        let mut origins = others;
        origins.push(Value::Object(table));
        let mut guard: Map<String, Value> = rest.into_iter().collect();
        guard.insert("origins".into(), json!(origins));
        let config = load(Some(&Value::Object(guard).to_string())).config;
        prop_assert!(config.origins.iter().any(|origin| origin.hostname.as_str() == host));
    }

    #[test]
    fn a_single_origin_with_a_right_host_name_answers_unless_it_names_other_hosts(
        changed in changed_configuration(),
        request_host in "[a-z]{1,10}\\.[a-z]{1,10}",
    ) {
        let mut guard = changed;
        let mut only = guard["origins"][0].clone();
        only["hostname"] = json!("contoso.azure-api.net");
        only.as_object_mut().expect("a table").remove("serves");
        guard["origins"] = json!([only]);
        let config = load(Some(&guard.to_string())).config;
        prop_assert_eq!(config.origin_for(&request_host).map(|origin| origin.hostname.as_str()), Some("contoso.azure-api.net"));
    }
}
