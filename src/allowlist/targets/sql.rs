//! Server firewall rules of an Azure SQL logical server: one resource each, named by the guard.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net, Ipv4Subnets};

use super::azure::{Resource, strange};
use super::{Edit, Failure, MARKER, Present};
use crate::allowlist::plan::Item;
use crate::config::TargetKind;
use crate::json::{Node, json};
use crate::ports::{Clock, Fetcher};
use crate::refresh::Scene;

const API_VERSION: &str = "2021-11-01";

fn path(server: &str) -> String {
    format!("{server}/firewallRules")
}

const fn resource(path: &str) -> Resource<'_> {
    Resource { kind: TargetKind::Sql, path, api_version: API_VERSION }
}

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
pub(super) async fn read<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    server: &str,
    origin: &str,
) -> Result<Present, Failure> {
    let answer = resource(&path(server)).read(scene).await?;
    let rules = answer.body.get("value").and_then(Node::items).ok_or_else(|| strange("list `value`"))?;
    if answer.body.member::<String>("nextLink").is_some_and(|link| !link.is_empty()) {
        return Err(strange("end: there are more firewall rules than one page has"));
    }
    Ok(Present::of(rules.iter().map(|rule| item(rule, origin)).collect()))
}

fn item(rule: &Node, origin: &str) -> Item {
    let name: String = rule.member("name").unwrap_or_default();
    let end = |which| rule.get("properties")?.member::<String>(which);
    let (start, last) = (end("startIpAddress").unwrap_or_default(), end("endIpAddress").unwrap_or_default());
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

/// Makes and deletes rules, one after the other: the first failure ends it, and the next run goes on.
pub(super) async fn write<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    server: &str,
    origin: &str,
    edit: &Edit,
) -> Result<(), Failure> {
    for network in &edit.add {
        let IpNet::V4(v4) = network else { continue };
        let ends = json!({ "startIpAddress": v4.network().to_string(), "endIpAddress": v4.broadcast().to_string() });
        let path = format!("{}/{}", path(server), name(origin, *network));
        resource(&path).write(scene, "PUT", Some(&json!({ "properties": ends })), None).await?;
    }
    for network in &edit.remove {
        let path = format!("{}/{}", path(server), name(origin, *network));
        resource(&path).write(scene, "DELETE", None, None).await?;
    }
    Ok(())
}
