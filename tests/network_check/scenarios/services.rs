//! What the service itself says, its certificates, and its DNS records.

use serde_json::{Value, json};

use super::Scenario;
use crate::world::{World, classic, plain, v2};

fn hosts(certificates: &[(&str, &str, Option<&str>)]) -> World {
    let hosts: Vec<Value> = certificates
        .iter()
        .map(|(host, source, expiry)| {
            let certificate = expiry.map(|expiry| json!({ "expiry": expiry, "subject": "CN=x" }));
            json!({ "type": "Proxy", "hostName": host, "certificateSource": source, "certificate": certificate })
        })
        .collect();
    plain("Premium").service(json!({ "hostnameConfigurations": hosts }))
}

fn record(name: &str, kind: &str, content: &str, proxied: bool) -> Value {
    json!({ "result": [{ "id": "r1", "name": name, "type": kind, "content": content, "proxied": proxied }] })
}

pub(super) fn scenarios() -> Vec<Scenario> {
    [state(), certificates(), records()].into_iter().flatten().collect()
}

fn state() -> Vec<Scenario> {
    let off = json!({ "disableGateway": true });
    let second_off = || {
        let mut world = plain("Premium").two_regions();
        world.set("service", |service| service["properties"]["additionalLocations"][0]["disableGateway"] = true.into());
        world
    };
    vec![
        (
            "private endpoints only",
            plain("Standard").service(json!({ "publicNetworkAccess": "Disabled" })),
            &["public_access_disabled contoso"],
        ),
        ("internal: Developer", classic("Developer", "Internal"), &["internal_network contoso"]),
        (
            "injected: PremiumV2",
            v2("PremiumV2", "Internal", "Microsoft.Web/hostingEnvironments"),
            &["internal_network contoso"],
        ),
        (
            "injected by its delegation alone: PremiumV2",
            v2("PremiumV2", "None", "Microsoft.Web/hostingEnvironments"),
            &["internal_network contoso"],
        ),
        ("the gateway is off in the second location", second_off(), &["gateway_disabled_in_location contoso"]),
        ("the gateway is off everywhere", plain("Premium").service(off), &["gateway_disabled_in_location contoso"]),
        ("stv1", plain("Premium").service(json!({ "platformVersion": "stv1" })), &["platform_retired contoso"]),
        ("stv2.1", plain("Premium").service(json!({ "platformVersion": "stv2.1" })), &[]),
        (
            "mtv1 is the platform of Consumption",
            plain("Consumption").service(json!({ "platformVersion": "mtv1" })),
            &[],
        ),
        ("compute not deployed yet", plain("Premium").service(json!({ "platformVersion": "undetermined" })), &[]),
    ]
}

fn certificates() -> Vec<Scenario> {
    vec![
        (
            "one has expired, one will, one will not yet",
            hosts(&[
                ("a.contoso.com", "KeyVault", Some("2026-11-24T00:00:00+00:00")),
                ("b.contoso.com", "Custom", Some("2026-12-24T00:00:00Z")),
                ("c.contoso.com", "Custom", Some("2027-03-24T00:00:00Z")),
            ]),
            &["certificate_expired contoso", "certificate_expiring contoso"],
        ),
        (
            "it expires this very moment",
            hosts(&[("a.contoso.com", "Custom", Some("2026-11-25T12:00:00Z"))]),
            &["certificate_expired contoso"],
        ),
        (
            "thirty days to the second",
            hosts(&[("a.contoso.com", "Custom", Some("2026-12-25T12:00:00Z"))]),
            &["certificate_expiring contoso"],
        ),
        ("thirty days and a second", hosts(&[("a.contoso.com", "Custom", Some("2026-12-25T12:00:01Z"))]), &[]),
        (
            "a managed certificate, records not given",
            hosts(&[("api.contoso.com", "Managed", None)]),
            &["managed_certificate_behind_proxy contoso"],
        ),
        (
            "a managed certificate behind a proxied record",
            hosts(&[("api.contoso.com", "Managed", None)]).with(record(
                "api.contoso.com",
                "CNAME",
                "contoso.azure-api.net",
                true,
            )),
            &["managed_certificate_behind_proxy contoso"],
        ),
    ]
}

fn records() -> Vec<Scenario> {
    vec![
        (
            "a record holds the address",
            plain("Premium").with(record("api.contoso.com", "A", "20.50.1.1", true)),
            &["pinned_address_record contoso"],
        ),
        (
            "a record of the host name holds an older address",
            hosts(&[("api.contoso.com", "Custom", None)]).with(record("API.contoso.com", "A", "20.40.1.1", true)),
            &["pinned_address_record contoso"],
        ),
        ("a record of something else", plain("Premium").with(record("www.contoso.com", "A", "203.0.113.9", true)), &[]),
        (
            "a record that holds the name",
            plain("Premium").with(record("api.contoso.com", "CNAME", "contoso.azure-api.net", true)),
            &[],
        ),
    ]
}
