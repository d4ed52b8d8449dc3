//! A configuration, built from a healthy one by what a scenario changes.

use apim_origin_guard::network_check::{Document, Report, check, read_value};
use apim_origin_guard::time::UnixMillis;
use serde_json::{Value, json};

/// 2026-11-25T12:00:00Z; every network status below is ten minutes older.
pub(crate) const NOW: &str = "2026-11-25T12:00:00Z";
const FRESH: &str = "2026-11-25T11:50:00.1234567Z";
const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers";

/// Documents of one instance, by name.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) documents: Vec<(&'static str, Value)>,
}

/// `Microsoft.Network/…` or `Microsoft.ApiManagement/…` below one resource group.
pub(crate) fn id(path: &str) -> String {
    format!("{GROUP}/{path}")
}

fn subnet_id(vnet: &str, subnet: &str) -> String {
    id(&format!("Microsoft.Network/virtualNetworks/{vnet}/subnets/{subnet}"))
}

/// Nothing is wrong with it: this tier, without a virtual network.
pub(crate) fn plain(sku: &str) -> World {
    let service = json!({
        "id": id("Microsoft.ApiManagement/service/contoso"), "name": "contoso", "type": "Microsoft.ApiManagement/service",
        "location": "West Europe", "sku": { "name": sku, "capacity": 1 },
        "properties": {
            "gatewayUrl": "https://contoso.azure-api.net", "virtualNetworkType": "None", "platformVersion": "stv2",
            "publicNetworkAccess": "Enabled", "publicIPAddresses": ["20.50.1.1"], "disableGateway": false,
            "natGatewayState": "Disabled",
            "hostnameConfigurations": [{ "type": "Proxy", "hostName": "contoso.azure-api.net", "certificateSource": "BuiltIn" }],
        },
    });
    World { documents: vec![("service", service), ("status", status("West Europe", &[]))] }
}

/// Nothing is wrong with it: this classic tier in this mode, with the rules Microsoft asks for and no route table.
pub(crate) fn classic(sku: &str, mode: &str) -> World {
    let mut world = plain(sku).service(json!({
        "virtualNetworkType": mode,
        "virtualNetworkConfiguration": { "subnetResourceId": subnet_id("vnet", "apim") },
    }));
    world.documents.extend(network("vnet", "apim", "nsg", &required_rules(mode)));
    world
}

/// Nothing is wrong with it: this v2 tier with a subnet delegated to `to`.
pub(crate) fn v2(sku: &str, mode: &str, to: &str) -> World {
    let mut world = classic(sku, mode).service(json!({ "platformVersion": null }));
    world.set("nsg", |nsg| nsg["properties"]["securityRules"] = json!([]));
    world.subnet(json!({ "addressPrefix": "10.0.1.0/24", "delegations": [{ "name": "d", "properties": { "serviceName": to } }] }))
}

/// The rules of the port reference, outbound by tag; everything else is denied.
fn required_rules(mode: &str) -> Value {
    let mut rules = vec![
        rule("Management", 100, "Allow", "Inbound", "ApiManagement", "3443"),
        rule("Probes", 110, "Allow", "Inbound", "AzureLoadBalancer", "6390"),
        rule("Certificates", 100, "Allow", "Outbound", "Internet", "80"),
        rule("Storage", 110, "Allow", "Outbound", "Storage", "443"),
        rule("Sql", 120, "Allow", "Outbound", "Sql", "1433"),
        rule("KeyVault", 130, "Allow", "Outbound", "AzureKeyVault", "443"),
        json!({ "name": "Monitor", "properties": { "priority": 140, "access": "Allow", "direction": "Outbound",
            "protocol": "Tcp", "sourceAddressPrefix": "VirtualNetwork", "sourcePortRange": "*",
            "destinationAddressPrefix": "AzureMonitor", "destinationPortRanges": ["443", "1886"] } }),
        rule("DenyIn", 4096, "Deny", "Inbound", "*", "*"),
        rule("DenyOut", 4096, "Deny", "Outbound", "*", "*"),
    ];
    if mode == "External" {
        rules.push(rule("Clients", 120, "Allow", "Inbound", "Internet", "443"));
        rules.push(rule("TrafficManager", 130, "Allow", "Inbound", "AzureTrafficManager", "443"));
    }
    rules.into()
}

/// A rule between the subnet and `remote`.
pub(crate) fn rule(name: &str, priority: u64, access: &str, direction: &str, remote: &str, port: &str) -> Value {
    let (source, destination) =
        if direction == "Inbound" { (remote, "VirtualNetwork") } else { ("VirtualNetwork", remote) };
    json!({ "name": name, "properties": {
        "priority": priority, "access": access, "direction": direction, "protocol": "Tcp",
        "sourcePortRange": "*", "destinationPortRange": port,
        "sourceAddressPrefix": source, "destinationAddressPrefix": destination,
        "sourceAddressPrefixes": [], "destinationAddressPrefixes": [], "destinationPortRanges": [],
    } })
}

