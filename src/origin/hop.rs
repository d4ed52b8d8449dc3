//! What a name in the chain is (`<name>.azure-api.net` → Traffic Manager → regional name → compute name).

use crate::dns::{Absence, AbsenceKind};
use crate::json::{stored, stored_words};
use crate::net::Hostname;

/// One name of a chain and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The name.
    pub name: Hostname,
    /// What it is.
    pub kind: HopKind,
}

stored! { Hop { name, kind } }

/// The kinds of names seen in chains of API Management gateways. Anything else is accepted as [`HopKind::Unknown`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

stored_words! { HopKind {
    Gateway: "gateway",
    TrafficManager: "traffic_manager",
    Regional: "regional",
    ComputeStv1: "compute_stv1",
    ComputeStv2: "compute_stv2",
    PrivateLink: "private_link",
    OwnTrafficManager: "own_traffic_manager",
    Unknown: "unknown",
} }

/// Whether `absence` says that the gateway's own name does not exist, be it `hostname` itself or what that leads to. A name
/// further on does not say so much.
pub fn gateway_is_gone(absence: &Absence, hostname: &Hostname) -> bool {
    absence.kind == AbsenceKind::NameNotFound
        && (absence.at_name == *hostname || HopKind::of(&absence.at_name) == HopKind::Gateway)
}

impl Hop {
    /// The hop of this name; any name is accepted.
    pub fn of(name: &Hostname) -> Self {
        Self { kind: HopKind::of(name), name: name.clone() }
    }

    /// The name and what it is: `contoso.azure-api.net (the gateway name)`.
    pub fn label(&self) -> String {
        format!("{} ({})", self.name, self.kind.describe())
    }
}

impl HopKind {
    /// What `name` is, by its suffix in any of the three Azure clouds.
    pub fn of(name: &Hostname) -> Self {
        let above = |suffixes: &[&str]| suffixes.iter().find_map(|suffix| labels_above(name, suffix));
        if let Some(labels) = above(&GATEWAY) {
            return within_gateway_zone(&labels);
        }
        if let Some([profile]) = above(&TRAFFIC_MANAGER).as_deref() {
            return if profile.starts_with("apimgmttm") { Self::TrafficManager } else { Self::OwnTrafficManager };
        }
        if let Some([service]) = above(&CLASSIC_CLOUD_SERVICE).as_deref() {
            return if service.starts_with("apimgmths") { Self::ComputeStv1 } else { Self::Unknown };
        }
        match above(&PUBLIC_IP_LABEL).as_deref() {
            Some([_label, _region]) => Self::ComputeStv2,
            _ => Self::Unknown,
        }
    }

    /// In words, with its article; the platform where the suffix tells it.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Gateway => "the gateway name",
            Self::TrafficManager => "the gateway's Traffic Manager profile",
            Self::Regional => "the regional gateway name",
            Self::ComputeStv1 => "the compute name, retired platform stv1",
            Self::ComputeStv2 => "the compute name, platform stv2",
            Self::PrivateLink => "the name of a private endpoint",
            Self::OwnTrafficManager => "a Traffic Manager profile of your own",
            Self::Unknown => "a name of your own or unknown to the guard",
        }
    }
}

/// Azure, Azure operated by 21Vianet, Azure Government; the same order below.
const GATEWAY: [&str; 3] = ["azure-api.net", "azure-api.cn", "azure-api.us"];
const TRAFFIC_MANAGER: [&str; 3] = ["trafficmanager.net", "trafficmanager.cn", "usgovtrafficmanager.net"];
const CLASSIC_CLOUD_SERVICE: [&str; 3] = ["cloudapp.net", "chinacloudapp.cn", "usgovcloudapp.net"];
const PUBLIC_IP_LABEL: [&str; 3] = ["cloudapp.azure.com", "cloudapp.chinacloudapi.cn", "cloudapp.usgovcloudapi.net"];

/// The labels of `name` above `suffix`; `None` unless it is below it.
fn labels_above<'a>(name: &'a Hostname, suffix: &str) -> Option<Vec<&'a str>> {
    let labels = name.as_str().strip_suffix(suffix)?.strip_suffix('.')?;
    Some(labels.split('.').collect())
}

/// `<name>` is the gateway; the developer portal and other endpoints are `<name>.developer` and the like.
fn within_gateway_zone(labels: &[&str]) -> HopKind {
    match labels {
        [_] => HopKind::Gateway,
        [_, "regional"] => HopKind::Regional,
        [_, "privatelink"] => HopKind::PrivateLink,
        _ => HopKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_real_chains_are_told_apart() {
        let cases = [
            ("nnapi-external.azure-api.net", HopKind::Gateway),
            ("contoso.azure-api.cn", HopKind::Gateway),
            ("contoso.azure-api.us", HopKind::Gateway),
            ("apimgmttmdvx8plvcvv.trafficmanager.net", HopKind::TrafficManager),
            ("apimgmttm1.trafficmanager.cn", HopKind::TrafficManager),
            ("apimgmttm1.usgovtrafficmanager.net", HopKind::TrafficManager),
            ("bingapigblprod.trafficmanager.net", HopKind::OwnTrafficManager),
            ("nnapi-external-eastus-01.regional.azure-api.net", HopKind::Regional),
            ("contoso-usgovvirginia-01.regional.azure-api.us", HopKind::Regional),
            ("apimgmthsbkt9pesb7u9kyu94q3o8.cloudapp.net", HopKind::ComputeStv1),
            ("apimgmths1.chinacloudapp.cn", HopKind::ComputeStv1),
            ("apimbingapi-ip.westeurope.cloudapp.azure.com", HopKind::ComputeStv2),
            ("apim.usgovvirginia.cloudapp.usgovcloudapi.net", HopKind::ComputeStv2),
            ("contoso.privatelink.azure-api.net", HopKind::PrivateLink),
        ];
        for (name, kind) in cases {
            assert_eq!(HopKind::of(&name.parse().unwrap()), kind, "{name}");
        }
    }

    #[test]
    fn what_no_rule_knows_is_accepted_as_unknown() {
        for name in [
            "api.contoso.com",
            "azure-api.net",
            "notazure-api.net",
            "contoso.azure-api.net.example.com",
            "contoso.developer.azure-api.net",
            "a.b.regional.azure-api.net",
            "someone-else.cloudapp.net",
            "label.cloudapp.azure.com",
            "x.y.trafficmanager.net",
        ] {
            assert_eq!(HopKind::of(&name.parse().unwrap()), HopKind::Unknown, "{name}");
        }
    }

    #[test]
    fn a_label_names_the_hop_and_what_it_is() {
        let hop = Hop::of(&"contoso.azure-api.net".parse().unwrap());
        assert_eq!(hop.label(), "contoso.azure-api.net (the gateway name)");
    }
}
