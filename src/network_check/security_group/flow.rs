//! A flow: traffic of one port between the subnet and a set of remote addresses.

use ipnet::Ipv4Net;

use crate::network_check::ranges::Ranges;

/// TCP between the subnet and `set`.
pub(in crate::network_check) struct Flow<'a> {
    pub inbound: bool,
    /// The service tag of the remote side, where it has one.
    pub tag: Option<&'a str>,
    /// The remote addresses, where they can be listed.
    pub set: Option<Ranges>,
    /// Whether `set` is only a part of them.
    pub is_sample: bool,
    pub port: u16,
}

/// The addresses of the subnet; empty: not known.
pub(in crate::network_check) type Subnet = [Ipv4Net];

impl Flow<'_> {
    /// Whether the remote side is outside every virtual network; only the load balancer's probes are not.
    pub(super) fn is_public(&self) -> bool {
        self.tag != Some("AzureLoadBalancer")
    }
}
