//! What documents of an instance declare: directions, locations, caveats, and never a wrong address.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "test code")]

mod support;

use apim_origin_guard::azure::{Existence, FaultKind, Service};
use serde_json::{Value, json};
use support::World;
use support::azure::{SERVICE, Say};
use support::instance::{VIP, caveats, elsewhere, existence, instance, listed, with};
use support::shared::shared;

const SUBNET: &str = "/subscriptions/a200340d-6b82-494d-9dbf-687ba6e33f9e/resourceGroups/rg1/providers/\
                      Microsoft.Network/virtualNetworks/net/subnets/apim";
const TABLE: &str = "/subscriptions/a200340d-6b82-494d-9dbf-687ba6e33f9e/resourceGroups/rg1/providers/\
                     Microsoft.Network/routeTables/forced";

fn premium(public: &[&str]) -> Value {
    with(instance(public), "/sku/name", json!("Premium"))
}

fn external(public: &[&str]) -> Value {
    let document = with(premium(public), "/properties/virtualNetworkType", json!("External"));
    with(document, "/properties/virtualNetworkConfiguration", json!({"subnetResourceId": SUBNET}))
}

fn list(document: &Value) -> Vec<String> {
    listed(World::with_instance(document).ask().knowledge.declared.as_ref())
}

#[test]
fn a_classic_instance_goes_in_and_out_at_its_public_address() {
    let world = World::with_instance(&instance(&[VIP]));
    let kept = world.ask();
    assert_eq!(listed(kept.knowledge.declared.as_ref()), ["172.199.17.73/32 Both westeurope"]);
    assert_eq!(caveats(&kept.knowledge), Vec::<&str>::new());
    assert_eq!((existence(&kept), kept.outcome().as_str(), kept.stored), (Existence::Present, "present", true));
    assert_eq!(kept.drift, None, "the first set is no change");
    assert_eq!(kept.knowledge.subscription_state(), Some("Enabled"));
}

#[test]
fn equal_lists_as_practice_has_them_are_both_directions() {
    let document = with(instance(&[VIP]), "/properties/outboundPublicIPAddresses", json!([VIP]));
    assert_eq!(list(&document), ["172.199.17.73/32 Both westeurope"]);
}

#[test]
fn a_nat_gateway_of_azures_own_is_the_way_out() {
    let document = with(premium(&[VIP]), "/properties/natGatewayState", json!("Enabled"));
    let document = with(document, "/properties/outboundPublicIPAddresses", json!(["60.0.0.1/31", "2603:1030::/60"]));
    let world = World::with_instance(&document);
    let known = world.ask().knowledge;
    assert_eq!(
        listed(known.declared.as_ref()),
        [
            "60.0.0.0/31 Outbound westeurope",
            "172.199.17.73/32 Inbound westeurope",
            "2603:1030::/60 Outbound westeurope"
        ]
    );
    assert_eq!(caveats(&known), ["egress_is_nat_gateway"]);
}

#[test]
fn every_location_counts_under_its_normalised_name() {
    let others = json!([elsewhere("East US 2", &["40.70.24.106"]), elsewhere("northeurope", &[])]);
    let document = with(premium(&[VIP]), "/properties/additionalLocations", others);
    let known = World::with_instance(&document).ask().knowledge;
    assert_eq!(listed(known.declared.as_ref()), ["40.70.24.106/32 Both eastus2", "172.199.17.73/32 Both westeurope"]);
    assert_eq!(known.declared.unwrap().locations, ["westeurope", "eastus2", "northeurope"]);
}

#[test]
fn a_gateway_that_is_off_in_a_location_is_told() {
    let off = with(elsewhere("East US", &["40.70.24.106"]), "/disableGateway", json!(true));
    let document = with(premium(&[VIP]), "/properties/additionalLocations", json!([off]));
    assert_eq!(caveats(&World::with_instance(&document).ask().knowledge), ["gateway_disabled_in_location"]);
}

