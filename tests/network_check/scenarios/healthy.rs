//! Nothing is wrong, so nothing is found.

use serde_json::json;

use super::Scenario;
use crate::world::{classic, entry, plain, rule, tags, v2};

const ROUTED: [(&str, &str); 2] = [("0.0.0.0/0", "VirtualAppliance"), ("ApiManagement", "Internet")];

pub(super) fn scenarios() -> Vec<Scenario> {
    [platforms(), networks(), names()].into_iter().flatten().collect()
}

fn platforms() -> Vec<Scenario> {
    vec![
        ("no network: Consumption", plain("Consumption"), &[]),
        ("no network: Developer", plain("Developer"), &[]),
        ("no network: Basic", plain("Basic"), &[]),
        ("no network: Standard", plain("Standard"), &[]),
        ("no network: Premium", plain("Premium"), &[]),
        ("no network: BasicV2", plain("BasicV2"), &[]),
        ("no network: StandardV2", plain("StandardV2"), &[]),
        ("no network: two regions", plain("Premium").two_regions(), &[]),
        ("external: Developer", classic("Developer", "External"), &[]),
        ("external: Premium", classic("Premium", "External"), &[]),
        ("external: two regions", classic("Premium", "External").two_regions(), &[]),
        ("external: with the service tags", classic("Premium", "External").tags(), &[]),
        (
            "external: a route table that touches private ranges alone",
            classic("Premium", "External")
                .routes(&[("10.8.0.0/16", "VirtualAppliance"), ("192.168.0.0/16", "VirtualNetworkGateway")]),
            &[],
        ),
        (
            "external: everything to the Internet by a route of one's own",
            classic("Premium", "External").routes(&[("0.0.0.0/0", "Internet")]),
            &[],
        ),
        ("integration: StandardV2", v2("StandardV2", "External", "Microsoft.Web/serverFarms"), &[]),
        ("integration: PremiumV2", v2("PremiumV2", "External", "Microsoft.Web/serverFarms"), &[]),
        (
            "v2 asks for no route to the control plane",
            v2("StandardV2", "External", "Microsoft.Web/serverFarms").routes(&[("10.9.0.0/16", "VirtualAppliance")]),
            &[],
        ),
    ]
}

fn networks() -> Vec<Scenario> {
    vec![
        (
            "outbound by the tags of the region",
            classic("Premium", "External").without_rule("Storage").without_rule("Sql").rules(&[
                rule("Storage", 110, "Allow", "Outbound", "Storage.WestEurope", "443"),
                rule("Sql", 120, "Allow", "Outbound", "Sql.WestEurope", "1433"),
            ]),
            &[],
        ),
        (
            "outbound to all of Azure",
            classic("Premium", "External")
                .without_rule("Storage")
                .without_rule("Sql")
                .without_rule("KeyVault")
                .rules(&[rule("Azure", 110, "Allow", "Outbound", "AzureCloud", "*")]),
            &[],
        ),
        (
            "clients: Cloudflare's ranges alone",
            classic("Premium", "External").without_rule("Clients").rules(&[cloudflare_rule()]),
            &[],
        ),
        (
            "a peering without a gateway brings no routes",
            classic("Premium", "External").vnet(
                json!({ "virtualNetworkPeerings": [{ "name": "hub", "properties": { "useRemoteGateways": false } }] }),
            ),
            &[],
        ),
        (
            "a gateway, and a table that keeps its routes away",
            classic("Premium", "External")
                .vnet(json!({ "subnets": [{ "name": "GatewaySubnet" }] }))
                .routes(&[("10.8.0.0/16", "VirtualNetworkGateway")]),
            &[],
        ),
    ]
}

fn names() -> Vec<Scenario> {
    vec![
        (
            "entries of features that are gone may fail",
            classic("Premium", "External").entries(&[
                entry("SourceControl", "Scm", true, "failure", "The remote name could not be resolved: 'scm'"),
                entry("FileStorage", "apimst.file.core.windows.net", true, "failure", "timed out"),
                entry("Email", "smtpi-ch1.msn.com:25028", true, "failure", "timed out"),
            ]),
            &[],
        ),
        (
            "an entry that is being set up",
            classic("Premium", "External").entries(&[entry("Metrics", "m", true, "initializing", "")]),
            &[],
        ),
        (
            "DNS servers of one's own that resolve",
            classic("Premium", "External").dns(&["10.0.4.5", "10.0.4.4"], &["10.0.4.4", "10.0.4.5"]),
            &[],
        ),
        ("Azure's DNS server by its address", classic("Premium", "External").dns(&["168.63.129.16"], &["168.63.129.16"]), &[]),
        (
            "a certificate with two months to go",
            classic("Premium", "External").service(json!({ "hostnameConfigurations": [
                { "type": "Proxy", "hostName": "api.contoso.com", "certificateSource": "KeyVault", "certificate": { "expiry": "2027-01-25T00:00:00+00:00" } }] })),
            &[],
        ),
        (
            "a managed certificate, a record that is not proxied",
            classic("Premium", "External")
                .service(json!({ "hostnameConfigurations": [{ "type": "Proxy", "hostName": "api.contoso.com", "certificateSource": "Managed" }] }))
                .rules(&[rule("Http", 150, "Allow", "Inbound", "*", "80")])
                .with(json!({ "result": [{ "name": "api.contoso.com", "type": "CNAME", "content": "contoso.azure-api.net", "proxied": false }] })),
            &[],
        ),
        (
            "the group of a backend that allows the gateway's address",
            classic("Premium", "External").with(json!({ "id": crate::world::id("Microsoft.Network/networkSecurityGroups/backend"),
                "securityRules": [rule("Gateway", 100, "Allow", "Inbound", "20.50.1.1", "443")] })),
            &[],
        ),
        (
            "an older list of service tags beside a newer one",
            classic("Premium", "External").tags().with({
                let mut old = tags(69);
                old["values"][0]["properties"]["addressPrefixes"] = json!(["51.145.179.78/32"]);
                old
            }),
            &[],
        ),
        (
            "a forced tunnel with the control plane and Cloudflare let out is worth knowing, no more",
            classic("Premium", "External").routes(&[&ROUTED[..], &super::routes::cloudflare_to_internet()].concat()),
            &["egress_is_firewall rt"],
        ),
    ]
}

/// As the portal writes several sources: the singular is empty.
pub(super) fn cloudflare_rule() -> serde_json::Value {
    let mut rule = rule("Cloudflare", 120, "Allow", "Inbound", "", "443");
    rule["properties"]["sourceAddressPrefixes"] = super::routes::CLOUDFLARE.as_slice().into();
    rule
}
