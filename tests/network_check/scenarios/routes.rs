//! Forced tunnels, and what has to go around them.

use serde_json::json;

use super::Scenario;
use crate::world::{World, classic, tags, v2};

/// As published; written here once more, so that a slip in the table of the check is noticed.
pub(super) const CLOUDFLARE: [&str; 15] = [
    "103.21.244.0/22",
    "103.22.200.0/22",
    "103.31.4.0/22",
    "104.16.0.0/13",
    "104.24.0.0/14",
    "108.162.192.0/18",
    "131.0.72.0/22",
    "141.101.64.0/18",
    "162.158.0.0/15",
    "172.64.0.0/13",
    "173.245.48.0/20",
    "188.114.96.0/20",
    "190.93.240.0/20",
    "197.234.240.0/22",
    "198.41.128.0/17",
];

pub(super) fn cloudflare_to_internet() -> Vec<(&'static str, &'static str)> {
    CLOUDFLARE.iter().map(|prefix| (*prefix, "Internet")).collect()
}

const FIREWALL: (&str, &str) = ("0.0.0.0/0", "VirtualAppliance");
const GATEWAY: (&str, &str) = ("0.0.0.0/0", "VirtualNetworkGateway");
const TAG: (&str, &str) = ("ApiManagement", "Internet");
/// The three routes that were once recommended.
const THREE: [(&str, &str); 3] =
    [("104.214.19.224/32", "Internet"), ("52.162.110.80/32", "Internet"), ("52.224.186.99/32", "Internet")];

fn internal(routes: &[(&str, &str)]) -> World {
    classic("Premium", "Internal").routes(routes)
}

fn learning(world: World) -> World {
    let mut world = world;
    world.set("table", |table| table["properties"]["disableBgpRoutePropagation"] = json!(false));
    world
}

pub(super) fn scenarios() -> Vec<Scenario> {
    [control_plane(), by_tag(), clients(), learned(), egress(), monitoring()].into_iter().flatten().collect()
}

fn control_plane() -> Vec<Scenario> {
    vec![
        (
            "internal: everything to a firewall",
            internal(&[FIREWALL]).tags(),
            &["internal_network contoso", "control_plane_route_missing rt", "egress_is_firewall rt"],
        ),
        (
            "internal: everything to a firewall, no tag list given",
            internal(&[FIREWALL]),
            &["internal_network contoso", "control_plane_route_missing rt", "egress_is_firewall rt"],
        ),
        (
            "internal: everything to a VPN gateway",
            internal(&[GATEWAY]).tags(),
            &["internal_network contoso", "control_plane_route_missing rt", "egress_is_firewall rt"],
        ),
        (
            "internal: two halves instead of a default route",
            internal(&[("0.0.0.0/1", "VirtualAppliance"), ("128.0.0.0/1", "VirtualAppliance")]).tags(),
            &["internal_network contoso", "control_plane_route_missing rt", "egress_is_firewall rt"],
        ),
        (
            "internal: everything is dropped",
            internal(&[("0.0.0.0/0", "None")]).tags(),
            &["internal_network contoso", "control_plane_route_missing rt"],
        ),
        (
            "internal: the tag to the firewall too",
            internal(&[FIREWALL, ("ApiManagement", "VirtualAppliance")]).tags(),
            &["internal_network contoso", "control_plane_route_missing rt", "egress_is_firewall rt"],
        ),
    ]
}

