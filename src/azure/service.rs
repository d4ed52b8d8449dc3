//! The document of an API Management service, as far as the guard needs it (azure.md 1.2 in the facts; the vendor's
//! reference: <https://learn.microsoft.com/rest/api/apimanagement/api-management-service/get>).
//!
//! Enums are open: words stay as they came. What is missing or null is unknown.

use serde_json::Value;

use super::Addresses;
use crate::json::stored;
use crate::network_check::Platform;
use crate::network_check::field::{field, flag, instant, list, text, texts};
use crate::network_check::resource_id::{key, region};
use crate::time::UnixMillis;

/// Locations and gateway host names that are kept.
const MAX_PLACES: usize = 60;

/// A service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Resource id, as ARM writes it.
    pub id: String,
    /// Changes with every change of the resource.
    pub etag: Option<String>,
    /// `sku.name`.
    pub sku: String,
    /// `provisioningState`.
    pub provisioning_state: Option<String>,
    /// `targetProvisioningState`, while an operation runs.
    pub target_state: Option<String>,
    /// `createdAtUtc`: another one under the same name is another instance.
    pub created_at: Option<UnixMillis>,
    /// `systemData.lastModifiedAt`: an answer with an earlier one is of earlier.
    pub modified_at: Option<UnixMillis>,
    /// `platformVersion`.
    pub platform_version: Option<String>,
    /// `virtualNetworkType`: `None`, `External`, `Internal`.
    pub network_type: Option<String>,
    /// `publicNetworkAccess`: `Enabled`, `Disabled`.
    pub public_access: Option<String>,
    /// `gatewayUrl`.
    pub gateway_url: Option<String>,
    /// `apiVersionConstraint.minApiVersion`.
    pub min_api_version: Option<String>,
    /// Private endpoints that are approved.
    pub private_endpoints: u32,
    /// The primary location first.
    pub locations: Vec<Location>,
    /// The gateway's host names.
    pub gateway_hosts: Vec<GatewayHost>,
}

stored! { Service { id, sku, private_endpoints, locations, gateway_hosts } or default {
    etag, provisioning_state, target_state, created_at, modified_at, platform_version, network_type, public_access, gateway_url,
    min_api_version
} }

/// The service in one location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Normalised: `westeurope`.
    pub name: String,
    /// `publicIPAddresses`.
    pub public: Addresses,
    /// `outboundPublicIPAddresses`.
    pub outbound: Addresses,
    /// `natGatewayState`: `Enabled`, `Disabled`; `Unsupported` has been seen.
    pub nat_gateway: Option<String>,
    /// `disableGateway`.
    pub gateway_disabled: bool,
    /// `zones`.
    pub zones: Vec<String>,
    /// `virtualNetworkConfiguration.subnetResourceId`.
    pub subnet: Option<String>,
    /// `publicIpAddressId`: the customer's own public IP resource.
    pub public_ip: Option<String>,
    /// `platformVersion` of the location.
    pub platform_version: Option<String>,
    /// `gatewayRegionalUrl`.
    pub regional_url: Option<String>,
}

stored! { Location { name, public, outbound, gateway_disabled, zones } or default {
    nat_gateway, subnet, public_ip, platform_version, regional_url
} }

/// A host name of the gateway (`hostnameConfigurations[]` of type `Proxy`) and its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayHost {
    /// `hostName`, in lower case.
    pub host: String,
    /// `certificate.expiry`.
    pub expires_at: Option<UnixMillis>,
    /// `certificateSource`: `Managed`, `KeyVault`, `Custom`, `BuiltIn`.
    pub source: Option<String>,
    /// `certificateStatus`: `Completed`, `Failed`, `InProgress`.
    pub status: Option<String>,
}

stored! { GatewayHost { host } or default { expires_at, source, status } }

