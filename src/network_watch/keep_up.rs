//! The step of the scheduled run: the network check of every instance, seldom.

use super::collect::collect;
use super::last_check::{LastCheck, check_key};
use crate::config::Origin;
use crate::network_check::{Report, check_read};
use crate::ports::{Ports, StoreFailure};
use crate::refresh::{Scene, Stored, read_key, write_key};

/// Every six hours: about seven reads each time, beside the 200 a day that keeping up with the service takes. In seconds.
const EVERY_S: u64 = 6 * 60 * 60;
/// Where the addresses have just changed; at most so often, so that the writes stay below 24 a day. In seconds.
const AFTER_DRIFT_S: u64 = 60 * 60 + 5 * 60;

/// Checks the network of `origin` where that is due, and keeps what was found. `drifted`: its addresses have just changed.
/// `None`: ARM is not configured for it, it is not due, or KV does not tell when it was.
pub async fn keep_up_check<P: Ports>(scene: Scene<'_, P>, origin: &Origin, drifted: bool) -> Option<LastCheck> {
    let resource = origin.azure.as_ref().filter(|_| scene.config.azure.is_some())?;
    let every_s = if drifted { AFTER_DRIFT_S } else { EVERY_S };
    let (mark, now) = (check_key(&origin.name), scene.ports.now());
    let here = scene.remember(|memory| memory.mark(&mark).map(|(at, _)| *at));
    if here.is_some_and(|at| now.since_s(at) < every_s) {
        return None;
    }
    let before = known_check(&scene, origin).await.ok()?;
    let last = before.as_ref().map(|before| before.at).filter(|at| *at <= now);
    scene.remember(|memory| memory.set_mark(&mark, last.unwrap_or(now), String::new()));
    if last.is_some_and(|at| now.since_s(at) < every_s) {
        return None;
    }
    let found = collect(scene, resource, false).await;
    let report = check_read(&found.documents, &found.unread, now);
    let (new, _) = keep_check(&scene, origin, &report, "live", before.as_ref()).await;
    Some(new)
}

/// What is kept of the last check of `origin`.
///
/// # Errors
/// KV does not tell.
pub async fn known_check<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) -> Result<Option<LastCheck>, StoreFailure> {
    let stored = read_key(scene.ports, &check_key(&origin.name)).await?;
    Ok(stored.and_then(|stored| LastCheck::parse(&stored)))
}

/// Keeps what `report` found after `before`.
pub async fn keep_check<P: Ports>(
    scene: &Scene<'_, P>,
    origin: &Origin,
    report: &Report,
    from: &str,
    before: Option<&LastCheck>,
) -> (LastCheck, Stored) {
    let (key, now) = (check_key(&origin.name), scene.ports.now());
    let new = LastCheck::of(report, from, before, now);
    scene.remember(|memory| memory.set_mark(&key, now, String::new()));
    let stored = write_key(scene.ports, &key, &new.to_json(), None).await;
    (new, stored)
}
