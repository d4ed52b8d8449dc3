//! A look at an origin that no client asked for: the cron run, and `POST /refresh`.

use std::pin::Pin;

use futures_util::future::join_all;

use super::{note_recovery, probe_origin};
use crate::config::Origin;
use crate::origin::{EndedBy, Incident};
use crate::ports::Ports;
use crate::refresh::{RefreshReport, Scene, is_due, load_record, refresh_origin};

/// Time that the gateway has for its health answer, in milliseconds.
const PROBE_TIMEOUT_MS: u32 = 10_000;

/// What a visit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The look-up; `None` where the record was not due.
    pub refreshed: Option<RefreshReport>,
    /// The open incident that was found to be over, and was ended.
    pub recovered: Option<Incident>,
}

/// Visits every one of `origins`, side by side. One boxed form for cron and `POST /refresh` alike: the module holds the
/// whole look-up only once.
pub async fn visit_all<P: Ports>(scene: Scene<'_, P>, origins: &[&Origin], always: bool) -> Vec<Visit> {
    let visits = origins.iter().map(|origin| -> Pin<Box<dyn Future<Output = Visit> + '_>> {
        Box::pin(async move { visit(&scene, origin, always).await })
    });
    join_all(visits).await
}

/// Refreshes the record if it is due or `always`, and asks the gateway itself whether an open incident is over.
pub async fn visit<P: Ports>(scene: &Scene<'_, P>, origin: &Origin, always: bool) -> Visit {
    let due = always || is_due(&load_record(scene, origin, 0).await, scene.ports.now());
    let refreshed = if due { Some(refresh_origin(scene, origin).await) } else { None };
    Visit { refreshed, recovered: close_incident(scene, origin).await }
}

/// The health path's answer ends an incident; without an incident nothing is asked.
async fn close_incident<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) -> Option<Incident> {
    let copy = load_record(scene, origin, u64::MAX).await;
    copy.record()?.incident.as_ref()?;
    probe_origin(scene.ports, origin, PROBE_TIMEOUT_MS).await.answer?;
    note_recovery(scene, origin, EndedBy::HealthAnswered).await
}
