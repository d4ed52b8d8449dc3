//! AWS, Google Cloud, Cloudflare: bodies of their interfaces, with descriptions in the place of comments.

use super::text::{Layout, filled, joined, quoted, strings};
use crate::allowlist::export::Selection;
use crate::allowlist::plain::short;

/// The input of `CreateManagedPrefixList`
/// (<https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateManagedPrefixList.html>). `MaxEntries` counts against
/// the quota of every security group that names the list: the next multiple of ten.
pub(super) fn aws_prefix_list(selection: &Selection<'_>) -> String {
    let (name, family) = if selection.family(true).is_empty() { ("ipv4", "IPv4") } else { ("ipv6", "IPv6") };
    let entries = described(selection, "    { \"Cidr\": \"@\", \"Description\": @ }");
    let most = entries.len().next_multiple_of(10).to_string();
    filled(PREFIX_LIST, &[name, family, &most, &joined(&entries, "", ",\n", "")])
}

const PREFIX_LIST: &str = r#"{
  "PrefixListName": "apim-origin-guard-@",
  "AddressFamily": "@",
  "MaxEntries": @,
  "Entries": [
@
  ]
}
"#;

/// Ranges in one rule (<https://cloud.google.com/armor/quotas>).
const IN_A_RULE: usize = 10;

/// Allow rules of ten ranges each, and the default rule, which denies. A rule's description has 64 characters at most, a
/// policy's 2048 (Terraform's Google provider, `compute_security_policy`).
pub(super) fn gcp_cloud_armor(selection: &Selection<'_>) -> String {
    let mut rules = Vec::new();
    for ranges in selection.texts().chunks(IN_A_RULE) {
        let priority = rules.len().saturating_add(1000).to_string();
        rules.push(filled(ARMOR_RULE, &["allow", &selection.title(), &strings(ranges), &priority]));
    }
    rules.push(filled(ARMOR_RULE, &["deny(403)", "Everyone else", "\"*\"", "2147483647"]));
    filled(ARMOR_POLICY, &[&quoted(short(&selection.about(), 2048)), &joined(&rules, "", ",\n", "")])
}

const ARMOR_POLICY: &str = r#"{
  "name": "apim-origin-guard",
  "description": @,
  "type": "CLOUD_ARMOR",
  "rules": [
@
  ]
}
"#;

const ARMOR_RULE: &str = r#"    {
      "action": "@",
      "description": "@",
      "match": { "versionedExpr": "SRC_IPS_V1", "config": { "srcIpRanges": [@] } },
      "preview": false,
      "priority": @
    }"#;

/// The items of an IP list (<https://developers.cloudflare.com/api/resources/rules/subresources/lists/>).
pub(super) fn cloudflare_list(selection: &Selection<'_>) -> String {
    let items = described(selection, "  { \"ip\": \"@\", \"comment\": @ }");
    Layout { before: "[\n", begin: "", between: ",\n", end: "", after: "\n]\n" }.of(&items)
}

/// `template` filled with each range and what it is.
fn described(selection: &Selection<'_>, template: &str) -> Vec<String> {
    let mut items = Vec::new();
    for network in &selection.networks {
        items.push(filled(template, &[&network.to_string(), &quoted(selection.describe(network))]));
    }
    items
}
