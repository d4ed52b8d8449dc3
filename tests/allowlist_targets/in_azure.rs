//! The kinds in Azure.

use apim_origin_guard::allowlist::{Mode, Outcome};
use serde_json::{Value, json};

use crate::world::{Fault, GROUP, Kv, World, beginning, networks};

const RULE: &str = "Microsoft.Network/networkSecurityGroups/nsg/securityRules/allow-apim";
const APP: &str = "Microsoft.Web/sites/app/config/web";
const ACCOUNT: &str = "Microsoft.Storage/storageAccounts/st";
const VAULT: &str = "Microsoft.KeyVault/vaults/kv";

fn document(world: &World, path: &str) -> Value {
    world.place.borrow().documents[&format!("{GROUP}{path}").to_lowercase()].clone()
}

fn change(world: &World, path: &str, change: impl FnOnce(&mut Value)) {
    change(world.place.borrow_mut().documents.get_mut(&format!("{GROUP}{path}").to_lowercase()).unwrap());
}

fn of(kind: &str, path: &str) -> Value {
    beginning(kind).documents[&format!("{GROUP}{path}").to_lowercase()].clone()
}

#[test]
fn a_security_rule_gets_other_sources_and_keeps_everything_else() {
    let world = World::new("nsg");
    world.declare(&["20.1.2.3/32", "2603:1000::/48"]);
    let report = world.run_now();
    assert_eq!(report.outcome, Outcome::Applied, "{report:?}");
    assert_eq!(world.calls.borrow()[1].headers.iter().find(|(name, _)| *name == "If-Match").unwrap().1, "W/\"1\"");
    assert_eq!(world.methods(), "GET PUT GET");
    let now = document(&world, RULE)["properties"].clone();
    let mut expected = of("nsg", RULE)["properties"].clone();
    // The one that was there is not declared: it is the guard's rule, so it goes after its time.
    expected["sourceAddressPrefixes"] = json!(["203.0.113.200/32", "20.1.2.3/32", "2603:1000::/48"]);
    for member in ["sourceAddressPrefix", "provisioningState"] {
        expected.as_object_mut().unwrap().remove(member);
    }
    assert_eq!(now, expected);
    world.pass_s(86_401);
    assert_eq!(world.run_now().removed, networks(&["203.0.113.200/32"]));
}

#[test]
fn a_security_rule_that_is_not_the_guards_is_not_changed() {
    let cases: [(&str, Value, &str); 4] = [
        ("description", "allow the gateway".into(), "does not say `origin-guard`"),
        ("access", "Deny".into(), "not one that allows"),
        ("direction", "Outbound".into(), "not one that allows"),
        ("sourceAddressPrefix", "*".into(), "The rule's source is `*`"),
    ];
    for (member, value, why) in cases {
        let world = World::new("nsg");
        world.declare(&["20.1.2.3/32"]);
        change(&world, RULE, |rule| rule["properties"][member] = value);
        let report = world.run_now();
        assert_eq!((report.outcome, world.methods().as_str()), (Outcome::Blocked, "GET"));
        assert!(report.detail.contains(why), "{}", report.detail);
    }
}

#[test]
fn somebody_elses_change_in_between_is_not_written_over() {
    let world = World::new("nsg");
    world.declare(&["20.1.2.3/32"]);
    world.run_now();
    world.declare(&["20.1.2.3/32", "20.1.2.4/32"]);
    // What is read is older than what is there.
    change(&world, RULE, |rule| {
        rule["etag"] = "W/\"other\"".into();
        rule["properties"]["priority"] = 4000.into();
    });
    world.then([Fault::Stale]);
    let report = world.run_now();
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::TryAgain, Some("azure_changed_meanwhile")));
    assert_eq!(world.run(Mode::Scheduled).outcome, Outcome::Applied);
    assert_eq!(document(&world, RULE)["properties"]["priority"], 4000);
}

