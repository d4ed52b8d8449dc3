//! One resolver's answer to one name: A and AAAA side by side, and on from where a server stops in the chain.

use futures_util::future::join;

use super::wire::{Answer, MAX_MESSAGE_BYTES, parse_answer, question};
use super::{
    Absence, AbsenceKind, ChainLink, DnsFailure, ExtendedError, MAX_HOPS, Observation, Outcome, Rcode, sorted,
};
use crate::net::Hostname;
use crate::ports::{Clock, FetchFailure, Fetcher, HttpRequest, HttpResponse};
use crate::time::UnixMillis;

const DNS_MESSAGE: &str = "application/dns-message";

/// Asks the resolver at `url` for the addresses of `name`, within `timeout_ms` in all.
pub(super) async fn observe<P: Fetcher + Clock>(ports: &P, url: &str, name: &Hostname, timeout_ms: u32) -> Observation {
    let at = ports.now();
    let resolver = Resolver { ports, url, deadline: at.plus_ms(timeout_ms.into()) };
    let (v4, v6) = join(resolver.resolve(name, false), resolver.resolve(name, true)).await;
    let took_ms = u32::try_from(ports.now().since_ms(at)).unwrap_or(u32::MAX);
    let Found { outcome, chain, extended_errors } = merge(v4, v6);
    Observation { resolver: url.to_owned(), at, took_ms, outcome, chain, extended_errors }
}

/// What was found for one record type.
struct Found {
    outcome: Outcome,
    chain: Vec<ChainLink>,
    extended_errors: Vec<ExtendedError>,
}

/// Addresses of either family count. Only both together can say that there are none.
fn merge(mut v4: Found, mut v6: Found) -> Found {
    let mut errors = std::mem::take(&mut v4.extended_errors);
    for error in std::mem::take(&mut v6.extended_errors) {
        if !errors.contains(&error) {
            errors.push(error);
        }
    }
    let mut found = match (&mut v4.outcome, &mut v6.outcome) {
        (Outcome::Known { addresses }, Outcome::Known { addresses: more }) => {
            *addresses = sorted(addresses.iter().chain(more.iter()).copied());
            v4
        }
        (outcome_v4, outcome_v6) if weight(outcome_v4) >= weight(outcome_v6) => v4,
        _ => v6,
    };
    found.extended_errors = errors;
    found
}

const fn weight(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Known { .. } => 2,
        Outcome::Unknown { .. } => 1,
        Outcome::Absent(_) => 0,
    }
}

struct Resolver<'a, P> {
    ports: &'a P,
    url: &'a str,
    deadline: UnixMillis,
}

impl<P: Fetcher + Clock> Resolver<'_, P> {
    /// Follows the chain. A recursive resolver gives it whole; an authoritative server may stop where its zone ends,
    /// and is asked on for the target.
    async fn resolve(&self, name: &Hostname, v6: bool) -> Found {
        let mut chain = Vec::new();
        let mut extended_errors = Vec::new();
        let mut asked = name.clone();
        loop {
            let answer = match self.ask(&asked, v6).await {
                Ok(answer) => answer,
                Err(failure) => return Found { outcome: Outcome::Unknown { failure }, chain, extended_errors },
            };
            extended_errors.extend(answer.extended_errors.iter().cloned());
            if let Err(failure) = extend(&mut chain, name, &answer.chain) {
                return Found { outcome: Outcome::Unknown { failure }, chain, extended_errors };
            }
            match conclude(&answer, &asked) {
                Some(outcome) => return Found { outcome, chain, extended_errors },
                None => asked = answer.end(&asked).clone(),
            }
        }
    }

    async fn ask(&self, name: &Hostname, v6: bool) -> Result<Answer, DnsFailure> {
        let left = self.deadline.since_ms(self.ports.now());
        let timeout_ms = u32::try_from(left).ok().filter(|left| *left > 0).ok_or(DnsFailure::TimedOut)?;
        let body = question(name, v6).map_err(|words| DnsFailure::Malformed { words })?;
        let response = self.ports.send(self.request(body, timeout_ms)).await.map_err(|failure| unanswered(&failure))?;
        let mut answer = read(&response, name, v6)?;
        age(&mut answer, &response);
        if answer.truncated { Err(DnsFailure::Truncated) } else { Ok(answer) }
    }

    /// `POST`, which no cache on the way answers (RFC 8484 5.1): the guard wants to know what holds now.
    fn request(&self, body: Vec<u8>, timeout_ms: u32) -> HttpRequest {
        HttpRequest {
            method: "POST",
            url: self.url.to_owned(),
            headers: vec![("Content-Type", DNS_MESSAGE.into()), ("Accept", DNS_MESSAGE.into())],
            body,
            timeout_ms,
            max_bytes: MAX_MESSAGE_BYTES,
        }
    }
}

