//! Following a chain to its end with one resolver, for one record type.

use super::chain::{end_of, extend};
use super::doh::Resolver;
use super::extended_error::keep_distinct;
use super::wire::Answer;
use super::{Absence, AbsenceKind, ChainLink, DnsFailure, ExtendedError, Outcome, Rcode};
use crate::net::Hostname;
use crate::ports::{Clock, Fetcher};

/// What was found. The chain and the errors also stand where it breaks off.
#[derive(Debug)]
pub(super) struct Walk {
    pub(super) outcome: Outcome,
    pub(super) chain: Vec<ChainLink>,
    pub(super) extended_errors: Vec<ExtendedError>,
}

/// Asks for A, or AAAA where `v6`, of `name`. A recursive resolver gives the chain whole; an authoritative server stops
/// where its zones end, and is asked on for the last target. Every further question follows at least one more hop, so
/// there are at most 17.
pub(super) async fn walk<P: Fetcher + Clock>(resolver: &Resolver<'_, P>, name: &Hostname, v6: bool) -> Walk {
    let mut passed = Passed::default();
    loop {
        let asked = end_of(&passed.chain, name);
        let step = match resolver.ask(asked, v6).await {
            Ok(answer) => passed.judge(answer, name),
            Err(failure) => Some(Outcome::Unknown { failure }),
        };
        if let Some(outcome) = step {
            return Walk { outcome, chain: passed.chain, extended_errors: passed.extended_errors };
        }
    }
}

/// What lies behind.
#[derive(Default)]
struct Passed {
    chain: Vec<ChainLink>,
    extended_errors: Vec<ExtendedError>,
}

impl Passed {
    /// What the answer says in the end; `None` where the chain goes on behind it.
    fn judge(&mut self, answer: Answer, name: &Hostname) -> Option<Outcome> {
        keep_distinct(&mut self.extended_errors, answer.extended_errors);
        let advanced = !answer.chain.is_empty();
        if let Err(failure) = extend(&mut self.chain, answer.chain) {
            return Some(Outcome::Unknown { failure });
        }
        let at_name = end_of(&self.chain, name).clone();
        if let Some(failure) = failure(answer.rcode, answer.truncated, &at_name) {
            return Some(Outcome::Unknown { failure });
        }
        if !answer.addresses.is_empty() {
            return Some(Outcome::Known { addresses: answer.addresses });
        }
        let kind = absence(answer.rcode, answer.negative_ttl_s, advanced)?;
        Some(Outcome::Absent(Absence { kind, at_name, negative_ttl_s: answer.negative_ttl_s }))
    }
}

/// An error code says more than a TC bit beside it.
fn failure(rcode: Rcode, truncated: bool, at_name: &Hostname) -> Option<DnsFailure> {
    match rcode {
        Rcode::NO_ERROR | Rcode::NX_DOMAIN => truncated.then_some(DnsFailure::Truncated),
        rcode => Some(DnsFailure::Rcode { rcode, at_name: at_name.clone() }),
    }
}

/// NODATA is proved by an SOA record (RFC 2308 2.2), or said by an answer that leads nowhere. An alias without a word
/// about its target says nothing yet.
fn absence(rcode: Rcode, negative_ttl_s: Option<u32>, advanced: bool) -> Option<AbsenceKind> {
    if rcode == Rcode::NX_DOMAIN {
        return Some(AbsenceKind::NameNotFound);
    }
    (negative_ttl_s.is_some() || !advanced).then_some(AbsenceKind::NoAddress)
}
