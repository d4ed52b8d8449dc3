//! Asking all resolvers side by side.

use std::collections::BTreeMap;
use std::pin::pin;

use futures_util::future::{ready, select};
use futures_util::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};

use super::resolver::observe;
use super::{Consensus, DnsFailure, Observation, Outcome, agree};
use crate::config::DnsConfig;
use crate::net::Hostname;
use crate::ports::{Clock, Fetcher};
use crate::time::UnixMillis;

/// Resolvers asked at the same time: two questions each, and a Worker has six connections open at once.
const AT_ONCE: usize = 3;

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

impl Lookup {
    /// Whether the name is known but no resolver that knows it has answered the question for its IPv6 (`v6`) or IPv4
    /// addresses. What was known of that family before is not gone then.
    pub fn lacks_family(&self, v6: bool) -> bool {
        let unanswered = |it: &Observation| it.unanswered.as_ref().is_some_and(|question| question.v6 == v6);
        let mut knowing = self.observations.iter().filter(|it| !it.outcome.addresses().is_empty()).peekable();
        knowing.peek().is_some() && knowing.all(unanswered)
    }
}

/// Asks every resolver of `dns` for the addresses of `name`. Takes `dns.timeout_ms` at most for each three resolvers.
pub async fn look_up<P: Fetcher + Clock>(ports: &P, dns: &DnsConfig, name: &Hostname, patience: Patience) -> Lookup {
    let at = ports.now();
    let mut heard = ask_all(ports, dns, name, patience).await;
    let took_ms = u32::try_from(ports.now().since_ms(at)).unwrap_or(u32::MAX);
    let each = dns.resolvers.iter().enumerate();
    let observations: Vec<Observation> =
        each.map(|(place, url)| heard.remove(&place).unwrap_or_else(|| not_awaited(url, at, took_ms))).collect();
    Lookup { at, name: name.clone(), consensus: agree(&observations), observations }
}

/// What was heard in time, by place in the configuration.
async fn ask_all<P: Fetcher + Clock>(
    ports: &P,
    dns: &DnsConfig,
    name: &Hostname,
    patience: Patience,
) -> BTreeMap<usize, Observation> {
    let each = stream::iter(dns.resolvers.iter().enumerate());
    let ask = async |(place, url): (usize, &String)| (place, observe(ports, url, name, dns.timeout_ms).await);
    let mut answers = pin!(each.map(ask).buffer_unordered(AT_ONCE));
    let mut heard = BTreeMap::new();
    let mut waits_for_all = true;
    while waits_for_all && let Some((place, observation)) = answers.next().await {
        waits_for_all = patience == Patience::Full || !observation.outcome.has_told();
        heard.insert(place, observation);
    }
    if let Patience::Brief(grace_ms) = patience {
        let rest = answers.for_each(|(place, observation)| {
            heard.insert(place, observation);
            ready(())
        });
        select(pin!(rest), pin!(ports.sleep(grace_ms))).await;
    }
    heard
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