fn unanswered(failure: &FetchFailure) -> DnsFailure {
    match failure {
        FetchFailure::TimedOut => DnsFailure::TimedOut,
        FetchFailure::TooLarge => DnsFailure::Truncated,
        FetchFailure::ConnectionLost | FetchFailure::Internal | FetchFailure::Other(_) => {
            DnsFailure::Unreachable { words: failure.to_string() }
        }
    }
}

fn read(response: &HttpResponse, name: &Hostname, v6: bool) -> Result<Answer, DnsFailure> {
    if response.status != 200 {
        return Err(DnsFailure::HttpStatus { status: response.status });
    }
    let kind = response.header("content-type").and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case(DNS_MESSAGE) {
        return Err(DnsFailure::Malformed { words: format!("its Content-Type is not {DNS_MESSAGE}") });
    }
    parse_answer(&response.body, name, v6).map_err(|words| DnsFailure::Malformed { words })
}

/// Takes the time that the answer has spent in HTTP caches off its lifetimes (RFC 8484 5.1).
fn age(answer: &mut Answer, response: &HttpResponse) {
    let age_s: u32 = response.header("age").and_then(|age| age.trim().parse().ok()).unwrap_or_default();
    let lifetimes = answer
        .chain
        .iter_mut()
        .map(|link| &mut link.ttl_s)
        .chain(answer.addresses.iter_mut().map(|seen| &mut seen.ttl_s));
    for ttl_s in lifetimes.chain(answer.negative_ttl_s.as_mut()) {
        *ttl_s = ttl_s.saturating_sub(age_s);
    }
}

/// Adds `links` to `chain`, which began at `name`.
fn extend(chain: &mut Vec<ChainLink>, name: &Hostname, links: &[ChainLink]) -> Result<(), DnsFailure> {
    for link in links {
        let passed = link.target == *name || chain.iter().any(|earlier| earlier.target == link.target);
        chain.push(link.clone());
        if passed {
            return Err(DnsFailure::Loop { at_name: link.target.clone() });
        }
        if chain.len() > MAX_HOPS {
            return Err(DnsFailure::TooManyHops);
        }
    }
    Ok(())
}

/// What an answer says in the end; `None`: the chain goes on behind it.
fn conclude(answer: &Answer, asked: &Hostname) -> Option<Outcome> {
    let end = answer.end(asked);
    let absent = |kind| Outcome::Absent(Absence { kind, at_name: end.clone(), negative_ttl_s: answer.negative_ttl_s });
    match answer.rcode {
        Rcode::NO_ERROR if !answer.addresses.is_empty() => Some(Outcome::Known { addresses: answer.addresses.clone() }),
        // The SOA record makes it NODATA (RFC 2308 2.2); so does an answer that leads nowhere.
        Rcode::NO_ERROR if answer.negative_ttl_s.is_some() || answer.chain.is_empty() => {
            Some(absent(AbsenceKind::NoAddress))
        }
        Rcode::NO_ERROR => None,
        Rcode::NX_DOMAIN => Some(absent(AbsenceKind::NameNotFound)),
        rcode => Some(Outcome::Unknown { failure: DnsFailure::Rcode { rcode, at_name: end.clone() } }),
    }
}
