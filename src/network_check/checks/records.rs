//! DNS records that hold an address of the gateway instead of its name.

use serde_json::Value;

use crate::network_check::catalogue::PINNED_ADDRESS_RECORD;
use crate::network_check::field::{list, text, texts};
use crate::network_check::ledger::{Ledger, Remedy};
use crate::network_check::network::{Need, Network, Service, plain};
use crate::network_check::resource_id::name;
use crate::problem::WhoActs;

pub(super) fn check(network: &Network<'_>, ledger: &mut Ledger<'_>) {
    if network.records.is_empty() {
        return ledger.need(&[&PINNED_ADDRESS_RECORD], Need::DnsRecords, "", "");
    }
    if network.services.is_empty() {
        return ledger.need(&[&PINNED_ADDRESS_RECORD], Need::Service, "", "");
    }
    for record in network.records.iter().filter(|record| is_address(record)) {
        for service in network.services.iter().filter(|service| is_about(record, service)) {
            report(record, service, ledger);
        }
    }
}

fn is_address(record: &Value) -> bool {
    matches!(text(record, "type"), Some("A" | "AAAA"))
}

/// Whether the record holds an address of the service or stands under one of its host names.
fn is_about(record: &Value, service: &Service<'_>) -> bool {
    let (content, host) = (text(record, "content").unwrap_or_default(), text(record, "name").unwrap_or_default());
    let by_address = service.sites.iter().any(|site| texts(site.value, "publicIPAddresses").contains(&content));
    let hosts = list(service.value, "hostnameConfigurations").iter().filter_map(|host| text(host, "hostName"));
    by_address || hosts.into_iter().any(|known| known.eq_ignore_ascii_case(host))
}

fn report(record: &Value, service: &Service<'_>, ledger: &mut Ledger<'_>) {
    let part = |member| text(record, member).unwrap_or_default();
    let found = format!("{} {} {}", part("name"), part("type"), part("content"));
    ledger.find(&PINNED_ADDRESS_RECORD, service.id, found).mend(vec![
        Remedy::new(
            "Make it a CNAME to the gateway's own name, or let the Worker call that name.",
            "The name is a CNAME to the gateway.",
        )
        .command(format!(
            "curl --fail --request PATCH --header \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" --header 'Content-Type: \
             application/json' --data '{{\"type\": \"CNAME\", \"content\": \"{}.azure-api.net\"}}' \
             'https://api.cloudflare.com/client/v4/zones/<zone-id>/dns_records/<record-id>'",
            plain(name(service.id), "<service-name>")
        ))
        .by(WhoActs::CloudflareAdmin)
        .verify_by("dig +short CNAME '<host>'".to_owned()),
    ]);
}