fn by_tag() -> Vec<Scenario> {
    vec![
        (
            "internal: the global tag is enough",
            internal(&[FIREWALL, TAG]).tags(),
            &["internal_network contoso", "egress_is_firewall rt"],
        ),
        (
            "internal: the global tag is enough without a list",
            internal(&[FIREWALL, TAG]),
            &["internal_network contoso", "egress_is_firewall rt"],
        ),
        (
            "internal: all of Azure to the Internet is enough",
            internal(&[FIREWALL, ("AzureCloud", "Internet")]).tags(),
            &["internal_network contoso", "egress_is_firewall rt"],
        ),
        (
            "internal: the three routes once recommended",
            internal(&[&[FIREWALL], &THREE[..]].concat()).tags(),
            &["internal_network contoso", "control_plane_route_partial rt", "egress_is_firewall rt"],
        ),
        (
            "internal: the three routes once recommended, no tag list given",
            internal(&[&[FIREWALL], &THREE[..]].concat()),
            &["internal_network contoso", "control_plane_route_partial rt", "egress_is_firewall rt"],
        ),
        (
            "internal: the tag, and one narrow route that takes an address back",
            internal(&[FIREWALL, TAG, ("52.224.186.99/32", "VirtualAppliance")]).tags(),
            &["internal_network contoso", "control_plane_route_partial rt", "egress_is_firewall rt"],
        ),
        (
            "internal: no default route, but a wide one over a part of the control plane",
            internal(&[("104.208.0.0/13", "VirtualAppliance")]).tags(),
            &["internal_network contoso", "control_plane_route_partial rt"],
        ),
        (
            "internal: the tag of the own region",
            internal(&[FIREWALL, ("ApiManagement.WestEurope", "Internet")]).tags(),
            &["internal_network contoso", "control_plane_route_regional rt", "egress_is_firewall rt"],
        ),
        (
            "internal: the tag of the own region, no tag list given",
            internal(&[FIREWALL, ("ApiManagement.WestEurope", "Internet")]),
            &["internal_network contoso", "control_plane_route_regional rt", "egress_is_firewall rt"],
        ),
        (
            "internal: every prefix of the tag by hand",
            internal(&[
                FIREWALL,
                ("51.145.179.78/32", "Internet"),
                ("20.86.92.254/31", "Internet"),
                ("104.214.19.224/28", "Internet"),
                ("52.162.110.80/28", "Internet"),
                ("52.224.186.99/32", "Internet"),
            ])
            .tags(),
            &["internal_network contoso", "egress_is_firewall rt"],
        ),
        (
            "an older list does not take prefixes away from the newer",
            internal(&[FIREWALL, ("51.145.179.78/32", "Internet")]).tags().with({
                let mut old = tags(69);
                old["values"][0]["properties"]["addressPrefixes"] = json!(["51.145.179.78/32"]);
                old
            }),
            &["internal_network contoso", "control_plane_route_partial rt", "egress_is_firewall rt"],
        ),
        (
            "two regions, one tunnelled",
            classic("Premium", "Internal").two_regions().routes2(&[FIREWALL]).tags(),
            &["internal_network contoso", "control_plane_route_missing rt2", "egress_is_firewall rt2"],
        ),
    ]
}

fn clients() -> Vec<Scenario> {
    let external = |routes: &[(&str, &str)]| classic("Premium", "External").routes(routes).tags();
    let but_one: Vec<_> = cloudflare_to_internet().into_iter().skip(1).collect();
    vec![
        (
            "external: everything to a firewall",
            external(&[FIREWALL]),
            &["control_plane_route_missing rt", "client_route_missing rt", "egress_is_firewall rt"],
        ),
        (
            "external: the tag is not enough for clients",
            external(&[FIREWALL, TAG]),
            &["client_route_missing rt", "egress_is_firewall rt"],
        ),
        (
            "external: one range of Cloudflare is missing",
            external(&[&[FIREWALL, TAG], &but_one[..]].concat()),
            &["client_route_missing rt", "egress_is_firewall rt"],
        ),
        (
            "external: the gateway is off in that location",
            external(&[FIREWALL, TAG]).service(json!({ "disableGateway": true })),
            &["gateway_disabled_in_location contoso", "egress_is_firewall rt"],
        ),
        (
            "external: a firewall for one of Cloudflare's ranges alone",
            external(&[("172.64.0.0/13", "VirtualAppliance")]),
            &["client_route_missing rt"],
        ),
    ]
}

