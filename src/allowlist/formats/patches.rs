//! Bodies of PATCH requests to Azure Resource Manager. Where they have no place for a comment, the answer's header fields
//! say what a reader should know.

use ipnet::{IpNet, Ipv4Net};
use serde_json::Value;

use super::v4;
use crate::allowlist::export::Selection;
use crate::json::json;

/// Ranges in one rule (<https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions>).
const IN_A_RULE: usize = 8;

/// Rules of up to eight ranges of one family, and everything else denied.
pub(super) fn app_service(selection: &Selection<'_>) -> String {
    let families = [selection.family(false), selection.family(true)];
    let ranges = families.iter().flat_map(|family| family.chunks(IN_A_RULE));
    let rules: Vec<Value> =
        (1_usize..).zip(ranges).map(|(number, ranges)| restriction(selection, number, ranges)).collect();
    properties(&json!({ "ipSecurityRestrictions": rules, "ipSecurityRestrictionsDefaultAction": "Deny" }))
}

fn restriction(selection: &Selection<'_>, number: usize, ranges: &[String]) -> Value {
    json!({
        "name": format!("apim-origin-guard-{number}"),
        "description": selection.title(),
        "action": "Allow",
        "priority": number.saturating_add(299),
        "ipAddress": ranges.join(","),
    })
}

/// How many rules these are.
pub(super) fn app_service_rules(networks: &[IpNet]) -> usize {
    let v4 = networks.iter().filter(|network| matches!(network, IpNet::V4(_))).count();
    v4.div_ceil(IN_A_RULE).saturating_add(networks.len().saturating_sub(v4).div_ceil(IN_A_RULE))
}

/// `/31` and `/32` are no prefixes there: such ranges are given as single addresses
/// (<https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations>).
pub(super) fn storage(selection: &Selection<'_>) -> String {
    let rules: Vec<Value> = v4(&selection.networks)
        .flat_map(small_as_addresses)
        .map(|value| json!({ "value": value, "action": "Allow" }))
        .collect();
    properties(&json!({ "networkAcls": json!({ "defaultAction": "Deny", "ipRules": rules }) }))
}

/// How many rules these are.
pub(super) fn storage_rules(networks: &[IpNet]) -> usize {
    v4(networks).flat_map(small_as_addresses).count()
}

fn small_as_addresses(range: Ipv4Net) -> Vec<String> {
    match range.prefix_len() {
        31 | 32 => (u32::from(range.network())..=u32::from(range.broadcast())).map(address).collect(),
        _ => vec![range.to_string()],
    }
}

fn address(number: u32) -> String {
    std::net::Ipv4Addr::from(number).to_string()
}

/// Addresses and ranges.
pub(super) fn key_vault(selection: &Selection<'_>) -> String {
    let rules: Vec<Value> = v4(&selection.networks).map(|range| json!({ "value": bare(range) })).collect();
    properties(
        &json!({ "networkAcls": json!({ "bypass": "AzureServices", "defaultAction": "Deny", "ipRules": rules }) }),
    )
}

/// Addresses and ranges; what is in none of them is refused once there is one.
pub(super) fn cosmos_db(selection: &Selection<'_>) -> String {
    let rules: Vec<Value> = v4(&selection.networks).map(|range| json!({ "ipAddressOrRange": bare(range) })).collect();
    properties(&json!({ "ipRules": rules }))
}

/// A single address without its prefix length.
fn bare(range: Ipv4Net) -> String {
    if range.prefix_len() == 32 { range.addr().to_string() } else { range.to_string() }
}

fn properties(properties: &Value) -> String {
    format!("{:#}\n", json!({ "properties": properties }))
}
