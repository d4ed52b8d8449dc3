//! What holds when a configuration is right, and what still holds when half of it is wrong.

use apim_origin_guard::config::{Config, Detail, Loaded, Networks, Route, Scheme, Serves, Severity, load};
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

#[test]
fn one_host_name_is_a_whole_configuration() {
    let loaded = loaded(&json!({ "origins": [{ "hostname": "Contoso.azure-api.net" }] }));
    assert_eq!(loaded.faults, []);
    let config = loaded.config;
    let [origin] = config.origins.as_slice() else { panic!("{:?}", config.origins) };
    assert_eq!((origin.name.as_str(), origin.base_url().as_str()), ("contoso", "https://contoso.azure-api.net"));
    assert_eq!((origin.timeout_ms, origin.route, origin.scheme), (110_000, Route::Direct, Scheme::Https));
    assert_eq!(origin.health_path, "/status-0123456789abcdef");
    assert_eq!(
        origin.expect_suffixes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["azure-api.net", "azure-api.cn", "azure-api.us"]
    );
    assert_eq!(origin.serves, Serves::Default);
    assert_eq!(config.dns.resolvers, ["https://cloudflare-dns.com/dns-query", "https://dns.google/dns-query"]);
    assert_eq!((config.dns.timeout_ms, config.dns.min_ttl_s, config.dns.max_ttl_s), (2000, 30, 3600));
    assert_eq!(
        (config.diagnostics.detail, config.diagnostics.budget_ms, config.diagnostics.docs_url),
        (Detail::Public, 2500, None)
    );
    assert_eq!((config.admin.path.as_str(), config.admin.hostname, config.admin.access), ("/__guard", None, None));
    assert_eq!(config.admin.allow_networks, Networks::Any);
    assert_eq!((config.azure, config.cloudflare), (None, None));
    assert_eq!((config.allowlist.hold_removals_s, config.allowlist.targets.len()), (86_400, 0));
    assert_eq!((config.notify.targets.len(), config.notify.heartbeat_url_secret), (0, None));
}

#[test]
fn small_numbers_are_right_where_a_test_needs_them() {
    let loaded = loaded(&json!({
        "origins": [{ "hostname": "localhost:8443", "timeout_ms": 1 }],
        "dns": { "timeout_ms": 1, "min_ttl_s": 1, "max_ttl_s": 1 },
        "diagnostics": { "budget_ms": 1 },
        "allowlist": { "hold_removals_s": 0 },
    }));
    assert_eq!(loaded.faults, []);
    let origin = &loaded.config.origins[0];
    assert_eq!(
        (origin.name.as_str(), origin.authority().as_str(), origin.effective_port()),
        ("localhost", "localhost:8443", 8443)
    );
}

#[test]
fn wrong_values_fall_back_and_right_ones_beside_them_count() {
    let loaded = loaded(&json!({
        "origins": [{ "hostname": "contoso.azure-api.net:8443", "scheme": "http", "timeout_ms": 0, "health_path": "/up" }],
        "dns": { "resolvers": ["https://1.1.1.1/dns-query", "https://dns.google/dns-query"], "timeout_ms": "2s", "max_ttl_s": 60 },
        "diagnostics": { "detail": "all", "budget_ms": 100, "docs_url": "https://docs.example.com/guard" },
        "notify": { "targets": [{ "kind": "slack" }, { "kind": "teams", "url_secret": "TEAMS_URL", "min_severity": "loud" }] },
    }));
    assert_eq!(loaded.faults.len(), 7, "{:?}", loaded.faults);
    let config = loaded.config;
    let origin = &config.origins[0];
    assert_eq!(
        (origin.scheme, origin.port, origin.timeout_ms, origin.health_path.as_str()),
        (Scheme::Https, Some(8443), 110_000, "/up")
    );
    assert_eq!(config.dns.resolvers, ["https://dns.google/dns-query"]);
    assert_eq!((config.dns.timeout_ms, config.dns.min_ttl_s, config.dns.max_ttl_s), (2000, 30, 60));
    assert_eq!((config.diagnostics.detail, config.diagnostics.budget_ms), (Detail::Public, 100));
    assert_eq!(config.diagnostics.docs_url.as_deref(), Some("https://docs.example.com/guard/"));
    assert_eq!(config.notify.targets.len(), 1);
    assert_eq!(
        (config.notify.targets[0].url_secret.as_str(), config.notify.targets[0].min_severity),
        ("TEAMS_URL", Severity::Warning)
    );
}