#[test]
fn the_consumption_tier_has_no_addresses_whatever_the_lists_say() {
    let document = with(instance(&[VIP]), "/sku/name", json!("Consumption"));
    let known = World::with_instance(&document).ask().knowledge;
    assert_eq!((known.declared.is_none(), caveats(&known)), (true, vec!["tier_without_addresses"]));
}

#[test]
fn what_a_v2_instance_goes_out_at_is_not_claimed() {
    let document = with(instance(&[VIP]), "/sku/name", json!("StandardV2"));
    let known = World::with_instance(&document).ask().knowledge;
    assert_eq!(listed(known.declared.as_ref()), ["172.199.17.73/32 Inbound westeurope"]);
    assert_eq!(caveats(&known), ["tier_undocumented", "egress_not_declared"]);
    let odd = with(instance(&[VIP]), "/sku/name", json!("UltraV3"));
    assert_eq!(caveats(&World::with_instance(&odd).ask().knowledge), ["tier_unknown", "egress_not_declared"]);
}

#[test]
fn an_internal_instance_is_not_met_by_clients_at_its_public_address() {
    let document = with(external(&[VIP]), "/properties/virtualNetworkType", json!("Internal"));
    let world = World::with_instance(&document);
    world.azure.put(SUBNET, json!({"id": SUBNET, "properties": {}}));
    let known = world.ask().knowledge;
    assert_eq!(listed(known.declared.as_ref()), ["172.199.17.73/32 Outbound westeurope"]);
    assert_eq!(caveats(&known), ["internal_network", "private_backends_see_subnet"]);
}

#[test]
fn with_private_endpoints_only_nor_is_a_closed_one() {
    let known = World::with_instance(&with(instance(&[VIP]), "/properties/publicNetworkAccess", json!("disabled")))
        .ask()
        .knowledge;
    assert_eq!(listed(known.declared.as_ref()), ["172.199.17.73/32 Outbound westeurope"]);
    assert_eq!(caveats(&known), ["public_access_disabled"]);
}

fn route(prefix: &str, hop: &str) -> Value {
    json!({"name": "fw", "properties": {"addressPrefix": prefix, "nextHopType": hop, "nextHopIpAddress": "10.0.0.4"}})
}

fn subnet(world: &World, routes: &[Value]) {
    world.azure.put(SUBNET, json!({"id": SUBNET, "properties": {"routeTable": {"id": TABLE}}}));
    world.azure.put(TABLE, json!({"id": TABLE, "properties": {"routes": routes}}));
}

#[test]
fn behind_a_firewall_the_public_address_is_not_the_way_out() {
    for (routes, direction, told) in [
        (vec![route("0.0.0.0/0", "VirtualAppliance")], "Inbound", true),
        (
            vec![route("0.0.0.0/1", "VirtualNetworkGateway"), route("128.0.0.0/1", "VirtualNetworkGateway")],
            "Inbound",
            true,
        ),
        (vec![route("0.0.0.0/0", "Internet")], "Both", false),
        (vec![route("ApiManagement", "Internet")], "Both", false),
        (vec![], "Both", false),
    ] {
        let world = World::with_instance(&external(&[VIP]));
        subnet(&world, &routes);
        let known = world.ask().knowledge;
        assert_eq!(listed(known.declared.as_ref()), [format!("172.199.17.73/32 {direction} westeurope")], "{routes:?}");
        assert_eq!(caveats(&known).contains(&"egress_is_firewall"), told);
    }
}

#[test]
fn nor_behind_a_nat_gateway_of_the_subnet() {
    let world = World::with_instance(&external(&[VIP]));
    world.azure.put(SUBNET, json!({"id": SUBNET, "properties": {"natGateway": {"id": "/subscriptions/s/nat"}}}));
    let known = world.ask().knowledge;
    assert_eq!(listed(known.declared.as_ref()), ["172.199.17.73/32 Inbound westeurope"]);
    assert_eq!(caveats(&known), ["private_backends_see_subnet", "egress_is_nat_gateway"]);
}

