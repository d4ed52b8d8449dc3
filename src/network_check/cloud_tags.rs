//! The tags of Azure's public addresses by region, out of a list that is kept.

use ipnet::IpNet;

use super::input::Document;
use super::ranges::Ranges;
use super::service_tags::{AZURE_CLOUD, Tags};

/// Where the tag has another name for a region than ARM has, as the published lists of 2026 show.
const OTHER_NAMES: [(&str, &str); 10] = [
    ("brazilsoutheast", "brazilse"),
    ("chilecentral", "chilec"),
    ("francecentral", "centralfrance"),
    ("francesouth", "southfrance"),
    ("germanynorth", "germanyn"),
    ("germanywestcentral", "germanywc"),
    ("norwayeast", "norwaye"),
    ("norwaywest", "norwayw"),
    ("switzerlandnorth", "switzerlandn"),
    ("switzerlandwest", "switzerlandw"),
];

/// `AzureCloud.<region>` of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudTag {
    /// As [`cloud_tag_name`] writes it.
    pub name: String,
    /// The tag's own, where it has one, else that of the list.
    pub change_number: u64,
    ranges: Ranges,
}

impl CloudTag {
    /// Whether the whole of `network` is among its addresses; `None` for IPv6, which is not kept.
    pub fn has(&self, network: &IpNet) -> Option<bool> {
        if let IpNet::V4(v4) = network { Some(self.ranges.covers(v4)) } else { None }
    }
}

/// The name of the tag for `location`, a normalised name (`westeurope`).
pub fn cloud_tag_name(location: &str) -> String {
    let other = OTHER_NAMES.iter().find(|(arm, _)| *arm == location);
    format!("{AZURE_CLOUD}.{}", other.map_or(location, |(_, tag)| tag))
}

/// The tags of `locations` that `list` has.
pub fn cloud_tags(list: &Document, locations: &[String]) -> Vec<CloudTag> {
    let tags = Tags::of(std::iter::once(list));
    let tag = |location: &String| {
        let name = cloud_tag_name(location);
        let (prefixes, change_number) = tags.prefixes(&name).zip(tags.change(&name))?;
        Some(CloudTag { ranges: prefixes.ranges.clone(), name, change_number })
    };
    locations.iter().filter_map(tag).collect()
}