#[test]
fn of_an_app_only_own_rules_change() {
    let world = World::new("app-service");
    world.declare(&["20.1.2.3/32", "192.0.2.7/32"]);
    let report = world.run_now();
    assert_eq!((report.outcome, report.added), (Outcome::Applied, networks(&["20.1.2.3/32"])));
    let settings = document(&world, APP)["properties"].clone();
    let before = of("app-service", APP)["properties"].clone();
    let rules = settings["ipSecurityRestrictions"].as_array().unwrap();
    assert_eq!(rules[..3], before["ipSecurityRestrictions"].as_array().unwrap()[..]);
    let own = json!({
        "ipAddress": "20.1.2.3/32", "action": "Allow", "priority": 300, "name": "origin-guard",
        "description": "origin-guard:contoso",
    });
    assert_eq!(rules[3..], [own]);
    assert_eq!(settings["http20Enabled"], true);
    let patch: Value = serde_json::from_slice(&world.calls.borrow()[1].body).unwrap();
    let members: Vec<&String> = patch["properties"].as_object().unwrap().keys().collect();
    assert_eq!(members, ["ipSecurityRestrictions"], "nothing else is even sent");
    world.declare(&["192.0.2.7/32", "20.1.2.4/32"]);
    world.run_now();
    world.pass_s(90_000);
    assert_eq!(world.run_now().removed, networks(&["20.1.2.3/32"]));
}

#[test]
fn an_app_that_lets_everybody_in_is_not_shut() {
    for (rules, default) in [
        (
            json!([{ "ipAddress": "Any", "action": "Allow", "priority": 2_147_483_647_u32, "name": "Allow all" }]),
            Value::Null,
        ),
        (json!(null), Value::Null),
        (json!([]), "Allow".into()),
    ] {
        let world = World::new("app-service");
        world.declare(&["20.1.2.3/32"]);
        change(&world, APP, |app| {
            app["properties"]["ipSecurityRestrictions"] = rules;
            app["properties"]["ipSecurityRestrictionsDefaultAction"] = default;
        });
        assert_eq!((world.run_now().outcome, world.methods().as_str()), (Outcome::Blocked, "GET"));
    }
}