#[test]
fn what_the_role_may_not_read_is_unknown_and_not_absent() {
    let world = World::with_instance(&external(&[VIP]));
    world.azure.then([Say::Good, Say::Good, Say::Error(403, "AuthorizationFailed", vec![])]);
    let known = world.ask().knowledge;
    assert_eq!(caveats(&known), ["private_backends_see_subnet", "egress_not_read"]);
    assert_eq!(known.fault, None);
    // Once it was read, a later refusal changes nothing.
    world.azure.put(SUBNET, json!({"id": SUBNET, "properties": {"natGateway": {"id": "/subscriptions/s/nat"}}}));
    world.ask();
    world.azure.then([Say::Good, Say::Good, Say::Error(403, "AuthorizationFailed", vec![])]);
    assert!(caveats(&world.ask().knowledge).contains(&"egress_is_nat_gateway"));
}

#[test]
fn a_subscription_that_may_not_be_read_is_unknown() {
    let world = World::with_instance(&instance(&[VIP]));
    world.azure.then([Say::Good, Say::Error(403, "AuthorizationFailed", vec![])]);
    let known = world.ask().knowledge;
    assert_eq!((known.subscription_state(), known.fault.clone()), (None, None));
    assert!(known.subscription.is_some(), "it was asked for");
}

#[test]
fn values_that_are_no_address_survive_and_are_told() {
    let values = json!([
        "137.XXX.11.74",
        "10.0.0.4",
        null,
        7,
        "",
        "not an address",
        "0.0.0.0/0",
        "172.199.17.73",
        " 40.70.24.106 "
    ]);
    let known = World::with_instance(&with(instance(&[]), "/properties/publicIPAddresses", values)).ask().knowledge;
    assert_eq!(
        listed(known.declared.as_ref()),
        ["40.70.24.106/32 Both westeurope", "172.199.17.73/32 Both westeurope"]
    );
    let told = known.declared.unwrap().caveats;
    let details: Vec<&str> = told.iter().map(|caveat| caveat.detail.as_str()).collect();
    assert_eq!(told.iter().filter(|caveat| caveat.code == "masked_address").count(), 1);
    assert_eq!(told.iter().filter(|caveat| caveat.code == "malformed_address").count(), 4);
    assert!(details[0].contains("publicIPAddresses of westeurope has \"137.XXX.11.74\""), "{details:?}");
}

#[test]
fn a_list_that_is_none_is_told_and_removes_nothing() {
    let world = World::with_instance(&instance(&[VIP]));
    world.ask();
    world.becomes(&with(instance(&[]), "/properties/publicIPAddresses", json!(VIP)));
    let known = world.ask().knowledge;
    assert_eq!(listed(known.declared.as_ref()).len(), 1);
    assert!(caveats(&known).contains(&"malformed_address"), "{:?}", caveats(&known));
}

#[test]
fn the_spelling_of_members_and_words_does_not_matter() {
    let text = instance(&[VIP])
        .to_string()
        .replace("publicIPAddresses", "publicIpAddresses")
        .replace("\"properties\"", "\"Properties\"")
        .replace("Developer", "developer");
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(list(&document), ["172.199.17.73/32 Both westeurope"]);
    let id = SERVICE.to_uppercase().replace("/SUBSCRIPTIONS", "/subscriptions");
    assert_eq!(list(&with(instance(&[VIP]), "/id", json!(id))).len(), 1);
}

