//! Sends what is due, target by target, and stores who was told.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use super::state_io::{StateCopy, save, with_memory};
use super::{Seen, notices, seen_once};
use crate::config::{NotifyKind, NotifyTarget};
use crate::notices::{
    Delivery, Notice, Phase, State, TOLD_WITHIN_MS, Trouble, arrived, is_due, plan, request, target_id,
};
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

/// A piece of work.
type Work<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What one target came to: messages told, and why the last one was not.
type Told = (usize, Option<String>);

/// Tells what was `seen`; `copy` is what the store said of the state.
pub(super) async fn tell<P: Ports>(scene: &Scene<'_, P>, seen: &Seen<'_>, copy: &StateCopy) -> Report {
    let targets = &scene.config.notify.targets;
    if targets.is_empty() {
        return Report::default();
    }
    let (all, unreadable) = (everything(scene, seen), *copy == StateCopy::Unreadable);
    let for_target = |target| if unreadable && !knows_by_key(target) { &[] } else { all.as_slice() };
    let deliver = |target| deliver(scene, target, &seen.told, for_target(target));
    let told = side_by_side(targets.iter().map(deliver).collect()).await;
    if let StateCopy::Ok(before) = copy {
        introduce(scene);
        store(scene, before, &all, seen.scheduled).await;
    }
    report(targets, told, unreadable)
}

/// Runs all of `work` at once. The library's own join would be the largest part of this file.
async fn side_by_side<T>(mut work: Vec<Work<'_, T>>) -> Vec<T> {
    let mut results: Vec<Option<T>> = work.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (work, result) in work.iter_mut().zip(&mut results).filter(|(_, result)| result.is_none()) {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                *result = Some(done);
            }
        }
        if results.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    results.into_iter().flatten().collect()
}

/// What was seen, with what waits. What this run alone sees waits too, until it is told.
fn everything<P>(scene: &Scene<'_, P>, seen: &Seen<'_>) -> Vec<Notice> {
    let mut all = notices(seen);
    if seen.scheduled {
        with_memory(scene, |memory| {
            for notice in seen_once(seen) {
                memory.wait(&notice);
            }
            all.extend(memory.state().waiting.iter().cloned());
        });
    }
    all
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
) -> Work<'a, Told> {
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
    let outcome = arrived(scene.ports.send(request).await, scene.ports.now());
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
    let waits = |state: &State, notice: &Notice| {
        scene.config.notify.targets.iter().any(|target| is_due(state, target, notice, now))
    };
    save(scene, before, &|state| state.without_told(&waits).pruned(now, &goes_on, &is_target)).await
}

fn report(targets: &[NotifyTarget], told: Vec<Told>, unreadable: bool) -> Report {
    let mut report = Report { unreadable, ..Report::default() };
    for (index, (target, (count, error))) in targets.iter().zip(told).enumerate() {
        report.told = report.told.saturating_add(count);
        report.failed.extend(error.map(|error| Undelivered { index, kind: target.kind, error }));
    }
    report
}
