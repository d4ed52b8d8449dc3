//! From a failure to a verdict.

use futures_util::future::join;

use super::azure::azure_now;
use super::counterpart::counterpart;
use super::incident::{RECORD_MAX_AGE_MS, join_incident, settle};
use crate::config::{DnsConfig, Origin};
use crate::diagnosis::{Evidence, Failure, RecordEvidence, Verdict, diagnose, is_dns_failure};
use crate::dns::{Consensus, Lookup};
use crate::net::Hostname;
use crate::origin::{Drift, Incident, OF_A_HOST, RecordCopy};
use crate::ports::Ports;
use crate::refresh::{Scene, Serves, Stored, fresh_lookup, load_record};
use crate::time::UnixMillis;

/// Failed requests share a look-up of the same isolate for this long, in milliseconds, where it fits the failure …
const SHARED_MS: u64 = 5_000;
/// … and only this long where it does not: then something has just changed, and the older word would mislead.
const SHARED_AGAINST_MS: u64 = 100;
/// What failed.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The origin.
    pub origin: &'a Origin,
    /// How it failed; `None` to look at a working one.
    pub failure: Option<Failure>,
    /// The name that the edge resolves.
    pub edge_name: &'a Hostname,
    /// Time that may be spent, in milliseconds.
    pub budget_ms: u32,
    /// Cloudflare's data centre.
    pub seen_from: Option<&'a str>,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Investigation {
    /// When the failure was met.
    met_at: UnixMillis,
    /// All of it.
    pub evidence: Evidence,
    /// The cause; `None` where nothing failed.
    pub verdict: Option<Verdict>,
    /// The incident, once the failure has joined one ([`Investigation::join`]).
    pub incident: Option<Incident>,
    /// Whether this failure changed the incident's cause.
    pub(super) changed: bool,
    /// The record as it was.
    pub copy: RecordCopy,
}

/// Collects the evidence side by side and judges it.
pub async fn investigate<P: Ports>(scene: &Scene<'_, P>, question: &Question<'_>) -> Investigation {
    let (met_at, origin) = (scene.ports.now(), question.origin);
    let failing_since = scene.remember(|memory| memory.failing(&origin.name, met_at).map(|it| it.incident.since));
    let serves: Serves<'_> = &|lookup, age_ms| {
        // Of this incident, or still under way when this failure was met.
        let fits =
            failing_since.is_some_and(|since| lookup.at >= since) || age_ms <= scene.ports.now().since_ms(met_at);
        serves(question, lookup, age_ms, fits)
    };
    let (lookup, (copy, azure)) = join(
        fresh_lookup(scene, &origin.name, &origin.hostname, serves, question.budget_ms),
        join(load_record(scene, origin, RECORD_MAX_AGE_MS), azure_now(scene, origin, question.budget_ms)),
    )
    .await;
    let spent_ms = u32::try_from(scene.ports.now().since_ms(met_at)).unwrap_or(u32::MAX);
    let counterpart = match counterpart(scene.config, question, lookup.as_ref(), &copy) {
        Some(name) => {
            fresh_lookup(
                scene,
                &format!("{OF_A_HOST}{name}"),
                &name,
                serves,
                question.budget_ms.saturating_sub(spent_ms),
            )
            .await
        }
        None => None,
    };
    let evidence = Evidence {
        at: scene.ports.now(),
        hostname: origin.hostname.clone(),
        edge_name: question.edge_name.clone(),
        expect_suffixes: origin.expect_suffixes.clone(),
        failure: question.failure,
        lookup,
        counterpart,
        record: record_evidence(&copy, met_at, &scene.config.dns),
        azure,
        seen_from: question.seen_from.map(str::to_owned),
    };
    let verdict = diagnose(&evidence);
    Investigation { met_at, evidence, verdict, incident: None, changed: false, copy }
}

/// Whether an earlier look-up of this isolate will do; one from before the trouble does not. A live diagnosis always looks
/// anew.
fn serves(question: &Question<'_>, lookup: &Lookup, age_ms: u64, of_this_trouble: bool) -> bool {
    let resolves = matches!(lookup.consensus, Consensus::Known { .. });
    match &question.failure {
        None => false,
        Some(failure) if is_dns_failure(failure) == resolves => age_ms <= SHARED_AGAINST_MS,
        Some(Failure::Rejected { .. }) if resolves => age_ms <= SHARED_AGAINST_MS,
        Some(_) if of_this_trouble => age_ms <= SHARED_MS,
        Some(_) => age_ms <= SHARED_AGAINST_MS,
    }
}

/// What a record adds to the evidence at `now`. An answer from before a change of addresses may be in use for its TTL,
/// within the bounds of `dns`: for so long the change still explains failures, also once the record has it.
pub fn record_evidence(copy: &RecordCopy, now: UnixMillis, dns: &DnsConfig) -> RecordEvidence {
    match copy {
        RecordCopy::Unavailable(_) => RecordEvidence::Unavailable,
        RecordCopy::Unreadable(_) => RecordEvidence::Unreadable,
        RecordCopy::Empty => RecordEvidence::Empty,
        RecordCopy::Present(record) => record.last_good.as_ref().map_or(RecordEvidence::Empty, |good| {
            let explains = |drift: &&Drift| {
                let ttl_s = drift.ttl_s.clamp(dns.min_ttl_s, dns.max_ttl_s.max(dns.min_ttl_s));
                now.since_s(drift.at) <= u64::from(ttl_s)
            };
            let latest = record.drifts.first().filter(explains);
            let (addresses, chain) = (good.bare_addresses(), good.chain.clone());
            let places = good.places.clone();
            RecordEvidence::Present { addresses, chain, at: good.at, places, moved: latest.cloned() }
        }),
    }
}

impl Investigation {
    /// The failure is one that a client is told of: it joins the incident, or begins one.
    pub fn join<P>(&mut self, scene: &Scene<'_, P>, origin: &Origin) {
        if let Some(verdict) = &self.verdict {
            let (incident, changed) = join_incident(scene, origin, &self.copy, verdict, self.met_at);
            (self.incident, self.changed) = (Some(incident), changed);
        }
    }

    /// Stores what was learnt; to be run after the answer has gone out.
    pub async fn settle<P: Ports>(&self, scene: &Scene<'_, P>, origin: &Origin) -> Stored {
        settle(self, scene, origin).await
    }

    /// Whether this very failure began the incident or changed its cause, as far as this isolate can tell.
    pub fn news(&self) -> Option<&'static str> {
        match self.incident.as_ref()?.count {
            1 => Some("incident_opened"),
            _ if self.changed => Some("incident_changed"),
            _ => None,
        }
    }
}
