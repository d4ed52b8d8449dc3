//! What to do about it, and the test that tells when it worked.
//!
//! The words are those of the explanation pages; here their placeholders are filled in as far as the evidence knows.

use super::{Evidence, Verdict};
use crate::dns::Consensus;
use crate::json::shown;
use crate::net::Hostname;
use crate::origin::{Hop, HopKind};
use crate::problem::{Fix, When, WhoActs, explanation};

/// One way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// Who does it.
    pub who: WhoActs,
    /// What to do, in a sentence or two.
    pub action: String,
    /// A complete command, where there is one.
    pub command: Option<String>,
    /// How to tell that it worked.
    pub verify: Verify,
}

shown! { Remedy { who, action, verify } or nothing { command } }

/// The test of a remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verify {
    /// What to look for.
    pub action: String,
    /// A complete command, where there is one.
    pub command: Option<String>,
}

shown! { Verify { action } or nothing { command } }

/// The remedies of a verdict, best first; at least one.
///
/// Names and addresses of the evidence stand in for their placeholders; what the guard cannot know stays `<like-this>`.
/// Host names, addresses and the parts of a resource id have no character that a shell would obey, and every placeholder of a command is quoted.
pub fn remedies(verdict: &Verdict, evidence: &Evidence) -> Vec<Remedy> {
    let fixes: Vec<_> = explanation(verdict.code).fixes.iter().collect();
    fitting(&fixes, verdict.failed_hop.as_ref(), evidence, &[])
}

/// The remedies of those of `fixes` that apply. What stands in for a placeholder is looked for in `known`, then in the
/// evidence.
pub(crate) fn fitting(fixes: &[&Fix], hop: Option<&Hop>, evidence: &Evidence, known: &[Value]) -> Vec<Remedy> {
    let values = [known, &values(hop, evidence)].concat();
    let fitting: Vec<_> = fixes.iter().filter(|fix| applies(fix.when, hop, evidence)).collect();
    // Conditions order what is known; where none of them fits, every way out is better than none.
    let chosen = if fitting.is_empty() { fixes.iter().collect() } else { fitting };
    chosen.into_iter().map(|fix| remedy(fix, &values)).collect()
}

/// `fix` as the explanation page has it: with its condition in words, and all its placeholders.
pub(crate) fn general_remedy(fix: &Fix) -> Remedy {
    let general = remedy(fix, &[]);
    Remedy { action: format!("{}{}", fix.when.describe(), general.action), ..general }
}

fn applies(when: When, hop: Option<&Hop>, evidence: &Evidence) -> bool {
    match when {
        When::Always => true,
        When::FailedAt(kinds) => hop.is_none_or(|hop| kinds.contains(&hop.kind)),
        When::ZoneRoute => evidence.is_zone_route(),
        When::OtherName => evidence.is_zone_route() || HopKind::of(&evidence.hostname) != HopKind::Gateway,
    }
}

fn remedy(fix: &Fix, values: &[Value]) -> Remedy {
    let fill = |text: &str| values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
    Remedy {
        who: fix.who,
        action: fill(&fix.instruction()),
        command: fix.command.map(fill),
        verify: Verify { action: fill(fix.verify.action), command: fix.verify.command.map(fill) },
    }
}

/// A placeholder and what stands in for it.
pub(crate) type Value = (&'static str, String);

fn values(hop: Option<&Hop>, evidence: &Evidence) -> Vec<Value> {
    let mut values =
        vec![("<hostname>", evidence.hostname.to_string()), ("<tls-name>", evidence.edge_name.to_string())];
    if evidence.is_zone_route() {
        values.push(("<api-host>", evidence.edge_name.to_string()));
    }
    if let Some(hop) = hop {
        values.push(("<failed-hop>", hop.name.to_string()));
    }
    if let Some(azure) = &evidence.azure {
        let segments = [("<subscription-id>", "subscriptions"), ("<resource-group>", "resourceGroups")];
        let known = segments.into_iter().filter_map(|(placeholder, name)| Some((placeholder, azure.segment(name)?)));
        values.extend(known.map(|(placeholder, value)| (placeholder, value.to_owned())));
    }
    if let Some(gateway) = gateway_name(evidence) {
        values.push(("<gateway-name>", gateway.to_string()));
        // In other clouds the suffix differs, so the whole name is filled in before the label.
        values.push(("<service-name>.azure-api.net", gateway.to_string()));
        values.push(("<service-name>", gateway.first_label().to_owned()));
    }
    if let Some(Consensus::Known { addresses, .. }) = evidence.lookup.as_ref().map(|lookup| &lookup.consensus) {
        let all: Vec<_> = addresses.iter().map(|seen| seen.address.to_string()).collect();
        values.extend(all.first().map(|first| ("<current-address>", first.clone())));
        values.push(("<current-addresses>", all.join(", ")));
    }
    values
}

/// The gateway's own name: the configured one, or the first in a chain that is one.
fn gateway_name(evidence: &Evidence) -> Option<&Hostname> {
    let observations = evidence.lookup.iter().flat_map(|lookup| &lookup.observations);
    let targets = observations.flat_map(|observation| observation.chain.iter().map(|link| &link.target));
    std::iter::once(&evidence.hostname).chain(targets).find(|name| HopKind::of(name) == HopKind::Gateway)
}
