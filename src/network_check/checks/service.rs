//! What the service itself says.

use crate::config::Severity;
use crate::network_check::catalogue::{
    GATEWAY_DISABLED_IN_LOCATION, INTERNAL_NETWORK, PLATFORM_RETIRED, PUBLIC_ACCESS_DISABLED,
};
use crate::network_check::field::text;
use crate::network_check::ledger::{Ledger, Remedy};
use crate::network_check::network::{Service, Site};
use crate::network_check::remedy::options;

pub(super) fn check(service: &Service<'_>, ledger: &mut Ledger<'_>) {
    public_access(service, ledger);
    for (index, site) in service.sites.iter().enumerate() {
        internal(service, site, ledger);
        gateway(service, index, site, ledger);
        platform(service, site, ledger);
    }
}

fn public_access(service: &Service<'_>, ledger: &mut Ledger<'_>) {
    let access = text(service.value, "publicNetworkAccess").unwrap_or("Enabled");
    if access.eq_ignore_ascii_case("Disabled") {
        let finding = ledger.find(&PUBLIC_ACCESS_DISABLED, service.id, "publicNetworkAccess is Disabled".into());
        finding.mend(vec![
            Remedy::new(
                "Enable public network access, or reach the gateway from inside its network.",
                "The answer is Enabled.",
            )
            .command(format!("az apim update {} --public-network-access true", options(service.id, "name")))
            .verify_by(format!("az apim show {} --query publicNetworkAccess", options(service.id, "name"))),
        ]);
    }
}

fn internal(service: &Service<'_>, site: &Site<'_>, ledger: &mut Ledger<'_>) {
    let found = if service.is_internal() {
        "virtualNetworkType is Internal".to_owned()
    } else if service.is_injected_v2(site) {
        format!("the subnet in {} is delegated to Microsoft.Web/hostingEnvironments", site.location)
    } else {
        return;
    };
    let finding = ledger.find(&INTERNAL_NETWORK, service.id, found);
    finding.mend(vec![Remedy::new(
        "Put something with a public address before it, such as an Application Gateway, and give that to the Worker; for a \
         classic tier the mode External is another way (its addresses change, and it takes 15 minutes or more).",
        "The name that the Worker calls has a public address.",
    )]);
}

/// `index`: 0 is the primary location.
fn gateway(service: &Service<'_>, index: usize, site: &Site<'_>, ledger: &mut Ledger<'_>) {
    if site.gateway_disabled() {
        let all = service.sites.iter().all(Site::gateway_disabled);
        let found = format!("disableGateway is true in {}", site.location);
        let finding = ledger.find(&GATEWAY_DISABLED_IN_LOCATION, service.id, found);
        if all {
            finding.severity = Severity::Error;
        }
        let property = index.checked_sub(1).map_or("disableGateway".to_owned(), |additional| {
            format!("additionalLocations[{additional}].disableGateway")
        });
        finding.mend(vec![
            Remedy::new(
                "Switch the gateway on there, unless it is off on purpose.",
                "`disableGateway` is false there.",
            )
            .command(format!("az apim update {} --set '{property}=false'", options(service.id, "name")))
            .verify_by(format!(
                "az apim show {} --query \"[disableGateway, additionalLocations[].[location, disableGateway]]\"",
                options(service.id, "name")
            )),
        ]);
    }
}

fn platform(service: &Service<'_>, site: &Site<'_>, ledger: &mut Ledger<'_>) {
    let version = text(site.value, "platformVersion").unwrap_or_default();
    if version.eq_ignore_ascii_case("stv1") {
        let found = format!("platformVersion is stv1 in {}", site.location);
        ledger.find(&PLATFORM_RETIRED, service.id, found).mend(vec![
            Remedy::new(
                "Migrate to stv2. In a virtual network, and with the mode NewIP, the addresses change: renew allowlists and DNS.",
                "`platformVersion` is stv2 or later everywhere.",
            )
            .verify_by(format!(
                "az apim show {} --query \"[platformVersion, additionalLocations[].platformVersion]\"",
                options(service.id, "name")
            )),
        ]);
    }
}
