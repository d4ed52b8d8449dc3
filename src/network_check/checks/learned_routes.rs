//! Routes learned by BGP are in no route table. Where a gateway could bring a default route, it cannot be excluded.

use serde_json::Value;

use crate::network_check::catalogue::BGP_DEFAULT_ROUTE_POSSIBLE;
use crate::network_check::field::{flag, list, text};
use crate::network_check::ledger::{Ledger, Remedy};
use crate::network_check::network::Part;
use crate::network_check::ranges::Ranges;
use crate::network_check::remedy::{options, route_to_internet};
use crate::network_check::resource_id::name;
use crate::network_check::service_tags::API_MANAGEMENT;

use super::clients::cloudflare;
use super::of;
use super::routes::Scene;

pub(super) fn check(scene: &Scene<'_, '_>, ledger: &mut Ledger<'_>) {
    let propagates = match scene.site.table {
        Part::Known(table) => flag(table, "disableBgpRoutePropagation") != Some(true),
        Part::Absent | Part::Missing(_) => true,
    };
    if !propagates || scene.routing.has_user_default() || scene.holds_against_any_default() {
        return;
    }
    match scene.site.network {
        Part::Known(network) => {
            if let Some(gateway) = gateway(network) {
                report(scene, &gateway, ledger);
            }
        }
        Part::Missing(need) => {
            ledger.need(&[&BGP_DEFAULT_ROUTE_POSSIBLE], need, scene.site.id_of(need), &of(scene.service, scene.site));
        }
        Part::Absent => {}
    }
}

/// Subnets of what brings routes: gateways, and Azure Route Server.
const SOURCES: [&str; 2] = ["GatewaySubnet", "RouteServerSubnet"];

/// What routes learned by BGP could come from.
fn gateway(network: &Value) -> Option<String> {
    let subnet_name =
        |subnet: &Value| text(subnet, "name").or_else(|| text(subnet, "id").map(name)).unwrap_or_default().to_owned();
    let is_source = |subnet: &Value| SOURCES.iter().find(|name| subnet_name(subnet).eq_ignore_ascii_case(name));
    let own = list(network, "subnets").iter().find_map(is_source);
    let remote = || {
        list(network, "virtualNetworkPeerings").iter().find(|peering| flag(peering, "useRemoteGateways") == Some(true))
    };
    if let Some(name) = own {
        return Some(format!("the virtual network has a {name}"));
    }
    let name = text(remote()?, "name").unwrap_or("(no name)");
    Some(format!("the peering {name} uses the gateway of the other network"))
}

/// What the routes of the subnet come to, learned ones included.
const EFFECTIVE_ROUTES: &str = "az network nic show-effective-route-table --resource-group '<resource-group>' \
    --name '<nic-of-a-vm-in-the-subnet>' --output table";

fn report(scene: &Scene<'_, '_>, gateway: &str, ledger: &mut Ledger<'_>) {
    let subject = scene.site.routes_subject();
    let found = format!("{gateway}, and routes learned by BGP are propagated to the subnet in {}", scene.site.location);
    let finding = ledger.find(&BGP_DEFAULT_ROUTE_POSSIBLE, subject, found);
    let look = Remedy::new(
        "Look at the effective routes of a virtual machine in the same subnet; the instance's own interfaces cannot be read.",
        "There is no route 0.0.0.0/0 with the source VirtualNetworkGateway.",
    );
    let mut keep = route_to_internet(subject, API_MANAGEMENT, API_MANAGEMENT);
    keep.action =
        "If there is one, route the control plane to the Internet (and in external mode the clients too), or stop the \
        propagation."
            .into();
    keep.verify_command = None;
    if scene.site.table_id.is_empty() {
        keep.command =
            Some("az network route-table create --resource-group '<resource-group>' --name '<route-table>'".into());
    } else {
        let stop = format!(
            "\naz network route-table update {} --disable-bgp-route-propagation true",
            options(subject, "name")
        );
        keep.command = keep.command.map(|command| command + "  # or\n" + stop.trim_start());
    }
    finding.mend(vec![look.verify_by(EFFECTIVE_ROUTES.to_owned()), keep]);
}

impl Scene<'_, '_> {
    /// Whether user routes already send to the Internet all that must go there, whatever is learned.
    fn holds_against_any_default(&self) -> bool {
        let direct = self.routing.user_internet();
        let clients = Ranges::of(&cloudflare());
        self.control_plane_goes_by_user_routes()
            && (!self.service.serves_clients_at(self.site) || clients.without(&direct).is_empty())
    }
}
