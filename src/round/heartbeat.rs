//! The sign of life: after every good run a URL of somebody who notices when it stays out.

use super::{Report, Seen, SeenOrigin};
use crate::config::checked_url;
use crate::notices::{Unusable, arrived, ping};
use crate::ports::Ports;
use crate::refresh::{Scene, Stored};

/// Fetches the heartbeat's URL where the run was good.
pub(super) async fn beat<P: Ports>(
    scene: &Scene<'_, P>,
    seen: &Seen<'_>,
    notices: &Report,
) -> Option<Result<(), String>> {
    let name = scene.config.notify.heartbeat_url_secret.as_deref()?;
    if notices.unreadable || seen.origins.is_empty() || !seen.origins.iter().all(is_well) {
        return None;
    }
    let Some(secret) = scene.secrets.get(name) else { return Some(Err("the secret is not set".into())) };
    let Some(url) = checked_url(secret) else { return Some(Err(Unusable::NotAUrl.describe().into())) };
    Some(arrived(scene.ports.send(ping(url)).await, scene.ports.now()).map_err(|trouble| trouble.words))
}

/// The look-up gave an answer by one resolver at least, and KV could be read and written.
fn is_well(it: &SeenOrigin<'_>) -> bool {
    let Some(record) = it.copy.record() else { return false };
    match it.visit.and_then(|visit| visit.refreshed.as_ref()) {
        Some(report) => {
            let answered = report.resolvers.iter().any(|row| row.outcome != "unknown");
            answered && report.store_detail != Stored::Unconfirmed.describe()
        }
        None => record.unknown_since.is_none(),
    }
}