#[test]
fn half_a_document_or_another_ones_is_none() {
    for (document, why) in [
        (json!({"id": SERVICE}), "properties"),
        (json!({}), "id"),
        (json!([]), "id"),
        (with(instance(&[VIP]), "/id", json!(SERVICE.replace("contoso", "other"))), "another resource"),
        (with(instance(&[VIP]), "/sku", json!(null)), "sku"),
        (with(instance(&[VIP]), "/location", json!(null)), "location"),
        (with(instance(&[VIP]), "/properties", json!({"publicIPAddresses": [VIP]})), "provisioningState"),
    ] {
        let kept = World::with_instance(&document).ask();
        let run = kept.knowledge.fault.unwrap();
        assert_eq!(run.fault.kind, FaultKind::NotUnderstood, "{document}");
        assert!(run.fault.said.contains(why), "{} / {why}", run.fault.said);
        assert!(kept.knowledge.declared.is_none() && kept.knowledge.service.is_none());
    }
}

fn example(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(shared("arm-examples")?.join(name)).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    Some(document["responses"]["200"]["body"].clone())
}

/// What the recorded example declares, as if it were the configured instance's.
fn recorded(name: &str) -> Option<(Vec<String>, Vec<String>, Service)> {
    let world = World::with_instance(&with(example(name)?, "/id", json!(SERVICE)));
    let known = world.ask().knowledge;
    let codes = caveats(&known).into_iter().map(str::to_owned).collect();
    Some((listed(known.declared.as_ref()), codes, known.service.unwrap()))
}

#[test]
fn the_vendors_examples_are_read() {
    let Some((addresses, caveats, service)) = recorded("ApiManagementServiceGetService.json") else { return };
    assert_eq!(addresses, ["13.92.130.49/32 Both eastus", "40.70.24.106/32 Both eastus2"]);
    assert_eq!(caveats, Vec::<String>::new());
    assert_eq!(service.created_at.unwrap().to_string(), "2021-06-16T09:40:00.945Z");
    let host = &service.gateway_hosts[1];
    assert_eq!(host.host, "gateway.current.int-azure-api.net");
    assert_eq!(host.expires_at.unwrap().to_string(), "2022-01-08T22:32:32.000Z");
    assert_eq!((service.gateway_hosts.len(), service.private_endpoints), (2, 0));
    assert_eq!(service.min_api_version.as_deref(), Some("2019-12-01"));

    let (addresses, caveats, service) = recorded("ApiManagementServiceGetMultiRegionInternalVnet.json").unwrap();
    assert_eq!(addresses, Vec::<String>::new());
    assert_eq!(
        caveats,
        [
            "internal_network",
            "private_backends_see_subnet",
            "masked_address",
            "egress_not_read",
            "masked_address",
            "egress_not_read",
        ]
    );
    assert_eq!(service.locations[1].name, "westus2");

    let (addresses, caveats, _) = recorded("ApiManagementCreateServiceWithNatGatewayEnabled.json").unwrap();
    assert_eq!(addresses, ["13.90.229.33/32 Inbound eastus", "60.0.0.0/31 Outbound eastus"]);
    assert_eq!(caveats, ["egress_is_nat_gateway"]);

    let (addresses, ..) = recorded("ApiManagementCreateServiceInVnetWithPublicIP.json").unwrap();
    assert!(addresses.iter().all(|one| one.contains(" Both ")), "{addresses:?}");
}

#[test]
fn the_vendors_example_of_a_deleted_service_is_read() {
    let Some(deleted) = example("ApiManagementGetDeletedServiceByName.json") else { return };
    let world = World::with_azure();
    let deleted = with(deleted, "/properties/serviceId", json!(SERVICE));
    world.azure.put(
        "/subscriptions/a200340d-6b82-494d-9dbf-687ba6e33f9e/providers/Microsoft.ApiManagement/deletedservices",
        json!({"value": [deleted]}),
    );
    let kept = world.ask();
    assert_eq!(existence(&kept), Existence::SoftDeleted);
    assert_eq!(kept.knowledge.presence.restorable_until.unwrap().to_string(), "2017-05-27T15:33:55.542Z");
}
