//! Every form in which Azure prints a document, and every way in which one can be wrong.

use apim_origin_guard::network_check::{Document, Fault, Kind, MAX_DOCUMENT_BYTES, check, read, read_value};
use serde_json::{Value, json};

use crate::world::{World, classic, entry, found, now};

/// A configuration with many findings, to be said in many forms.
fn broken() -> World {
    let routes =
        [("0.0.0.0/0", "VirtualAppliance"), ("104.214.19.224/32", "Internet"), ("13.92.40.223/32", "Internet")];
    classic("Premium", "External").routes(&routes).tags().without_rule("Sql").entries(&[entry(
        "Metrics",
        "m",
        true,
        "failure",
        "timed out",
    )])
}

fn findings_of(value: Value) -> Vec<String> {
    let (documents, faults) = read_value("request", value);
    assert_eq!(faults, Vec::new());
    found(&check(&documents, now()))
}

fn values(world: &World) -> Vec<Value> {
    world.documents.iter().map(|(_, document)| document.clone()).collect()
}

/// As `az network … show` prints it: no `properties`.
fn flattened(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(flattened).collect(),
        Value::Object(members) => {
            let mut flat = serde_json::Map::new();
            for (name, member) in members {
                match member.as_object().filter(|_| name == "properties") {
                    Some(inner) => flat.extend(inner.iter().map(|(name, member)| (name.clone(), flattened(member)))),
                    None => drop(flat.insert(name.clone(), flattened(member))),
                }
            }
            flat.into()
        }
        other => other.clone(),
    }
}

