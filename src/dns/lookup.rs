//! Asking all resolvers side by side.

use std::pin::pin;

use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use serde::{Deserialize, Serialize};

use super::resolver::observe;
use super::{Consensus, DnsFailure, Observation, Outcome, agree};
use crate::config::DnsConfig;
use crate::net::Hostname;
use crate::ports::{Clock, Fetcher};
use crate::time::UnixMillis;

/// One look at a name by every configured resolver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// When it began.
    pub at: UnixMillis,
    /// The name.
    pub name: Hostname,
    /// One for each resolver, in configured order.
    pub observations: Vec<Observation>,
    /// What they say together.
    pub consensus: Consensus,
}

/// How long to wait for a resolver once another one has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// As long as `dns.timeout_ms` allows: a scheduled run, or an operator who asked.
    Full,
    /// This many milliseconds more: a client is waiting.
    Brief(u32),
}

/// Asks every resolver of `dns` for the addresses of `name`. Takes `dns.timeout_ms` at most.
pub async fn look_up<P: Fetcher + Clock>(ports: &P, dns: &DnsConfig, name: &Hostname, patience: Patience) -> Lookup {
    let at = ports.now();
    let heard = ask_all(ports, dns, name, patience).await;
    let took_ms = u32::try_from(ports.now().since_ms(at)).unwrap_or(u32::MAX);
    let unheard = |url: &String| not_heard(url, at, took_ms);
    let observations: Vec<Observation> =
        heard.into_iter().zip(&dns.resolvers).map(|(heard, url)| heard.unwrap_or_else(|| unheard(url))).collect();
    Lookup { at, name: name.clone(), consensus: agree(&observations), observations }
}

/// What each resolver said, in configured order; `None` for one that was not waited for.
async fn ask_all<P: Fetcher + Clock>(
    ports: &P,
    dns: &DnsConfig,
    name: &Hostname,
    patience: Patience,
) -> Vec<Option<Observation>> {
    let mut heard: Vec<Option<Observation>> = dns.resolvers.iter().map(|_| None).collect();
    let mut asked = FuturesUnordered::new();
    for (place, url) in dns.resolvers.iter().enumerate() {
        asked.push(async move { (place, observe(ports, url, name, dns.timeout_ms).await) });
    }
    let mut wait_ms = dns.timeout_ms;
    while let Either::Left((Some((place, observation)), _)) = select(asked.next(), pin!(ports.sleep(wait_ms))).await {
        if let (Patience::Brief(grace_ms), true) = (patience, observation.outcome.has_told()) {
            wait_ms = wait_ms.min(grace_ms);
        }
        if let Some(slot) = heard.get_mut(place) {
            *slot = Some(observation);
        }
    }
    heard
}

fn not_heard(url: &str, at: UnixMillis, took_ms: u32) -> Observation {
    let outcome = Outcome::Unknown { failure: DnsFailure::NotAwaited };
    Observation { resolver: url.to_owned(), at, took_ms, outcome, chain: Vec::new(), extended_errors: Vec::new() }
}
