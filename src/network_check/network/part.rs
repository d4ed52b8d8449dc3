//! A part of a network: known, absent or missing.

use crate::network_check::input::Kind;
use crate::network_check::resource_id;

/// Azure Resource Manager, public cloud. `az rest` takes the token for it by itself.
pub(in crate::network_check) const ARM: &str = "https://management.azure.com";

/// A document that was looked for.
#[derive(Clone, Copy)]
pub(in crate::network_check) enum Part<T> {
    Known(T),
    /// There is none, as a document says that was given.
    Absent,
    Missing(Need),
}

/// What to fetch, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::network_check) enum Need {
    Service,
    NetworkStatus,
    VirtualNetwork,
    Subnet,
    RouteTable,
    SecurityGroup,
    ServiceTags,
    BackendGroup,
    DnsRecords,
}

impl Need {
    /// With its article.
    pub(in crate::network_check) const fn label(self) -> &'static str {
        match self {
            Self::Service => "the API Management service",
            Self::NetworkStatus => "the network status",
            Self::VirtualNetwork => "the virtual network",
            Self::Subnet => "the subnet",
            Self::RouteTable => "the route table",
            Self::SecurityGroup => "the network security group",
            Self::ServiceTags => "the service tags",
            Self::BackendGroup => "the network security group of a backend",
            Self::DnsRecords => "the DNS records of the zone at Cloudflare",
        }
    }

    /// The kind of the document, where it is one of Azure's.
    pub(in crate::network_check) const fn kind(self) -> Option<Kind> {
        match self {
            Self::Service => Some(Kind::Service),
            Self::NetworkStatus => Some(Kind::NetworkStatus),
            Self::VirtualNetwork => Some(Kind::VirtualNetwork),
            Self::Subnet => Some(Kind::Subnet),
            Self::RouteTable => Some(Kind::RouteTable),
            Self::SecurityGroup => Some(Kind::SecurityGroup),
            Self::ServiceTags => Some(Kind::ServiceTags),
            Self::BackendGroup | Self::DnsRecords => None,
        }
    }

    /// Whether the document with the id `given` is the one that is needed as `wanted`, empty where no document names it.
    pub(in crate::network_check) fn is_of(self, given: &str, wanted: &str) -> bool {
        let any = wanted.is_empty() || self == Self::ServiceTags;
        any || resource_id::key(given) == resource_id::key(wanted)
    }

    /// The command that prints the document with `id`; for the service tags `id` is a location.
    pub(in crate::network_check) fn command(self, id: &str) -> String {
        let show = |what: &str| format!("az {what} show --ids {} --output json", quoted(id, "<resource-id>"));
        match self {
            Self::Service => {
                let (group, name) = (resource_id::after(id, "resourceGroups"), resource_id::after(id, "service"));
                let (group, name) =
                    (quoted(group.unwrap_or(""), "<resource-group>"), quoted(name.unwrap_or(""), "<service-name>"));
                format!("az apim show --resource-group {group} --name {name} --output json")
            }
            Self::NetworkStatus => format!(
                "az rest --method get --url '{ARM}{}/networkstatus?api-version=2024-05-01'",
                plain(id, "/<service-id>")
            ),
            Self::VirtualNetwork => show("network vnet"),
            Self::Subnet => show("network vnet subnet"),
            Self::RouteTable => show("network route-table"),
            Self::SecurityGroup => show("network nsg"),
            Self::BackendGroup => {
                "az network nsg show --resource-group '<resource-group>' --name '<backend-nsg>' --output json".into()
            }
            Self::ServiceTags => {
                let location = resource_id::region(id);
                format!("az network list-service-tags --location {} --output json", quoted(&location, "<location>"))
            }
            Self::DnsRecords => "curl --fail --header \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" \
                'https://api.cloudflare.com/client/v4/zones/<zone-id>/dns_records?per_page=5000'"
                .into(),
        }
    }
}

/// In single quotes for a shell.
pub(in crate::network_check) fn quoted(text: &str, placeholder: &str) -> String {
    format!("'{}'", plain(text, placeholder))
}

/// `text`; `placeholder` where it is empty or has a character that no name at Azure has, so that nothing in a document
/// becomes a command.
pub(in crate::network_check) fn plain<'a>(text: &'a str, placeholder: &'a str) -> &'a str {
    let is_plain =
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || !c.is_ascii() || "-._()/ ".contains(c));
    if is_plain { text } else { placeholder }
}
