//! The flows that a tier needs
//! (<https://learn.microsoft.com/azure/api-management/virtual-network-reference>, classic tiers;
//! <https://learn.microsoft.com/azure/api-management/inject-vnet-v2>, Premium v2).

use std::rc::Rc;

use crate::network_check::catalogue::{
    Code, NSG_CLIENTS_BLOCKED, NSG_DEPENDENCY_BLOCKED, NSG_LOAD_BALANCER_BLOCKED, NSG_MANAGEMENT_BLOCKED,
};
use crate::network_check::checks::certificates::managed_hosts;
use crate::network_check::checks::clients::cloudflare;
use crate::network_check::network::{Platform, Service, Site};
use crate::network_check::ranges::Ranges;
use crate::network_check::security_group::Flow;
use crate::network_check::service_tags::{API_MANAGEMENT, Prefixes, Tags};

/// A flow, what it is for, and the code where it is blocked.
pub(super) struct Needed {
    pub code: &'static Code,
    /// Name of a rule that lets it through.
    pub rule: &'static str,
    pub what: &'static str,
    /// The remote side in a rule.
    pub remote: String,
    pub inbound: bool,
    pub tag: Option<String>,
    pub set: Option<Ranges>,
    pub is_sample: bool,
    pub port: u16,
}

/// Code, rule name, what for, tag, port, whether inbound.
type Row = (&'static Code, &'static str, &'static str, &'static str, u16, bool);

const MANAGEMENT: Row =
    (&NSG_MANAGEMENT_BLOCKED, "AllowApimManagement", "the control plane", API_MANAGEMENT, 3443, true);
const PROBES: Row =
    (&NSG_LOAD_BALANCER_BLOCKED, "AllowLoadBalancer", "the load balancer's probes", "AzureLoadBalancer", 6390, true);
const TRAFFIC_MANAGER: Row = (
    &NSG_CLIENTS_BLOCKED,
    "AllowTrafficManager",
    "probes of Traffic Manager between regions",
    "AzureTrafficManager",
    443,
    true,
);
const STORAGE: Row = (&NSG_DEPENDENCY_BLOCKED, "AllowStorage", "Azure Storage", "Storage", 443, false);
/// Required in both modes; what is optional (Microsoft Entra ID, Event Hubs, connectors) may be blocked on purpose.
const DEPENDENCIES: [Row; 5] = [
    (&NSG_DEPENDENCY_BLOCKED, "AllowCertificateValidation", "certificate validation", "Internet", 80, false),
    (&NSG_DEPENDENCY_BLOCKED, "AllowSql", "Azure SQL", "Sql", 1433, false),
    (&NSG_DEPENDENCY_BLOCKED, "AllowKeyVault", "Azure Key Vault", "AzureKeyVault", 443, false),
    (&NSG_DEPENDENCY_BLOCKED, "AllowMonitor", "Azure Monitor", "AzureMonitor", 443, false),
    (&NSG_DEPENDENCY_BLOCKED, "AllowMonitorMetrics", "Azure Monitor's metrics", "AzureMonitor", 1886, false),
];

/// The flows that `service` needs at `site`.
pub(super) fn needed(service: &Service<'_>, site: &Site<'_>, tags: &Tags<'_>) -> Vec<Needed> {
    match service.platform {
        Platform::Classic => classic(service, site, tags),
        Platform::PremiumV2 if service.is_injected_v2(site) => regional(STORAGE, &[site.location], tags),
        _ => Vec::new(),
    }
}

fn classic(service: &Service<'_>, site: &Site<'_>, tags: &Tags<'_>) -> Vec<Needed> {
    let mut flows = vec![management(service, tags)];
    // Developer has no service level and does not need the probes.
    if !service.sku.eq_ignore_ascii_case("Developer") {
        flows.push(Needed::by_tag(PROBES, tags));
    }
    if service.serves_clients_at(site) {
        flows.extend(clients(service, tags));
    }
    let primary = service.sites.first().map_or(site.location, |site| site.location);
    for row in DEPENDENCIES {
        flows.extend(if row.3 == "Sql" {
            regional(row, &[site.location, primary], tags)
        } else {
            vec![Needed::by_tag(row, tags)]
        });
    }
    flows.extend(regional(STORAGE, &[site.location, primary], tags));
    flows
}

fn management(service: &Service<'_>, tags: &Tags<'_>) -> Needed {
    let mut needed = Needed::by_tag(MANAGEMENT, tags);
    let is_known = tags.knows(API_MANAGEMENT) || service.in_public_cloud();
    needed.set = set(tags.prefixes_or_published(API_MANAGEMENT)).filter(|_| is_known);
    needed.is_sample = !tags.knows(API_MANAGEMENT);
    needed
}

fn clients(service: &Service<'_>, tags: &Tags<'_>) -> Vec<Needed> {
    let row: Row = (&NSG_CLIENTS_BLOCKED, "AllowCloudflare", "requests of Cloudflare", "", 443, true);
    let shown: Vec<_> = cloudflare().iter().map(ToString::to_string).collect();
    let set = Some(Ranges::of(&cloudflare()));
    let mut flows = vec![Needed { set, tag: None, remote: shown.join(" "), ..Needed::by_tag(row, tags) }];
    if service.sites.len() > 1 {
        flows.push(Needed::by_tag(TRAFFIC_MANAGER, tags));
    }
    if managed_hosts(service).next().is_some() {
        let row = (&NSG_CLIENTS_BLOCKED, "AllowHttp", "validation of the managed certificate", "Internet", 80, true);
        flows.push(Needed::by_tag(row, tags));
    }
    flows
}

/// One flow for each region: a rule may name the tag of the region, and has to for the primary one too.
fn regional(row: Row, locations: &[&str], tags: &Tags<'_>) -> Vec<Needed> {
    let mut flows: Vec<Needed> = Vec::new();
    for location in locations {
        let place: String = location.split_whitespace().collect();
        let tag = format!("{}.{place}", row.3);
        if !flows.iter().any(|flow| flow.tag.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(&tag))) {
            flows.push(Needed {
                set: set(tags.prefixes_or_published(&tag)),
                tag: Some(tag),
                ..Needed::by_tag(row, tags)
            });
        }
    }
    flows
}

fn set(prefixes: Option<Rc<Prefixes>>) -> Option<Ranges> {
    prefixes.map(|prefixes| prefixes.ranges.clone())
}

impl Needed {
    fn by_tag((code, rule, what, tag, port, inbound): Row, tags: &Tags<'_>) -> Self {
        let set = match tag {
            // Azure's virtual address for probes.
            "AzureLoadBalancer" => Some(Ranges::union(vec![(0xa83f_8110, 0xa83f_8110)])),
            _ => set(tags.prefixes(tag)),
        };
        let named = (tag != "Internet").then(|| tag.to_owned());
        Self { code, rule, what, remote: tag.to_owned(), inbound, tag: named, set, is_sample: false, port }
    }

    pub(super) fn flow(&self) -> Flow<'_> {
        let Self { inbound, tag, set, is_sample, port, .. } = self;
        Flow { inbound: *inbound, tag: tag.as_deref(), set: set.clone(), is_sample: *is_sample, port: *port }
    }
}
