//! What is not known is neither a finding nor a pass.

use serde_json::json;

use super::Scenario;
use crate::world::{World, classic, plain};

fn tunnelled() -> World {
    classic("Premium", "External").routes(&[("0.0.0.0/0", "VirtualAppliance")]).tags()
}

/// Of one document its id alone is left.
fn half(name: &str) -> World {
    let mut world = classic("Premium", "External").routes(&[]);
    if name == "vnet" {
        let id = world.documents.iter().find(|(one, _)| *one == "subnet").unwrap().1["id"].clone();
        world = world.without("subnet");
        world.set("vnet", |vnet| vnet["properties"]["subnets"] = json!([{ "id": id }]));
    } else {
        world.set(name, |document| document["properties"] = json!({}));
    }
    world
}

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        (
            "nothing but a route table",
            tunnelled().without("service").without("subnet").without("vnet").without("nsg").without("status"),
            &[],
        ),
        ("no route table given", tunnelled().without("table"), &[]),
        (
            "no subnet given: group and table name it",
            named_by_parts(),
            &[
                "control_plane_route_missing rt",
                "client_route_missing rt",
                "egress_is_firewall rt",
                "nsg_management_blocked nsg",
            ],
        ),
        ("no group given", classic("Premium", "External").without("nsg"), &[]),
        ("a network that names its subnets and no more", half("vnet"), &[]),
        ("half of the subnet", half("subnet"), &[]),
        ("half of the group", half("nsg"), &[]),
        ("half of the route table", half("table"), &[]),
        ("a tier that is not known", plain("Ultra").service(json!({ "virtualNetworkType": "External" })), &[]),
        (
            "another cloud, no tag list given",
            classic("Premium", "Internal")
                .routes(&[("0.0.0.0/0", "VirtualAppliance")])
                .service(json!({ "gatewayUrl": "https://contoso.azure-api.cn" })),
            &["internal_network contoso", "egress_is_firewall rt"],
        ),
        (
            "a route by a tag that no list explains",
            classic("Premium", "Internal")
                .routes(&[("0.0.0.0/0", "VirtualAppliance"), ("AzureCloud.westeurope", "Internet")]),
            &["internal_network contoso", "egress_is_firewall rt"],
        ),
        (
            "routes by the tags of other services are no doubt about the control plane",
            classic("Premium", "Internal").routes(&[
                ("0.0.0.0/0", "VirtualAppliance"),
                ("Storage", "Internet"),
                ("Sql.WestEurope", "Internet"),
            ]),
            &["internal_network contoso", "control_plane_route_missing rt", "egress_is_firewall rt"],
        ),
        (
            "all of Azure to the Internet, no tag list given",
            classic("Premium", "Internal").routes(&[("0.0.0.0/0", "VirtualAppliance"), ("AzureCloud", "Internet")]),
            &["internal_network contoso", "egress_is_firewall rt"],
        ),
        (
            "all of Azure to a firewall, no tag list given",
            classic("Premium", "Internal").routes(&[("AzureCloud", "VirtualAppliance")]),
            &["internal_network contoso", "control_plane_route_missing rt"],
        ),
        (
            "every published address by hand: the tag holds more, so nothing is proved",
            classic("Premium", "Internal").routes(&every_published_address()),
            &["internal_network contoso", "egress_is_firewall rt"],
        ),
        (
            "shared and link-local addresses to a firewall",
            classic("Premium", "Internal").routes(&[("100.64.0.0/10", "VirtualAppliance"), ("169.254.0.0/16", "None")]),
            &["internal_network contoso"],
        ),
        (
            "a route whose prefix is masked",
            classic("Premium", "Internal").routes(&[("10.XX.0.0/16", "VirtualAppliance")]),
            &["internal_network contoso"],
        ),
        ("addresses that are masked", plain("Premium").service(json!({ "publicIPAddresses": ["137.XXX.11.74"] })), &[]),
    ]
}

/// The networks in which all the published addresses are.
fn every_published_address() -> Vec<(&'static str, &'static str)> {
    vec![
        ("0.0.0.0/0", "VirtualAppliance"),
        ("13.0.0.0/8", "Internet"),
        ("20.0.0.0/8", "Internet"),
        ("40.0.0.0/8", "Internet"),
        ("51.0.0.0/8", "Internet"),
        ("52.0.0.0/8", "Internet"),
        ("102.0.0.0/8", "Internet"),
        ("104.0.0.0/8", "Internet"),
        ("191.0.0.0/8", "Internet"),
    ]
}

fn named_by_parts() -> World {
    let mut world = tunnelled().without_rule("Management");
    let subnet = world.documents.iter().find(|(name, _)| *name == "subnet").unwrap().1["id"].clone();
    for name in ["nsg", "table"] {
        world.set(name, |part| {
            part["properties"]["subnets"] = json!([{ "id": subnet.as_str().unwrap().to_uppercase() }]);
        });
    }
    world.without("subnet")
}
