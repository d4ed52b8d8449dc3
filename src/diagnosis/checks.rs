//! The staged checks behind a verdict. What could not be checked is listed as skipped, with its reason.

use super::azure_rules::azure_state;
use super::edge_address::{Difference, EdgeAddress, edge_address};
use super::findings::passes_expected_suffix;
use super::stale_address::list;
use super::{Evidence, Instance, RecordEvidence};
use crate::dns::{Consensus, Lookup, Uncertainty};
use crate::net::{AddressClass, classify};
use crate::origin::HopKind;
use crate::problem::Check;

/// The checks that need no connection to the origin, in order.
pub fn checks(evidence: &Evidence) -> Vec<Check> {
    let mut checks = of_names(evidence);
    checks.push(azure(evidence));
    checks
}

fn of_names(evidence: &Evidence) -> Vec<Check> {
    match &evidence.lookup {
        Some(lookup) => vec![
            name(lookup),
            resolvers(lookup),
            chain(evidence, lookup),
            address_class(evidence, lookup),
            known_before(evidence, lookup),
            edge(evidence),
        ],
        None => ["name", "resolvers", "chain", "address_class", "known_before", "edge_address"]
            .map(|check| Check::skip(check, "no resolver was asked within the time budget"))
            .into(),
    }
}

fn azure(evidence: &Evidence) -> Check {
    const NAME: &str = "azure";
    let Some(azure) = &evidence.azure else {
        return Check::skip(NAME, "Azure Resource Manager is not configured for this origin, or was not asked in time");
    };
    match azure_state(evidence) {
        Some(state) => Check::fail(NAME, state.because, 0),
        None if azure.instance == Instance::Present => {
            let state = azure.provisioning_state.as_deref().unwrap_or("not told");
            Check::pass(NAME, format!("at {} ARM had the instance; its provisioningState: {state}", azure.at), 0)
        }
        None => Check::skip(NAME, "Azure Resource Manager could not tell, or did so too long ago"),
    }
}

fn took(lookup: &Lookup) -> u32 {
    lookup.observations.iter().map(|observation| observation.took_ms).max().unwrap_or_default()
}

fn name(lookup: &Lookup) -> Check {
    let asked = lookup.observations.len();
    match &lookup.consensus {
        Consensus::Known { addresses, .. } => {
            Check::pass("name", format!("{} resolves to {} address(es)", lookup.name, addresses.len()), took(lookup))
        }
        Consensus::Absent { absence, .. } => Check::fail("name", absence.to_string(), took(lookup)),
        Consensus::Unknown { reason: Uncertainty::Disagreement } => {
            Check::fail("name", "the resolvers contradict one another", took(lookup))
        }
        Consensus::Unknown { reason } => {
            Check::fail("name", format!("none of {asked} resolvers settles it: {}", reason.describe()), took(lookup))
        }
    }
}

fn resolvers(lookup: &Lookup) -> Check {
    let told = lookup.observations.iter().filter(|seen| seen.outcome.word() != "unknown").count();
    let detail = format!("{told} of {} resolvers answered", lookup.observations.len());
    if told == lookup.observations.len() {
        Check::pass("resolvers", detail, took(lookup))
    } else {
        Check::fail("resolvers", detail, took(lookup))
    }
}

fn chain(evidence: &Evidence, lookup: &Lookup) -> Check {
    let Consensus::Known { chain, .. } = &lookup.consensus else {
        return Check::skip("chain", "the name does not resolve");
    };
    if passes_expected_suffix(evidence, chain) {
        Check::pass("chain", format!("{} CNAME hop(s), past an expected gateway name", chain.len()), 0)
    } else {
        Check::fail("chain", "the chain passes none of the expected gateway suffixes", 0)
    }
}

fn address_class(evidence: &Evidence, lookup: &Lookup) -> Check {
    let Consensus::Known { addresses, .. } = &lookup.consensus else {
        return Check::skip("address_class", "the name does not resolve");
    };
    if evidence.hostname.is_local() {
        return Check::skip("address_class", "a local origin");
    }
    match addresses.iter().find(|seen| classify(seen.address) != AddressClass::Public) {
        None => Check::pass("address_class", "every address is public", 0),
        Some(seen) => {
            let class = classify(seen.address).describe();
            Check::fail("address_class", format!("{} is {class}", seen.address), 0)
        }
    }
}

fn known_before(evidence: &Evidence, lookup: &Lookup) -> Check {
    let RecordEvidence::Present { addresses, at, .. } = &evidence.record else {
        return Check::skip("known_before", "no earlier look-up is at hand");
    };
    let Consensus::Known { addresses: now, .. } = &lookup.consensus else {
        return Check::skip("known_before", format!("nothing to compare with; last good look-up at {at}"));
    };
    if now.iter().any(|seen| addresses.contains(&seen.address)) {
        Check::pass("known_before", format!("an address is the same as at {at}"), 0)
    } else {
        Check::fail("known_before", format!("no address is the same as at {at}"), 0)
    }
}

fn edge(evidence: &Evidence) -> Check {
    const NAME: &str = "edge_address";
    match edge_address(evidence) {
        None if evidence.is_zone_route() || HopKind::of(&evidence.hostname) != HopKind::Gateway => {
            Check::skip(NAME, "there is no second name to compare with, or it was not looked up")
        }
        None => Check::skip(NAME, "the edge resolves the gateway's own name"),
        Some(EdgeAddress::Hidden) => {
            Check::skip(NAME, format!("{} is proxied: DNS does not show the address behind it", evidence.edge_name))
        }
        Some(EdgeAddress::Unknown) => Check::skip(NAME, "not all addresses of the two names are known"),
        Some(EdgeAddress::Current) => Check::pass(NAME, "the edge and the gateway's name have the same address", 0),
        Some(EdgeAddress::Other(Difference { used, current, .. })) => {
            let detail = format!("the edge goes to {}, the gateway's name leads to {}", list(&used), list(&current));
            Check::fail(NAME, detail, 0)
        }
    }
}
