//! Sends what is due, target by target, and stores who was told.

use std::pin::Pin;

use futures_util::future::join_all;

use super::state_io::{StateCopy, save, with_memory};
use super::{Seen, notices};
use crate::config::{NotifyKind, NotifyTarget};
use crate::notices::{Delivery, Notice, Phase, State, TOLD_WITHIN_MS, Trouble, arrived, plan, request, target_id};
use crate::ports::Ports;
use crate::refresh::{Scene, Stored};

/// What became of the notices of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Messages that their targets took.
    pub told: usize,
    /// Targets that something could not be sent to.
    pub failed: Vec<Undelivered>,
    /// Whether what is stored of notices cannot be read: then only `PagerDuty` is told, which knows by itself what it has.
    pub unreadable: bool,
}

/// A target that did not take a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// Index in `notify.targets`.
    pub index: usize,
    /// Its kind.
    pub kind: NotifyKind,
    /// Why; never the URL.
    pub error: String,
}

/// What one target came to: messages told, and why the last one was not.
type Told = (usize, Option<String>);

/// Tells what was `seen`; `copy` is what the store said of the state.
pub(super) async fn tell<P: Ports>(scene: &Scene<'_, P>, seen: &Seen<'_>, copy: &StateCopy) -> Report {
    let targets = &scene.config.notify.targets;
    if targets.is_empty() {
        return Report::default();
    }
    let (all, unreadable) = (notices(seen), *copy == StateCopy::Unreadable);
    let for_target = |target| if unreadable && !knows_by_key(target) { &[] } else { all.as_slice() };
    let deliver = |target| deliver(scene, target, &seen.told, for_target(target));
    let told = join_all(targets.iter().map(deliver)).await;
    if let StateCopy::Ok(before) = copy {
        introduce(scene);
        store(scene, before, &all, seen.scheduled).await;
    }
    report(targets, told, unreadable)
}

fn knows_by_key(target: &NotifyTarget) -> bool {
    target.kind == NotifyKind::Pagerduty
}

/// Sends what `target` is to be told, one after the other, up to the first failure that the next one would meet too.
fn deliver<'a, P: Ports>(
    scene: &'a Scene<'a, P>,
    target: &'a NotifyTarget,
    state: &'a State,
    notices: &'a [Notice],
) -> Pin<Box<dyn Future<Output = Told> + 'a>> {
    Box::pin(async move {
        let (mut told, mut error) = (0_usize, None);
        for delivery in plan(state, target, notices, scene.ports.now()) {
            match send(scene, target, &delivery).await {
                None => {}
                Some(Ok(())) => told = told.saturating_add(1),
                Some(Err(trouble)) => {
                    error = Some(trouble.words);
                    if !trouble.of_this_one {
                        break;
                    }
                }
            }
        }
        (told, error)
    })
}

/// `None` where it is sent already. Where nothing can be sent at all, nothing is noted: there was no try.
async fn send<P: Ports>(
    scene: &Scene<'_, P>,
    target: &NotifyTarget,
    delivery: &Delivery,
) -> Option<Result<(), Trouble>> {
    let (id, now) = (target_id(target), scene.ports.now());
    let request = match request(scene.config, target, scene.secrets, &delivery.notice, now) {
        Ok(request) => request,
        Err(unusable) => {
            let words = unusable.describe().to_owned();
            return Some(Err(Trouble { words, retry_after_s: None, of_this_one: false }));
        }
    };
    if !with_memory(scene, |memory| memory.claim(&id, delivery, now)) {
        return None;
    }
    let outcome = arrived(scene.ports.send(request).await);
    with_memory(scene, |memory| memory.note(&id, delivery, &outcome, scene.ports.now()));
    Some(outcome)
}

/// Targets that are new are remembered, so that from now on there is no history for them.
fn introduce<P: Ports>(scene: &Scene<'_, P>) {
    let now = scene.ports.now();
    for target in &scene.config.notify.targets {
        with_memory(scene, |memory| memory.introduce(&target_id(target), now));
    }
}

/// Where `all` is everything there is to tell, what is not in it can be forgotten.
async fn store<P: Ports>(scene: &Scene<'_, P>, before: &State, notices: &[Notice], all: bool) -> Stored {
    let now = scene.ports.now();
    let could_be_told = |notice: &Notice| notice.phase == Phase::Opened || now.since_ms(notice.at) <= TOLD_WITHIN_MS;
    let goes_on = |key: &str| !all || notices.iter().any(|notice| notice.key == key && could_be_told(notice));
    let ids: Vec<String> = scene.config.notify.targets.iter().map(target_id).collect();
    let is_target = |id: &str| ids.iter().any(|known| known == id);
    save(scene, before, &|state| state.pruned(now, &goes_on, &is_target)).await
}

fn report(targets: &[NotifyTarget], told: Vec<Told>, unreadable: bool) -> Report {
    let mut report = Report { unreadable, ..Report::default() };
    for (index, (target, (count, error))) in targets.iter().zip(told).enumerate() {
        report.told = report.told.saturating_add(count);
        report.failed.extend(error.map(|error| Undelivered { index, kind: target.kind, error }));
    }
    report
}
