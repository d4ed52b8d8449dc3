//! From a failure to a verdict.

use futures_util::future::join;

use super::incident::join_incident;
use crate::config::Origin;
use crate::diagnosis::{Evidence, Failure, RecordEvidence, Verdict, diagnose, is_dns_failure};
use crate::dns::{Consensus, Lookup};
use crate::net::Hostname;
use crate::origin::{Incident, RecordCopy};
use crate::ports::Ports;
use crate::refresh::{Scene, Stored, fresh_lookup, load_record, note_lookup, save_record};

/// Failed requests share a look-up of the same isolate for this long, in milliseconds, where it fits the failure …
const SHARED_MS: u64 = 5_000;
/// … and only this long where it does not: then something has just changed, and the older word would mislead.
const SHARED_AGAINST_MS: u64 = 100;
/// The isolate's copy of the record serves this long before KV is read again, in milliseconds: its own read cache
/// holds no less (<https://developers.cloudflare.com/kv/platform/limits/>).
const RECORD_MAX_AGE_MS: u64 = 30_000;

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
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Investigation {
    /// All of it.
    pub evidence: Evidence,
    /// The cause; `None` where nothing failed.
    pub verdict: Option<Verdict>,
    /// The incident, where something failed.
    pub incident: Option<Incident>,
    /// The record as it was.
    copy: RecordCopy,
}

/// Collects the evidence side by side and judges it.
pub async fn investigate<P: Ports>(scene: &Scene<'_, P>, question: &Question<'_>) -> Investigation {
    let met_at = scene.ports.now();
    let (lookup, copy) = join(
        fresh_lookup(scene, question.origin, |lookup, age_ms| serves(question, lookup, age_ms), question.budget_ms),
        load_record(scene, question.origin, RECORD_MAX_AGE_MS),
    )
    .await;
    let evidence = Evidence {
        at: scene.ports.now(),
        hostname: question.origin.hostname.clone(),
        edge_name: question.edge_name.clone(),
        expect_suffixes: question.origin.expect_suffixes.clone(),
        failure: question.failure,
        lookup,
        record: record_evidence(&copy),
    };
    let verdict = diagnose(&evidence);
    let incident = verdict.as_ref().map(|verdict| join_incident(scene, question.origin, &copy, verdict.code, met_at));
    Investigation { evidence, verdict, incident, copy }
}

/// Whether an earlier look-up of this isolate will do. A live diagnosis always looks anew.
fn serves(question: &Question<'_>, lookup: &Lookup, age_ms: u64) -> bool {
    let resolves = matches!(lookup.consensus, Consensus::Known { .. });
    match &question.failure {
        None => false,
        Some(failure) if is_dns_failure(failure) == resolves => age_ms <= SHARED_AGAINST_MS,
        Some(Failure::Rejected { .. }) if resolves => age_ms <= SHARED_AGAINST_MS,
        Some(_) => age_ms <= SHARED_MS,
    }
}

/// What a record adds to the evidence.
pub fn record_evidence(copy: &RecordCopy) -> RecordEvidence {
    match copy {
        RecordCopy::Unavailable(_) => RecordEvidence::Unavailable,
        RecordCopy::Unreadable(_) => RecordEvidence::Unreadable,
        RecordCopy::Empty => RecordEvidence::Empty,
        RecordCopy::Present(record) => record.last_good.as_ref().map_or(RecordEvidence::Empty, |good| {
            RecordEvidence::Present { addresses: good.bare_addresses(), chain: good.chain.clone(), at: good.at }
        }),
    }
}

impl Investigation {
    /// Stores what was learnt; to be run after the answer has gone out.
    pub async fn settle<P: Ports>(&self, scene: &Scene<'_, P>, origin: &Origin) -> Stored {
        let present = scene.remember(|memory| memory.record(&origin.name, scene.ports.now(), RECORD_MAX_AGE_MS));
        save_record(scene, origin, present.as_ref().unwrap_or(&self.copy), |record| {
            if let Some(lookup) = self.evidence.lookup.as_ref().filter(|lookup| lookup.at >= record.observed_at) {
                note_lookup(record, lookup, &scene.config.dns);
            }
            record.incident.clone_from(&self.incident);
        })
        .await
    }
}
