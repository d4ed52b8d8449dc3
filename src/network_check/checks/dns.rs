//! The DNS servers of the virtual network, and those that the instance uses.

use serde_json::Value;

use crate::network_check::catalogue::{CUSTOM_DNS_SERVERS, Code, DNS_SERVERS_NOT_APPLIED};
use crate::network_check::field::{field, list, text, texts};
use crate::network_check::ledger::{Ledger, Remedy};
use crate::network_check::network::{ARM, Need, Part, Service, Site, plain};
use crate::network_check::resource_id::parent;
use crate::problem::WhoActs;

use super::of;
use super::status::{is_retired, is_unresolved};

pub(super) const CODES: [&Code; 2] = [&DNS_SERVERS_NOT_APPLIED, &CUSTOM_DNS_SERVERS];

/// Azure's own resolver; it answers inside Azure only.
const AZURE: &str = "168.63.129.16";

pub(super) fn check(service: &Service<'_>, site: &Site<'_>, ledger: &mut Ledger<'_>) {
    if !service.is_classic_in_network(site) {
        return;
    }
    match site.network {
        Part::Known(network) => {
            let configured = servers(field(network, "dhcpOptions"));
            not_applied(service, site, &configured, ledger);
            custom(service, site, &configured, ledger);
        }
        Part::Absent => {}
        Part::Missing(need) => ledger.need(&CODES, need, site.id_of(need), &of(service, site)),
    }
}

/// None means Azure's own.
fn servers(holder: Option<&Value>) -> Vec<&str> {
    let mut servers = holder.map(|holder| texts(holder, "dnsServers")).unwrap_or_default();
    if servers.is_empty() {
        servers.push(AZURE);
    }
    servers
}

fn not_applied(service: &Service<'_>, site: &Site<'_>, configured: &[&str], ledger: &mut Ledger<'_>) {
    let Some(status) = site.status else {
        return ledger.need(&[&DNS_SERVERS_NOT_APPLIED], Need::NetworkStatus, service.id, &of(service, site));
    };
    let used = servers(Some(status));
    let same = used.iter().all(|one| configured.contains(one)) && configured.iter().all(|one| used.contains(one));
    if same {
        return;
    }
    let found =
        format!("{} uses {}; the virtual network has {}", site.location, used.join(", "), configured.join(", "));
    let finding = ledger.find(&DNS_SERVERS_NOT_APPLIED, service.id, found);
    finding.mend(vec![
        Remedy::new(
            "Apply the network configuration, in the portal under Network, Network status, or with this call. It takes 15 minutes \
             or more, and Developer does not answer meanwhile.",
            "`dnsServers` of network status are those of the virtual network.",
        )
        .command(format!(
            "az rest --method post --url '{ARM}{}/applynetworkconfigurationupdates?api-version=2024-05-01' \
             --body '{{\"location\": \"{}\"}}'",
            plain(service.id, "/<service-id>"),
            plain(site.location, "<location>")
        ))
        .verify_by(format!("{} --query \"[].networkStatus.dnsServers\"", Need::NetworkStatus.command(service.id))),
    ]);
}

fn custom(service: &Service<'_>, site: &Site<'_>, configured: &[&str], ledger: &mut Ledger<'_>) {
    let own: Vec<_> = configured.iter().filter(|server| **server != AZURE).copied().collect();
    if own.is_empty() || site.status.is_some_and(resolves) {
        return;
    }
    let network = parent(site.subnet_id).unwrap_or_default();
    let found = format!("dhcpOptions.dnsServers: {}, used{}", own.join(", "), of(service, site));
    ledger.find(&CUSTOM_DNS_SERVERS, network, found).mend(vec![forward()]);
}

/// Whether the entries prove that names are resolved: some are well, and none fails by its name.
fn resolves(status: &Value) -> bool {
    let mut entries = list(status, "connectivityStatus").iter().filter(|entry| !is_retired(entry)).peekable();
    let well = |entry: &&Value| text(entry, "status").is_some_and(|word| word.eq_ignore_ascii_case("success"));
    let unresolved = list(status, "connectivityStatus").iter().any(is_unresolved);
    !unresolved && entries.any(|entry| well(&entry))
}

/// What a DNS server of one's own has to do.
pub(super) fn forward() -> Remedy {
    Remedy::new(
        "Let the DNS servers forward Azure's names to 168.63.129.16. That address answers inside Azure only: from on-premises forward \
         to a server in the virtual network, or to an Azure DNS Private Resolver, which asks it.",
        "A virtual machine in the virtual network resolves the names of network status through each server.",
    )
    .by(WhoActs::NetworkAdmin)
    .verify_by("nslookup '<name-from-network-status>' '<dns-server>'".to_owned())
}
