//! Network security groups.

use serde_json::{Value, json};

use super::Scenario;
use crate::world::{World, classic, id, rule, v2};

fn external() -> World {
    classic("Premium", "External")
}

pub(super) fn scenarios() -> Vec<Scenario> {
    [groups(), management(), inbound(), outbound(), backends()].into_iter().flatten().collect()
}

fn changed(mut rule: Value, patch: &[(&str, Value)]) -> Value {
    for (name, value) in patch {
        rule["properties"][*name] = value.clone();
    }
    rule
}

fn groups() -> Vec<Scenario> {
    vec![
        ("no group", external().subnet(json!({ "networkSecurityGroup": null })).without("nsg"), &["nsg_missing apim"]),
        (
            "no group at v2",
            v2("StandardV2", "External", "Microsoft.Web/serverFarms")
                .subnet(json!({ "networkSecurityGroup": null }))
                .without("nsg"),
            &["nsg_missing apim"],
        ),
        (
            "a group without a rule of its own: default rules",
            {
                let mut world = external();
                world.set("nsg", |nsg| nsg["properties"]["securityRules"] = json!([]));
                world
            },
            &["nsg_management_blocked nsg", "nsg_clients_blocked nsg"],
        ),
        (
            "rules without a properties level and in other cases",
            {
                let mut world = external();
                world.set("nsg", |nsg| {
                    let flat: Vec<Value> = nsg["properties"]["securityRules"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|rule| {
                            let mut flat = rule["properties"].clone();
                            flat["access"] = flat["access"].as_str().unwrap().to_lowercase().into();
                            flat["direction"] = flat["direction"].as_str().unwrap().to_uppercase().into();
                            flat["protocol"] = "TCP".into();
                            flat["name"] = rule["name"].clone();
                            flat
                        })
                        .collect();
                    nsg["securityRules"] = flat.into();
                    nsg.as_object_mut().unwrap().remove("properties");
                });
                world
            },
            &[],
        ),
    ]
}

fn management() -> Vec<Scenario> {
    let without = || external().without_rule("Management");
    vec![
        ("no rule for management", without(), &["nsg_management_blocked nsg"]),
        (
            "management from the tag of a region",
            without().rules(&[rule("Management", 100, "Allow", "Inbound", "ApiManagement.WestEurope", "3443")]).tags(),
            &["nsg_management_blocked nsg"],
        ),
        (
            "management from one address, no tag list given",
            without().rules(&[rule("Management", 100, "Allow", "Inbound", "52.224.186.99", "3443")]),
            &["nsg_management_blocked nsg"],
        ),
        (
            "management from every prefix of the tag",
            without()
                .rules(&[changed(
                    rule("Management", 100, "Allow", "Inbound", "", "3443"),
                    &[(
                        "sourceAddressPrefixes",
                        json!([
                            "51.145.179.78",
                            "20.86.92.254/31",
                            "104.214.19.224/28",
                            "52.162.110.80/28",
                            "52.224.186.99/32"
                        ]),
                    )],
                )])
                .tags(),
            &[],
        ),
        (
            "management on another port",
            without().rules(&[rule("Management", 100, "Allow", "Inbound", "ApiManagement", "443")]),
            &["nsg_management_blocked nsg"],
        ),
        (
            "management by UDP",
            without().rules(&[changed(
                rule("Management", 100, "Allow", "Inbound", "ApiManagement", "3443"),
                &[("protocol", json!("Udp"))],
            )]),
            &["nsg_management_blocked nsg"],
        ),
        (
            "management to another subnet",
            without().rules(&[changed(
                rule("Management", 100, "Allow", "Inbound", "ApiManagement", "3443"),
                &[("destinationAddressPrefix", json!("10.0.2.0/24"))],
            )]),
            &["nsg_management_blocked nsg"],
        ),
        (
            "management to the subnet by its prefix, in a range of ports, for every protocol",
            without().rules(&[changed(
                rule("Management", 100, "Allow", "Inbound", "apimanagement", "3000-4000"),
                &[("destinationAddressPrefix", json!("10.0.0.0/16")), ("protocol", json!("*"))],
            )]),
            &[],
        ),
        (
            "a denial above the rule for management",
            external().rules(&[rule("Block", 99, "Deny", "Inbound", "Internet", "3443")]),
            &["nsg_management_blocked nsg"],
        ),
        (
            "a denial below the rule for management",
            external().rules(&[rule("Block", 101, "Deny", "Inbound", "Internet", "3443")]),
            &[],
        ),
        (
            "a denial of other addresses",
            external().rules(&[rule("Block", 99, "Deny", "Inbound", "203.0.113.0/24", "*")]).tags(),
            &[],
        ),
    ]
}

