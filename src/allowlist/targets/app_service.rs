//! Access restrictions of an app: `ipSecurityRestrictions` of its `config/web`.
//!
//! The list is written as a whole, so it is read, the guard's own rules are changed in it, and everything else goes
//! back as it came, members included that the guard does not know.

use ipnet::IpNet;
use serde_json::Value;

use super::azure::{Resource, list, properties, strange, with};
use super::{Edit, Failure, MARKER, Present, network};
use crate::allowlist::plan::Item;
use crate::config::TargetKind;
use crate::json::{Node, json};
use crate::ports::{Clock, Fetcher};
use crate::refresh::Scene;

const API_VERSION: &str = "2023-12-01";
const RULES: &str = "ipSecurityRestrictions";

fn path(app: &str) -> String {
    format!("{app}/config/web")
}

const fn resource(path: &str) -> Resource<'_> {
    Resource { kind: TargetKind::AppService, path, api_version: API_VERSION }
}

/// The restrictions of the main site.
pub(super) async fn read<P: Fetcher + Clock>(scene: Scene<'_, P>, app: &str, origin: &str) -> Result<Present, Failure> {
    let answer = resource(&path(app)).read(scene).await?;
    let settings = answer.body.get("properties").ok_or_else(|| strange("`properties`"))?;
    let rules = settings.get(RULES).filter(|rules| **rules != Node::Null);
    let rules = rules.map_or(Some(&[][..]), Node::items).ok_or_else(|| strange("list `ipSecurityRestrictions`"))?;
    let items = rules.iter().flat_map(|rule| items_of(rule, origin)).collect();
    Ok(Present { etag: answer.etag, refused: refused(settings, rules), document: answer.body, ..Present::of(items) })
}

fn word(rule: &Node, name: &str) -> String {
    rule.member(name).unwrap_or_default()
}

/// The description of the guard's own rules for this origin.
fn description(origin: &str) -> String {
    format!("{MARKER}:{origin}")
}

/// A rule has up to eight networks, separated by commas. One that denies, or asks for header fields as well, or has a
/// service tag, does not let an address in.
fn items_of(rule: &Node, origin: &str) -> Vec<Item> {
    let addresses = word(rule, "ipAddress");
    let has_headers = rule.get("headers").is_some_and(|headers| !matches!(headers, Node::Null) && !is_empty(headers));
    let plain = word(rule, "action").eq_ignore_ascii_case("allow") && !has_headers;
    let owned = word(rule, "description") == description(origin);
    let item =
        |text: &str| Item { network: network(text).filter(|_| plain), text: text.to_owned(), owned, id: String::new() };
    addresses.split(',').map(str::trim).filter(|text| !text.is_empty()).map(item).collect()
}

fn is_empty(node: &Node) -> bool {
    matches!(node, Node::Table(entries) if entries.is_empty())
}

/// Without any restriction everybody is let in, and the first rule would shut everybody else out.
fn refused(settings: &Node, rules: &[Node]) -> Option<String> {
    let restricts =
        |rule: &Node| word(rule, "ipAddress") != "Any" || !word(rule, "action").eq_ignore_ascii_case("allow");
    match word(settings, "ipSecurityRestrictionsDefaultAction").to_ascii_lowercase().as_str() {
        "deny" => None,
        "" if rules.iter().any(restricts) => None,
        _ => Some(
            "The app lets everybody in: a rule of the guard's would be without effect, or shut everybody else out. Set the \
             unmatched rule action to Deny first."
                .into(),
        ),
    }
}

/// Writes the list with the guard's own rules changed.
pub(super) async fn write<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    app: &str,
    origin: &str,
    priority: u32,
    present: &Present,
    edit: &Edit,
) -> Result<(), Failure> {
    let settings = present.document.get("properties").ok_or_else(|| strange("`properties`"))?;
    let kept = list(settings, RULES).iter().filter_map(|rule| kept(rule, origin, edit));
    let added = edit.add.iter().map(|network| own_rule(*network, origin, priority));
    let body = properties(RULES, kept.chain(added).collect());
    resource(&path(app)).write(scene, "PATCH", Some(&body), present.etag.as_deref()).await
}

/// The rule as it stays; `None` where nothing of it does.
fn kept(rule: &Node, origin: &str, edit: &Edit) -> Option<Value> {
    let items = items_of(rule, origin);
    let goes = |item: &Item| item.owned && item.network.is_some_and(|network| edit.remove.contains(&network));
    if !items.iter().any(goes) {
        return Some(rule.into());
    }
    let stays: Vec<&str> = items.iter().filter(|item| !goes(item)).map(|item| item.text.as_str()).collect();
    (!stays.is_empty()).then(|| with(rule.into(), "ipAddress", stays.join(",").into()))
}

fn own_rule(network: IpNet, origin: &str, priority: u32) -> Value {
    json!({
        "ipAddress": network,
        "action": "Allow",
        "priority": priority,
        "name": MARKER,
        "description": description(origin),
    })
}