#[test]
fn a_storage_account_takes_single_addresses_without_prefix_and_says_where_rules_have_no_effect() {
    let world = World::new("storage");
    world.declare(&["20.1.2.3/32", "20.9.0.0/31", "20.8.0.0/24", "2603:1000::5/128"]);
    let report = world.run_now();
    assert_eq!(report.outcome, Outcome::Applied, "{report:?}");
    let plan = report.plan.unwrap();
    assert_eq!(plan.cannot_hold.len(), 1, "IPv6");
    assert_eq!(plan.notes, Vec::<String>::new(), "the gateway is in another region");
    let acls = document(&world, ACCOUNT)["properties"]["networkAcls"].clone();
    let values: Vec<&str> =
        acls["ipRules"].as_array().unwrap().iter().map(|it| it["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["192.0.2.7", "20.1.2.3", "20.8.0.0/24", "20.9.0.0", "20.9.0.1"]);
    assert_eq!((acls["unknownMember"].as_i64(), acls["defaultAction"].as_str()), (Some(1), Some("Deny")));
}

#[test]
fn a_storage_account_in_the_gateways_region_cannot_be_kept_by_address() {
    let world = World::new("storage");
    world.declare(&["20.1.2.3/32"]);
    change(&world, ACCOUNT, |account| account["location"] = "West Europe".into());
    let notes = world.run_now().plan.unwrap().notes;
    assert!(notes[0].contains("both in westeurope") && notes[0].contains("virtual network rule"), "{notes:?}");
}

#[test]
fn without_a_mark_what_was_there_before_is_never_removed() {
    for (kind, path) in [("storage", ACCOUNT), ("key-vault", VAULT)] {
        let world = World::new(kind);
        // 192.0.2.7 was there before the guard, and is declared for a while.
        world.declare(&["20.1.2.3/32", "192.0.2.7/32", "20.1.2.4/32"]);
        assert_eq!(world.run_now().added, networks(&["20.1.2.3/32", "20.1.2.4/32"]), "{kind}");
        world.declare(&["20.1.2.4/32"]);
        world.run_now();
        world.pass_s(90_000);
        assert_eq!(world.run_now().removed, networks(&["20.1.2.3/32"]), "{kind}");
        let rules = document(&world, path)["properties"]["networkAcls"]["ipRules"].clone();
        assert!(rules[0]["value"].as_str().unwrap().starts_with("192.0.2.7"), "{rules}");
    }
}

#[test]
fn what_will_be_the_guards_is_written_down_before_it_is_written_there() {
    let world = World::new("key-vault");
    world.declare(&["20.1.2.3/32"]);
    for kv in [Kv::Down, Kv::LosesWrites, Kv::LosesAnswers] {
        world.kv.set(kv);
        let report = world.run_now();
        assert_eq!((report.outcome, world.methods().as_str()), (Outcome::TryAgain, "GET"), "{kv:?}");
    }
    world.kv.set(Kv::Good);
    world.then([Fault::None, Fault::TimesOutAfterwards]);
    assert_eq!(world.run_now().outcome, Outcome::Unconfirmed);
    world.forget();
    assert_eq!(world.run_now().outcome, Outcome::InPlace);
    world.declare(&["20.1.2.4/32"]);
    world.run_now();
    world.pass_s(90_000);
    assert_eq!(world.run_now().removed, networks(&["20.1.2.3/32"]), "it is known to be the guard's");
}

#[test]
fn without_network_rules_a_vault_is_not_given_any() {
    let world = World::new("key-vault");
    world.declare(&["20.1.2.3/32"]);
    change(&world, VAULT, |vault| vault["properties"]["networkAcls"] = Value::Null);
    assert_eq!((world.run_now().outcome, world.methods().as_str()), (Outcome::Blocked, "GET"));
}

#[test]
fn sql_rules_have_the_guards_name_and_foreign_ones_stay() {
    let world = World::new("sql");
    world.declare(&["20.1.2.3/32", "20.8.0.0/30"]);
    assert_eq!(world.run_now().outcome, Outcome::Applied);
    let rule = document(&world, "Microsoft.Sql/servers/db/firewallRules/origin-guard-contoso-20-8-0-0-30");
    assert_eq!(rule["properties"], json!({ "startIpAddress": "20.8.0.0", "endIpAddress": "20.8.0.3" }));
    assert_eq!(world.methods(), "GET PUT PUT GET");
    world.declare(&["20.1.2.3/32"]);
    world.run_now();
    world.pass_s(90_000);
    assert_eq!(world.run_now().removed, networks(&["20.8.0.0/30"]));
    let names: Vec<String> =
        world.place.borrow().documents.values().map(|rule| rule["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["office", "origin-guard-contoso-20-1-2-3-32"]);
}

#[test]
fn a_missing_role_is_named_by_its_actions() {
    for (kind, action) in [
        ("nsg", "Microsoft.Network/networkSecurityGroups/securityRules/read"),
        ("app-service", "Microsoft.Web/sites/config/read"),
        ("storage", "Microsoft.Storage/storageAccounts/read"),
        ("key-vault", "Microsoft.KeyVault/vaults/read"),
        ("sql", "Microsoft.Sql/servers/firewallRules/read"),
    ] {
        let world = World::new(kind);
        world.declare(&["20.1.2.3/32"]);
        world.then([Fault::RoleMissing]);
        let report = world.run_now();
        assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Failed, Some("azure_role_missing")), "{kind}");
        assert!(report.fix.unwrap().contains(action), "{kind}");
    }
}

#[test]
fn a_resource_that_is_not_there_is_a_fault_of_the_configuration() {
    let world = World::new("nsg");
    world.declare(&["20.1.2.3/32"]);
    world.place.borrow_mut().documents.clear();
    let report = world.run_now();
    assert_eq!((report.outcome, report.code.as_deref()), (Outcome::Failed, Some("azure_resource_not_found")));
    assert!(report.fix.unwrap().contains("`resource_id` and `rule`"));
}
