//! Documents of others, read where they lie beside the project: Microsoft's own examples and published service tags.

use std::fs;

use apim_origin_guard::network_check::{Document, Kind, check, read};
use serde_json::{Value, json};

use crate::shared::shared;
use crate::world::{classic, found, now};

fn example(name: &str) -> Option<(Vec<Document>, Vec<String>)> {
    let octets = fs::read(shared("arm-examples")?.join(name)).unwrap();
    let (documents, faults) = read(name, &octets);
    Some((documents, faults.iter().map(ToString::to_string).collect()))
}

#[test]
fn every_example_of_a_known_kind_is_read() {
    let known = [
        ("ApiManagementCreateServiceInVnetWithPublicIP.json", Kind::Service, 1),
        ("ApiManagementCreateServiceWithNatGatewayEnabled.json", Kind::Service, 1),
        ("ApiManagementServiceGetMultiRegionInternalVnet.json", Kind::Service, 1),
        ("ApiManagementServiceGetService.json", Kind::Service, 1),
        ("ApiManagementServiceGetNetworkStatus.json", Kind::NetworkStatus, 1),
        ("ApiManagementServiceGetNetworkStatusByLocation.json", Kind::NetworkStatus, 1),
        ("NetworkSecurityGroupGet.json", Kind::SecurityGroup, 1),
        ("RouteTableGet.json", Kind::RouteTable, 1),
        ("ServiceTag-ApiManagement.WestEurope.json", Kind::ServiceTags, 1),
        ("ServiceTagsList.json", Kind::ServiceTags, 1),
        ("SubnetGet.json", Kind::Subnet, 1),
        ("VirtualNetworkGet.json", Kind::VirtualNetwork, 1),
    ];
    for (name, kind, count) in known {
        let Some((documents, faults)) = example(name) else { return };
        assert_eq!(faults, Vec::<String>::new(), "{name}");
        assert_eq!(documents.iter().map(|document| document.kind).collect::<Vec<_>>(), vec![kind; count], "{name}");
    }
}

#[test]
fn every_example_of_another_kind_is_refused_by_what_it_is() {
    let others = [
        ("ApiManagementGetDeletedServiceByName.json", "Microsoft.ApiManagement/deletedservices"),
        ("ApiManagementListSKUs-Dedicated.json", "capacity, resourceType, sku"),
        ("ApiManagementServiceGetOutboundNetworkDependenciesEndpoints.json", "category, endpoints"),
    ];
    for (name, words) in others {
        let Some((documents, faults)) = example(name) else { return };
        assert_eq!(documents, Vec::new(), "{name}");
        assert!(!faults.is_empty() && faults.iter().all(|fault| fault.contains(words)), "{name}: {faults:?}");
    }
}

#[test]
fn the_findings_of_the_examples_are_exact() {
    let cases: [(&str, &[&str]); 5] = [
        ("ApiManagementCreateServiceInVnetWithPublicIP.json", &[]),
        ("ApiManagementCreateServiceWithNatGatewayEnabled.json", &["egress_is_nat_gateway apimService1"]),
        (
            "ApiManagementServiceGetMultiRegionInternalVnet.json",
            &["certificate_expired apimservice1", "internal_network apimservice1"],
        ),
        ("ApiManagementServiceGetService.json", &["certificate_expired OGF-Z3-06162021-Premium"]),
        ("ApiManagementServiceGetNetworkStatus.json", &["network_status_stale Central US EUAP"]),
    ];
    for (name, expected) in cases {
        let Some((documents, _)) = example(name) else { return };
        assert_eq!(found(&check(&documents, now())), expected, "{name}");
    }
}

fn published() -> Option<Value> {
    let file = shared("service-tags")?.join("ServiceTags_Public_subset.json");
    Some(serde_json::from_slice(&fs::read(file).unwrap()).unwrap())
}

/// "N of M prefixes (N of M addresses)" and the code, with the published tags and these routes beside a default one.
fn coverage(routes: &[(&str, &str)]) -> Option<(String, String)> {
    let all = [&[("0.0.0.0/0", "VirtualAppliance")], routes].concat();
    let report = classic("Premium", "Internal").routes(&all).with(published()?).report();
    let finding = report.findings.into_iter().find(|finding| finding.code.name.starts_with("control_plane"));
    Some(finding.map_or(("none".into(), String::new()), |finding| {
        let counted = finding.found[0].split(" are not routed").next().unwrap().to_owned();
        (finding.code.name.to_owned(), counted)
    }))
}

