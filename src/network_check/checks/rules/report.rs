//! What a group does to each of the needed flows.

use crate::network_check::checks::of;
use crate::network_check::ledger::Ledger;
use crate::network_check::network::{Need, Service, Site};
use crate::network_check::remedy::allow;
use crate::network_check::security_group::{Rule, SecurityGroup, Verdict};
use crate::network_check::service_tags::Tags;

use super::flows::Needed;

pub(super) fn check(
    group: &SecurityGroup<'_>,
    flows: &[Needed],
    service: &Service<'_>,
    site: &Site<'_>,
    tags: &Tags<'_>,
    ledger: &mut Ledger<'_>,
) {
    let subnet = site.prefixes();
    let mut advice = Advice { group, id: site.group_id, given: Vec::new() };
    for needed in flows {
        match group.judge(&needed.flow(), &subnet, tags) {
            Verdict::Allowed => {}
            Verdict::Denied { rule, addresses } => advice.denied(needed, rule, addresses, ledger),
            Verdict::Unclear { rule } => {
                let (what, of, rule) = (needed.describe(), of(service, site), rule.describe());
                let reason = format!("whether {what} passes{of} depends on what {rule} covers");
                ledger.miss(&[needed.code], &reason, Some(&Need::ServiceTags.command(site.location)));
            }
        }
    }
}

/// Rules to create, each with a priority of its own.
struct Advice<'g, 'a> {
    group: &'g SecurityGroup<'a>,
    id: &'a str,
    given: Vec<u64>,
}

impl Advice<'_, '_> {
    fn denied(&mut self, needed: &Needed, rule: &Rule<'_>, addresses: Option<u64>, ledger: &mut Ledger<'_>) {
        let part = addresses.map(|addresses| format!(" for {addresses} addresses of it")).unwrap_or_default();
        let found = format!("{} is denied{part} by {}", needed.describe(), rule.describe());
        let priority = self.group.free_priority(needed.inbound, rule.priority, &self.given);
        let remedy = allow(self.id, needed.rule, &needed.flow(), &needed.remote, priority);
        let finding = ledger.find(needed.code, self.id, found);
        // Another location or region may have asked for the same rule.
        if !finding.remedies.iter().any(|known| known.verify == remedy.verify) {
            finding.remedies.push(remedy);
            self.given.extend(priority);
        }
    }
}

impl Needed {
    /// "Azure SQL (Sql.WestEurope), port 1433,".
    fn describe(&self) -> String {
        let tag = self.tag.as_ref().map(|tag| format!(" ({tag})")).unwrap_or_default();
        format!("{}{tag}, port {},", self.what, self.port)
    }
}