#[test]
fn resolvers_fall_back_when_none_is_right_and_are_bounded() {
    let resolvers = |given: Value| {
        config(&json!({ "origins": [{ "hostname": "a.test" }], "dns": { "resolvers": given } })).dns.resolvers
    };
    assert_eq!(resolvers(json!(["https://1.1.1.1/"])).len(), 2);
    assert_eq!(resolvers(json!([])).len(), 2);
    let many: Vec<String> = (0..20).map(|n| format!("https://dns-{n}.example.com/")).collect();
    assert_eq!(resolvers(json!(many)), many[..8]);
}

#[test]
fn crossed_bounds_both_fall_back() {
    for dns in [json!({ "min_ttl_s": 600, "max_ttl_s": 60 }), json!({ "min_ttl_s": 7200 }), json!({ "max_ttl_s": 10 })]
    {
        let loaded = loaded(&json!({ "origins": [{ "hostname": "a.test" }], "dns": dns }));
        assert_eq!(rules(&loaded), ["bounds_crossed"]);
        assert_eq!((loaded.config.dns.min_ttl_s, loaded.config.dns.max_ttl_s), (30, 3600));
    }
}

/// Who may use the admin interface, for `admin`.
fn allowed(admin: &Value) -> Networks {
    config(&json!({ "origins": [{ "hostname": "a.test" }], "admin": admin })).admin.allow_networks
}

#[test]
fn a_right_list_of_networks_is_kept_as_it_is_meant() {
    assert_eq!(allowed(&json!({})), Networks::Any);
    let networks = ["203.0.113.0/24", "2001:db8::9/128"].map(|network| network.parse().expect("network"));
    assert_eq!(
        allowed(&json!({ "allow_networks": ["203.0.113.7/24", "2001:db8::9"] })),
        Networks::Only(networks.to_vec())
    );
}

#[test]
fn a_mistake_that_may_open_the_admin_interface_closes_it() {
    for admin in [
        json!({ "allow_networks": "203.0.113.0/24" }),
        json!({ "allow_networks": [] }),
        json!({ "allow_networks": ["office"] }),
        json!({ "allow_networks": null }),
        json!({ "allow_network": ["203.0.113.0/24"] }),
        json!({ "hostname": "https://guard.example.com" }),
        json!({ "hostname": "guard.example.com", "allow_networks": ["203.0.113.0/24"], "unknown": 1 }),
        json!("/__guard"),
        json!([]),
    ] {
        assert_eq!(allowed(&admin), Networks::Only(Vec::new()), "{admin}");
    }
}

#[test]
fn a_faulty_network_is_left_out_and_the_others_stay() {
    let right = "203.0.113.0/24".parse().expect("network");
    assert_eq!(allowed(&json!({ "allow_networks": ["203.0.113.0/24", "office"] })), Networks::Only(vec![right]));
}

#[test]
fn sections_with_credentials_count_as_a_whole_or_not_at_all() {
    let azure = json!({ "tenant_id": "contoso.onmicrosoft.com", "client_id": "6731de76-14a6-49ae-97bc-6eba6914391e", "cloud": "usgov" });
    let cloudflare = json!({ "account_id": "023e105f4ecef8ad9ca31a8372d0c353" });
    let access = json!({ "team_domain": "contoso.cloudflareaccess.com", "audience": "4714c1358e65fe4b" });
    let guard = |azure: &Value, cloudflare: &Value, access: &Value| {
        config(
            &json!({ "origins": [{ "hostname": "a.test" }], "azure": azure, "cloudflare": cloudflare, "admin": { "access": access } }),
        )
    };
    let right = guard(&azure, &cloudflare, &access);
    let of_azure = right.azure.expect("azure");
    assert_eq!(
        (of_azure.login_url.as_str(), of_azure.management_url.as_str()),
        ("https://login.microsoftonline.us", "https://management.usgovcloudapi.net")
    );
    assert_eq!(right.cloudflare.expect("cloudflare").api_url, "https://api.cloudflare.com/client/v4");
    assert_eq!(right.admin.access.expect("access").audience, "4714c1358e65fe4b");
    let with = |section: &Value, key: &str| {
        let mut wrong = section.clone();
        wrong[key] = json!("?");
        wrong
    };
    let wrong = guard(&with(&azure, "login_url"), &with(&cloudflare, "api_url"), &with(&access, "team"));
    assert_eq!((wrong.azure, wrong.cloudflare, wrong.admin.access), (None, None, None));
}

