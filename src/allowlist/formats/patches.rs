//! Bodies of PATCH requests to Azure Resource Manager. Where they have no place for a comment, the answer's header fields
//! say what a reader should know.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};

use super::text::{Layout, filled, joined};
use super::v4;
use crate::allowlist::export::Selection;

/// Ranges in one rule (<https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions>).
const IN_A_RULE: usize = 8;

/// Rules of up to eight ranges of one family, and everything else denied.
pub(super) fn app_service(selection: &Selection<'_>) -> String {
    let mut rules = Vec::new();
    for family in [selection.family(false), selection.family(true)] {
        for ranges in family.chunks(IN_A_RULE) {
            let (number, priority) = (rules.len().saturating_add(1), rules.len().saturating_add(300));
            let (number, ranges) = (number.to_string(), joined(ranges, "", ",", ""));
            rules.push(filled(RESTRICTION, &[&number, &selection.title(), &priority.to_string(), &ranges]));
        }
    }
    filled(RESTRICTIONS, &[&joined(&rules, "", ",\n", "")])
}

const RESTRICTIONS: &str = r#"{
  "properties": {
    "ipSecurityRestrictions": [
@
    ],
    "ipSecurityRestrictionsDefaultAction": "Deny"
  }
}
"#;

const RESTRICTION: &str = r#"      {
        "name": "apim-origin-guard-@",
        "description": "@",
        "action": "Allow",
        "priority": @,
        "ipAddress": "@"
      }"#;

/// How many rules these are.
pub(super) fn app_service_rules(networks: &[IpNet]) -> usize {
    let v4 = v4(networks).count();
    v4.div_ceil(IN_A_RULE).saturating_add(networks.len().saturating_sub(v4).div_ceil(IN_A_RULE))
}

/// `/31` and `/32` are no prefixes there: such ranges are given as single addresses
/// (<https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations>).
pub(super) fn storage(selection: &Selection<'_>) -> String {
    Layout {
        before: "{\n  \"properties\": {\n    \"networkAcls\": {\n      \"defaultAction\": \"Deny\",\n      \"ipRules\": [\n",
        begin: "        { \"action\": \"Allow\", \"value\": \"",
        between: ",\n",
        end: "\" }",
        after: "\n      ]\n    }\n  }\n}\n",
    }
    .of(&small_as_addresses(&selection.networks))
}

/// How many rules these are.
pub(super) fn storage_rules(networks: &[IpNet]) -> usize {
    small_as_addresses(networks).len()
}

fn small_as_addresses(networks: &[IpNet]) -> Vec<String> {
    let mut texts = Vec::new();
    for range in v4(networks) {
        match range.prefix_len() {
            31 | 32 => {
                for address in u32::from(range.network())..=u32::from(range.broadcast()) {
                    texts.push(Ipv4Addr::from(address).to_string());
                }
            }
            _ => texts.push(range.to_string()),
        }
    }
    texts
}

/// Addresses and ranges.
pub(super) fn key_vault(selection: &Selection<'_>) -> String {
    Layout {
        before: "{\n  \"properties\": {\n    \"networkAcls\": {\n      \"bypass\": \"AzureServices\",\n      \"defaultAction\": \
                 \"Deny\",\n      \"ipRules\": [\n",
        begin: "        { \"value\": \"",
        between: ",\n",
        end: "\" }",
        after: "\n      ]\n    }\n  }\n}\n",
    }
    .of(&bare(&selection.networks))
}

/// Addresses and ranges; what is in none of them is refused once there is one.
pub(super) fn cosmos_db(selection: &Selection<'_>) -> String {
    Layout {
        before: "{\n  \"properties\": {\n    \"ipRules\": [\n",
        begin: "      { \"ipAddressOrRange\": \"",
        between: ",\n",
        end: "\" }",
        after: "\n    ]\n  }\n}\n",
    }
    .of(&bare(&selection.networks))
}

/// Single addresses without their prefix length.
fn bare(networks: &[IpNet]) -> Vec<String> {
    let text = |range: Ipv4Net| if range.prefix_len() == 32 { range.addr().to_string() } else { range.to_string() };
    v4(networks).map(text).collect()
}
