//! `sourceAddressPrefixes` of one rule of a network security group.
//!
//! The rule must be there and say in its description that it is the guard's. All addresses in it are then the guard's;
//! everything else of the rule, and every other rule, stays as it is.

use ipnet::IpNet;
use serde_json::Value;

use super::azure::{Resource, list, strange, with, without};
use super::{Edit, Failure, MARKER, Present, network};
use crate::allowlist::plan::Item;
use crate::config::TargetKind;
use crate::json::{Node, json};
use crate::ports::{Clock, Fetcher};
use crate::refresh::Scene;

const API_VERSION: &str = "2024-05-01";
/// The list, and the member that stands in its place where there is one source only.
const PREFIXES: &str = "sourceAddressPrefixes";
const PREFIX: &str = "sourceAddressPrefix";

fn path(group: &str, rule: &str) -> String {
    format!("{group}/securityRules/{rule}")
}

const fn resource(path: &str) -> Resource<'_> {
    Resource { kind: TargetKind::Nsg, path, api_version: API_VERSION }
}

/// The sources of the rule.
pub(super) async fn read<P: Fetcher + Clock>(scene: Scene<'_, P>, group: &str, rule: &str) -> Result<Present, Failure> {
    let answer = resource(&path(group, rule)).read(scene).await?;
    let properties = answer.body.get("properties").ok_or_else(|| strange("`properties`"))?;
    let items = sources(properties).iter().map(|source| item(source)).collect();
    let refused = refused(properties);
    Ok(Present { etag: answer.etag, refused, document: answer.body, ..Present::of(items) })
}

fn sources(properties: &Node) -> Vec<String> {
    let single: Option<String> = properties.member(PREFIX).filter(|prefix: &String| !prefix.is_empty());
    let many = list(properties, PREFIXES).iter().filter_map(Node::text).map(str::to_owned);
    many.chain(single).collect()
}

fn item(source: &str) -> Item {
    let network = network(source);
    Item { network, text: source.to_owned(), owned: network.is_some(), id: String::new() }
}

fn refused(properties: &Node) -> Option<String> {
    let word = |name: &str| properties.member::<String>(name).unwrap_or_default();
    let sources = sources(properties);
    if !word("description").contains(MARKER) {
        Some(format!("The rule's description does not say `{MARKER}`: it is not the guard's to change."))
    } else if !word("access").eq_ignore_ascii_case("allow") || !word("direction").eq_ignore_ascii_case("inbound") {
        Some("The rule is not one that allows inbound traffic.".into())
    } else if let Some(everyone) = sources.iter().find(|source| network(source).is_none()) {
        Some(format!("The rule's source is `{everyone}`, which is no address: a list beside it is not possible."))
    } else if !list(properties, "sourceApplicationSecurityGroups").is_empty() {
        Some("The rule's source are application security groups: a list beside them is not possible.".into())
    } else {
        None
    }
}

/// Puts the rule with other sources, if it is still the one that was read.
pub(super) async fn write<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    group: &str,
    rule: &str,
    present: &Present,
    edit: &Edit,
) -> Result<(), Failure> {
    let kept = present.items.iter().filter(|item| item.network.is_none_or(|network| !edit.remove.contains(&network)));
    let kept = kept.map(|item| item.text.clone());
    let sources: Vec<String> = kept.chain(edit.add.iter().map(IpNet::to_string)).collect();
    if sources.is_empty() {
        return Err(Failure::refused("allowlist_would_be_empty", "The rule would have no source", "Report this."));
    }
    let properties = present.document.get("properties").map(Value::from).unwrap_or_default();
    let properties = without(without(properties, PREFIX), "provisioningState");
    let body = json!({ "properties": with(properties, PREFIXES, sources.into()) });
    resource(&path(group, rule)).write(scene, "PUT", Some(&body), present.etag.as_deref()).await
}
