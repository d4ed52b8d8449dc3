//! A security rule, its fields in the singular and the plural.

use ipnet::Ipv4Net;
use serde_json::Value;

use super::Flow;
use crate::network_check::field::{either, list, number, properties, text};
use crate::network_check::ranges::prefix;

/// A security rule. `remote` is the source of an inbound rule and the destination of an outbound one; `local` the other.
pub(in crate::network_check) struct Rule<'a> {
    pub name: &'a str,
    pub priority: u64,
    pub inbound: bool,
    pub allow: bool,
    pub remote: Vec<Item<'a>>,
    pub ports: Vec<&'a str>,
    port_ranges: Vec<(u16, u16)>,
    pub(super) local: Vec<Item<'a>>,
    protocol: &'a str,
    /// Only some source ports: what part of a flow that is cannot be told.
    pub(super) is_narrow: bool,
}

const ALL_PORTS: (u16, u16) = (0, u16::MAX);

/// First and last of `443`, `8000-8099` or `*`.
fn port_range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    if text == "*" { Some(ALL_PORTS) } else { first.trim().parse().ok().zip(last.trim().parse().ok()) }
}

/// An item of one side: a prefix, a tag, or any.
pub(in crate::network_check) struct Item<'a> {
    pub text: &'a str,
    /// `None`: no prefix.
    pub net: Option<Ipv4Net>,
}

impl<'a> Item<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, net: prefix(text) }
    }
}

/// Name, priority, whether inbound, whether it allows, remote side, local side
/// (<https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules>).
type Default = (&'static str, u64, bool, bool, &'static str, &'static str);
const DEFAULTS: [Default; 6] = [
    ("AllowVnetInBound", 65_000, true, true, "VirtualNetwork", "VirtualNetwork"),
    ("AllowAzureLoadBalancerInBound", 65_001, true, true, "AzureLoadBalancer", "*"),
    ("DenyAllInBound", 65_500, true, false, "*", "*"),
    ("AllowVnetOutBound", 65_000, false, true, "VirtualNetwork", "VirtualNetwork"),
    ("AllowInternetOutBound", 65_001, false, true, "Internet", "*"),
    ("DenyAllOutBound", 65_500, false, false, "*", "*"),
];

impl<'a> Rule<'a> {
    pub(super) fn read(value: &'a Value) -> Self {
        let name = text(value, "name").unwrap_or("(no name)");
        let value = properties(value);
        let inbound = text(value, "direction").is_some_and(|word| word.eq_ignore_ascii_case("Inbound"));
        let source = either(value, "sourceAddressPrefix", "sourceAddressPrefixes");
        let destination = either(value, "destinationAddressPrefix", "destinationAddressPrefixes");
        let (remote, local) = if inbound { (source, destination) } else { (destination, source) };
        let items = |texts: Vec<&'a str>| texts.into_iter().map(Item::of).collect();
        let ports = either(value, "destinationPortRange", "destinationPortRanges");
        let source_ports = either(value, "sourcePortRange", "sourcePortRanges");
        // The interfaces of an instance are Microsoft's own, so they are in no application security group.
        let grouped = if inbound { "destinationApplicationSecurityGroups" } else { "sourceApplicationSecurityGroups" };
        Self {
            name,
            priority: number(value, "priority").unwrap_or(u64::MAX),
            inbound,
            allow: text(value, "access").is_some_and(|word| word.eq_ignore_ascii_case("Allow")),
            remote: items(remote),
            port_ranges: ports.iter().filter_map(|ports| port_range(ports)).collect(),
            ports,
            local: if list(value, grouped).is_empty() { items(local) } else { Vec::new() },
            protocol: text(value, "protocol").unwrap_or("*"),
            is_narrow: !source_ports.is_empty() && !source_ports.contains(&"*"),
        }
    }

    pub(super) fn defaults() -> impl Iterator<Item = Self> {
        DEFAULTS.into_iter().map(|(name, priority, inbound, allow, remote, local)| Self {
            name,
            priority,
            inbound,
            allow,
            remote: vec![Item::of(remote)],
            ports: vec!["*"],
            port_ranges: vec![ALL_PORTS],
            local: vec![Item::of(local)],
            protocol: "*",
            is_narrow: false,
        })
    }

    /// Whether direction, protocol and port are those of `flow`.
    pub(super) fn concerns(&self, flow: &Flow<'_>) -> bool {
        let tcp = self.protocol == "*" || self.protocol.eq_ignore_ascii_case("Tcp");
        tcp && self.inbound == flow.inbound && self.has_port(flow.port)
    }

    /// Whether `port` is among the destination ports.
    pub(in crate::network_check) fn has_port(&self, port: u16) -> bool {
        self.port_ranges.iter().any(|(first, last)| (*first..=*last).contains(&port))
    }

    /// "rule `DenyAll` (priority 4096): Deny from *, ports *", without the backticks.
    pub(in crate::network_check) fn describe(&self) -> String {
        let (access, direction) = (if self.allow { "Allow" } else { "Deny" }, if self.inbound { "from" } else { "to" });
        let shown: Vec<_> = self.remote.iter().take(4).map(|item| item.text).collect();
        let more = if self.remote.len() > shown.len() { " and others" } else { "" };
        let (remote, ports) = (shown.join(", "), self.ports.join(", "));
        format!("rule {} (priority {}): {access} {direction} {remote}{more}, ports {ports}", self.name, self.priority)
    }
}