fn inbound() -> Vec<Scenario> {
    vec![
        ("no rule for the probes", external().without_rule("Probes"), &["nsg_load_balancer_blocked nsg"]),
        ("no rule for the probes at Developer", classic("Developer", "External").without_rule("Probes"), &[]),
        (
            "the probes by their address",
            external().without_rule("Probes").rules(&[rule("Probes", 110, "Allow", "Inbound", "168.63.129.16", "6390")]),
            &[],
        ),
        (
            "the Internet is not the load balancer",
            external().without_rule("Probes").rules(&[rule("Probes", 110, "Allow", "Inbound", "Internet", "6390")]),
            &["nsg_load_balancer_blocked nsg"],
        ),
        ("no rule for clients", external().without_rule("Clients"), &["nsg_clients_blocked nsg"]),
        (
            "clients: the office alone",
            external().without_rule("Clients").rules(&[rule("Office", 120, "Allow", "Inbound", "203.0.113.7", "443")]),
            &["nsg_clients_blocked nsg"],
        ),
        (
            "clients: one of Cloudflare's ranges is denied",
            external().rules(&[rule("Block", 90, "Deny", "Inbound", "104.16.0.0/13", "*")]),
            &["nsg_clients_blocked nsg"],
        ),
        ("internal: clients are none of the group's business", classic("Premium", "Internal"), &["internal_network contoso"]),
        (
            "two regions: Traffic Manager cannot probe",
            external().without_rule("TrafficManager").without_rule("Clients").rules(&[super::healthy::cloudflare_rule()]).two_regions(),
            &["nsg_clients_blocked nsg"],
        ),
        (
            "one region: Traffic Manager need not probe",
            external().without_rule("TrafficManager").without_rule("Clients").rules(&[super::healthy::cloudflare_rule()]),
            &[],
        ),
        (
            "a managed certificate cannot be validated on port 80",
            external().service(json!({ "hostnameConfigurations": [{ "type": "Proxy", "hostName": "api.contoso.com", "certificateSource": "Managed" }] })),
            &["nsg_clients_blocked nsg", "managed_certificate_behind_proxy contoso"],
        ),
    ]
}

fn outbound() -> Vec<Scenario> {
    let blocked: &[&str] = &["nsg_dependency_blocked nsg"];
    vec![
        ("no way out to Storage", external().without_rule("Storage"), blocked),
        ("no way out to SQL", external().without_rule("Sql"), blocked),
        ("no way out to Key Vault", external().without_rule("KeyVault"), blocked),
        ("no way out to Monitor", external().without_rule("Monitor"), blocked),
        (
            "no way out to Monitor's metrics",
            external().without_rule("Monitor").rules(&[rule(
                "Monitor",
                140,
                "Allow",
                "Outbound",
                "AzureMonitor",
                "443",
            )]),
            blocked,
        ),
        ("no certificate validation", external().without_rule("Certificates"), blocked),
        (
            "everything is denied outbound",
            external().rules(&[rule("Block", 90, "Deny", "Outbound", "*", "*")]),
            blocked,
        ),
        (
            "Storage of another region",
            external().without_rule("Storage").rules(&[rule(
                "Storage",
                110,
                "Allow",
                "Outbound",
                "Storage.NorthEurope",
                "443",
            )]),
            blocked,
        ),
        (
            "two regions: the second may not reach Storage of the first",
            {
                let mut world = classic("Premium", "Internal").two_regions();
                world.set("nsg2", |nsg| {
                    nsg["properties"]["securityRules"][3]["properties"]["destinationAddressPrefix"] =
                        "Storage.NorthEurope".into();
                });
                world
            },
            &["internal_network contoso", "nsg_dependency_blocked nsg2"],
        ),
        (
            "an injected v2 instance without Storage",
            v2("PremiumV2", "Internal", "Microsoft.Web/hostingEnvironments")
                .rules(&[rule("Block", 100, "Deny", "Outbound", "Storage", "443")]),
            &["internal_network contoso", "nsg_dependency_blocked nsg"],
        ),
        (
            "an integrated v2 instance needs no rule",
            v2("StandardV2", "External", "Microsoft.Web/serverFarms")
                .rules(&[rule("Block", 100, "Deny", "Outbound", "*", "*")]),
            &[],
        ),
        (
            "what is optional may be denied",
            external().rules(&[rule("Block", 90, "Deny", "Outbound", "EventHub", "*")]),
            &[],
        ),
    ]
}

fn backends() -> Vec<Scenario> {
    let backend = |rules: Value| json!({ "id": id("Microsoft.Network/networkSecurityGroups/backend"), "properties": { "securityRules": rules } });
    vec![
        (
            "a backend that allows the tag of the control plane",
            external().with(backend(json!([rule("Apim", 100, "Allow", "Inbound", "ApiManagement", "443")]))),
            &["service_tag_is_not_egress backend"],
        ),
        (
            "a backend that allows the regional tag on every port",
            external().with(backend(json!([rule("Apim", 100, "Allow", "Inbound", "ApiManagement.WestEurope", "*")]))),
            &["service_tag_is_not_egress backend"],
        ),
        (
            "the group of another instance",
            external().with(backend(json!([rule("Apim", 100, "Allow", "Inbound", "ApiManagement", "3443")]))),
            &[],
        ),
        (
            "a backend that denies the tag",
            external().with(backend(json!([rule("Apim", 100, "Deny", "Inbound", "ApiManagement", "443")]))),
            &[],
        ),
    ]
}
