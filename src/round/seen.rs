//! What a run has seen: the material of the notices.

use std::rc::Rc;

use crate::allowlist::TargetReport;
use crate::azure::{Knowledge, KnowledgeCopy, load_knowledge};
use crate::config::{Config, Fault, Origin};
use crate::investigation::Visit;
use crate::network_watch::{LastCheck, known_check};
use crate::notices::State;
use crate::origin::{Incident, RecordCopy};
use crate::ports::{Ports, StoreFailure};
use crate::refresh::{Scene, load_record};
use crate::time::UnixMillis;

/// The records were read by this very run; whatever is younger than this is of it, in milliseconds.
const OF_THIS_RUN_MS: u64 = 60_000;

/// All of it. What a step more has found is a member more.
#[derive(Debug)]
pub struct Seen<'a> {
    /// When.
    pub now: UnixMillis,
    /// Whether it was the scheduled run; else right after a request's failure.
    pub scheduled: bool,
    /// The effective configuration.
    pub config: &'a Config,
    /// Its faults.
    pub faults: &'a [Fault],
    /// The origins that were looked at.
    pub origins: Vec<SeenOrigin<'a>>,
    /// What was done at the targets of the allowlist.
    pub targets: &'a [TargetReport],
    /// Who was told what.
    pub told: State,
    /// Since when this isolate cannot read the store; `None` where it can. Of the scheduled run only.
    pub store_down_since: Option<UnixMillis>,
}

/// One origin.
#[derive(Debug)]
pub struct SeenOrigin<'a> {
    /// Its configuration.
    pub origin: &'a Origin,
    /// Its record after the visit.
    pub copy: RecordCopy,
    /// What the visit did; `None` where there was none.
    pub visit: Option<&'a Visit>,
    /// The open incident as this isolate knows it.
    pub here: Option<Incident>,
    /// What Azure Resource Manager has said, where it could be read.
    pub azure: Option<Rc<Knowledge>>,
    /// What is kept of the last network check; of the scheduled run only.
    pub network: Option<LastCheck>,
}

impl<'a> Seen<'a> {
    /// What the scheduled run saw.
    pub(super) async fn of_run<P: Ports>(
        scene: &Scene<'a, P>,
        faults: &'a [Fault],
        (visits, targets): (&'a [Visit], &'a [TargetReport]),
        told: State,
    ) -> Self {
        let mut origins = Vec::new();
        for (origin, visit) in scene.config.origins.iter().zip(visits) {
            origins.push(SeenOrigin::of(scene, origin, Some(visit)).await);
        }
        let now = scene.ports.now();
        let down = origins.iter().any(SeenOrigin::store_is_down);
        let mut notices = scene.notices.borrow_mut();
        let since = notices.store_down_since.filter(|_| down).or_else(|| down.then_some(now));
        notices.store_down_since = since;
        Self { now, scheduled: true, config: scene.config, faults, origins, targets, told, store_down_since: since }
    }

    /// What is known of `origin` after a request.
    pub(super) async fn of_request<P: Ports>(scene: &Scene<'a, P>, origin: &'a Origin, told: State) -> Self {
        let origins = vec![SeenOrigin::of(scene, origin, None).await];
        let now = scene.ports.now();
        Self {
            now,
            scheduled: false,
            config: scene.config,
            faults: &[],
            origins,
            targets: &[],
            told,
            store_down_since: None,
        }
    }
}

impl<'a> SeenOrigin<'a> {
    async fn of<P: Ports>(scene: &Scene<'a, P>, origin: &'a Origin, visit: Option<&'a Visit>) -> Self {
        let copy = load_record(scene, origin, OF_THIS_RUN_MS).await;
        let now = scene.ports.now();
        let here = scene.remember(|memory| memory.failing(&origin.name, now).map(|it| it.incident.clone()));
        let azure = match load_knowledge(scene, origin, OF_THIS_RUN_MS).await {
            KnowledgeCopy::Present(known) => Some(known),
            _ => None,
        };
        let network = if visit.is_some() { known_check(scene, origin).await.ok().flatten() } else { None };
        Self { origin, copy, visit, here, azure, network }
    }

    /// Whether the store did not answer. One that is not bound is a matter of the configuration.
    pub(super) fn store_is_down(&self) -> bool {
        matches!(self.copy, RecordCopy::Unavailable(StoreFailure::Unavailable(_)))
    }
}