/// Routes, the code, what is counted.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

#[test]
fn the_published_tags_are_covered_as_measured() {
    const OF: &str = "of the tag ApiManagement (change number 62)";
    let three = [("104.214.19.224/32", "Internet"), ("52.162.110.80/32", "Internet"), ("52.224.186.99/32", "Internet")];
    let cases: [Case<'_>; 5] = [
        (&[], "control_plane_route_missing", "256 of 256 IPv4 prefixes (2025 of 2025 addresses)"),
        (&three, "control_plane_route_partial", "255 of 256 IPv4 prefixes (2022 of 2025 addresses)"),
        (
            &[("ApiManagement.WestEurope", "Internet")],
            "control_plane_route_regional",
            "249 of 256 IPv4 prefixes (2000 of 2025 addresses)",
        ),
        (&[("ApiManagement", "Internet")], "none", ""),
        (&[("AzureCloud", "Internet")], "none", ""),
    ];
    for (routes, code, counted) in cases {
        let Some(found) = coverage(routes) else { return };
        let counted = if counted.is_empty() { String::new() } else { format!("{counted} {OF}") };
        assert_eq!(found, (code.to_owned(), counted), "{routes:?}");
    }
}

#[test]
fn the_one_monitoring_address_is_one_of_1865_prefixes() {
    let Some(tags) = published() else { return };
    let routes = [("0.0.0.0/0", "VirtualAppliance"), ("ApiManagement", "Internet"), ("13.92.40.223/32", "Internet")];
    let report = classic("Premium", "Internal").routes(&routes).with(tags).report();
    let finding = report.findings.iter().find(|finding| finding.code.name == "monitor_route_insufficient").unwrap();
    assert!(
        finding.found[0].contains("of 1865 IPv4 prefixes of the tag AzureMonitor (change number 185)"),
        "{:?}",
        finding.found
    );
}

#[test]
fn the_addresses_that_come_with_the_check_are_all_in_the_published_tag() {
    let Some(tags) = published() else { return };
    // With a list of a tag that holds nothing else, every published address would be uncovered; here all are covered.
    let without_list = classic("Premium", "Internal").routes(&[("0.0.0.0/0", "VirtualAppliance")]).report();
    let finding =
        without_list.findings.iter().find(|finding| finding.code.name == "control_plane_route_missing").unwrap();
    assert!(finding.found[0].starts_with("56 of 56 IPv4 prefixes"), "{:?}", finding.found);
    let routes: Vec<_> = finding.listed.iter().map(|net| (net.as_str(), "Internet")).collect();
    let all = [&[("0.0.0.0/0", "VirtualAppliance")], routes.as_slice()].concat();
    let report = classic("Premium", "Internal").routes(&all).with(tags).report();
    let finding = report.findings.iter().find(|finding| finding.code.name == "control_plane_route_partial").unwrap();
    // Each takes one address away from what is missing.
    assert!(finding.found[0].contains("(1969 of 2025 addresses)"), "{:?}", finding.found);
}

#[test]
fn rules_by_every_published_prefix_are_as_good_as_the_tag() {
    let Some(tags) = published() else { return };
    let tag = |name: &str| {
        let all = tags["values"].as_array().unwrap();
        all.iter().find(|tag| tag["name"] == name).unwrap()["properties"]["addressPrefixes"].clone()
    };
    let mut rule = crate::world::rule("Management", 100, "Allow", "Inbound", "", "3443");
    rule["properties"]["sourceAddressPrefixes"] = tag("ApiManagement");
    let world = classic("Premium", "External").without_rule("Management").rules(&[rule.clone()]).with(tags.clone());
    assert_eq!(found(&world.report()), Vec::<String>::new());
    let fewer: Vec<Value> = tag("ApiManagement").as_array().unwrap().iter().skip(1).cloned().collect();
    rule["properties"]["sourceAddressPrefixes"] = json!(fewer);
    let world = classic("Premium", "External").without_rule("Management").rules(&[rule]).with(tags.clone());
    assert_eq!(found(&world.report()), ["nsg_management_blocked nsg"]);
}
