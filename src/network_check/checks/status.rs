//! Network status: what the instance itself says it can reach.

use serde_json::Value;

use crate::config::Severity;
use crate::network_check::catalogue::{
    Code, DEPENDENCY_FAILING, DEPENDENCY_FAILING_OPTIONAL, DEPENDENCY_NAME_UNRESOLVED, NETWORK_STATUS_STALE,
};
use crate::network_check::field::{flag, instant, list, text};
use crate::network_check::input::Document;
use crate::network_check::ledger::{Finding, Ledger, Remedy};
use crate::network_check::network::{Need, Network, Platform};
use crate::network_check::remedy::failing_entries;
use crate::time::UnixMillis;

use super::dns::forward;
use super::of;

pub(super) const CODES: [&Code; 4] =
    [&DEPENDENCY_FAILING, &DEPENDENCY_FAILING_OPTIONAL, &DEPENDENCY_NAME_UNRESOLVED, &NETWORK_STATUS_STALE];

/// Entries are renewed every 15 minutes.
const STALE_S: u64 = 30 * 60;

pub(super) fn check(network: &Network<'_>, now: UnixMillis, ledger: &mut Ledger<'_>) {
    for document in &network.statuses {
        let place = Place::of(document, network);
        for entry in list(&document.value, "connectivityStatus").iter().filter(|entry| !is_retired(entry)) {
            reachable(entry, &place, ledger);
            fresh(entry, &place, now, ledger);
        }
    }
    for (service, site) in network.sites() {
        let given = site.status.is_some() || (network.services.len() > 1 && !network.statuses.is_empty());
        if !given && service.platform != Platform::Consumption {
            ledger.need(&CODES, Need::NetworkStatus, service.id, &of(service, site));
        }
    }
}

/// Where a status is from.
struct Place<'a> {
    service: &'a str,
    subject: String,
}

impl<'a> Place<'a> {
    fn of(document: &Document, network: &Network<'a>) -> Self {
        let service = match network.services.as_slice() {
            [service] => Some(service),
            _ => None,
        };
        let alone = || match service?.sites.as_slice() {
            [site] => Some(site.location.to_owned()),
            _ => None,
        };
        let location = document.location.clone().or_else(alone).unwrap_or_else(|| "(no location)".into());
        let service = service.map_or("", |service| service.id);
        Self { service, subject: format!("{service}/locations/{location}/networkstatus") }
    }
}

fn reachable(entry: &Value, place: &Place<'_>, ledger: &mut Ledger<'_>) {
    if !text(entry, "status").is_some_and(|word| word.eq_ignore_ascii_case("failure")) {
        return;
    }
    let required = is_required(entry);
    let code = match (is_unresolved(entry), required) {
        (true, _) => &DEPENDENCY_NAME_UNRESOLVED,
        (false, true) => &DEPENDENCY_FAILING,
        (false, false) => &DEPENDENCY_FAILING_OPTIONAL,
    };
    let word = if required { "required" } else { "optional" };
    let error = text(entry, "error").unwrap_or("no error text");
    let found = format!("{} ({word}): {error}", describe(entry));
    let severity = if required { Severity::Error } else { Severity::Warning };
    let before = ledger.severity(code, &place.subject).unwrap_or(severity);
    let finding = ledger.find(code, &place.subject, found);
    finding.severity = severity.max(before);
    finding.mend(remedies(finding, place));
}

fn remedies(finding: &Finding, place: &Place<'_>) -> Vec<Remedy> {
    if finding.code == &DEPENDENCY_NAME_UNRESOLVED {
        return vec![forward()];
    }
    let inbound = finding.found.iter().any(|found| found.contains(":3443"));
    let action = if inbound {
        "Let the control plane in: port 3443 from the tag ApiManagement in the network security group, and its replies to the \
         Internet by a route for that tag. Until then the portal cannot load APIs; traffic is unaffected."
    } else {
        "Let the instance out to it: outbound rules of the network security group, routes, and the firewall by name where traffic is \
         tunnelled."
    };
    vec![Remedy::new(action, "Within 15 minutes the entry is success.").verify_by(failing_entries(place.service))]
}

fn fresh(entry: &Value, place: &Place<'_>, now: UnixMillis, ledger: &mut Ledger<'_>) {
    let updated = text(entry, "lastUpdated").and_then(instant);
    let Some(updated) = updated else {
        let reason = format!("{} of {} has no lastUpdated that can be read", describe(entry), place.subject);
        return ledger.miss(&[&NETWORK_STATUS_STALE], &reason, None);
    };
    if now.since_s(updated) <= STALE_S {
        return;
    }
    let found = format!("{}: lastUpdated {updated}, {} minutes ago", describe(entry), now.since_s(updated) / 60);
    ledger.find(&NETWORK_STATUS_STALE, &place.subject, found).mend(vec![
        Remedy::new(
            "Read the status again. If it stays old, look at what keeps the instance from reaching these: routes, rules, firewall, DNS.",
            "`lastUpdated` is less than 30 minutes ago.",
        )
        .verify_by(Need::NetworkStatus.command(place.service)),
    ]);
}

fn describe(entry: &Value) -> String {
    let kind = text(entry, "resourceType").unwrap_or("(no type)");
    format!("{kind} {}", text(entry, "name").unwrap_or("(no name)"))
}

/// As the entry says; where it does not, by what the current interface calls required.
fn is_required(entry: &Value) -> bool {
    const REQUIRED: [&str; 6] = [
        "BlobStorage",
        "TableStorage",
        "SQLDatabase",
        "AzureKeyVault",
        "Monitoring",
        "ApiManagement Control Plane - inbound",
    ];
    let by_type = || {
        text(entry, "resourceType").is_some_and(|kind| REQUIRED.iter().any(|known| known.eq_ignore_ascii_case(kind)))
    };
    flag(entry, "isOptional").map_or_else(by_type, |optional| !optional)
}

/// Entries of features that are gone: the Git repository with its file share, and its own mail. They fail without harm.
pub(super) fn is_retired(entry: &Value) -> bool {
    const RETIRED: [&str; 3] = ["SourceControl", "FileStorage", "Email"];
    text(entry, "resourceType").is_some_and(|kind| RETIRED.iter().any(|known| known.eq_ignore_ascii_case(kind)))
}

/// Whether the error is that the name was not resolved.
pub(super) fn is_unresolved(entry: &Value) -> bool {
    const WORDS: [&str; 4] = ["could not be resolved", "no such host", "name or service not known", "name resolution"];
    let error = text(entry, "error").unwrap_or_default().to_ascii_lowercase();
    !is_retired(entry) && WORDS.iter().any(|words| error.contains(words))
}
