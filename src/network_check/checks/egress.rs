//! Which address backends see, and what of monitoring is let out of a tunnel.

use crate::network_check::catalogue::{EGRESS_IS_FIREWALL, EGRESS_IS_NAT_GATEWAY, MONITOR_ROUTE_INSUFFICIENT};
use crate::network_check::field::{field, reference, text, texts};
use crate::network_check::ledger::{Ledger, Remedy};
use crate::network_check::network::{Part, Platform, Service, Site, quoted};
use crate::network_check::published::MONITORING_ADDRESS;
use crate::network_check::ranges::{Ranges, prefix};
use crate::network_check::remedy::{failing_entries, route_to_internet};
use crate::network_check::routing::Route;
use crate::network_check::service_tags::Prefixes;

use super::of;
use super::routes::Scene;

pub(super) fn check(scene: &Scene<'_, '_>, ledger: &mut Ledger<'_>) {
    if matches!(scene.service.platform, Platform::Consumption | Platform::Unknown) {
        return;
    }
    match scene.routing.forced() {
        Some(route) if route.to_appliance() => firewall(scene, route, ledger),
        // Everything is dropped: there is no egress.
        Some(_) => {}
        None => nat(scene, ledger),
    }
}

fn firewall(scene: &Scene<'_, '_>, route: &Route<'_>, ledger: &mut Ledger<'_>) {
    let found = format!("{}{}", route.describe(), of(scene.service, scene.site));
    ledger.find(&EGRESS_IS_FIREWALL, scene.site.routes_subject(), found).mend(vec![Remedy::new(
        "Allow the public addresses of the firewall, or of the gateway on-premises, at backends on the Internet; backends in \
         the virtual network and its peers see the subnet.",
        "A backend logs one of those addresses as the source.",
    )]);
}

fn nat(scene: &Scene<'_, '_>, ledger: &mut Ledger<'_>) {
    match scene.site.subnet {
        Part::Known(subnet) => {
            if let Some(id) = reference(subnet, "natGateway") {
                let found = format!("the subnet has the NAT gateway {id}");
                let finding = ledger.find(&EGRESS_IS_NAT_GATEWAY, scene.site.subnet_id, found);
                finding.mend(vec![allow_nat().command(format!(
                    "az network nat gateway show --ids {} --query \"[publicIpAddresses[].id, publicIpPrefixes[].id]\"",
                    quoted(id, "<nat-gateway-id>")
                ))]);
            }
        }
        Part::Absent => {}
        Part::Missing(need) => {
            ledger.need(&[&EGRESS_IS_NAT_GATEWAY], need, scene.site.id_of(need), &of(scene.service, scene.site));
        }
    }
    own_nat(scene.service, scene.site, ledger);
}

/// The NAT gateway that Azure itself puts before an instance.
pub(super) fn own_nat(service: &Service<'_>, site: &Site<'_>, ledger: &mut Ledger<'_>) {
    let state = text(site.value, "natGatewayState").unwrap_or_default();
    if state.eq_ignore_ascii_case("Enabled") {
        let outbound = outbound(site);
        let shown = if outbound.is_empty() { "not given".to_owned() } else { outbound.join(", ") };
        let found = format!("natGatewayState is Enabled in {}; outboundPublicIPAddresses: {shown}", site.location);
        ledger.find(&EGRESS_IS_NAT_GATEWAY, service.id, found).mend(vec![allow_nat()]);
    }
}

/// `az apim show` spells the name in its own way; both are read.
fn outbound<'a>(site: &Site<'a>) -> Vec<&'a str> {
    let name = "outboundPublicIPAddresses";
    field(site.value, name).map(|_| texts(site.value, name)).unwrap_or_default()
}

fn allow_nat() -> Remedy {
    Remedy::new(
        "Allow the addresses of the NAT gateway at backends on the Internet.",
        "A backend logs one of those addresses as the source.",
    )
}

/// Behind a tunnel: one address of the many of Azure Monitor, routed to the Internet on its own.
pub(super) fn monitor(scene: &Scene<'_, '_>, ledger: &mut Ledger<'_>) {
    let (Some(forced), tags) = (scene.routing.forced(), &scene.network.tags) else { return };
    let all = tags.prefixes(MONITOR).unwrap_or_default();
    let Prefixes { nets: all, ranges: wanted } = &*all;
    let missing = scene.routing.not_to_internet(wanted);
    let is_single = |route: &&Route<'_>| route.is_part_of_monitor(wanted);
    let singles: Vec<_> = scene.routing.routes.iter().filter(is_single).map(Route::describe).collect();
    let by_tag = scene.routing.routes.iter().any(|route| {
        route.to_internet() && [MONITOR, "AzureCloud"].iter().any(|tag| route.prefix.eq_ignore_ascii_case(tag))
    });
    if singles.is_empty() || by_tag || (!all.is_empty() && missing.is_empty()) {
        return;
    }
    let left = all.iter().filter(|net| missing.overlaps(net)).count();
    let count = match tags.change(MONITOR) {
        Some(change) => format!(
            "{left} of {} IPv4 prefixes of the tag AzureMonitor (change number {change}) are not routed to the Internet",
            all.len()
        ),
        None => "the tag AzureMonitor holds many more addresses".to_owned(),
    };
    let table = scene.site.routes_subject();
    let finding = ledger.find(
        &MONITOR_ROUTE_INSUFFICIENT,
        table,
        format!("{}; {}; {count}", singles.join("; "), forced.describe()),
    );
    let mut remedy = route_to_internet(table, MONITOR, MONITOR);
    remedy.action = "Route the service tag AzureMonitor to the Internet, or allow its names at the firewall.".into();
    remedy.verify = "Within 15 minutes the entries Monitoring and Metrics of network status are success.".into();
    finding.mend(vec![remedy.verify_by(failing_entries(scene.service.id))]);
}

const MONITOR: &str = "AzureMonitor";

impl Route<'_> {
    /// Whether it sends a part of Azure Monitor, and nothing else, to the Internet.
    fn is_part_of_monitor(&self, monitor: &Ranges) -> bool {
        let Some(net) = self.net.filter(|_| self.to_internet()) else { return false };
        let holds_known = prefix(MONITORING_ADDRESS).is_some_and(|known| net.contains(&known));
        monitor.covers(&net) || (holds_known && net.prefix_len() >= 24)
    }
}
