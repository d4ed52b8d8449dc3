//! One resolver's answer to one name: A and AAAA side by side, and one outcome of both.

use std::mem::take;

use futures_util::future::join;

use super::doh::Resolver;
use super::extended_error::keep_distinct;
use super::walk::{Walk, walk};
use super::{Absence, AbsenceKind, DnsFailure, Observation, Outcome, SeenAddress, Unanswered, sorted};
use crate::net::Hostname;
use crate::ports::{Clock, Fetcher};

/// Asks the resolver at `url` for the addresses of `name`, within `timeout_ms` in all.
pub(super) async fn observe<P: Fetcher + Clock>(ports: &P, url: &str, name: &Hostname, timeout_ms: u32) -> Observation {
    let at = ports.now();
    let resolver = Resolver { ports, url, deadline: at.plus_ms(timeout_ms.into()) };
    let (a, aaaa) = join(walk(&resolver, name, false), walk(&resolver, name, true)).await;
    let took_ms = u32::try_from(ports.now().since_ms(at)).unwrap_or(u32::MAX);
    let unanswered = unanswered(&a.outcome, &aaaa.outcome);
    let Walk { outcome, chain, extended_errors } = merge(a, aaaa);
    Observation { resolver: url.to_owned(), at, took_ms, outcome, chain, extended_errors, unanswered }
}

fn unanswered(a: &Outcome, aaaa: &Outcome) -> Option<Unanswered> {
    match (a, aaaa) {
        (Outcome::Known { .. }, Outcome::Unknown { failure }) => {
            Some(Unanswered { v6: true, failure: failure.clone() })
        }
        (Outcome::Unknown { failure }, Outcome::Known { .. }) => {
            Some(Unanswered { v6: false, failure: failure.clone() })
        }
        _ => None,
    }
}

/// Addresses of either family make the name known; only both together can say that there are none.
fn merge(mut a: Walk, mut aaaa: Walk) -> Walk {
    let mut extended_errors = take(&mut a.extended_errors);
    keep_distinct(&mut extended_errors, take(&mut aaaa.extended_errors));
    let (addresses, negative_ttl_s) = (all_addresses(&a, &aaaa), least_negative_ttl(&a, &aaaa));
    let (mut outcome, chain) =
        if weight(&a.outcome) >= weight(&aaaa.outcome) { (a.outcome, a.chain) } else { (aaaa.outcome, aaaa.chain) };
    match &mut outcome {
        Outcome::Known { addresses: known } => *known = addresses,
        Outcome::Absent(absence) => absence.negative_ttl_s = negative_ttl_s,
        Outcome::Unknown { .. } => {}
    }
    Walk { outcome, chain, extended_errors }
}

fn all_addresses(a: &Walk, aaaa: &Walk) -> Vec<SeenAddress> {
    sorted(a.outcome.addresses().iter().chain(aaaa.outcome.addresses()))
}

fn least_negative_ttl(a: &Walk, aaaa: &Walk) -> Option<u32> {
    let ttl = |walk: &Walk| match &walk.outcome {
        Outcome::Absent(absence) => absence.negative_ttl_s,
        Outcome::Known { .. } | Outcome::Unknown { .. } => None,
    };
    ttl(a).into_iter().chain(ttl(aaaa)).min()
}

/// Which of the two outcomes speaks for both. Addresses do before a failure, and a failure before an absence. NODATA
/// does before NXDOMAIN: it has seen that the name exists (RFC 4074 4.2 knows servers that deny it for AAAA alone).
const fn weight(outcome: &Outcome) -> (u8, u8) {
    match outcome {
        Outcome::Known { .. } => (2, 0),
        Outcome::Unknown { failure } => (1, gravity(failure)),
        Outcome::Absent(Absence { kind: AbsenceKind::NoAddress, .. }) => (0, 1),
        Outcome::Absent(Absence { kind: AbsenceKind::NameNotFound, .. }) => (0, 0),
    }
}

/// What DNS said about the name before what is wrong with an answer, and that before no answer at all.
const fn gravity(failure: &DnsFailure) -> u8 {
    match failure {
        DnsFailure::Loop { .. } | DnsFailure::TooManyHops => 7,
        DnsFailure::Rcode { .. } => 6,
        DnsFailure::Truncated => 5,
        DnsFailure::Malformed { .. } => 4,
        DnsFailure::HttpStatus { .. } => 3,
        DnsFailure::Unreachable { .. } => 2,
        DnsFailure::TimedOut => 1,
        DnsFailure::NotAwaited => 0,
    }
}
