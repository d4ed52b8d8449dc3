//! What the evidence shows besides the verdict.

use super::azure_finding::azure_finding;
use super::edge_address::{EdgeAddress, edge_address};
use super::{Evidence, Finding, FindingCode, RecordEvidence};
use crate::config::Severity;
use crate::dns::{ChainLink, Consensus, Lookup, Outcome};
use crate::net::{AddressClass, Hostname, classify};
use crate::origin::{Hop, HopKind};

/// The findings, gravest first.
pub fn findings(evidence: &Evidence) -> Vec<Finding> {
    let from_lookup = evidence.lookup.iter().flat_map(|lookup| {
        let found = [pinned(evidence, lookup), not_public(evidence, lookup), retired(lookup), trouble(lookup)];
        found.into_iter().flatten()
    });
    let found: Vec<Finding> =
        from_lookup.chain(azure_finding(evidence)).chain(unreadable(evidence)).chain(overdue(evidence)).collect();
    let of = |severity| found.iter().filter(move |finding| finding.severity == severity).cloned();
    of(Severity::Error).chain(of(Severity::Warning)).chain(of(Severity::Info)).collect()
}

/// Whether the name itself or one of the chain's names is a gateway name as configured.
pub(super) fn passes_expected_suffix(evidence: &Evidence, chain: &[ChainLink]) -> bool {
    passes(evidence, &evidence.hostname, chain)
}

fn passes(evidence: &Evidence, name: &Hostname, chain: &[ChainLink]) -> bool {
    let expected = |name: &Hostname| evidence.expect_suffixes.iter().any(|suffix| name.is_within(suffix.as_str()));
    expected(name) || chain.iter().any(|link| expected(&link.target))
}

/// The name that the edge resolves: in `zone` route the zone's own record, as far as DNS shows it.
fn pinned(evidence: &Evidence, lookup: &Lookup) -> Option<Finding> {
    let compared = edge_address(evidence);
    let used = match &compared {
        Some(EdgeAddress::Hidden) => return None,
        Some(_) if evidence.is_zone_route() => evidence.counterpart.as_ref()?,
        Some(_) | None => lookup,
    };
    let (chain, addresses) = used.consensus.known()?;
    if evidence.expect_suffixes.is_empty() || passes(evidence, &used.name, chain) {
        return None;
    }
    let first = addresses.first()?.address;
    let beside = match compared {
        Some(EdgeAddress::Current) => "; the gateway has it at present: a flattened CNAME looks the same",
        Some(EdgeAddress::Other(_)) => "; the gateway's own name leads elsewhere",
        _ => "",
    };
    Some(Finding {
        code: FindingCode::PinnedAddressRecord,
        severity: Severity::Warning,
        title: "The name leads to an address without passing the gateway's own name".into(),
        evidence: format!("{} ends at {first} after {} CNAME hop(s){beside}", used.name, chain.len()),
    })
}

fn not_public(evidence: &Evidence, lookup: &Lookup) -> Option<Finding> {
    let addresses = lookup.consensus.addresses();
    let seen = addresses.iter().find(|seen| classify(seen.address) != AddressClass::Public)?;
    (!evidence.hostname.is_local()).then(|| Finding {
        code: FindingCode::AddressNotPublic,
        severity: Severity::Error,
        title: "The name has an address that a Worker cannot reach".into(),
        evidence: format!("{} is {}", seen.address, classify(seen.address).describe()),
    })
}

fn retired(lookup: &Lookup) -> Option<Finding> {
    let Consensus::Known { chain, .. } = &lookup.consensus else { return None };
    let hop = chain.iter().map(|link| Hop::of(&link.target)).find(|hop| hop.kind == HopKind::ComputeStv1)?;
    Some(Finding {
        code: FindingCode::PlatformRetired,
        severity: Severity::Warning,
        title: "The gateway's compute name is one of the retired platform stv1".into(),
        evidence: format!("the chain passes {}", hop.name),
    })
}

fn trouble(lookup: &Lookup) -> Option<Finding> {
    let silent = lookup.observations.iter().find_map(|seen| match &seen.outcome {
        Outcome::Unknown { failure } if failure.is_trouble() => Some(format!("{} {failure}", seen.resolver)),
        Outcome::Known { .. } | Outcome::Absent(_) | Outcome::Unknown { .. } => None,
    });
    silent.map(|evidence| Finding {
        code: FindingCode::ResolverTrouble,
        severity: Severity::Info,
        title: "A resolver could not say what the name has".into(),
        evidence,
    })
}

fn unreadable(evidence: &Evidence) -> Option<Finding> {
    (evidence.record == RecordEvidence::Unreadable)
        .then(|| Finding::unreadable("unknown schema or damaged bytes under the origin's key in GUARD_KV"))
}

impl Finding {
    /// Something that is stored cannot be read.
    pub(crate) fn unreadable(evidence: &str) -> Self {
        Self {
            code: FindingCode::RecordUnreadable,
            severity: Severity::Warning,
            title: "The stored record cannot be read; it is kept as it is and nothing is written over it".into(),
            evidence: evidence.to_owned(),
        }
    }
}

/// A record that is kept up is written every two hours at the latest; after an hour more it is not, in seconds.
pub(super) const UPKEEP_S: u64 = 3 * 60 * 60;

fn overdue(evidence: &Evidence) -> Option<Finding> {
    let RecordEvidence::Present { at, .. } = &evidence.record else { return None };
    let known_now = evidence.lookup.as_ref().is_some_and(|lookup| lookup.consensus.known().is_some());
    (!known_now && evidence.at.since_s(*at) > UPKEEP_S).then(|| Finding {
        code: FindingCode::LookupOverdue,
        severity: Severity::Warning,
        title: "No look-up has found an address for hours".into(),
        evidence: format!("the last one that did was at {at}: does the scheduled run take place?"),
    })
}
