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

impl Hop {
    /// What `name` is, by its form alone; a form that is not known is no fault.
    pub fn of(name: &Hostname) -> Self {
        Self { kind: kind_of(name), name: name.clone() }
    }
}

/// The gateway's domains in Azure, Azure operated by 21Vianet and Azure Government.
const GATEWAY_SUFFIXES: [&str; 3] = ["azure-api.net", "azure-api.cn", "azure-api.us"];
/// Public IP address labels in the same clouds.
const COMPUTE_SUFFIXES: [&str; 3] = ["cloudapp.azure.com", "cloudapp.chinacloudapi.cn", "cloudapp.usgovcloudapi.net"];
const TRAFFIC_MANAGER_SUFFIXES: [&str; 3] = ["trafficmanager.net", "trafficmanager.cn", "usgovtrafficmanager.net"];

fn kind_of(name: &Hostname) -> HopKind {
    let (text, label) = (name.as_str(), name.first_label());
    let within = |suffixes: &[&str]| suffixes.iter().any(|suffix| name.is_within(suffix));
    if within(&GATEWAY_SUFFIXES) {
        return gateway_kind(text);
    }
    if within(&TRAFFIC_MANAGER_SUFFIXES) {
        return if label.starts_with("apimgmttm") { HopKind::TrafficManager } else { HopKind::OwnTrafficManager };
    }
    if name.is_within("cloudapp.net") && label.starts_with("apimgmths") {
        return HopKind::ComputeStv1;
    }
    if within(&COMPUTE_SUFFIXES) { HopKind::ComputeStv2 } else { HopKind::Unknown }
}

fn gateway_kind(text: &str) -> HopKind {
    match text.split('.').nth(1) {
        Some("regional") => HopKind::Regional,
        Some("privatelink") => HopKind::PrivateLink,
        _ => HopKind::Gateway,
    }
}

impl HopKind {
    /// In words, as in "it fails at …".
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Gateway => "the gateway's own name",
            Self::TrafficManager => "the gateway's Traffic Manager profile",
            Self::Regional => "the gateway's regional name",
            Self::ComputeStv1 => "the compute name of platform stv1",
            Self::ComputeStv2 => "the compute name (DNS label of a public IP address, platform stv2)",
            Self::PrivateLink => "a private endpoint's name",
            Self::OwnTrafficManager => "a Traffic Manager profile of the customer's own",
            Self::Unknown => "a name of the customer's own, or of a form not seen before",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_real_chains() {
        for (name, kind) in [
            ("nnapi-external.azure-api.net", HopKind::Gateway),
            ("contoso.azure-api.cn", HopKind::Gateway),
            ("apimgmttmclcv1shygitnmegqrwzwkcqw2cjbklugm8iuvje1l.trafficmanager.net", HopKind::TrafficManager),
            ("nnapi-external-eastus-01.regional.azure-api.net", HopKind::Regional),
            ("apimgmthsbkt9pesb7u9kyu94q3o8fn5nnanvvv8rykjsxmmxr.cloudapp.net", HopKind::ComputeStv1),
            ("apimbingapi-ip.westeurope.cloudapp.azure.com", HopKind::ComputeStv2),
            ("bingapigblprod.trafficmanager.net", HopKind::OwnTrafficManager),
            ("contoso.privatelink.azure-api.net", HopKind::PrivateLink),
            ("api.example.com", HopKind::Unknown),
            ("notazure-api.net", HopKind::Unknown),
        ] {
            assert_eq!(Hop::of(&name.parse().unwrap()).kind, kind, "{name}");
        }
    }
}
