//! Keeping up with ARM: the scheduled run, and `POST /refresh`.

use std::rc::Rc;

use serde_json::Value;

use super::ask::{Besides, ask};
use super::knowledge::HEARTBEAT_S;
use super::store::{newest, read, remembered, save_knowledge};
use super::{DeclaredDrift, Existence, FaultRun, Knowledge};
use crate::config::{AzureResource, Origin};
use crate::json::{ToValue, json, word};
use crate::origin::StoredCopy;
use crate::ports::Ports;
use crate::refresh::{Scene, Stored};
use crate::time::UnixMillis;

/// While all is well ARM is asked every other run of the scheduled five minutes: this long after the last time, in seconds.
const CALM_S: u64 = 9 * 60 + 30;
/// While something is going on: every run.
const RESTLESS_S: u64 = 4 * 60;

/// How things are, as far as it decides when ARM is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Occasion {
    /// Somebody asks for it: in any case, and for everything.
    pub always: bool,
    /// An incident is open.
    pub troubled: bool,
    /// DNS says that the gateway's own name does not exist.
    pub name_gone: bool,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptUp {
    /// What is known now.
    pub knowledge: Knowledge,
    /// The change of the declared addresses that this run found.
    pub drift: Option<DeclaredDrift>,
    /// Whether it was written.
    pub stored: bool,
    /// Why it was written or not.
    pub store_detail: &'static str,
}

impl KeptUp {
    /// In a word: the kind of fault, else `present`, `missing`, `soft_deleted`, `gone`.
    pub fn outcome(&self) -> String {
        let fault = self.knowledge.fault.as_ref().filter(|_| !self.knowledge.presence.existence.is_deleted());
        fault.map_or_else(|| word(&self.knowledge.presence.existence), |run| run.fault.code().to_owned())
    }
}

/// For `POST /refresh`.
impl ToValue for KeptUp {
    fn to_value(&self) -> Value {
        let declared = self.knowledge.declared.as_ref();
        json!({
            "outcome": self.outcome(),
            "fault": self.knowledge.fault.as_ref().map(|run: &FaultRun| run.fault.to_string()),
            "declared": declared.map(|declared| declared.addresses.iter().map(|one| one.network).collect::<Vec<_>>()),
            "drift": self.drift,
            "stored": self.stored,
            "store_detail": self.store_detail,
        })
    }
}

/// Asks ARM about the instance of `origin` if that is due, and stores what is new. `None`: ARM is not configured for it, or
/// it is not due.
pub async fn keep_up<P: Ports>(scene: &Scene<'_, P>, origin: &Origin, occasion: Occasion) -> Option<KeptUp> {
    let resource = origin.azure.as_ref().filter(|_| scene.config.azure.is_some())?;
    let now = scene.ports.now();
    let last = scene.arm.borrow().asked_at(&origin.name);
    let stored = read(scene, origin, resource).await;
    let newest = newest(scene, origin, &stored);
    let known = newest.as_deref();
    if !(occasion.always || is_due(last, known, now, occasion.troubled)) {
        return None;
    }
    let due = occasion.always || known.is_none_or(|known| now.since_s(known.details_at) >= HEARTBEAT_S);
    let besides = Besides { subscription: due || occasion.troubled, subnets: due };
    let mut new = look(scene, origin, resource, known, besides).await;
    note_abandoned(&mut new, occasion, scene.ports.now());
    let before = known.map_or(0, |known| known.drifts.len());
    let drift = new.drifts.first().filter(|_| new.drifts.len() > before).cloned();
    let outcome = save_knowledge(scene, origin, &stored, new.clone()).await;
    Some(KeptUp { knowledge: new, drift, stored: outcome == Stored::Written, store_detail: outcome.describe() })
}

/// A failed request asks ARM too, but not where this isolate has done so within this time, in milliseconds.
const SHARED_MS: u64 = 60_000;

/// What is known of the instance of `origin` right now: ARM is asked unless this isolate has just done so. Nothing is
/// written: the next scheduled run does that.
pub async fn look_now<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) -> Option<Rc<Knowledge>> {
    let resource = origin.azure.as_ref().filter(|_| scene.config.azure.is_some())?;
    let now = scene.ports.now();
    if scene.arm.borrow().asked_at(&origin.name).is_some_and(|last| now.since_ms(last) < SHARED_MS) {
        return remembered(scene, origin);
    }
    let stored = read(scene, origin, resource).await;
    let known = newest(scene, origin, &stored);
    // Whoever cannot wait for ARM has this.
    if let Some(known) = &known {
        scene.arm.borrow_mut().remember_knowledge(&origin.name, now, Rc::clone(known));
    }
    let besides = Besides { subscription: true, subnets: false };
    let new = Rc::new(look(scene, origin, resource, known.as_deref(), besides).await);
    if known.is_some() || matches!(stored, StoredCopy::Empty) {
        scene.arm.borrow_mut().remember_knowledge(&origin.name, scene.ports.now(), Rc::clone(&new));
    }
    Some(new)
}

async fn look<P: Ports>(
    scene: &Scene<'_, P>,
    origin: &Origin,
    resource: &AzureResource,
    known: Option<&Knowledge>,
    besides: Besides,
) -> Knowledge {
    let now = scene.ports.now();
    scene.arm.borrow_mut().note_asked(&origin.name, now);
    // What another isolate was asked for binds this one too.
    let pause = known.and_then(|known| known.fault.as_ref()).map(|run| &run.fault);
    if let Some((until, fault)) = pause.and_then(|fault| Some((fault.until.filter(|until| *until > now)?, fault))) {
        scene.arm.borrow_mut().pause_arm(until, fault.clone());
    }
    let asked = ask(*scene, resource, known, besides).await;
    let mut new = known.cloned().unwrap_or_else(|| Knowledge::new(resource));
    new.note(asked, u64::from(scene.config.allowlist.hold_removals_s));
    new
}

/// The name is free to anyone once ARM and DNS both say that it is gone.
fn note_abandoned(new: &mut Knowledge, occasion: Occasion, now: UnixMillis) {
    if occasion.name_gone && new.presence.existence == Existence::Gone && new.abandoned_since.is_none() {
        new.abandoned_since = Some(now);
    }
}

/// `last`: when this isolate asked. One that has not asked yet cannot know when others did, since an ask that finds nothing
/// new is not stored; it goes by the clock.
fn is_due(last: Option<UnixMillis>, known: Option<&Knowledge>, now: UnixMillis, troubled: bool) -> bool {
    let restless = troubled || known.is_none_or(|known| known.is_restless(now));
    match last {
        Some(last) => now.since_s(last) >= if restless { RESTLESS_S } else { CALM_S },
        None => restless || known.is_some_and(|known| now.since_s(known.asked_at) >= HEARTBEAT_S) || chosen(now),
    }
}

/// Every other span of five minutes, by turns the even and the odd ones: hours take turns as the Thue-Morse sequence does,
/// which has no pattern that a schedule could always miss.
fn chosen(now: UnixMillis) -> bool {
    let span = now.0 / 300_000;
    let hour = span / 12;
    span.wrapping_add(u64::from(hour.count_ones())).is_multiple_of(2)
}
