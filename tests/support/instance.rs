//! Documents of an instance as ARM writes them, and what the guard knows of it.

use apim_origin_guard::azure::{Declared, Existence, KeptUp, Knowledge, Occasion, keep_up};
use serde_json::{Value, json};

use super::World;
use super::azure::{SERVICE, SUBSCRIPTION};

pub const KEY: &str = "azure/contoso";
pub const VIP: &str = "172.199.17.73";

/// A classic instance without a network, in one location.
pub fn instance(public: &[&str]) -> Value {
    json!({
        "id": SERVICE, "name": "contoso", "type": "Microsoft.ApiManagement/service", "location": "West Europe",
        "etag": "AAAAAAAWN/4=", "sku": {"name": "Developer", "capacity": 1}, "zones": null,
        "systemData": {"lastModifiedAt": "2026-01-01T00:00:00.1234567Z"},
        "properties": {
            "provisioningState": "Succeeded", "targetProvisioningState": "",
            "createdAtUtc": "2024-06-16T09:40:00.9453556Z",
            "gatewayUrl": "https://contoso.azure-api.net",
            "gatewayRegionalUrl": "https://contoso-westeurope-01.regional.azure-api.net",
            "hostnameConfigurations": [
                {"type": "Proxy", "hostName": "Contoso.azure-api.net", "certificateSource": "BuiltIn"},
            ],
            "publicIPAddresses": public, "additionalLocations": null, "virtualNetworkConfiguration": null,
            "virtualNetworkType": "None", "disableGateway": false, "natGatewayState": "Disabled",
            "publicNetworkAccess": "Enabled", "privateEndpointConnections": null, "platformVersion": "stv2",
        },
    })
}

/// `document` with what `path` (JSON pointer) has replaced.
pub fn with(mut document: Value, path: &str, value: Value) -> Value {
    let (parent, name) = path.rsplit_once('/').unwrap();
    let parent = if parent.is_empty() { &mut document } else { document.pointer_mut(parent).unwrap() };
    parent[name] = value;
    document
}

/// Another location of it.
pub fn elsewhere(location: &str, public: &[&str]) -> Value {
    json!({
        "location": location, "sku": {"name": "Premium", "capacity": 1}, "zones": [], "publicIPAddresses": public,
        "gatewayRegionalUrl": "https://contoso-x-01.regional.azure-api.net", "disableGateway": false,
    })
}

impl World {
    /// With an instance that ARM knows.
    pub fn with_instance(document: &Value) -> Self {
        let world = Self::with_azure();
        world.azure.put(SERVICE, document.clone());
        world.azure.put(&format!("/subscriptions/{SUBSCRIPTION}"), json!({"state": "Enabled"}));
        world
    }

    pub fn becomes(&self, document: &Value) {
        self.azure.put(SERVICE, document.clone());
    }

    /// Asks ARM in any case.
    pub fn ask(&self) -> KeptUp {
        let occasion = Occasion { always: true, ..Occasion::default() };
        self.run(keep_up(&self.scene(), &self.config().origins[0], occasion)).unwrap()
    }

    /// A scheduled run five minutes later.
    pub fn run_later(&self) -> Option<KeptUp> {
        self.pass_s(300);
        self.run(keep_up(&self.scene(), &self.config().origins[0], Occasion::default()))
    }

    pub fn known(&self) -> Knowledge {
        Knowledge::parse(&self.store.borrow()[KEY]).unwrap()
    }
}

/// `network direction location`, a `-` before what is gone.
pub fn listed(declared: Option<&Declared>) -> Vec<String> {
    let all = declared.iter().flat_map(|declared| &declared.addresses);
    let show = |one: &apim_origin_guard::azure::DeclaredAddress| {
        let gone = if one.gone_since.is_some() { "-" } else { "" };
        format!("{gone}{} {:?} {}", one.network, one.direction, one.location)
    };
    all.map(show).collect()
}

pub fn caveats(known: &Knowledge) -> Vec<&str> {
    let declared = known.declared.as_ref().map(|declared| declared.caveats.as_slice()).unwrap_or_default();
    declared.iter().chain(&known.undeclared).map(|caveat| caveat.code.as_str()).collect()
}

pub fn existence(kept: &KeptUp) -> Existence {
    kept.knowledge.presence.existence
}
