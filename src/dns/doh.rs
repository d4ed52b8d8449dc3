//! One question to one resolver by DNS over HTTPS (RFC 8484).

use super::question::question;
use super::wire::{Answer, MAX_MESSAGE_BYTES, parse_answer};
use super::{DnsFailure, Rcode};
use crate::net::Hostname;
use crate::ports::{Clock, FetchFailure, Fetcher, HttpRequest, HttpResponse};
use crate::time::UnixMillis;

const DNS_MESSAGE: &str = "application/dns-message";

/// A resolver, and until when it may answer.
#[derive(Debug)]
pub(super) struct Resolver<'a, P> {
    pub(super) ports: &'a P,
    pub(super) url: &'a str,
    /// One for all questions, so that a chain that must be asked for hop by hop takes no longer than any other.
    pub(super) deadline: UnixMillis,
}

impl<P: Fetcher + Clock> Resolver<'_, P> {
    /// Asks for A, or for AAAA where `v6`, of `name`.
    ///
    /// # Errors
    /// Why there is no DNS answer. An answer with an error code is `Ok`.
    pub(super) async fn ask(&self, name: &Hostname, v6: bool) -> Result<Answer, DnsFailure> {
        let left_ms = self.deadline.since_ms(self.ports.now());
        let timeout_ms = u32::try_from(left_ms).unwrap_or(u32::MAX);
        if timeout_ms == 0 {
            return Err(DnsFailure::TimedOut);
        }
        let sent = self.ports.send(self.request(question(name, v6), timeout_ms)).await;
        read(&sent.map_err(no_exchange)?, name, v6)
    }

    /// By `POST`, which no cache on the way answers in the resolver's place: the guard asks what holds now.
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

fn no_exchange(failure: FetchFailure) -> DnsFailure {
    match failure {
        FetchFailure::TimedOut => DnsFailure::TimedOut,
        FetchFailure::TooLarge => DnsFailure::Truncated,
        other => DnsFailure::Unreachable { words: other.to_string() },
    }
}

fn read(response: &HttpResponse, name: &Hostname, v6: bool) -> Result<Answer, DnsFailure> {
    if response.status != 200 {
        return Err(DnsFailure::HttpStatus { status: response.status });
    }
    if !is_dns_message(response) {
        return Err(DnsFailure::Malformed { words: format!("its Content-Type is not {DNS_MESSAGE}") });
    }
    let mut answer = parse_answer(&response.body, name, v6).map_err(|words| DnsFailure::Malformed { words })?;
    if answer.rcode == Rcode::NX_DOMAIN && !answer.addresses.is_empty() {
        return Err(DnsFailure::Malformed { words: "NXDOMAIN and addresses in one answer".into() });
    }
    take_off(&mut answer, age_s(response));
    Ok(answer)
}

fn is_dns_message(response: &HttpResponse) -> bool {
    let value = response.header("content-type").unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(DNS_MESSAGE)
}

/// `Age`, the time that the answer has spent in HTTP caches (RFC 9111 5.1); 0 without one or with nonsense, the most
/// there is where it overflows (RFC 9111 1.2.2).
fn age_s(response: &HttpResponse) -> u32 {
    let value = response.header("age").unwrap_or_default().trim();
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    if digits { value.parse().unwrap_or(u32::MAX) } else { 0 }
}

/// Counts lifetimes from when the resolver answered (RFC 8484 5.1).
fn take_off(answer: &mut Answer, age_s: u32) {
    let links = answer.chain.iter_mut().map(|link| &mut link.ttl_s);
    let addresses = answer.addresses.iter_mut().map(|seen| &mut seen.ttl_s);
    for ttl_s in links.chain(addresses).chain(&mut answer.negative_ttl_s) {
        *ttl_s = ttl_s.saturating_sub(age_s);
    }
}