/// As `az apim show` spells them.
fn respelled(value: &Value) -> Value {
    let text = value
        .to_string()
        .replace("publicIPAddresses", "publicIpAddresses")
        .replace("PublicIPAddresses", "PublicIpAddresses");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_form_says_the_same() {
    let expected = found(&broken().report());
    assert_eq!(expected.len(), 6, "{expected:#?}");
    let all = values(&broken());
    let each = |wrap: fn(&Value) -> Value| all.iter().map(wrap).collect::<Value>();
    let forms = [
        ("array", all.clone().into()),
        ("documents", json!({ "documents": all })),
        ("value list", json!({ "value": all, "nextLink": null })),
        ("bodies", each(|one| json!({ "status": 200, "headers": {}, "body": one }))),
        (
            "examples",
            each(
                |one| json!({ "parameters": { "api-version": "2024-05-01" }, "responses": { "200": { "body": one } } }),
            ),
        ),
        ("examples of a creation", each(|one| json!({ "responses": { "201": { "body": one }, "202": {} } }))),
        ("arrays in arrays", json!([[all]])),
        ("lists of one", each(|one| json!({ "value": [one] }))),
        ("without properties", each(flattened)),
        ("as az apim spells", each(respelled)),
        (
            "with unknown members",
            each(|one| {
                let mut one = one.clone();
                one["newMember"] = json!({ "deep": [1, null] });
                one
            }),
        ),
        (
            "without types",
            each(|one| {
                let mut one = one.clone();
                one.as_object_mut().unwrap().remove("type");
                one
            }),
        ),
        (
            "ids in capitals",
            each(|one| {
                let mut one = one.clone();
                if let Some(id) = one["id"].as_str().map(str::to_uppercase) {
                    one["id"] = id.into();
                }
                one
            }),
        ),
    ];
    let lower = |all: Vec<String>| all.iter().map(|one| one.to_lowercase()).collect::<Vec<_>>();
    for (name, form) in forms {
        assert_eq!(lower(findings_of(form)), lower(expected.clone()), "{name}");
    }
}

#[test]
fn a_virtual_network_brings_its_subnets_and_a_subnet_its_parts() {
    let expected = found(&broken().report());
    let mut world = broken();
    let part = |world: &World, name| world.documents.iter().find(|(one, _)| *one == name).unwrap().1.clone();
    let (table, group, mut subnet) = (part(&world, "table"), part(&world, "nsg"), part(&world, "subnet"));
    subnet["properties"]["routeTable"] = table;
    subnet["properties"]["networkSecurityGroup"] = group;
    world = world.without("table").without("nsg").without("subnet");
    world.set("vnet", |vnet| vnet["properties"]["subnets"] = json!([subnet]));
    assert_eq!(found(&world.report()), expected);
}

#[test]
fn kinds_are_told_apart() {
    let kinds = |value: Value| read_value("x", value).0.iter().map(|document| document.kind).collect::<Vec<_>>();
    assert_eq!(
        kinds(values(&broken()).into()),
        [
            Kind::Service,
            Kind::NetworkStatus,
            Kind::Subnet,
            Kind::VirtualNetwork,
            Kind::SecurityGroup,
            Kind::RouteTable,
            Kind::ServiceTags
        ]
    );
    let tag = json!({ "name": "ApiManagement.WestEurope", "id": "ApiManagement.WestEurope", "properties": { "systemService": "s", "addressPrefixes": [] } });
    assert_eq!(kinds(tag), [Kind::ServiceTags]);
    let records = json!({ "success": true, "errors": [], "result": [{ "type": "A", "name": "a.example", "content": "192.0.2.1" }] });
    assert_eq!(kinds(records), [Kind::DnsRecord]);
    let by_location = json!({ "dnsServers": ["10.0.0.4"], "connectivityStatus": [] });
    assert_eq!(kinds(by_location), [Kind::NetworkStatus]);
}

fn faults(octets: &[u8]) -> Vec<Fault> {
    let (documents, faults): (Vec<Document>, _) = read("net.json", octets);
    assert_eq!(documents, Vec::new());
    faults
}

#[test]
fn what_cannot_be_read_is_said_with_the_place_and_the_way_out() {
    let cases: [(&[u8], &str); 12] = [
        (b"", "net.json: it is empty"),
        (b"  \n", "net.json: it is empty"),
        (
            br#"{"id": "/subscriptions/x", "prop"#,
            "net.json: it ends in the middle (EOF while parsing a string at line 1",
        ),
        (b"ERROR: Please run 'az login'", "net.json: it is not JSON (expected value at line 1 column 1)"),
        (b"\xff\xfe{\0}\0", "net.json: it is UTF-16, not UTF-8"),
        (b"[1]", "net.json at [0]: 1 is no document"),
        (b"\"text\"", "net.json: \"text\" is no document"),
        (b"{}", "net.json: an empty object is no document"),
        (
            br#"{"documents": [{"type": "Microsoft.Compute/virtualMachines"}]}"#,
            "net.json at documents[0]: a document of type Microsoft.Compute/virtualMachines is none that this check reads",
        ),
        (br#"{"hello": 1}"#, "net.json: a document with the members hello is none that this check knows"),
        (
            br#"{"error": {"code": "AuthorizationFailed", "message": "no read"}}"#,
            "net.json: Azure answered with the error AuthorizationFailed: no read",
        ),
        (br#"{"value": 3}"#, "net.json: a document with the members"),
    ];
    for (octets, expected) in cases {
        let faults = faults(octets);
        assert_eq!(faults.len(), 1, "{expected}");
        let said = faults[0].to_string();
        assert!(said.starts_with(expected), "{said}");
        assert!(!faults[0].mend.is_empty());
    }
}

#[test]
fn a_byte_order_mark_is_no_fault() {
    let (documents, faults) = read("x", b"\xef\xbb\xbf{\"dnsServers\": [], \"connectivityStatus\": []}");
    assert_eq!((documents.len(), faults.len()), (1, 0));
}

#[test]
fn too_large_is_said_before_it_is_parsed() {
    let octets = vec![b'['; MAX_DOCUMENT_BYTES + 1];
    let said = faults(&octets)[0].to_string();
    assert!(said.contains("4194305 octets, more than 4194304") && said.contains("jq"), "{said}");
}

#[test]
fn what_is_nested_too_deep_is_a_fault() {
    assert!(faults(&vec![b'['; 100_000])[0].problem.contains("recursion limit"));
}

#[test]
fn a_million_wrong_items_are_twenty_faults() {
    let octets = format!("[{}1]", "1,".repeat(1_000_000));
    assert_eq!(faults(octets.as_bytes()).len(), 20);
}

#[test]
fn one_wrong_document_does_not_hide_the_others() {
    let mut all = values(&broken());
    all.insert(1, json!({ "type": "Microsoft.Network/publicIPAddresses" }));
    let (documents, faults) = read_value("x", all.into());
    assert_eq!(faults.len(), 1);
    assert_eq!(found(&check(&documents, now())), found(&broken().report()));
}

#[test]
fn a_hundred_thousand_routes_and_ten_thousand_rules_are_answered() {
    let mut world = broken();
    world.set("table", |table| {
        let routes = table["properties"]["routes"].as_array_mut().unwrap();
        routes.extend((0..100_000_u32).map(|index| {
            let address = std::net::Ipv4Addr::from(0x1400_0000 + index * 64);
            json!({ "name": format!("n{index}"), "addressPrefix": format!("{address}/26"), "nextHopType": "Internet" })
        }));
    });
    world = world.rules(
        &(0..10_000)
            .map(|index| crate::world::rule("n", 1000 + index, "Allow", "Inbound", "203.0.113.7", "443"))
            .collect::<Vec<_>>(),
    );
    let findings = found(&world.report());
    assert!(findings.contains(&"control_plane_route_partial rt".to_owned()), "{findings:#?}");
}

#[test]
fn a_hundred_thousand_routes_by_one_tag_are_answered() {
    let mut world = broken();
    world.set("tags", |tags| {
        let prefixes = (0..20_000_u32).map(|index| format!("{}/32", std::net::Ipv4Addr::from(0x1400_0000 + index * 2)));
        tags["values"][3]["properties"]["addressPrefixes"] = prefixes.collect();
    });
    world.set("table", |table| {
        let route = json!({ "name": "azure", "addressPrefix": "AzureCloud", "nextHopType": "Internet" });
        table["properties"]["routes"].as_array_mut().unwrap().extend(std::iter::repeat_n(route, 100_000));
    });
    assert!(found(&world.report()).contains(&"control_plane_route_partial rt".to_owned()));
}

#[test]
fn nothing_in_a_document_becomes_a_command() {
    let evil = "x'; rm -rf ~; '$(reboot)`id`";
    let mut world = broken();
    for name in ["service", "table", "nsg", "subnet", "vnet"] {
        world.set(name, |part| {
            let text =
                part.to_string().replace("resourceGroups/rg/", &format!("resourceGroups/{}/", evil.replace('"', "")));
            *part = serde_json::from_str(&text).unwrap();
        });
    }
    world.set("service", |service| service["location"] = evil.into());
    let report = world.report();
    let commands = report
        .findings
        .iter()
        .flat_map(|finding| &finding.remedies)
        .flat_map(|remedy| [&remedy.command, &remedy.verify_command]);
    let fetch = report.not_checked.iter().flat_map(|one| one.fetch.iter());
    for command in commands.flatten().chain(fetch) {
        assert!(!command.contains("reboot") && !command.contains("rm -rf"), "{command}");
    }
}