fn learned() -> Vec<Scenario> {
    let with_gateway = |world: World| world.vnet(json!({ "subnets": [{ "id": "/x/subnets/gatewaysubnet" }] }));
    let peered = json!({ "virtualNetworkPeerings": [{ "name": "hub", "properties": { "useRemoteGateways": true } }] });
    vec![
        (
            "a gateway and no route table",
            with_gateway(classic("Premium", "External")),
            &["bgp_default_route_possible apim"],
        ),
        (
            "a gateway and a table that takes its routes",
            learning(with_gateway(classic("Premium", "External")).routes(&[("10.8.0.0/16", "VirtualNetworkGateway")])),
            &["bgp_default_route_possible rt"],
        ),
        (
            "a route server",
            classic("Premium", "External").vnet(json!({ "subnets": [{ "name": "RouteServerSubnet" }] })),
            &["bgp_default_route_possible apim"],
        ),
        ("the gateway of a peer", classic("Premium", "External").vnet(peered), &["bgp_default_route_possible apim"]),
        (
            "a gateway, and a default route of one's own, which wins",
            learning(with_gateway(classic("Premium", "External")).routes(&[("0.0.0.0/0", "Internet")])),
            &[],
        ),
        (
            "a gateway, and all that has to go to the Internet does by routes of one's own",
            learning(
                with_gateway(classic("Premium", "External")).routes(&[&[TAG], &cloudflare_to_internet()[..]].concat()),
            ),
            &[],
        ),
        (
            "a gateway, and the clients could still be lost",
            learning(with_gateway(classic("Premium", "External")).routes(&[TAG])),
            &["bgp_default_route_possible rt"],
        ),
        (
            "a gateway, internal: the tag is all that is needed",
            learning(with_gateway(internal(&[TAG]))),
            &["internal_network contoso"],
        ),
    ]
}

fn egress() -> Vec<Scenario> {
    let nat = json!({ "natGateway": { "id": crate::world::id("Microsoft.Network/natGateways/nat") } });
    vec![
        (
            "a NAT gateway on the subnet",
            classic("Premium", "External").subnet(nat.clone()),
            &["egress_is_nat_gateway apim"],
        ),
        (
            "a NAT gateway of the instance",
            crate::world::plain("Premium")
                .service(json!({ "natGatewayState": "Enabled", "outboundPublicIPAddresses": ["60.0.0.0/31"] })),
            &["egress_is_nat_gateway contoso"],
        ),
        (
            "a NAT gateway that a tunnel leaves without traffic",
            internal(&[FIREWALL, TAG]).subnet(nat),
            &["internal_network contoso", "egress_is_firewall rt"],
        ),
        (
            "v2 behind a firewall: no control plane route is asked for",
            v2("StandardV2", "External", "Microsoft.Web/serverFarms").routes(&[FIREWALL]),
            &["egress_is_firewall rt"],
        ),
        (
            "natGatewayState Unsupported",
            crate::world::plain("Developer").service(json!({ "natGatewayState": "Unsupported" })),
            &[],
        ),
    ]
}

fn monitoring() -> Vec<Scenario> {
    let one = ("13.92.40.223/32", "Internet");
    vec![
        (
            "the one address of monitoring that was once recommended",
            internal(&[FIREWALL, TAG, one]).tags(),
            &["internal_network contoso", "monitor_route_insufficient rt", "egress_is_firewall rt"],
        ),
        (
            "the one address of monitoring, no tag list given",
            internal(&[FIREWALL, TAG, one]),
            &["internal_network contoso", "monitor_route_insufficient rt", "egress_is_firewall rt"],
        ),
        (
            "monitoring by its tag",
            internal(&[FIREWALL, TAG, one, ("AzureMonitor", "Internet")]).tags(),
            &["internal_network contoso", "egress_is_firewall rt"],
        ),
        (
            "monitoring by every prefix",
            internal(&[FIREWALL, TAG, one, ("40.71.0.0/24", "Internet")]).tags(),
            &["internal_network contoso", "egress_is_firewall rt"],
        ),
    ]
}