#[test]
fn given_urls_override_those_of_the_cloud_without_slash_at_the_end() {
    let azure = json!({
        "tenant_id": "72f988bf-86f1-41af-91ab-2d7cd011db47", "client_id": "6731de76-14a6-49ae-97bc-6eba6914391e",
        "cloud": "china", "login_url": "http://localhost:9000/", "management_url": "https://arm.example.com/base//",
    });
    let azure = config(&json!({ "origins": [{ "hostname": "a.test" }], "azure": azure })).azure.expect("azure");
    assert_eq!(
        (azure.login_url.as_str(), azure.management_url.as_str()),
        ("http://localhost:9000", "https://arm.example.com/base")
    );
    assert_eq!(azure.api_version, "2024-05-01");
}

/// A configuration with these targets.
fn with_targets(origins: &[&str], targets: &Value) -> Loaded {
    let origins: Vec<_> =
        origins.iter().map(|name| json!({ "hostname": format!("{name}.test"), "serves": [name] })).collect();
    let azure = json!({ "tenant_id": "contoso.test", "client_id": "6731de76-14a6-49ae-97bc-6eba6914391e" });
    let cloudflare = json!({ "account_id": "023e105f4ecef8ad9ca31a8372d0c353" });
    loaded(
        &json!({ "origins": origins, "azure": azure, "cloudflare": cloudflare, "allowlist": { "targets": targets } }),
    )
}

fn in_azure(kind: &str, path: &str) -> Value {
    json!({ "kind": kind, "resource_id": format!("/subscriptions/6f9619ff-8b86-d011-b42d-00c04fc964ff/resourceGroups/rg/providers/{path}") })
}

#[test]
fn a_target_is_a_dry_run_for_the_only_origin_and_named_after_its_resource() {
    let list = json!({ "kind": "cloudflare-list", "list_id": "2c0fc9fa937b11eaa1b71c4d701ab86e" });
    let mut rule = in_azure("nsg", "Microsoft.Network/networkSecurityGroups/NSG_1");
    rule["rule"] = "allow".into();
    let slot = in_azure("app-service", "microsoft.web/sites/app/slots/staging");
    let loaded = with_targets(&["one"], &json!([list, rule, slot, in_azure("sql", "Microsoft.Sql/servers/db/")]));
    assert_eq!(rules(&loaded), [""; 0]);
    let targets = &loaded.config.allowlist.targets;
    let names: Vec<_> = targets.iter().map(|target| target.name.as_str()).collect();
    assert_eq!(
        names,
        ["cloudflare-list-2c0fc9fa937b11eaa1b71c4d701ab86e", "nsg-nsg-1-allow", "app-service-app-staging", "sql-db"]
    );
    assert!(targets.iter().all(|target| !target.apply && target.origin == "one"));
}

#[test]
fn a_target_with_any_mistake_is_left_out() {
    let list = "2c0fc9fa937b11eaa1b71c4d701ab86e";
    let cases = [
        (json!({}), "missing_key"),
        (json!({ "kind": "cloudflare-list" }), "missing_key"),
        (json!({ "kind": "cloudflare-list", "list_id": list, "dry_run": false }), "unknown_key"),
        (json!({ "kind": "cloudflare-list", "list_id": list, "rule": "allow" }), "unknown_key"),
        (json!({ "kind": "cloudflare-list", "list_id": list, "apply": "yes" }), "wrong_type"),
        (json!({ "kind": "cloudflare-list", "list_id": list, "origin": "two" }), "unknown_origin"),
        (in_azure("nsg", "Microsoft.Network/networkSecurityGroups/nsg"), "missing_key"),
        (in_azure("storage", "Microsoft.KeyVault/vaults/v"), "malformed"),
        (in_azure("sql", "Microsoft.Sql/servers/s/databases/d"), "malformed"),
        (in_azure("sql", "../Microsoft.Sql/servers/s"), "malformed"),
        (json!({ "kind": "webhook", "url_secret": "A" }), "missing_key"),
    ];
    for (target, rule) in cases {
        let loaded = with_targets(&["one"], &json!([target]));
        assert_eq!(rules(&loaded), [rule], "{target}");
        assert_eq!(loaded.config.allowlist.targets, []);
    }
}

#[test]
fn of_several_origins_a_target_names_one_and_names_are_not_taken_twice() {
    let list = json!({ "kind": "cloudflare-list", "list_id": "2c0fc9fa937b11eaa1b71c4d701ab86e" });
    let mut named = list.clone();
    named["origin"] = "two".into();
    let loaded = with_targets(&["one", "two"], &json!([list, named, named]));
    assert_eq!(rules(&loaded), ["unknown_origin", "duplicate"]);
    assert_eq!(loaded.config.allowlist.targets.len(), 1);
}
