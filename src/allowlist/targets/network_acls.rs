//! `networkAcls.ipRules` of a storage account or a key vault.
//!
//! There is no place for a mark, so what the guard has put there is remembered in KV; what was there before is never
//! touched. Neither service documents an optimistic lock: the list is read just before it is written and read again
//! afterwards.

use serde_json::Value;

use super::azure::{list, only, properties, strange, text, with};
use super::{Edit, Failure, Present, bare, network};
use crate::allowlist::plan::Item;
use crate::config::AzureTargetKind;
use crate::json::{Node, json};

const ACLS: &str = "networkAcls";
const RULES: &str = "ipRules";

/// The rules for addresses. Whose they are, the caller knows.
pub(super) fn present(kind: &AzureTargetKind, document: &Node) -> Result<Present, Failure> {
    let settings = properties(document)?;
    let acls = settings.get(ACLS).unwrap_or(&Node::Null);
    let items = list(acls, RULES).iter().map(item).collect();
    let refused = matches!(acls, Node::Null).then(|| {
        "It has no network rules yet, so everybody is let in: choose \"Enabled from selected virtual networks and IP \
         addresses\" first."
            .to_owned()
    });
    let location = region(&text(document, "location"));
    let region_without_effect = (*kind == AzureTargetKind::Storage && !location.is_empty()).then_some(location);
    Ok(Present { refused, notes: notes(settings, acls), region_without_effect, ..Present::of(items) })
}

fn item(rule: &Node) -> Item {
    let (address, action) = (text(rule, "value"), text(rule, "action"));
    let lets_in = action.is_empty() || action.eq_ignore_ascii_case("allow");
    Item { network: network(&address).filter(|_| lets_in), text: address, owned: false, id: String::new() }
}

/// `West Europe` is `westeurope`.
fn region(location: &str) -> String {
    location.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn notes(settings: &Node, acls: &Node) -> Vec<String> {
    let mut notes = Vec::new();
    if text(acls, "defaultAction").eq_ignore_ascii_case("allow") {
        notes.push("The default action is Allow: everybody is let in, with or without this list.".to_owned());
    }
    if text(settings, "publicNetworkAccess").eq_ignore_ascii_case("disabled") {
        notes.push("Public network access is disabled: this list has no effect.".to_owned());
    }
    notes
}

/// The rules with the guard's own changed, and everything else of `networkAcls` as it was.
pub(super) fn changed(kind: &AzureTargetKind, present: &Present, edit: &Edit) -> Result<Value, Failure> {
    let acls = properties(&present.document)?.get(ACLS).ok_or_else(|| strange("`networkAcls`"))?;
    let mut rules: Vec<Value> = Vec::new();
    for (rule, item) in list(acls, RULES).iter().zip(&present.items) {
        if !edit.takes(item) {
            rules.push(rule.into());
        }
    }
    for network in &edit.add {
        rules.push(match kind {
            AzureTargetKind::Storage => json!({ "value": bare(*network), "action": "Allow" }),
            _ => json!({ "value": network }),
        });
    }
    Ok(only(ACLS, with(acls.into(), RULES, rules.into())))
}
