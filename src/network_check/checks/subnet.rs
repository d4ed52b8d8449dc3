//! Size and delegation of the subnet.

use ipnet::Ipv4Net;

use crate::network_check::catalogue::{Code, SUBNET_DELEGATED, SUBNET_NOT_DELEGATED, SUBNET_TOO_SMALL};
use crate::network_check::ledger::{Ledger, Remedy};
use crate::network_check::network::{Need, Part, Platform, Service, Site, quoted};
use crate::network_check::remedy::options;
use crate::network_check::resource_id::{name, parent};

use super::of;

pub(super) const CODES: [&Code; 3] = [&SUBNET_TOO_SMALL, &SUBNET_DELEGATED, &SUBNET_NOT_DELEGATED];

/// Azure keeps the first four and the last address of a subnet.
const RESERVED: u64 = 5;

pub(super) fn check(service: &Service<'_>, site: &Site<'_>, ledger: &mut Ledger<'_>) {
    let has_rules = service.platform == Platform::Classic || service.platform.is_v2();
    match site.subnet {
        _ if !site.in_network || !has_rules => {}
        Part::Missing(need) => ledger.need(&CODES, need, site.subnet_id, &of(service, site)),
        Part::Known(_) | Part::Absent => {
            size(service, site, ledger);
            delegation(service, site, ledger);
        }
    }
}

fn size(service: &Service<'_>, site: &Site<'_>, ledger: &mut Ledger<'_>) {
    let prefixes = site.prefixes();
    if prefixes.is_empty() {
        let reason = format!("the subnet{} has no IPv4 prefix that can be read", of(service, site));
        return ledger.miss(&[&SUBNET_TOO_SMALL], &reason, Some(&Need::Subnet.command(site.subnet_id)));
    }
    let usable: u64 = prefixes.iter().copied().map(usable).sum();
    let (needed, why) = needed(service, site);
    if usable < needed {
        let shown: Vec<_> = prefixes.iter().map(ToString::to_string).collect();
        let found = format!("{} has {usable} usable addresses of the {needed} needed: {why}", shown.join(", "));
        ledger.find(&SUBNET_TOO_SMALL, site.subnet_id, found).mend(vec![larger(service, site)]);
    }
}

fn usable(prefix: Ipv4Net) -> u64 {
    let all = 1_u64.checked_shl(u32::from(32_u8.saturating_sub(prefix.prefix_len()))).unwrap_or(u64::MAX);
    all.saturating_sub(RESERVED)
}

/// Usable addresses, and the rule they follow from
/// (<https://learn.microsoft.com/azure/api-management/virtual-network-injection-resources>).
fn needed(service: &Service<'_>, site: &Site<'_>) -> (u64, String) {
    // /27, /29.
    const LEAST_V2: u64 = 27;
    const LEAST_CLASSIC: u64 = 3;
    if service.platform.is_v2() {
        return (LEAST_V2, "/27 is the minimum of the v2 tiers, /24 is recommended".into());
    }
    let units = site.units().unwrap_or(1);
    let per_unit = if service.sku.eq_ignore_ascii_case("Developer") { 1 } else { 2 };
    let balancer = u64::from(service.is_internal());
    let needed = units.saturating_mul(per_unit).saturating_add(balancer);
    let balancer = if service.is_internal() { " and one for the internal load balancer" } else { "" };
    let why = format!("{per_unit} for each of {units} units{balancer}; /29 is the minimum");
    (needed.max(LEAST_CLASSIC), why)
}

fn larger(service: &Service<'_>, site: &Site<'_>) -> Remedy {
    let vnet = parent(site.subnet_id).unwrap_or_default();
    let prefix = if service.platform.is_v2() { "'<10.0.1.0/24>'" } else { "'<10.0.1.0/26>'" };
    Remedy::new(
        "Create a larger subnet and move the instance there. A new subnet means new addresses: renew allowlists.",
        "This check is silent for the new subnet.",
    )
    .command(format!(
        "az network vnet subnet create {} --name 'apim' --address-prefixes {prefix}",
        options(vnet, "vnet-name")
    ))
    .verify_by(Need::Subnet.command(site.subnet_id))
}

/// What the tier wants: nothing for classic, a service of its kind for v2.
fn delegation(service: &Service<'_>, site: &Site<'_>, ledger: &mut Ledger<'_>) {
    let found = site.delegations();
    let shown = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
    let (code, wanted): (_, &[&str]) = match service.platform {
        Platform::IntegratedV2 => (&SUBNET_NOT_DELEGATED, &["Microsoft.Web/serverFarms"]),
        Platform::PremiumV2 if service.is_internal() => (&SUBNET_NOT_DELEGATED, &["Microsoft.Web/hostingEnvironments"]),
        Platform::PremiumV2 => {
            (&SUBNET_NOT_DELEGATED, &["Microsoft.Web/serverFarms", "Microsoft.Web/hostingEnvironments"])
        }
        Platform::Classic | Platform::Consumption | Platform::Unknown => (&SUBNET_DELEGATED, &[]),
    };
    let fits = found.iter().any(|to| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(to)));
    if fits || (wanted.is_empty() && found.is_empty()) {
        return;
    }
    let remedy = match wanted.first() {
        None => remove(site.subnet_id),
        Some(to) => delegate(site.subnet_id, to),
    };
    let tier = service.sku;
    let finding = ledger.find(code, site.subnet_id, format!("{tier}: the subnet is delegated to {shown}"));
    finding.mend(vec![remedy]);
}

fn update(subnet: &str, change: &str) -> String {
    let vnet = parent(subnet).unwrap_or_default();
    format!(
        "az network vnet subnet update {} --name {} {change}",
        options(vnet, "vnet-name"),
        quoted(name(subnet), "<subnet>")
    )
}

fn remove(subnet: &str) -> Remedy {
    Remedy::new("Remove the delegation.", "The answer is an empty list.")
        .command(update(subnet, "--remove delegations"))
        .snippet("bicep", "// in the subnet's properties\ndelegations: []".to_owned())
        .verify_by(format!("{} --query delegations", Need::Subnet.command(subnet)))
}

fn delegate(subnet: &str, to: &str) -> Remedy {
    Remedy::new(&format!("Delegate the subnet to `{to}`; it must be for this instance alone."), &format!("The answer names {to}."))
        .command(update(subnet, &format!("--delegations {to}")))
        .snippet(
            "bicep",
            format!("// in the subnet's properties\ndelegations: [\n  {{\n    name: 'apim'\n    properties: {{ serviceName: '{to}' }}\n  }}\n]"),
        )
        .verify_by(format!("{} --query \"delegations[].serviceName\"", Need::Subnet.command(subnet)))
}
