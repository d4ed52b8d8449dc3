//! What a name in the chain is (`<name>.azure-api.net` → Traffic Manager → regional name → compute name).

use serde::{Deserialize, Serialize};

use crate::net::Hostname;

/// One name of a chain and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// The name.
    pub name: Hostname,
    /// What it is.
    pub kind: HopKind,
}

impl Hop {
    /// What `name` is.
    pub fn of(name: &Hostname) -> Self {
        Self { name: name.clone(), kind: HopKind::Unknown }
    }
}

impl HopKind {
    /// In words.
    pub const fn describe(self) -> &'static str {
        "a name"
    }
}

/// The kinds of names seen in chains of API Management gateways. Anything else is accepted as [`HopKind::Unknown`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HopKind {
    /// `<name>.azure-api.net`, `.azure-api.cn`, `.azure-api.us`.
    Gateway,
    /// `apimgmttm….trafficmanager.net`: the gateway's own Traffic Manager profile.
    TrafficManager,
    /// `<name>-<region>-<nn>.regional.azure-api.net`.
    Regional,
    /// `apimgmths….cloudapp.net`: a classic cloud service, the mark of the retired platform stv1.
    ComputeStv1,
    /// `<label>.<region>.cloudapp.azure.com`: the DNS label of a public IP address, platform stv2.
    ComputeStv2,
    /// `<name>.privatelink.azure-api.net`: a private endpoint.
    PrivateLink,
    /// Another Traffic Manager profile, the customer's own.
    OwnTrafficManager,
    /// A name none of the rules knows: the customer's own, or new at Azure.
    Unknown,
}
