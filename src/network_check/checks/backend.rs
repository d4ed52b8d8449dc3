//! The tag `ApiManagement` in the group of a backend: it is the control plane's, no gateway calls from its addresses.

use serde_json::Value;

use crate::network_check::catalogue::SERVICE_TAG_IS_NOT_EGRESS;
use crate::network_check::ledger::{Ledger, Remedy};
use crate::network_check::network::{Need, Network, Part, quoted};
use crate::network_check::remedy::options;
use crate::network_check::resource_id::key;
use crate::network_check::security_group::{Rule, SecurityGroup};
use crate::network_check::service_tags::{API_MANAGEMENT, is_within};

pub(super) fn check(network: &Network<'_>, ledger: &mut Ledger<'_>) {
    let own: Vec<String> = network.sites().map(|(_, site)| key(site.group_id)).collect();
    let foreign: Vec<_> = network.groups.iter().filter(|(id, _)| !own.contains(&key(id))).collect();
    if foreign.is_empty() {
        return ledger.need(&[&SERVICE_TAG_IS_NOT_EGRESS], Need::BackendGroup, "", "");
    }
    let knows_own = !network.services.is_empty()
        && network.sites().all(|(_, site)| !site.in_network || !matches!(site.group, Part::Missing(Need::Subnet)));
    for (id, group) in foreign {
        group_of_backend(id, group, knows_own, ledger);
    }
}

fn group_of_backend(id: &str, value: &Value, is_backend: bool, ledger: &mut Ledger<'_>) {
    let group = SecurityGroup::of(value);
    for rule in group.rules().filter(|rule| admits_gateway(rule, is_backend)) {
        ledger.find(&SERVICE_TAG_IS_NOT_EGRESS, id, rule.describe()).mend(vec![
            Remedy::new(
                "Allow the outbound addresses of the instance instead: `publicIPAddresses` and `outboundPublicIPAddresses` of every \
                 location, or the subnet's own range where the backend is in the network or its peers.",
                "Calls through the gateway reach the backend.",
            )
            .command(format!(
                "az network nsg rule update {} --name {} --source-address-prefixes '<gateway-addresses>'",
                options(id, "nsg-name"),
                quoted(rule.name, "<rule>")
            ))
            .verify_by(format!("az network nsg rule list {} --output table", options(id, "nsg-name"))),
        ]);
    }
}

/// Whether the rule lets the tag in to anything but the ports of an instance: management, and in groups that may be an
/// instance's own (`is_backend` is false) certificate validation.
fn admits_gateway(rule: &Rule<'_>, is_backend: bool) -> bool {
    let by_tag = rule.inbound && rule.allow && rule.remote.iter().any(|item| is_within(item.text, API_MANAGEMENT));
    let everything = rule.ports.contains(&"*");
    by_tag && if is_backend { everything || !rule.has_port(3443) } else { !rule.has_port(3443) && !rule.has_port(80) }
}
