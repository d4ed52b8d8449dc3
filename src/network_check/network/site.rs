//! One location of a service, with the parts of its network.

use ipnet::Ipv4Net;
use serde_json::Value;

use super::{Need, Network, Part};
use crate::network_check::field::{either, field, flag, list, number, reference, text};
use crate::network_check::ranges::prefix;
use crate::network_check::resource_id::{key, parent};

/// A location. Ids are those that the parts have or would have; empty where no document names one.
pub(in crate::network_check) struct Site<'a> {
    /// The service itself, or an item of `additionalLocations`.
    pub value: &'a Value,
    /// As Azure displays it.
    pub location: &'a str,
    pub in_network: bool,
    pub subnet_id: &'a str,
    pub subnet: Part<&'a Value>,
    pub network: Part<&'a Value>,
    pub group_id: &'a str,
    pub group: Part<&'a Value>,
    pub table_id: &'a str,
    pub table: Part<&'a Value>,
    pub status: Option<&'a Value>,
}

impl<'a> Site<'a> {
    pub(super) fn read(value: &'a Value, in_network: bool, network: &Network<'a>) -> Self {
        let place = field(value, "virtualNetworkConfiguration");
        let subnet_id = place.and_then(|place| text(place, "subnetResourceId")).unwrap_or_default();
        let get = |id: &str, need| network.part(id, need);
        let subnet = get(subnet_id, Need::Subnet);
        let (group_id, group) = attached(subnet, "networkSecurityGroup", Need::SecurityGroup, subnet_id, network);
        let (table_id, table) = attached(subnet, "routeTable", Need::RouteTable, subnet_id, network);
        Self {
            value,
            location: text(value, "location").unwrap_or("(no location)"),
            in_network: in_network || !subnet_id.is_empty(),
            subnet_id,
            subnet,
            network: get(parent(subnet_id).unwrap_or_default(), Need::VirtualNetwork),
            group_id,
            group,
            table_id,
            table,
            status: None,
        }
    }

    pub(in crate::network_check) fn gateway_disabled(&self) -> bool {
        flag(self.value, "disableGateway") == Some(true)
    }

    /// Scale units.
    pub(in crate::network_check) fn units(&self) -> Option<u64> {
        number(field(self.value, "sku")?, "capacity")
    }

    /// The IPv4 prefixes of the subnet; none where it is not known.
    pub(in crate::network_check) fn prefixes(&self) -> Vec<Ipv4Net> {
        let Part::Known(subnet) = self.subnet else { return Vec::new() };
        either(subnet, "addressPrefix", "addressPrefixes").into_iter().filter_map(prefix).collect()
    }

    /// The services that the subnet is delegated to; none where it is not known.
    pub(in crate::network_check) fn delegations(&self) -> Vec<&'a str> {
        let Part::Known(subnet) = self.subnet else { return Vec::new() };
        list(subnet, "delegations").iter().filter_map(|to| text(to, "serviceName")).collect()
    }

    /// What findings about its routes are about: the table, else the subnet.
    pub(in crate::network_check) fn routes_subject(&self) -> &'a str {
        if self.table_id.is_empty() { self.subnet_id } else { self.table_id }
    }

    /// The id of the part that `need` is about.
    pub(in crate::network_check) fn id_of(&self, need: Need) -> &'a str {
        match need {
            Need::VirtualNetwork => parent(self.subnet_id).unwrap_or_default(),
            Need::Subnet => self.subnet_id,
            Need::SecurityGroup => self.group_id,
            Need::RouteTable => self.table_id,
            Need::ServiceTags => self.location,
            Need::Service | Need::NetworkStatus | Need::BackendGroup | Need::DnsRecords => "",
        }
    }
}

/// What the subnet names under `name`; without the subnet the document that names the subnet.
fn attached<'a>(
    subnet: Part<&'a Value>,
    name: &str,
    need: Need,
    subnet_id: &str,
    network: &Network<'a>,
) -> (&'a str, Part<&'a Value>) {
    match subnet {
        Part::Known(subnet) => match reference(subnet, name) {
            Some(id) => (id, network.part(id, need)),
            None => ("", Part::Absent),
        },
        _ => network
            .naming(subnet_id, need)
            .map_or(("", Part::Missing(Need::Subnet)), |(id, part)| (id, Part::Known(part))),
    }
}

impl<'a> Network<'a> {
    /// The part with this id. Half of a document is none: it would tell of what is not there.
    fn part(&self, id: &str, need: Need) -> Part<&'a Value> {
        let whole: &[&str] = match need {
            Need::Subnet => &["addressPrefix", "addressPrefixes"],
            Need::SecurityGroup => &["securityRules"],
            Need::RouteTable => &["routes"],
            _ => &[],
        };
        let is_whole = |part: &&Value| whole.is_empty() || whole.iter().any(|member| field(part, member).is_some());
        self.get(id).filter(is_whole).map_or(Part::Missing(need), Part::Known)
    }

    /// The group or the table whose `subnets` have this id.
    fn naming(&self, subnet_id: &str, need: Need) -> Option<(&'a str, &'a Value)> {
        let member = if need == Need::RouteTable { "routes" } else { "securityRules" };
        let wanted = key(subnet_id);
        let names = |part: &&&Value| {
            list(part, "subnets").iter().any(|one| text(one, "id").is_some_and(|id| key(id) == wanted))
        };
        let part = self.parts.all.iter().filter(|part| field(part, member).is_some()).find(names)?;
        Some((text(part, "id")?, part))
    }
}
