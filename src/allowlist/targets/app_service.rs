//! Access restrictions of an app: `ipSecurityRestrictions` of its `config/web`.
//!
//! The list is written as a whole, so it is read, the guard's own rules are changed in it, and everything else goes
//! back as it came, members included that the guard does not know.

use ipnet::IpNet;
use serde_json::Value;

use super::azure::{list, only, properties, strange, text, with};
use super::{Edit, Failure, MARKER, Present, network};
use crate::allowlist::plan::Item;
use crate::json::{Node, json};

const RULES: &str = "ipSecurityRestrictions";

/// The restrictions of the main site.
pub(super) fn present(document: &Node, origin: &str) -> Result<Present, Failure> {
    let settings = properties(document)?;
    let rules = match settings.get(RULES) {
        None | Some(Node::Null) => &[],
        Some(rules) => rules.items().ok_or_else(|| strange("list `ipSecurityRestrictions`"))?,
    };
    let mut items = Vec::new();
    for rule in rules {
        items.append(&mut items_of(rule, origin));
    }
    Ok(Present { refused: refused(settings, rules), ..Present::of(items) })
}

/// The description of the guard's own rules for this origin.
fn description(origin: &str) -> String {
    format!("{MARKER}:{origin}")
}

/// A rule has up to eight networks, separated by commas. One that denies, or asks for header fields as well, or has a
/// service tag, does not let an address in.
fn items_of(rule: &Node, origin: &str) -> Vec<Item> {
    let has_headers = match rule.get("headers") {
        None | Some(Node::Null) => false,
        Some(Node::Table(fields)) => !fields.is_empty(),
        Some(_) => true,
    };
    let plain = text(rule, "action").eq_ignore_ascii_case("allow") && !has_headers;
    let owned = text(rule, "description") == description(origin);
    let mut items = Vec::new();
    for address in text(rule, "ipAddress").split(',').map(str::trim).filter(|address| !address.is_empty()) {
        let network = network(address).filter(|_| plain);
        items.push(Item { network, text: address.to_owned(), owned, id: String::new() });
    }
    items
}

/// Without any restriction everybody is let in, and the first rule would shut everybody else out.
fn refused(settings: &Node, rules: &[Node]) -> Option<String> {
    let restricts =
        |rule: &Node| text(rule, "ipAddress") != "Any" || !text(rule, "action").eq_ignore_ascii_case("allow");
    match text(settings, "ipSecurityRestrictionsDefaultAction").to_ascii_lowercase().as_str() {
        "deny" => None,
        "" if rules.iter().any(restricts) => None,
        _ => Some(
            "The app lets everybody in: a rule of the guard's would be without effect, or shut everybody else out. Set the \
             unmatched rule action to Deny first."
                .into(),
        ),
    }
}

/// The list with the guard's own rules changed.
pub(super) fn changed(present: &Present, origin: &str, priority: u32, edit: &Edit) -> Result<Value, Failure> {
    let mut rules: Vec<Value> = Vec::new();
    for rule in list(properties(&present.document)?, RULES) {
        rules.extend(kept(rule, origin, edit));
    }
    for network in &edit.add {
        rules.push(own_rule(*network, origin, priority));
    }
    Ok(only(RULES, rules.into()))
}

/// The rule as it stays; `None` where nothing of it does.
fn kept(rule: &Node, origin: &str, edit: &Edit) -> Option<Value> {
    let items = items_of(rule, origin);
    if !items.iter().any(|item| edit.takes(item)) {
        return Some(rule.into());
    }
    let stays: Vec<&str> = items.iter().filter(|item| !edit.takes(item)).map(|item| item.text.as_str()).collect();
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
