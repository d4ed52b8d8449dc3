//! The network security group of the subnet: is there one, and what does it do to the flows that the platform needs.

mod flows;
mod report;

use crate::config::Severity;
use crate::network_check::catalogue::{
    Code, NSG_CLIENTS_BLOCKED, NSG_DEPENDENCY_BLOCKED, NSG_LOAD_BALANCER_BLOCKED, NSG_MANAGEMENT_BLOCKED, NSG_MISSING,
};
use crate::network_check::ledger::{Ledger, Remedy};
use crate::network_check::network::{Need, Network, Part, Platform, Service, Site, quoted};
use crate::network_check::remedy::options;
use crate::network_check::resource_id::{name, parent};
use crate::network_check::security_group::SecurityGroup;

use super::of;

pub(super) const CODES: [&Code; 5] =
    [&NSG_MISSING, &NSG_MANAGEMENT_BLOCKED, &NSG_LOAD_BALANCER_BLOCKED, &NSG_CLIENTS_BLOCKED, &NSG_DEPENDENCY_BLOCKED];

pub(super) fn check(service: &Service<'_>, site: &Site<'_>, network: &Network<'_>, ledger: &mut Ledger<'_>) {
    if !site.in_network || matches!(service.platform, Platform::Consumption | Platform::Unknown) {
        return;
    }
    let flows = flows::needed(service, site, &network.tags);
    match site.group {
        Part::Absent => missing(service, site, ledger),
        Part::Known(group) => report::check(&SecurityGroup::of(group), &flows, service, site, &network.tags, ledger),
        Part::Missing(need) => {
            let mut codes: Vec<_> = flows.iter().map(|needed| needed.code).collect();
            // That there is one is known as soon as its id is.
            if need == Need::Subnet {
                codes.push(&NSG_MISSING);
            }
            ledger.need(&codes, need, site.id_of(need), &of(service, site));
        }
    }
}

fn missing(service: &Service<'_>, site: &Site<'_>, ledger: &mut Ledger<'_>) {
    let found = format!("the subnet{} has no networkSecurityGroup", of(service, site));
    let finding = ledger.find(&NSG_MISSING, site.subnet_id, found);
    if service.platform.is_v2() {
        finding.severity = Severity::Warning;
    }
    let vnet = parent(site.subnet_id).unwrap_or_default();
    let (options, subnet) = (options(vnet, "vnet-name"), quoted(name(site.subnet_id), "<subnet>"));
    finding.mend(vec![
        Remedy::new(
            "Create a network security group with the rules of the tier, then attach it to the subnet: rules first, or inbound \
             traffic stops.",
            "The answer is the id of the group, and this check finds no blocked flow.",
        )
        .command(format!("az network vnet subnet update {options} --name {subnet} --network-security-group '<nsg-id>'"))
        .snippet("bicep", "// in the subnet's properties\nnetworkSecurityGroup: { id: nsg.id }".to_owned())
        .verify_by(format!("{} --query networkSecurityGroup.id", Need::Subnet.command(site.subnet_id))),
    ]);
}
