//! Whether addresses are among those that Azure publishes for a region (the service tag `AzureCloud.<region>`; the tag
//! `ApiManagement` is the control plane and says nothing of a gateway). IPv4 alone, as the list is kept.

use std::net::IpAddr;

use ipnet::IpNet;

use super::comparison::list;
use super::{Break, Declared, Direction, Traffic};
use crate::json::shown;
use crate::net::{AddressClass, classify};
use crate::network_check::{CloudTag, cloud_tag_name};

/// The tag of one location beside the addresses there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorRange {
    /// `AzureCloud.westeurope`.
    pub tag: String,
    /// That of the tag in the list that is kept; `None`: the list has no such tag.
    pub change_number: Option<u64>,
    /// Declared for the location, or seen in DNS and in no location's tag, and outside; `None`: not known.
    pub outside: Option<Vec<IpNet>>,
}

shown! { VendorRange { tag, change_number, outside } }

/// One for each location of `declared`; `tags` are those of the list that is kept.
pub fn vendor_ranges(seen: &[IpAddr], declared: &Declared, tags: &[CloudTag]) -> Vec<VendorRange> {
    let strays = strays(seen, declared, tags);
    declared.locations.iter().map(|location| of_location(location, &strays, declared, tags)).collect()
}

fn of_location(location: &str, strays: &[IpNet], declared: &Declared, tags: &[CloudTag]) -> VendorRange {
    let here = declared.addresses.iter().filter(|one| one.location == location && one.gone_since.is_none());
    let tag = find(location, tags);
    let outside = tag.map(|tag| {
        let mut outside: Vec<IpNet> = here.map(|one| one.network).filter(|it| tag.has(it) == Some(false)).collect();
        outside.extend(strays);
        outside.sort_unstable();
        outside.dedup();
        outside
    });
    VendorRange { tag: cloud_tag_name(location), change_number: tag.map(|tag| tag.change_number), outside }
}

/// Public addresses in DNS that no location's tag has. Without the tags of all locations that cannot be told.
fn strays(seen: &[IpAddr], declared: &Declared, tags: &[CloudTag]) -> Vec<IpNet> {
    let known: Vec<&CloudTag> = declared.locations.iter().filter_map(|location| find(location, tags)).collect();
    if known.len() < declared.locations.len() {
        return Vec::new();
    }
    let public = seen.iter().filter(|address| classify(**address) == AddressClass::Public);
    public
        .map(|address| IpNet::from(*address))
        .filter(|it| known.iter().all(|tag| tag.has(it) == Some(false)))
        .collect()
}

fn find<'t>(location: &str, tags: &'t [CloudTag]) -> Option<&'t CloudTag> {
    let name = cloud_tag_name(location);
    tags.iter().find(|tag| tag.name == name)
}

impl VendorRange {
    /// Who goes by the tag and does not meet the addresses outside.
    pub(super) fn breaks(&self, declared: &Declared) -> Vec<Break> {
        let outside = self.outside.as_deref().unwrap_or_default();
        let direction = |network: &IpNet| {
            let one = declared.addresses.iter().find(|one| one.network == *network && one.gone_since.is_none());
            one.map_or(Direction::Inbound, |one| one.direction)
        };
        let met = |not: Direction| outside.iter().filter(|it| direction(it) != not).copied().collect::<Vec<_>>();
        let rows = [
            (Traffic::Outbound, "backends that let in a service tag", met(Direction::Inbound), "calls come from"),
            (
                Traffic::Inbound,
                "clients that let out to a service tag",
                met(Direction::Outbound),
                "the gateway's name leads to",
            ),
        ];
        let rows = rows.into_iter().filter(|(_, _, networks, _)| !networks.is_empty());
        rows.map(|(direction, who, networks, what)| Break { direction, who, why: self.why(what, &networks) }).collect()
    }

    fn why(&self, what: &str, networks: &[IpNet]) -> String {
        let change = self.change_number.unwrap_or_default();
        format!("{what} {}, which {} (change number {change}) does not have", list(networks), self.tag)
    }
}
