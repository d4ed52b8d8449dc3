//! An API Management service.

use serde_json::Value;

use super::{Network, Platform, Site};
use crate::network_check::field::{field, list, text};

/// A service and its sites: the primary location first, then the additional ones.
pub(in crate::network_check) struct Service<'a> {
    pub value: &'a Value,
    /// Resource id; the name where the document has none.
    pub id: &'a str,
    pub sku: &'a str,
    pub platform: Platform,
    pub sites: Vec<Site<'a>>,
}

impl<'a> Service<'a> {
    pub(super) fn read(value: &'a Value, network: &Network<'a>) -> Self {
        let sku = sku(value);
        let mut service = Self {
            value,
            id: text(value, "id").or_else(|| text(value, "name")).unwrap_or("(no id)"),
            sku,
            platform: Platform::of(sku),
            sites: Vec::new(),
        };
        let in_network = service.is_external() || service.is_internal();
        let places = std::iter::once(value).chain(list(value, "additionalLocations"));
        service.sites = places.map(|place| Site::read(place, in_network, network)).collect();
        service
    }

    /// `virtualNetworkType` as given.
    fn mode(&self) -> &'a str {
        text(self.value, "virtualNetworkType").unwrap_or("None")
    }

    pub(in crate::network_check) fn is_external(&self) -> bool {
        self.mode().eq_ignore_ascii_case("External")
    }

    pub(in crate::network_check) fn is_internal(&self) -> bool {
        self.mode().eq_ignore_ascii_case("Internal")
    }

    /// Classic, external, and open for clients at `site`.
    pub(in crate::network_check) fn serves_clients_at(&self, site: &Site<'_>) -> bool {
        self.platform == Platform::Classic && self.is_external() && !site.gateway_disabled()
    }

    /// Whether the site's network rules are those of a classic instance in a virtual network.
    pub(in crate::network_check) fn is_classic_in_network(&self, site: &Site<'_>) -> bool {
        self.platform == Platform::Classic && site.in_network
    }

    /// Whether a v2 instance is injected, so that its gateway is inside: Premium v2 alone can be.
    pub(in crate::network_check) fn is_injected_v2(&self, site: &Site<'_>) -> bool {
        let delegated =
            || site.delegations().iter().any(|to| to.eq_ignore_ascii_case("Microsoft.Web/hostingEnvironments"));
        self.platform == Platform::PremiumV2 && site.in_network && (self.is_internal() || delegated())
    }

    /// Whether the host names are those of the public cloud, which the published lists are about.
    pub(in crate::network_check) fn in_public_cloud(&self) -> bool {
        in_public_cloud(self.value)
    }
}

/// The same of the document of a service.
pub(in crate::network_check) fn in_public_cloud(service: &Value) -> bool {
    text(service, "gatewayUrl").is_none_or(|url| !url.contains(".azure-api.cn") && !url.contains(".azure-api.us"))
}

fn sku(value: &Value) -> &str {
    field(value, "sku").and_then(|sku| text(sku, "name")).unwrap_or("(no tier)")
}
