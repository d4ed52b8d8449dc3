//! `GET /config` and `POST /config/check`: what an operator sees of the configuration.

#![allow(clippy::expect_used, reason = "test code")]

mod config_support;

use apim_origin_guard::config::{Surroundings, check, load, view};
use config_support::assert_golden;
use serde_json::{Value, json};

const NOTHING: Surroundings<'_> = Surroundings { secrets_set: &[], kv_bound: false };

fn shown(guard: &Value) -> Value {
    view(&load(Some(&guard.to_string())), NOTHING)
}

/// Path, value and source of the settings below `prefix`.
fn settings(view: &Value, prefix: &str) -> Vec<(String, Value, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let settings = view["settings"].as_array().expect("settings").iter();
    let below = settings.filter(|it| text(&it["path"]).starts_with(prefix));
    below.map(|it| (text(&it["path"]), it["value"].clone(), text(&it["source"]))).collect()
}

#[test]
fn the_whole_answer_is_as_its_golden_file_has_it() {
    let guard = json!({
        "origins": [
            { "hostname": "20.1.2.3", "serves": ["old.example.com"] },
            { "hostname": "contoso.azure-api.net:8443", "timeout_ms": 5000, "hots": 1 },
        ],
        "notify": { "targets": [{ "kind": "slack", "url_secret": "SLACK_URL" }], "heartbeat_url_secret": "HEARTBEAT_URL" },
        "allowlist": { "targets": [{ "kind": "webhook", "url_secret": "HOOK_URL", "token": "do-not-print-me" }] },
    });
    let set = ["SLACK_URL".to_owned(), "UNRELATED".to_owned()];
    let answer = view(&load(Some(&guard.to_string())), Surroundings { secrets_set: &set, kv_bound: true });
    let text = serde_json::to_string_pretty(&answer).expect("JSON") + "\n";
    assert!(!text.contains("do-not-print"));
    assert_golden("tests/fixtures/config/view/answer.json", &text);
}

#[test]
fn each_setting_says_whether_it_was_given() {
    let view = shown(&json!({ "origins": [{ "hostname": "a.test" }], "dns": { "timeout_ms": 100, "max_ttl_s": 0 } }));
    let resolvers = json!(["https://cloudflare-dns.com/dns-query", "https://dns.google/dns-query"]);
    let expected = [
        ("dns.resolvers", resolvers, "default"),
        ("dns.timeout_ms", json!(100), "given"),
        ("dns.min_ttl_s", json!(30), "default"),
        ("dns.max_ttl_s", json!(3600), "default"),
    ];
    assert_eq!(settings(&view, "dns."), expected.map(|(path, value, source)| (path.into(), value, source.into())));
    assert_eq!(view["valid"], false);
    assert_eq!(view["errors"][0]["path"], "dns.max_ttl_s");
}

#[test]
fn values_that_are_right_but_not_used_count_as_defaults() {
    let view = shown(&json!({
        "origins": [{ "hostname": "a.test" }, { "hostname": "b.net", "name": "a", "scheme": "http", "serves": ["b.net"] }],
        "dns": { "min_ttl_s": 600, "max_ttl_s": 60 },
    }));
    for prefix in ["dns.m", "origins[1].name", "origins[1].scheme"] {
        for (path, value, source) in settings(&view, prefix) {
            assert_eq!(source, "default", "{path} = {value}");
        }
    }
    assert_eq!(settings(&view, "origins[1].name")[0].1, "a-2");
}

#[test]
fn settings_have_the_path_they_were_written_at() {
    let view = shown(&json!({
        "origins": [{ "hostname": "https://a.test" }, { "hostname": "b.test", "name": "b" }],
        "notify": { "targets": [{ "kind": "fax" }, { "kind": "teams", "url_secret": "TEAMS_URL" }] },
    }));
    let hostnames: Vec<_> =
        settings(&view, "origins").into_iter().filter(|(path, ..)| path.ends_with("name")).collect();
    let expected = [("origins[1].hostname", "b.test"), ("origins[1].name", "b")];
    assert_eq!(hostnames, expected.map(|(path, value)| (path.into(), json!(value), "given".into())));
    assert_eq!(
        settings(&view, "notify.targets[1].kind"),
        [("notify.targets[1].kind".into(), json!("teams"), "given".into())]
    );
    assert_eq!(settings(&view, "notify.targets[0]"), []);
}

#[test]
fn only_the_secrets_a_configuration_needs_are_asked_for() {
    let names = |guard: &Value| {
        let secrets = shown(guard)["secrets"].as_array().expect("secrets").clone();
        secrets.iter().map(|it| it["name"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&json!({ "origins": [{ "hostname": "a.test" }] })), ["GUARD_ADMIN_TOKEN"]);
    let all = json!({
        "origins": [{ "hostname": "a.test" }],
        "azure": { "tenant_id": "contoso.onmicrosoft.com", "client_id": "6731de76-14a6-49ae-97bc-6eba6914391e" },
        "cloudflare": { "account_id": "023e105f4ecef8ad9ca31a8372d0c353" },
        "notify": { "targets": [{ "kind": "slack", "url_secret": "A" }, { "kind": "teams", "url_secret": "A" }], "heartbeat_url_secret": "B" },
    });
    assert_eq!(names(&all), ["GUARD_ADMIN_TOKEN", "AZURE_CLIENT_SECRET", "CLOUDFLARE_API_TOKEN", "A", "B"]);
}

#[test]
fn a_pasted_configuration_is_read_in_each_form() {
    let guard = json!({ "origins": [{ "hostname": "a.test" }], "dns": { "timeout_ms": 0 } });
    let bare = check(&guard.to_string());
    assert_eq!(
        (bare["errors"][0]["path"].as_str(), bare["effective"]["origins"][0]["name"].as_str()),
        (Some("dns.timeout_ms"), Some("a"))
    );
    assert_eq!((bare.get("secrets"), bare.get("bindings")), (None, None));
    for form in [
        json!({ "GUARD": guard }),
        json!({ "name": "origin-guard", "vars": { "GUARD": guard, "OTHER": 1 } }),
        json!({ "vars": { "GUARD": guard.to_string() } }),
    ] {
        assert_eq!(check(&form.to_string()), bare, "{form}");
    }
}

#[test]
fn what_is_no_configuration_is_told_as_such() {
    for (text, rule) in [
        ("", "json_syntax"),
        ("{", "json_syntax"),
        ("[]", "wrong_type"),
        ("{}", "missing_key"),
        (r#"{"vars": {}}"#, "missing_configuration"),
        (r#"{"vars": {"GUARD": "{"}}"#, "json_syntax"),
        (r#"{"GUARD": 1}"#, "wrong_type"),
    ] {
        let answer = check(text);
        assert_eq!((&answer["valid"], &answer["errors"][0]["rule"]), (&json!(false), &json!(rule)), "{text}");
        assert_eq!(answer["effective"]["origins"], json!([]), "{text}");
    }
}