impl Service {
    /// The service that `document` describes; what stands in the way where it does not describe the one with the
    /// resource id `id`, or only half of it.
    pub fn read(document: &Value, id: &str) -> Result<Self, &'static str> {
        let own_id = text(document, "id").ok_or("the document has no `id`")?;
        if key(own_id) != key(id) {
            return Err("the document is of another resource");
        }
        if !field(document, "properties").is_some_and(Value::is_object) {
            return Err("the document has no `properties`");
        }
        let sku = field(document, "sku").and_then(|sku| text(sku, "name")).ok_or("the document has no `sku.name`")?;
        text(document, "location").ok_or("the document has no `location`")?;
        text(document, "provisioningState").ok_or("the document has no `provisioningState`")?;
        Ok(Self::of(document, own_id, sku))
    }

    fn of(document: &Value, id: &str, sku: &str) -> Self {
        let word = |name| text(document, name).map(str::to_owned);
        let places = std::iter::once(document).chain(list(document, "additionalLocations"));
        Self {
            id: id.to_owned(),
            etag: word("etag"),
            sku: sku.to_owned(),
            provisioning_state: word("provisioningState"),
            target_state: word("targetProvisioningState"),
            created_at: text(document, "createdAtUtc").and_then(instant),
            modified_at: field(document, "systemData").and_then(|data| text(data, "lastModifiedAt")).and_then(instant),
            platform_version: word("platformVersion"),
            network_type: word("virtualNetworkType"),
            public_access: word("publicNetworkAccess"),
            gateway_url: word("gatewayUrl"),
            min_api_version: field(document, "apiVersionConstraint")
                .and_then(|constraint| text(constraint, "minApiVersion"))
                .map(str::to_owned),
            private_endpoints: approved_endpoints(document),
            locations: places.filter_map(Location::read).take(MAX_PLACES).collect(),
            gateway_hosts: list(document, "hostnameConfigurations")
                .iter()
                .filter_map(GatewayHost::read)
                .take(MAX_PLACES)
                .collect(),
        }
    }

    /// The tier by what the platform does with addresses.
    pub(crate) fn platform(&self) -> Platform {
        Platform::of(&self.sku)
    }

    /// Whether `virtualNetworkType` is `Internal`.
    pub fn is_internal(&self) -> bool {
        is(self.network_type.as_deref(), "Internal")
    }

    /// Whether it is in a virtual network of the customer's.
    pub fn is_in_network(&self) -> bool {
        self.is_internal() || is(self.network_type.as_deref(), "External")
    }

    /// Whether private endpoints alone lead in.
    pub fn is_closed(&self) -> bool {
        is(self.public_access.as_deref(), "Disabled")
    }

    /// Whether this is what ARM said of the same instance before it said `other`.
    pub(super) fn is_older_than(&self, other: &Self) -> bool {
        let earlier = self.modified_at.zip(other.modified_at).is_some_and(|(this, other)| this < other);
        earlier && self.created_at == other.created_at
    }

    /// Whether no operation is under way: only then do lists that lack something tell of a removal.
    pub fn is_settled(&self) -> bool {
        is(self.provisioning_state.as_deref(), "Succeeded") && self.target_state.is_none()
    }
}

impl Location {
    fn read(place: &Value) -> Option<Self> {
        let word = |name| text(place, name).map(str::to_owned);
        Some(Self {
            name: region(text(place, "location")?),
            public: Addresses::read(place, "publicIPAddresses"),
            outbound: Addresses::read(place, "outboundPublicIPAddresses"),
            nat_gateway: word("natGatewayState"),
            gateway_disabled: flag(place, "disableGateway") == Some(true),
            zones: texts(place, "zones").into_iter().map(str::to_owned).collect(),
            subnet: field(place, "virtualNetworkConfiguration")
                .and_then(|network| text(network, "subnetResourceId"))
                .map(str::to_owned),
            public_ip: word("publicIpAddressId"),
            platform_version: word("platformVersion"),
            regional_url: word("gatewayRegionalUrl"),
        })
    }

    /// Whether Azure's own NAT gateway stands before it.
    pub fn has_nat_gateway(&self) -> bool {
        is(self.nat_gateway.as_deref(), "Enabled")
    }
}

impl GatewayHost {
    fn read(host: &Value) -> Option<Self> {
        if !is(text(host, "type"), "Proxy") {
            return None;
        }
        let expiry = field(host, "certificate").and_then(|certificate| text(certificate, "expiry"));
        Some(Self {
            host: text(host, "hostName")?.to_ascii_lowercase(),
            expires_at: expiry.and_then(instant),
            source: text(host, "certificateSource").map(str::to_owned),
            status: text(host, "certificateStatus").map(str::to_owned),
        })
    }
}

fn approved_endpoints(document: &Value) -> u32 {
    let approved = |endpoint: &&Value| {
        let state = field(endpoint, "privateLinkServiceConnectionState");
        is(state.and_then(|state| text(state, "status")), "Approved")
    };
    u32::try_from(list(document, "privateEndpointConnections").iter().filter(approved).count()).unwrap_or(u32::MAX)
}

pub(super) fn is(word: Option<&str>, expected: &str) -> bool {
    word.is_some_and(|word| word.eq_ignore_ascii_case(expected))
}
