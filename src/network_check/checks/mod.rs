//! The checks. Each walks what was given, tells the ledger what it found, and which document it missed.

mod backend;
mod certificates;
mod clients;
mod control_plane;
mod dns;
mod egress;
mod learned_routes;
mod records;
mod routes;
mod rules;
mod service;
mod status;
mod subnet;

use super::catalogue::{
    CATALOGUE, Code, DEPENDENCY_FAILING, DEPENDENCY_FAILING_OPTIONAL, DEPENDENCY_NAME_UNRESOLVED, NETWORK_STATUS_STALE,
    PINNED_ADDRESS_RECORD, SERVICE_TAG_IS_NOT_EGRESS,
};
use super::input::{Document, Unread};
use super::ledger::{Ledger, Report};
use super::network::{Need, Network, Platform, Service, Site};
use super::resource_id::name;
use crate::time::UnixMillis;

/// Checks the network that `documents` describe, as of `now`. Total; linear but for sorting in what was given.
pub fn check(documents: &[Document], now: UnixMillis) -> Report {
    check_read(documents, &[], now)
}

/// The same, where `unread` could not be fetched: what they are needed for says why.
pub fn check_read(documents: &[Document], unread: &[Unread], now: UnixMillis) -> Report {
    let network = Network::join(documents);
    let mut ledger = Ledger::new(unread);
    without_service(&network, &mut ledger);
    for service in &network.services {
        service::check(service, &mut ledger);
        certificates::check(service, &network, now, &mut ledger);
    }
    for (service, site) in network.sites() {
        unknown_tier(service, &mut ledger);
        subnet::check(service, site, &mut ledger);
        routes::check(service, site, &network, &mut ledger);
        rules::check(service, site, &network, &mut ledger);
        dns::check(service, site, &mut ledger);
    }
    status::check(&network, now, &mut ledger);
    records::check(&network, &mut ledger);
    backend::check(&network, &mut ledger);
    ledger.close(documents, &network.tags)
}

/// Without a service nobody knows the tier, the mode, or the subnet.
fn without_service(network: &Network<'_>, ledger: &mut Ledger<'_>) {
    const ALONE: [&Code; 6] = [
        &DEPENDENCY_FAILING,
        &DEPENDENCY_FAILING_OPTIONAL,
        &DEPENDENCY_NAME_UNRESOLVED,
        &NETWORK_STATUS_STALE,
        &SERVICE_TAG_IS_NOT_EGRESS,
        &PINNED_ADDRESS_RECORD,
    ];
    if network.services.is_empty() {
        let codes: Vec<_> = CATALOGUE.into_iter().filter(|code| !ALONE.contains(code)).collect();
        ledger.need(&codes, Need::Service, "", "");
        if network.statuses.is_empty() {
            ledger.need(&status::CODES, Need::NetworkStatus, "", "");
        }
    }
}

fn unknown_tier(service: &Service<'_>, ledger: &mut Ledger<'_>) {
    if service.platform == Platform::Unknown {
        let reason =
            format!("the tier of {} is {}, whose rules this check does not know", name(service.id), service.sku);
        let by_tier = [&subnet::CODES[..], &routes::CODES, &rules::CODES, &dns::CODES].concat();
        ledger.miss(&by_tier, &reason, None);
    }
}

/// " of contoso in West Europe".
fn of(service: &Service<'_>, site: &Site<'_>) -> String {
    format!(" of {} in {}", name(service.id), site.location)
}
