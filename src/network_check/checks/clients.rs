//! Replies to clients in external mode: behind a forced tunnel each client needs a route of its own. With Cloudflare as
//! the only client, its published ranges are the clients.

use std::fmt::Write;

use ipnet::Ipv4Net;

use crate::net::{CLOUDFLARE_DATE, CLOUDFLARE_IPV4};
use crate::network_check::catalogue::{CLIENT_ROUTE_MISSING, Code};
use crate::network_check::ledger::{Ledger, Remedy};
use crate::network_check::ranges::{Ranges, prefix};
use crate::network_check::remedy::options;

use super::routes::Scene;
use crate::network_check::routing::Route;

const CODES: [&Code; 1] = [&CLIENT_ROUTE_MISSING];

pub(super) fn check(scene: &Scene<'_, '_>, ledger: &mut Ledger<'_>) {
    if !scene.service.serves_clients_at(scene.site) {
        return;
    }
    let clients = cloudflare();
    let missing = scene.routing.not_to_internet(&Ranges::of(&clients));
    if scene.doubts(&missing, Route::is_unreadable, &CODES, ledger) || missing.is_empty() {
        return;
    }
    let listed: Vec<_> = clients.iter().filter(|net| missing.overlaps(net)).map(ToString::to_string).collect();
    let found = format!(
        "{} of the {} ranges of Cloudflare (published {CLOUDFLARE_DATE}) are not routed to the Internet; {}",
        listed.len(),
        clients.len(),
        scene.routes_of(&Ranges::of(&clients))
    );
    let table = scene.site.routes_subject();
    let finding = ledger.find(&CLIENT_ROUTE_MISSING, table, found);
    finding.mend(vec![cloudflare_routes(table, &listed)]);
    finding.listed = listed;
}

/// The ranges that requests of Cloudflare come from.
pub(super) fn cloudflare() -> Vec<Ipv4Net> {
    CLOUDFLARE_IPV4.iter().filter_map(|text| prefix(text)).collect()
}

fn cloudflare_routes(table: &str, missing: &[String]) -> Remedy {
    let options = options(table, "route-table-name");
    let command = format!(
        "for prefix in {}; do\n  az network route-table route create {options} --name \"Cloudflare-${{prefix%/*}}\" \
         --address-prefix \"$prefix\" --next-hop-type Internet\ndone",
        missing.join(" ")
    );
    let mut bicep = String::from(
        "resource cloudflareRoutes 'Microsoft.Network/routeTables/routes@2024-05-01' = [for prefix in [\n",
    );
    for prefix in missing {
        // Writing to a string cannot fail.
        let _ = writeln!(bicep, "  '{prefix}'");
    }
    bicep.push_str(
        "]: {\n  parent: routeTable\n  name: 'Cloudflare-${split(prefix, '/')[0]}'\n  properties: { addressPrefix: prefix, \
         nextHopType: 'Internet' }\n}]",
    );
    Remedy::new(
        "If Cloudflare is the only client, route its ranges to the Internet; compare them with \
         https://www.cloudflare.com/ips-v4 first. Any other client needs a route too, or comes in through Cloudflare.",
        "Requests through Cloudflare are answered, without error 522.",
    )
    .command(command)
    .snippet("bicep", bicep)
    .verify_by(format!("az network route-table route list {options} --output table"))
}
