//! Certificates of the host names.

use serde_json::Value;

use crate::config::Severity;
use crate::network_check::catalogue::{CERTIFICATE_EXPIRED, CERTIFICATE_EXPIRING, MANAGED_CERTIFICATE_BEHIND_PROXY};
use crate::network_check::field::{field, flag, instant, list, text};
use crate::network_check::ledger::{Ledger, Remedy};
use crate::network_check::network::{Network, Service};
use crate::network_check::remedy::options;
use crate::time::UnixMillis;

const SOON_S: u64 = 30 * 24 * 60 * 60;

pub(super) fn check(service: &Service<'_>, network: &Network<'_>, now: UnixMillis, ledger: &mut Ledger<'_>) {
    for host in list(service.value, "hostnameConfigurations") {
        expiry(service, host, now, ledger);
    }
    for host in managed_hosts(service) {
        managed(service, host, network, ledger);
    }
}

fn expiry(service: &Service<'_>, host: &Value, now: UnixMillis, ledger: &mut Ledger<'_>) {
    let expiry = field(host, "certificate").and_then(|certificate| text(certificate, "expiry"));
    let Some(at) = expiry else { return };
    let name = host_name(host);
    let Some(expires) = instant(at) else {
        let reason = format!("the expiry of the certificate of {name} cannot be read: {at}");
        return ledger.miss(&[&CERTIFICATE_EXPIRING, &CERTIFICATE_EXPIRED], &reason, None);
    };
    let code = match expires {
        _ if expires <= now => &CERTIFICATE_EXPIRED,
        _ if expires.since_s(now) <= SOON_S => &CERTIFICATE_EXPIRING,
        _ => return,
    };
    let source = text(host, "certificateSource").unwrap_or("not named");
    let found = format!("{name}: {expires}, source {source}");
    ledger.find(code, service.id, found).mend(vec![
        Remedy::new(
            "Renew the certificate. One in Key Vault is taken over when the secret has a new version and the \
             instance may read it; one that was uploaded has to be uploaded again.",
            "The host name has a certificate with a later date.",
        )
        .verify_by(format!(
            "az apim show {} --query \"hostnameConfigurations[].[hostName, certificate.expiry]\"",
            options(service.id, "name")
        )),
    ]);
}

fn host_name(host: &Value) -> &str {
    text(host, "hostName").unwrap_or("(no host name)")
}

/// Gateway host names with a certificate that Azure renews.
pub(super) fn managed_hosts<'a>(service: &Service<'a>) -> impl Iterator<Item = &'a str> {
    let is_managed =
        |host: &&Value| text(host, "certificateSource").is_some_and(|source| source.eq_ignore_ascii_case("Managed"));
    list(service.value, "hostnameConfigurations").iter().filter(is_managed).map(host_name)
}

fn managed(service: &Service<'_>, host: &str, network: &Network<'_>, ledger: &mut Ledger<'_>) {
    let record =
        network.records.iter().find(|record| text(record, "name").is_some_and(|name| name.eq_ignore_ascii_case(host)));
    let (found, severity) = match record.map(|record| flag(record, "proxied")) {
        Some(Some(false)) => return,
        Some(Some(true)) => (format!("{host}: managed certificate, and its record is proxied"), Severity::Warning),
        Some(None) | None => {
            let found = format!(
                "{host}: managed certificate; whether its record is proxied is not in these documents, so it cannot be excluded"
            );
            (found, Severity::Info)
        }
    };
    let before = ledger.severity(&MANAGED_CERTIFICATE_BEHIND_PROXY, service.id).unwrap_or(severity);
    let finding = ledger.find(&MANAGED_CERTIFICATE_BEHIND_PROXY, service.id, found);
    finding.severity = severity.max(before);
    finding.mend(vec![
        Remedy::new(
            "Call the gateway by its own name `<name>.azure-api.net` from the Worker, which needs no custom domain; or use a certificate \
             of your own from Key Vault.",
            "No host name has `certificateSource` Managed.",
        )
        .verify_by(format!(
            "az apim show {} --query \"hostnameConfigurations[].[hostName, certificateSource]\"",
            options(service.id, "name")
        )),
    ]);
}
