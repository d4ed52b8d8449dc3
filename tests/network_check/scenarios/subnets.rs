//! Size and delegation of subnets.

use serde_json::{Value, json};

use super::Scenario;
use crate::world::{World, classic, v2};

fn sized(world: World, prefix: &str, units: u64) -> World {
    world.subnet(json!({ "addressPrefix": prefix })).units(units)
}

fn delegated(to: &str) -> Value {
    json!({ "delegations": [{ "name": "d", "serviceName": to }] })
}

pub(super) fn scenarios() -> Vec<Scenario> {
    let external = || classic("Premium", "External");
    let internal = || classic("Premium", "Internal");
    vec![
        ("one unit in /29", sized(external(), "10.0.1.0/29", 1), &[]),
        ("two units in /29", sized(external(), "10.0.1.0/29", 2), &["subnet_too_small apim"]),
        ("one unit in /29, internal", sized(internal(), "10.0.1.0/29", 1), &["internal_network contoso"]),
        ("five units in /28, internal", sized(internal(), "10.0.1.0/28", 5), &["internal_network contoso"]),
        (
            "six units in /28, internal",
            sized(internal(), "10.0.1.0/28", 6),
            &["internal_network contoso", "subnet_too_small apim"],
        ),
        ("thirteen units in /27", sized(external(), "10.0.1.0/27", 13), &[]),
        ("fourteen units in /27", sized(external(), "10.0.1.0/27", 14), &["subnet_too_small apim"]),
        ("Developer in /29", sized(classic("Developer", "External"), "10.0.1.0/29", 1), &[]),
        ("Developer in /30", sized(classic("Developer", "External"), "10.0.1.0/30", 1), &["subnet_too_small apim"]),
        (
            "two prefixes together",
            external()
                .subnet(json!({ "addressPrefix": null, "addressPrefixes": ["10.0.1.0/29", "10.0.2.0/29"] }))
                .units(3),
            &[],
        ),
        (
            "v2 in /27",
            v2("StandardV2", "External", "Microsoft.Web/serverFarms").subnet(json!({ "addressPrefix": "10.0.1.0/27" })),
            &[],
        ),
        (
            "v2 in /28",
            v2("StandardV2", "External", "Microsoft.Web/serverFarms").subnet(json!({ "addressPrefix": "10.0.1.0/28" })),
            &["subnet_too_small apim"],
        ),
        ("classic, delegated", external().subnet(delegated("Microsoft.Web/serverFarms")), &["subnet_delegated apim"]),
        (
            "StandardV2, not delegated",
            v2("StandardV2", "External", "x").subnet(json!({ "delegations": [] })),
            &["subnet_not_delegated apim"],
        ),
        (
            "StandardV2, delegated to the wrong service",
            v2("StandardV2", "External", "Microsoft.Web/hostingEnvironments"),
            &["subnet_not_delegated apim"],
        ),
        (
            "PremiumV2 injected, delegated for integration",
            v2("PremiumV2", "Internal", "Microsoft.Web/serverFarms"),
            &["internal_network contoso", "subnet_not_delegated apim"],
        ),
    ]
}
