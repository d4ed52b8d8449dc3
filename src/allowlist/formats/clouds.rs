//! AWS, Google Cloud, Cloudflare: bodies of their interfaces, with descriptions in the place of comments.

use serde_json::Value;

use crate::allowlist::export::Selection;
use crate::allowlist::plain::short;
use crate::json::json;

/// The input of `CreateManagedPrefixList`
/// (<https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateManagedPrefixList.html>). `MaxEntries` counts against
/// the quota of every security group that names the list: the next multiple of ten.
pub(super) fn aws_prefix_list(selection: &Selection<'_>) -> String {
    let v6 = !selection.family(true).is_empty();
    let entry = |network| json!({ "Cidr": network, "Description": selection.describe(network) });
    let entries: Vec<Value> = selection.networks.iter().map(entry).collect();
    let list = json!({
        "PrefixListName": if v6 { "apim-origin-guard-ipv6" } else { "apim-origin-guard-ipv4" },
        "AddressFamily": if v6 { "IPv6" } else { "IPv4" },
        "MaxEntries": entries.len().next_multiple_of(10),
        "Entries": entries,
    });
    format!("{list:#}\n")
}

/// Ranges in one rule (<https://cloud.google.com/armor/quotas>).
const IN_A_RULE: usize = 10;

/// Allow rules of ten ranges each, and the default rule, which denies. A rule's description has 64 characters at most, a
/// policy's 2048
/// (<https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_security_policy>).
pub(super) fn gcp_cloud_armor(selection: &Selection<'_>) -> String {
    let texts = selection.texts();
    let rules = (1_usize..)
        .zip(texts.chunks(IN_A_RULE))
        .map(|(number, ranges)| armor_rule("allow", number.saturating_add(999), &selection.title(), ranges));
    let everyone = armor_rule("deny(403)", 2_147_483_647, "Everyone else", &["*".to_owned()]);
    let policy = json!({
        "name": "apim-origin-guard",
        "description": short(&selection.about(), 2048),
        "type": "CLOUD_ARMOR",
        "rules": rules.chain([everyone]).collect::<Vec<_>>(),
    });
    format!("{policy:#}\n")
}

fn armor_rule(action: &str, priority: usize, description: &str, ranges: &[String]) -> Value {
    json!({
        "action": action,
        "description": description,
        "match": json!({ "versionedExpr": "SRC_IPS_V1", "config": json!({ "srcIpRanges": ranges }) }),
        "preview": false,
        "priority": priority,
    })
}

/// The items of an IP list (<https://developers.cloudflare.com/api/resources/rules/subresources/lists/>).
pub(super) fn cloudflare_list(selection: &Selection<'_>) -> String {
    let item = |network| json!({ "ip": network, "comment": selection.describe(network) });
    let items: Value = selection.networks.iter().map(item).collect();
    format!("{items:#}\n")
}
