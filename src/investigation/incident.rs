//! Which incident a failure belongs to, and what is stored of it.

use std::cell::Cell;

use super::{Bundle, Investigation};
use crate::config::Origin;
use crate::diagnosis::Verdict;
use crate::origin::{EndedBy, Failed, Failing, Incident, KEPT_FOR_MS, Record, RecordCopy, incident_key};
use crate::ports::Ports;
use crate::refresh::{Scene, Stored, load_record, note_lookup, save_record, write_key};
use crate::time::UnixMillis;

/// The isolate's copy of the record serves this long before KV is read again, in milliseconds: its own read cache
/// holds no less (<https://developers.cloudflare.com/kv/platform/limits/>).
pub(super) const RECORD_MAX_AGE_MS: u64 = 30_000;

/// The incident that a failure with `verdict`, met `at`, belongs to, and whether the failure changed its cause.
pub(super) fn join_incident<P>(
    scene: &Scene<'_, P>,
    origin: &Origin,
    copy: &RecordCopy,
    verdict: &Verdict,
    at: UnixMillis,
) -> (Incident, bool) {
    let hop = verdict.failed_hop.as_ref().map(|hop| hop.name.clone());
    let failed = Failed { at, code: verdict.code, hop };
    let record = copy.record();
    let has_ended = |id: &str| record.is_some_and(|record| record.has_ended(id));
    scene.remember(|memory| {
        if memory.failing(&origin.name, at).is_some_and(|here| has_ended(&here.incident.id)) {
            // Another isolate has seen the recovery: this failure is another incident's.
            memory.note_recovery(&origin.name);
        }
        memory.note_failure(&origin.name, record.and_then(|record| record.incident.as_ref()), &failed)
    })
}

/// Stores what a failure taught: look-up and incident in the record, and what the verdict rests on where the incident is
/// new or its cause has changed.
pub(super) async fn settle<P: Ports>(found: &Investigation, scene: &Scene<'_, P>, origin: &Origin) -> Stored {
    let now = scene.ports.now();
    let present = scene.remember(|memory| memory.record(&origin.name, now, RECORD_MAX_AGE_MS));
    let failing = scene.remember(|memory| memory.take_uncounted(&origin.name, now));
    let news = Cell::new(false);
    let stored = save_record(scene, origin, present.as_ref().unwrap_or(&found.copy), &mut |record| {
        if let Some(lookup) = found.evidence.lookup.as_ref().filter(|lookup| lookup.at >= record.observed_at) {
            note_lookup(record, lookup, &scene.config.dns);
        }
        news.set(count(record, failing.as_ref()));
        if news.get() {
            // The bundle is a write of its own.
            record.writes = record.writes.spend(now).unwrap_or(record.writes);
        }
    })
    .await;
    match stored {
        Stored::Written if news.get() => keep_bundle(found, scene, origin).await,
        Stored::Written | Stored::Unconfirmed => {}
        Stored::Unchanged | Stored::HeldBack | Stored::Unavailable | Stored::KeptUnreadable => {
            let failures = failing.map_or(0, |failing| failing.uncounted);
            scene.remember(|memory| memory.give_back(&origin.name, failures));
        }
    }
    stored
}

/// Counts in `record` what this isolate met. Returns whether the incident or its cause is new there.
fn count(record: &mut Record, failing: Option<&Failing>) -> bool {
    let Some(Failing { incident: here, uncounted }) = failing else { return false };
    if record.has_ended(&here.id) {
        // Another isolate has seen the recovery first.
        return false;
    }
    let Some(stored) = record.incident.take() else {
        record.incident = Some(here.clone());
        return true;
    };
    let is_news = here.differs_from(&stored);
    // Two isolates may begin one each; the one that is stored goes on.
    let (id, since) = (stored.id.clone(), stored.since);
    record.incident = Some(Incident {
        id,
        since,
        count: stored.count.saturating_add(*uncounted),
        last_at: stored.last_at.max(here.last_at),
        changes: if stored.id == here.id { here.changes.clone() } else { stored.changes },
        ..here.clone()
    });
    is_news
}

async fn keep_bundle<P: Ports>(found: &Investigation, scene: &Scene<'_, P>, origin: &Origin) {
    let Some(bundle) = Bundle::of(found, origin) else { return };
    let kept_for_s = u32::try_from(KEPT_FOR_MS.div_euclid(1000)).ok();
    // What is lost is the proof of one incident; the incident itself is in the record.
    let _ = write_key(scene.ports, &incident_key(&bundle.incident.id), &bundle.to_json(), kept_for_s).await;
}

/// An origin that has failed answers again: ends the incident, in this isolate's memory and in the record. Returns it
/// where its end is told for the first time, as far as can be known.
pub async fn note_recovery<P: Ports>(scene: &Scene<'_, P>, origin: &Origin, by: EndedBy) -> Option<Incident> {
    let now = scene.ports.now();
    let here = scene.remember(|memory| memory.note_recovery(&origin.name));
    let copy = load_record(scene, origin, 0).await;
    let ended = Cell::new(None);
    let stored = save_record(scene, origin, &copy, &mut |record| {
        count(record, here.as_ref());
        ended.set(record.end_incident(now, by).cloned());
    })
    .await;
    match stored {
        Stored::Written | Stored::Unconfirmed => ended.into_inner(),
        // The record still has it open: the next look ends it.
        Stored::HeldBack | Stored::Unchanged => None,
        Stored::Unavailable | Stored::KeptUnreadable => here.map(|failing| failing.incident.ended(now, by)),
    }
}
