//! What is stored of a backend that refuses the gateway.

use super::incident::RECORD_MAX_AGE_MS;
use crate::config::Origin;
use crate::origin::{BackendRefusals, RecordCopy};
use crate::ports::Ports;
use crate::refresh::{Scene, Stored, load_record, save_record};

/// Stores what this isolate has counted, if it is time. What could not be stored stays counted here.
pub async fn store_refusals<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) {
    let now = scene.ports.now();
    let due = scene.remember(|memory| memory.watch_refusals(&origin.name, |watch| watch.take_due(now)));
    let Some(run) = due else { return };
    let copy = load_record(scene, origin, RECORD_MAX_AGE_MS).await;
    let stored = save_record(scene, origin, &copy, &mut |record| run.add_to(&mut record.refusals)).await;
    if !matches!(stored, Stored::Written | Stored::Unconfirmed) {
        scene.remember(|memory| memory.watch_refusals(&origin.name, |watch| watch.give_back(run.count)));
    }
}

/// What is known of the present run: what is stored, and what this isolate has counted since.
pub fn known_refusals<P>(scene: &Scene<'_, P>, origin: &Origin, copy: &RecordCopy) -> Option<BackendRefusals> {
    let mut runs: Vec<BackendRefusals> =
        copy.record().and_then(|record| record.refusals.first()).copied().into_iter().collect();
    if let Some(run) = scene.remember(|memory| memory.uncounted_refusals(&origin.name)) {
        run.add_to(&mut runs);
    }
    runs.first().copied()
}
