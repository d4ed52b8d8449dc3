//! Asking all resolvers side by side.

use std::pin::pin;

use futures_util::future::{ready, select};
use futures_util::stream::{self, StreamExt};

use super::resolver::observe;
use super::{Consensus, DnsFailure, Observation, Outcome, agree};
use crate::config::DnsConfig;
use crate::json::stored;
use crate::net::Hostname;
use crate::ports::{Clock, Fetcher};
use crate::time::UnixMillis;

/// Resolvers asked at the same time: two questions each, and a Worker has six connections open at once.
const AT_ONCE: usize = 3;

/// One look at a name by every configured resolver.
#[derive(Debug, Clone, PartialEq, Eq)]
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

stored! { Lookup { at, name, observations, consensus } }

/// How long to wait for a resolver once another one has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// As long as `dns.timeout_ms` allows: a scheduled run, or an operator who asked.
    Full,
    /// This many milliseconds more: a client is waiting.
    Brief(u32),
}

impl Lookup {
    /// Whether the name is known but no resolver that knows it has answered the question for its IPv6 (`v6`) or IPv4
    /// addresses. What was known of that family before is not gone then.
    pub fn lacks_family(&self, v6: bool) -> bool {
        let unanswered = |it: &Observation| it.unanswered.as_ref().is_some_and(|question| question.v6 == v6);
        let mut knowing = self.observations.iter().filter(|it| !it.outcome.addresses().is_empty()).peekable();
        knowing.peek().is_some() && knowing.all(unanswered)
    }

    /// Whether addresses of either family may be missing: what is seen is then no proof of what is not.
    pub fn is_partial(&self) -> bool {
        self.lacks_family(false) || self.lacks_family(true)
    }
}

/// Asks every resolver of `dns` for the addresses of `name`. Takes `dns.timeout_ms` at most for each three resolvers.
pub async fn look_up<P: Fetcher + Clock>(ports: &P, dns: &DnsConfig, name: &Hostname, patience: Patience) -> Lookup {
    let at = ports.now();
    let heard = ask_all(ports, dns, name, patience).await;
    let took_ms = u32::try_from(ports.now().since_ms(at)).unwrap_or(u32::MAX);
    let each = heard.into_iter().zip(&dns.resolvers);
    let observations: Vec<Observation> =
        each.map(|(heard, url)| heard.unwrap_or_else(|| not_awaited(url, at, took_ms))).collect();
    Lookup { at, name: name.clone(), consensus: agree(&observations), observations }
}

/// What each resolver said, in configured order; `None` for one that was not waited for.
async fn ask_all<P: Fetcher + Clock>(
    ports: &P,
    dns: &DnsConfig,
    name: &Hostname,
    patience: Patience,
) -> Vec<Option<Observation>> {
    let each = stream::iter(dns.resolvers.iter().enumerate());
    let ask = async |(place, url): (usize, &String)| (place, observe(ports, url, name, dns.timeout_ms).await);
    let mut answers = pin!(each.map(ask).buffer_unordered(AT_ONCE));
    let mut heard: Vec<Option<Observation>> = dns.resolvers.iter().map(|_| None).collect();
    let mut waits_for_all = true;
    while waits_for_all && let Some((place, observation)) = answers.next().await {
        waits_for_all = patience == Patience::Full || !observation.outcome.has_told();
        put(&mut heard, place, observation);
    }
    if let Patience::Brief(grace_ms) = patience {
        let rest = answers.for_each(|(place, observation)| {
            put(&mut heard, place, observation);
            ready(())
        });
        select(pin!(rest), pin!(ports.sleep(grace_ms))).await;
    }
    heard
}

fn put(heard: &mut [Option<Observation>], place: usize, observation: Observation) {
    if let Some(slot) = heard.get_mut(place) {
        *slot = Some(observation);
    }
}

fn not_awaited(url: &str, at: UnixMillis, took_ms: u32) -> Observation {
    Observation {
        resolver: url.to_owned(),
        at,
        took_ms,
        outcome: Outcome::Unknown { failure: DnsFailure::NotAwaited },
        chain: Vec::new(),
        extended_errors: Vec::new(),
        unanswered: None,
    }
}
