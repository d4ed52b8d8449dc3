//! Network status and DNS servers.

use super::Scenario;
use crate::world::{World, classic, entry, plain};

const UNRESOLVED: &str = "The remote name could not be resolved: 'westeurope.prod.warm.ingestion.msftcloudes.com'";

fn external() -> World {
    classic("Premium", "External")
}

pub(super) fn scenarios() -> Vec<Scenario> {
    let management = "https://contoso.management.azure-api.net:3443/servicestatus?api-version=2018-01-01";
    vec![
        (
            "the control plane does not get in",
            external().entries(&[entry(
                "ApiManagement Control Plane - inbound",
                management,
                false,
                "failure",
                "timed out",
            )]),
            &["dependency_failing West Europe"],
        ),
        (
            "required and optional fail",
            external().entries(&[
                entry("TableStorage", "t", false, "failure", "timed out"),
                entry("SQLDatabase", "s", false, "failure", "timed out"),
                entry("Metrics", "m", true, "failure", "timed out"),
            ]),
            &["dependency_failing West Europe", "dependency_failing_optional West Europe"],
        ),
        (
            "optional alone fails, without a network",
            plain("Premium").entries(&[entry("Metrics", "m", true, "failure", "timed out")]),
            &["dependency_failing_optional West Europe"],
        ),
        (
            "names are not resolved by servers of one's own",
            external()
                .entries(&[entry("Monitoring", "w", false, "failure", UNRESOLVED)])
                .dns(&["10.0.4.4"], &["10.0.4.4"]),
            &["dependency_name_unresolved West Europe", "custom_dns_servers vnet"],
        ),
        (
            "names are not resolved by Azure's servers",
            external().entries(&[entry("Monitoring", "w", true, "failure", UNRESOLVED)]),
            &["dependency_name_unresolved West Europe"],
        ),
        (
            "servers of one's own, no status given",
            external().dns(&["10.0.4.4"], &["10.0.4.4"]).without("status"),
            &["custom_dns_servers vnet"],
        ),
        (
            "new servers that were not applied",
            external().dns(&["10.0.4.4", "10.0.4.5"], &["10.0.4.4"]),
            &["dns_servers_not_applied contoso"],
        ),
        (
            "servers set, none applied",
            external().dns(&["10.0.4.4"], &["168.63.129.16"]),
            &["dns_servers_not_applied contoso"],
        ),
        ("servers taken away, still used", external().dns(&[], &["10.0.4.4"]), &["dns_servers_not_applied contoso"]),
        (
            "a status of half an hour and a minute ago",
            external().entries(&[old("BlobStorage", "2026-11-25T11:29:00Z")]),
            &["network_status_stale West Europe"],
        ),
        ("a status of half an hour ago", external().entries(&[old("BlobStorage", "2026-11-25T11:30:00Z")]), &[]),
        (
            "an old status of a feature that is gone",
            external().entries(&[old("SourceControl", "2020-11-25T11:29:00Z")]),
            &[],
        ),
        (
            "two regions, the second fails",
            {
                let mut world = external().two_regions();
                world.set("status2", |status| {
                    status["networkStatus"]["connectivityStatus"][0]["status"] = "failure".into();
                });
                world
            },
            &["dependency_failing North Europe"],
        ),
        (
            "a status without isOptional goes by its kind",
            external().entries(&[without_word("BlobStorage"), without_word("Metrics")]),
            &["dependency_failing West Europe", "dependency_failing_optional West Europe"],
        ),
    ]
}

fn old(kind: &str, at: &str) -> serde_json::Value {
    let mut entry = entry(kind, "n", false, "success", "");
    entry["lastUpdated"] = at.into();
    entry
}

fn without_word(kind: &str) -> serde_json::Value {
    let mut entry = entry(kind, "n", false, "failure", "timed out");
    entry.as_object_mut().unwrap().remove("isOptional");
    entry
}
