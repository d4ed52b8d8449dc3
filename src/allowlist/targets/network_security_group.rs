//! `sourceAddressPrefixes` of one rule of a network security group.
//!
//! The rule must be there and say in its description that it is the guard's. All addresses in it are then the guard's;
//! everything else of the rule, and every other rule, stays as it is.

use serde_json::Value;

use super::azure::{list, properties, text, with, without};
use super::{Edit, Failure, MARKER, Present, network};
use crate::allowlist::plan::Item;
use crate::json::{Node, json};

/// The list, and the member that stands in its place where there is one source only.
const PREFIXES: &str = "sourceAddressPrefixes";
const PREFIX: &str = "sourceAddressPrefix";

/// The sources of the rule.
pub(super) fn present(document: &Node) -> Result<Present, Failure> {
    let settings = properties(document)?;
    let mut items: Vec<Item> = list(settings, PREFIXES).iter().filter_map(Node::text).map(item).collect();
    let single = text(settings, PREFIX);
    if !single.is_empty() {
        items.push(item(&single));
    }
    let refused = refused(settings, &items);
    Ok(Present { refused, ..Present::of(items) })
}

fn item(source: &str) -> Item {
    let network = network(source);
    Item { network, text: source.to_owned(), owned: network.is_some(), id: String::new() }
}

fn refused(settings: &Node, items: &[Item]) -> Option<String> {
    if !text(settings, "description").contains(MARKER) {
        Some(format!("The rule's description does not say `{MARKER}`: it is not the guard's to change."))
    } else if !text(settings, "access").eq_ignore_ascii_case("allow")
        || !text(settings, "direction").eq_ignore_ascii_case("inbound")
    {
        Some("The rule is not one that allows inbound traffic.".into())
    } else if let Some(Item { text: everyone, .. }) = items.iter().find(|item| item.network.is_none()) {
        Some(format!("The rule's source is `{everyone}`, which is no address: a list beside it is not possible."))
    } else if !list(settings, "sourceApplicationSecurityGroups").is_empty() {
        Some("The rule's source are application security groups: a list beside them is not possible.".into())
    } else {
        None
    }
}

/// The rule with other sources.
pub(super) fn changed(present: &Present, edit: &Edit) -> Result<Value, Failure> {
    let mut sources: Vec<Value> = Vec::new();
    for item in present.items.iter().filter(|item| !edit.takes(item)) {
        sources.push(item.text.as_str().into());
    }
    for network in &edit.add {
        sources.push(network.to_string().into());
    }
    if sources.is_empty() {
        return Err(Failure::refused("allowlist_would_be_empty", "The rule would have no source", "Report this."));
    }
    let settings = Value::from(properties(&present.document)?);
    let settings = without(without(settings, PREFIX), "provisioningState");
    Ok(json!({ "properties": with(settings, PREFIXES, sources.into()) }))
}
