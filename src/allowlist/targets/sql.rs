//! Server firewall rules of an Azure SQL logical server: one resource each, named by the guard.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net, Ipv4Subnets};

use super::azure::{Write, strange, text};
use super::{Edit, Failure, MARKER, Present};
use crate::allowlist::plan::Item;
use crate::json::{Node, json};

/// `origin-guard-contoso-`: the rules of this origin.
fn prefix(origin: &str) -> String {
    format!("{MARKER}-{origin}-")
}

/// The rule's name says what it is for, so the same network has the same rule.
fn name(origin: &str, network: IpNet) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("{}{}", prefix(origin), network.to_string().chars().map(plain).collect::<String>())
}

/// The rules of the server. A list of several pages cannot be told from a whole one, so it is not used.
pub(super) fn present(document: &Node, origin: &str) -> Result<Present, Failure> {
    let rules = document.get("value").and_then(Node::items).ok_or_else(|| strange("list `value`"))?;
    if !text(document, "nextLink").is_empty() {
        return Err(strange("end: there are more firewall rules than one page has"));
    }
    Ok(Present::of(rules.iter().map(|rule| item(rule, origin)).collect()))
}

fn item(rule: &Node, origin: &str) -> Item {
    let name = text(rule, "name");
    let ends = rule.get("properties").unwrap_or(&Node::Null);
    let (start, last) = (text(ends, "startIpAddress"), text(ends, "endIpAddress"));
    let network = range(&start, &last);
    // A rule under a name of the guard's with other addresses is not one that it has made.
    let owned = network.is_some_and(|network| name == self::name(origin, network));
    Item { network, text: format!("{name} ({start} to {last})"), owned, id: name }
}

/// The one network that reaches from `start` to `last`.
fn range(start: &str, last: &str) -> Option<IpNet> {
    let (start, last): (Ipv4Addr, Ipv4Addr) = (start.parse().ok()?, last.parse().ok()?);
    let mut networks = Ipv4Subnets::new(start, last, 0);
    let first: Ipv4Net = networks.next().filter(|_| start <= last && !start.is_unspecified())?;
    networks.next().is_none().then_some(IpNet::V4(first))
}

/// The calls that make and delete rules.
pub(super) fn writes(path: &str, origin: &str, edit: &Edit) -> Vec<Write> {
    let mut writes = Vec::new();
    let rule = |network: &IpNet| format!("{path}/{}", name(origin, *network));
    for network in &edit.add {
        if let IpNet::V4(v4) = network {
            let ends =
                json!({ "startIpAddress": v4.network().to_string(), "endIpAddress": v4.broadcast().to_string() });
            writes.push(Write { method: "PUT", path: rule(network), body: Some(json!({ "properties": ends })) });
        }
    }
    for network in &edit.remove {
        writes.push(Write { method: "DELETE", path: rule(network), body: None });
    }
    writes
}
