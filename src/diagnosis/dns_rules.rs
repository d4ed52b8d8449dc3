//! Rules for a name that does not resolve.

use super::rules::not_public;
use super::{Cause, Evidence};
use crate::dns::{Absence, AbsenceKind, Consensus, DnsFailure, Lookup, Observation, Outcome, Uncertainty};
use crate::origin::Hop;
use crate::problem::Code;

/// The edge says that the name cannot be resolved.
pub(super) fn judge_dns(evidence: &Evidence) -> Cause {
    let unconfirmed =
        || Cause::new(Code::OriginDnsUnconfirmed, "the edge cannot resolve the name; no resolver could tell");
    dns_cause(evidence).unwrap_or_else(|| match &evidence.lookup {
        Some(Lookup { consensus: Consensus::Known { .. }, .. }) => {
            not_public(evidence).unwrap_or_else(|| edge_alone(evidence))
        }
        _ => unconfirmed(),
    })
}

/// In `zone` route the edge follows the zone's own record, which may lead elsewhere than to the gateway's name.
fn edge_alone(evidence: &Evidence) -> Cause {
    let what = if evidence.is_zone_route() { "the target of the zone's record" } else { "the name" };
    let because = format!("the edge cannot resolve {what}; the resolvers find {}", evidence.hostname);
    Cause::new(Code::OriginDnsDisagreement, because)
}

/// Why the resolvers find no address; `None` where they find some or none of them could tell.
pub(super) fn dns_cause(evidence: &Evidence) -> Option<Cause> {
    let lookup = evidence.lookup.as_ref()?;
    match &lookup.consensus {
        Consensus::Known { .. } => None,
        Consensus::Absent { absence, .. } => Some(absent(absence)),
        Consensus::Unknown { reason: Uncertainty::Disagreement } => {
            Some(Cause::new(Code::OriginDnsDisagreement, "the resolvers contradict one another"))
        }
        Consensus::Unknown { reason: Uncertainty::SingleWitness } => first_absence(lookup).map(absent),
        Consensus::Unknown { reason: Uncertainty::NoAnswer } => failed(lookup),
    }
}

fn absent(absence: &Absence) -> Cause {
    let name = &absence.at_name;
    let code = match absence.kind {
        AbsenceKind::NameNotFound => Code::OriginNameNotFound,
        AbsenceKind::NoAddress => Code::OriginNameHasNoAddress,
    };
    Cause::new(code, absence.to_string()).at(Hop::of(name))
}

/// What the resolvers say is missing: all of those that could tell, or the only one.
pub(super) fn absence(lookup: &Lookup) -> Option<&Absence> {
    match &lookup.consensus {
        Consensus::Absent { absence, .. } => Some(absence),
        Consensus::Unknown { reason: Uncertainty::SingleWitness } => first_absence(lookup),
        Consensus::Known { .. } | Consensus::Unknown { .. } => None,
    }
}

fn first_absence(lookup: &Lookup) -> Option<&Absence> {
    lookup.observations.iter().find_map(|observation| match &observation.outcome {
        Outcome::Absent(absence) => Some(absence),
        Outcome::Known { .. } | Outcome::Unknown { .. } => None,
    })
}

/// No resolver found out, but some said why: the most telling reason first.
fn failed(lookup: &Lookup) -> Option<Cause> {
    let each = || lookup.observations.iter();
    each().find_map(dnssec).or_else(|| each().find_map(broken_chain)).or_else(|| each().find_map(server_failure))
}

fn failure_of(observation: &Observation) -> Option<&DnsFailure> {
    match &observation.outcome {
        Outcome::Unknown { failure } => Some(failure),
        Outcome::Known { .. } | Outcome::Absent(_) => None,
    }
}

fn dnssec(observation: &Observation) -> Option<Cause> {
    let Some(DnsFailure::Rcode { at_name, .. }) = failure_of(observation) else { return None };
    let error = observation.extended_errors.iter().find(|error| error.is_dnssec())?;
    Some(Cause::new(Code::OriginDnssecInvalid, format!("validation of {at_name} fails: {error}")).at(Hop::of(at_name)))
}

fn broken_chain(observation: &Observation) -> Option<Cause> {
    let failure = failure_of(observation)?;
    let cause = Cause::new(Code::OriginChainInvalid, failure.to_string());
    match failure {
        DnsFailure::Loop { at_name } => Some(cause.at(Hop::of(at_name))),
        DnsFailure::TooManyHops => Some(cause),
        _ => None,
    }
}

fn server_failure(observation: &Observation) -> Option<Cause> {
    let failure = failure_of(observation)?;
    let DnsFailure::Rcode { at_name, .. } = failure else { return None };
    let why = observation.extended_errors.iter().map(ToString::to_string);
    let because: Vec<String> = std::iter::once(format!("a resolver {failure}")).chain(why).collect();
    Some(Cause::new(Code::OriginDnsServerFailure, because.join("; ")).at(Hop::of(at_name)))
}