fn network(vnet: &str, subnet: &str, nsg: &str, rules: &Value) -> Vec<(&'static str, Value)> {
    let group = id(&format!("Microsoft.Network/networkSecurityGroups/{nsg}"));
    let second = vnet != "vnet";
    let name = |first: &'static str, other: &'static str| if second { other } else { first };
    let subnet_document = json!({
        "id": subnet_id(vnet, subnet), "name": subnet, "type": "Microsoft.Network/virtualNetworks/subnets",
        "properties": { "addressPrefix": "10.0.1.0/26", "networkSecurityGroup": { "id": group }, "delegations": [] },
    });
    let network = json!({
        "id": id(&format!("Microsoft.Network/virtualNetworks/{vnet}")), "name": vnet, "type": "Microsoft.Network/virtualNetworks",
        "properties": { "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] }, "subnets": [], "virtualNetworkPeerings": [] },
    });
    let group = json!({ "id": group, "name": nsg, "type": "Microsoft.Network/networkSecurityGroups",
        "properties": { "securityRules": rules } });
    vec![(name("subnet", "subnet2"), subnet_document), (name("vnet", "vnet2"), network), (name("nsg", "nsg2"), group)]
}

/// Status of a location in which all is well but `entries`.
fn status(location: &str, entries: &[Value]) -> Value {
    let well = [
        ("BlobStorage", "apimst.blob.core.windows.net", false),
        ("SQLDatabase", "apirpsql.database.windows.net", false),
        ("AzureActiveDirectory", "https://login.windows.net", true),
    ];
    let mut all: Vec<_> =
        well.iter().map(|(kind, name, optional)| entry(kind, name, *optional, "success", "")).collect();
    all.extend_from_slice(entries);
    json!({ "location": location, "networkStatus": { "dnsServers": ["168.63.129.16"], "connectivityStatus": all } })
}

pub(crate) fn entry(kind: &str, name: &str, optional: bool, status: &str, error: &str) -> Value {
    json!({ "resourceType": kind, "name": name, "isOptional": optional, "status": status, "error": error,
        "lastUpdated": FRESH, "lastStatusChange": FRESH })
}

impl World {
    /// The document called `name`, changed in place.
    pub(crate) fn set(&mut self, name: &str, change: impl FnOnce(&mut Value)) {
        let document = self.documents.iter_mut().find(|(one, _)| *one == name).unwrap();
        change(&mut document.1);
    }

    fn properties(mut self, name: &str, patch: Value) -> Self {
        self.set(name, |document| merge(&mut document["properties"], patch));
        self
    }

    /// Members of the service's `properties`; `null` removes one.
    pub(crate) fn service(self, patch: Value) -> Self {
        self.properties("service", patch)
    }

    pub(crate) fn subnet(self, patch: Value) -> Self {
        self.properties("subnet", patch)
    }

    pub(crate) fn vnet(self, patch: Value) -> Self {
        self.properties("vnet", patch)
    }

    pub(crate) fn units(mut self, units: u64) -> Self {
        self.set("service", |service| service["sku"]["capacity"] = units.into());
        self
    }

    /// A route table with `routes` (prefix, next hop), attached to the subnet.
    pub(crate) fn routes(self, routes: &[(&str, &str)]) -> Self {
        self.table("subnet", "table", "rt", routes)
    }

    fn table(mut self, subnet: &str, name: &'static str, table: &str, routes: &[(&str, &str)]) -> Self {
        let table_id = id(&format!("Microsoft.Network/routeTables/{table}"));
        let routes: Vec<_> = routes.iter().enumerate().map(|(index, (prefix, hop))| {
            let address = (*hop == "VirtualAppliance").then_some("10.0.9.4");
            json!({ "name": format!("r{index}"), "properties": { "addressPrefix": prefix, "nextHopType": hop, "nextHopIpAddress": address } })
        }).collect();
        self.documents.push((
            name,
            json!({ "id": table_id, "name": table, "type": "Microsoft.Network/routeTables",
            "properties": { "disableBgpRoutePropagation": true, "routes": routes } }),
        ));
        self.properties(subnet, json!({ "routeTable": { "id": table_id } }))
    }

    pub(crate) fn routes2(self, routes: &[(&str, &str)]) -> Self {
        self.table("subnet2", "table2", "rt2", routes)
    }

    /// Rules before all others of the group.
    pub(crate) fn rules(mut self, rules: &[Value]) -> Self {
        self.set("nsg", |group| {
            let all = group["properties"]["securityRules"].as_array_mut().unwrap();
            all.extend_from_slice(rules);
        });
        self
    }

    /// Removes the rule `name`.
    pub(crate) fn without_rule(mut self, name: &str) -> Self {
        self.set("nsg", |group| {
            group["properties"]["securityRules"].as_array_mut().unwrap().retain(|rule| rule["name"] != name);
        });
        self
    }

    /// Entries of network status on top of the good ones.
    pub(crate) fn entries(mut self, entries: &[Value]) -> Self {
        self.set("status", |document| *document = status("West Europe", entries));
        self
    }

    pub(crate) fn dns(mut self, configured: &[&str], used: &[&str]) -> Self {
        self.set("status", |document| document["networkStatus"]["dnsServers"] = used.into());
        self.vnet(json!({ "dhcpOptions": { "dnsServers": configured } }))
    }

    /// The service tags of a small world: the regional tags leave out what only the global one has.
    pub(crate) fn tags(mut self) -> Self {
        self.documents.push(("tags", tags(70)));
        self
    }

    pub(crate) fn with(mut self, document: Value) -> Self {
        self.documents.push(("other", document));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.documents.retain(|(one, _)| *one != name);
        self
    }

    /// A second location, North Europe, in a network of its own.
    pub(crate) fn two_regions(self) -> Self {
        let external = self.documents[0].1["properties"]["virtualNetworkType"] == "External";
        let in_network = self.documents.iter().any(|(name, _)| *name == "vnet");
        let place = json!({ "subnetResourceId": subnet_id("vnet2", "apim2") });
        let mut world = self.service(json!({ "additionalLocations": [{
            "location": "North Europe", "sku": { "name": "Premium", "capacity": 1 }, "disableGateway": false,
            "platformVersion": "stv2.1", "publicIPAddresses": ["20.60.1.1"],
            "virtualNetworkConfiguration": in_network.then_some(place),
        }] }));
        world.documents.push(("status2", status("North Europe", &[])));
        if in_network {
            world.documents.extend(network(
                "vnet2",
                "apim2",
                "nsg2",
                &required_rules(if external { "External" } else { "Internal" }),
            ));
        }
        world
    }

    pub(crate) fn read(&self) -> Vec<Document> {
        let all: Vec<Value> = self.documents.iter().map(|(_, document)| document.clone()).collect();
        let (documents, faults) = read_value("request", all.into());
        assert_eq!(faults, Vec::new());
        documents
    }

    pub(crate) fn report(&self) -> Report {
        check(&self.read(), now())
    }
}

pub(crate) fn now() -> UnixMillis {
    NOW.parse().unwrap()
}

/// The tags, with this change number of the list and of each tag.
pub(crate) fn tags(change: u64) -> Value {
    let tag = |name: &str, prefixes: &[&str]| json!({ "name": name, "id": name, "properties": { "changeNumber": change, "region": "", "systemService": "s", "addressPrefixes": prefixes } });
    json!({ "changeNumber": change, "cloud": "Public", "values": [
        tag("ApiManagement", &["51.145.179.78/32", "20.86.92.254/31", "104.214.19.224/28", "52.162.110.80/28", "52.224.186.99/32", "2603:1020::/124"]),
        tag("ApiManagement.WestEurope", &["51.145.179.78/32", "20.86.92.254/31"]),
        tag("AzureMonitor", &["13.92.40.223/32", "40.71.0.0/24", "2603:1030::/124"]),
        tag("AzureCloud", &["13.64.0.0/11", "20.0.0.0/8", "40.64.0.0/10", "51.0.0.0/8", "52.0.0.0/8", "104.208.0.0/13"]),
        tag("AzureCloud.westeurope", &["51.145.0.0/16", "20.86.0.0/16"]),
        tag("Storage.WestEurope", &["20.38.108.0/23"]),
    ] })
}

/// RFC 7396.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(members) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, member) in members {
        match member {
            Value::Null => drop(target.as_object_mut().unwrap().remove(&name)),
            member => merge(&mut target[&name], member),
        }
    }
}

/// "code subject" of each finding, sorted; of a subject the last name, of a network status its location.
pub(crate) fn found(report: &Report) -> Vec<String> {
    let mut all: Vec<_> =
        report.findings.iter().map(|finding| format!("{} {}", finding.code.name, short(&finding.subject))).collect();
    all.sort();
    all
}

fn short(subject: &str) -> &str {
    let subject = subject.strip_suffix("/networkstatus").unwrap_or(subject);
    subject.rsplit('/').next().unwrap()
}
