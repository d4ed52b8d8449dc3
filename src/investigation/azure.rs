//! What Azure Resource Manager says, as evidence.

use futures_util::future::{Either, select};
use std::pin::pin;

use crate::azure::{Existence, Knowledge, look_now, remembered};
use crate::config::Origin;
use crate::diagnosis::{AzureEvidence, Instance};
use crate::ports::Ports;
use crate::refresh::Scene;
use crate::time::UnixMillis;

/// The subscription's state of so long ago says nothing about now, in seconds.
const SUBSCRIPTION_HOLDS_S: u64 = 15 * 60;

/// ARM's word within `within_ms`, else what was known before; `None` where ARM is not configured for `origin` or has said
/// nothing yet.
pub(super) async fn azure_now<P: Ports>(
    scene: &Scene<'_, P>,
    origin: &Origin,
    within_ms: u32,
) -> Option<AzureEvidence> {
    origin.azure.as_ref().filter(|_| scene.config.azure.is_some())?;
    let asking = pin!(look_now(scene, origin));
    let known = match select(asking, pin!(scene.ports.sleep(within_ms))).await {
        Either::Left((known, _)) => known,
        Either::Right(((), _)) => remembered(scene, origin),
    };
    known.map(|known| azure_evidence(&known, scene.ports.now()))
}

/// `known` as evidence at `now`.
pub fn azure_evidence(known: &Knowledge, now: UnixMillis) -> AzureEvidence {
    let service = known.service.as_ref();
    let (instance, at) = match known.presence.existence {
        Existence::Present => (Instance::Present, known.read_at),
        Existence::SoftDeleted => (Instance::SoftDeleted, known.asked_at),
        Existence::Gone => (Instance::Gone, known.asked_at),
        Existence::Missing if known.presence.none_left => (Instance::Gone, known.asked_at),
        Existence::Unknown | Existence::Missing => (Instance::Unknown, known.asked_at),
    };
    let recent = known.subscription.as_ref().filter(|it| now.since_s(it.at) <= SUBSCRIPTION_HOLDS_S);
    AzureEvidence {
        at,
        resource: known.resource.clone(),
        instance,
        subscription_state: recent.and_then(|it| it.state.clone()),
        provisioning_state: service.and_then(|service| service.provisioning_state.clone()),
        public_network_access: service.and_then(|service| service.public_access.clone()),
        virtual_network_type: service.and_then(|service| service.network_type.clone()),
        was_known: service.is_some(),
        restorable_until: known.presence.restorable_until,
        abandoned_since: known.abandoned_since,
    }
}
