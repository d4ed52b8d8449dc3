//! Each rule of the configuration: what an operator is told, word for word.

#![allow(clippy::expect_used, reason = "test code")]

mod config_support;

use std::collections::BTreeSet;

use apim_origin_guard::config::{Fault, Rule, load};
use apim_origin_guard::json::ToValue;
use config_support::{assert_golden, project};

const FIXTURES: &str = "tests/fixtures/config";

/// Name and text of every fixture.
fn fixtures() -> Vec<(String, String)> {
    let entries = std::fs::read_dir(project(FIXTURES)).expect("fixtures");
    let names = entries.map(|entry| entry.expect("entry").file_name().into_string().expect("UTF-8"));
    let inputs = names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned));
    let read = |name: String| {
        let text = std::fs::read_to_string(project(FIXTURES).join(format!("{name}.json"))).expect("fixture");
        (name, text)
    };
    let mut fixtures: Vec<_> = inputs.map(read).collect();
    fixtures.sort();
    fixtures
}

/// Faults as an operator reads them, each with its rule.
fn as_text(faults: &[Fault]) -> String {
    let blocks: Vec<String> = faults.iter().map(|fault| format!("[{}]\n{fault}\n\n", fault.rule)).collect();
    blocks.concat()
}

#[test]
fn every_mistake_is_told_as_its_golden_file_has_it() {
    for (name, text) in fixtures() {
        assert_golden(&format!("{FIXTURES}/{name}.faults"), &as_text(&load(Some(&text)).faults));
    }
}

#[test]
fn every_fixture_breaks_the_rule_it_is_named_after() {
    for (name, text) in fixtures() {
        let broken = load(Some(&text)).faults;
        assert!(broken.iter().any(|fault| name.starts_with(fault.rule)), "{name}: {broken:?}");
    }
}

#[test]
fn every_rule_has_a_fixture_or_a_test_below() {
    let without_file = [Rule::MissingConfiguration, Rule::TooLarge, Rule::MoreFaults];
    let broken: BTreeSet<&str> =
        fixtures().iter().flat_map(|(_, text)| load(Some(text)).faults).map(|fault| fault.rule).collect();
    for rule in Rule::ALL {
        assert_ne!(broken.contains(rule.slug()), without_file.contains(&rule), "{rule:?}");
    }
}

#[test]
fn a_worker_without_guard_is_told_where_to_put_it() {
    let loaded = load(None);
    assert_eq!(loaded.config.origins, []);
    assert_eq!(
        as_text(&loaded.faults),
        "[missing_configuration]\nGUARD: expected a JSON variable `GUARD`, in wrangler.toml the table [vars.GUARD]; found nothing. \
         Example: {\"origins\": [{\"hostname\": \"contoso.azure-api.net\"}]}\n\n"
    );
}

#[test]
fn more_than_64_kib_is_not_read() {
    let right = r#"{"origins": [{"hostname": "contoso.azure-api.net"}]}"#;
    let of_length = |length: usize| format!("{right}{}", " ".repeat(length - right.len()));
    assert_eq!(load(Some(&of_length(65_536))).faults, []);
    let loaded = load(Some(&of_length(65_537)));
    assert_eq!(loaded.config.origins, []);
    assert_eq!(
        as_text(&loaded.faults),
        "[too_large]\nGUARD: expected JSON of 65536 bytes at most; found 65537 bytes. \
         Example: {\"origins\": [{\"hostname\": \"contoso.azure-api.net\"}]}\n\n"
    );
}

#[test]
fn a_hundred_mistakes_are_listed_and_the_rest_counted() {
    let unknown = (0..130).map(|index| format!("\"zz{index}\": 0, ")).collect::<Vec<_>>().concat();
    let loaded = load(Some(&format!(r#"{{{unknown} "origins": [{{"hostname": "contoso.azure-api.net"}}]}}"#)));
    let paths: Vec<&str> = loaded.faults.iter().map(|fault| fault.path.as_str()).collect();
    let first: Vec<String> = (0..100).map(|index| format!("zz{index}")).collect();
    assert_eq!(paths[..100], first);
    assert_eq!(
        loaded.faults[100].to_string(),
        "GUARD: expected none; mend the ones listed first; found 30 more mistakes. \
         Example: {\"origins\": [{\"hostname\": \"contoso.azure-api.net\"}]}"
    );
    assert_eq!((loaded.faults.len(), loaded.config.origins.len()), (101, 1));
}

#[test]
fn mistakes_are_listed_in_the_order_of_the_document() {
    let text = r#"{"notify": 1, "dns": {"max_ttl_s": 0, "timeout_ms": 0}, "admin": 2, "origins": [{"route": 3, "hostname": 4, "name": 5}, 6]}"#;
    let paths: Vec<String> = load(Some(text)).faults.into_iter().map(|fault| fault.path).collect();
    assert_eq!(
        paths,
        [
            "notify",
            "dns.max_ttl_s",
            "dns.timeout_ms",
            "admin",
            "origins[0].route",
            "origins[0].hostname",
            "origins[0].name",
            "origins[1]"
        ]
    );
}

#[test]
fn deep_nesting_is_a_syntax_fault() {
    for deep in ["[".repeat(60_000), format!("{{\"origins\": {}{}}}", "[".repeat(30_000), "]".repeat(30_000))] {
        assert_eq!(load(Some(&deep)).faults[0].rule, "json_syntax");
    }
}

#[test]
fn no_secret_is_shown_in_any_form() {
    let (_, text) = fixtures().into_iter().find(|(name, _)| name == "secret_in_configuration").expect("fixture");
    let loaded = load(Some(&text));
    let shown = as_text(&loaded.faults) + &loaded.faults.to_value().to_string();
    assert!(!shown.contains("do-not-print"), "{shown}");
    let checked = apim_origin_guard::config::check(&text).to_string();
    assert!(!checked.contains("do-not-print"), "{checked}");
}
