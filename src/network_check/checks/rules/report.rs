//! What a group does to each of the needed flows.

use crate::network_check::ledger::Ledger;
use crate::network_check::network::{Need, Service, Site};
use crate::network_check::remedy::allow;
use crate::network_check::security_group::{SecurityGroup, Verdict};
use crate::network_check::service_tags::Tags;

use super::flows::Needed;
use crate::network_check::checks::of;

pub(super) fn check(
    group: &SecurityGroup<'_>,
    flows: &[Needed],
    service: &Service<'_>,
    site: &Site<'_>,
    tags: &Tags<'_>,
    ledger: &mut Ledger,
) {
    let subnet = site.prefixes();
    for needed in flows {
        let flow = needed.flow();
        match group.judge(&flow, &subnet, tags) {
            Verdict::Allowed => {}
            Verdict::Denied { rule, addresses } => {
                let part = addresses.map(|addresses| format!(" for {addresses} addresses of it")).unwrap_or_default();
                let found =
                    format!("{}, port {}, is denied{part} by {}", needed.describe(), needed.port, rule.describe());
                let remedy = allow(
                    site.group_id,
                    needed.rule,
                    &flow,
                    &needed.remote,
                    group.free_priority(needed.inbound, rule.priority),
                );
                let finding = ledger.find(needed.code, site.group_id, found);
                if !finding.remedies.iter().any(|known| known.command == remedy.command) {
                    finding.remedies.push(remedy);
                }
            }
            Verdict::Unclear { rule } => {
                let reason = format!(
                    "whether {}, port {}, passes{} depends on what {} covers",
                    needed.describe(),
                    needed.port,
                    of(service, site),
                    rule.describe()
                );
                ledger.miss(&[needed.code], &reason, Some(&Need::ServiceTags.command(site.location)));
            }
        }
    }
}

impl Needed {
    /// "Azure SQL (Sql.WestEurope)".
    fn describe(&self) -> String {
        self.tag.as_ref().map_or_else(|| self.what.to_owned(), |tag| format!("{} ({tag})", self.what))
    }
}
