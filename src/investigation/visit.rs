//! A look at an origin that no client asked for: the cron run, and `POST /refresh`.

use std::pin::Pin;

use futures_util::future::join;

use super::{Question, distrust, edge_name, note_recovery, probe_origin};
use crate::azure::{KeptUp, Occasion, keep_up};
use crate::config::Origin;
use crate::dns::Consensus;
use crate::origin::{EndedBy, Incident, gateway_is_gone};
use crate::ports::Ports;
use crate::refresh::{RefreshReport, Scene, is_due, load_record, refresh_origin};

/// Time that the gateway has for its health answer, in milliseconds.
const PROBE_TIMEOUT_MS: u32 = 10_000;

/// Where single operations fail, the health path's answer says little: their incident ends when none has failed for so
/// long. Isolates write their counts every half hour. In seconds.
const QUIET_S: u64 = 40 * 60;

/// What a visit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The look-up; `None` where the record was not due.
    pub refreshed: Option<RefreshReport>,
    /// What ARM was asked; `None` where it is not configured for the origin, or was not due.
    pub azure: Option<KeptUp>,
    /// The open incident that was found to be over, and was ended.
    pub recovered: Option<Incident>,
}

impl Visit {
    /// Whether it found other addresses than before, in DNS or declared.
    pub fn has_drifted(&self) -> bool {
        let seen = self.refreshed.as_ref().is_some_and(|report| report.drift.is_some());
        seen || self.azure.as_ref().is_some_and(|kept| kept.drift.is_some())
    }
}

/// Visits every one of `origins`, side by side. One boxed form for cron and `POST /refresh` alike: the module holds the
/// whole look-up only once.
pub fn visit_all<'a, P: Ports>(
    scene: Scene<'a, P>,
    origins: &'a [&'a Origin],
    always: bool,
) -> Pin<Box<dyn Future<Output = Vec<Visit>> + 'a>> {
    Box::pin(async move {
        let Some((first, rest)) = origins.split_first() else { return Vec::new() };
        let (visited, mut visits) = join(visit(&scene, first, always), visit_all(scene, rest, always)).await;
        visits.insert(0, visited);
        visits
    })
}

/// Refreshes the record if it is due or `always`, keeps up with ARM, and asks the gateway itself whether an open incident is
/// over.
pub async fn visit<P: Ports>(scene: &Scene<'_, P>, origin: &Origin, always: bool) -> Visit {
    let copy = load_record(scene, origin, 0).await;
    let due = always || is_due(&copy, scene.ports.now());
    let refreshed = if due { Some(refresh_origin(scene, origin).await) } else { None };
    let troubled = copy.record().is_some_and(|record| record.incident.is_some());
    let occasion = Occasion { always, troubled, name_gone: name_is_gone(scene, origin) };
    let azure = keep_up(scene, origin, occasion).await;
    Visit { refreshed, azure, recovered: close_incident(scene, origin).await }
}

/// Whether this isolate's latest look-up says that the gateway's own name does not exist.
fn name_is_gone<P>(scene: &Scene<'_, P>, origin: &Origin) -> bool {
    scene.remember(|memory| {
        let consensus = memory.latest_lookup(&origin.name).map(|lookup| &lookup.consensus);
        matches!(consensus, Some(Consensus::Absent { absence, .. }) if gateway_is_gone(absence, &origin.hostname))
    })
}

fn question<'a, P>(scene: &Scene<'_, P>, origin: &'a Origin) -> Question<'a> {
    let budget_ms = scene.config.diagnostics.budget_ms;
    Question { origin, failure: None, edge_name: edge_name(origin), budget_ms, seen_from: None }
}

/// The health path's answer ends an incident; without an incident nothing is asked.
async fn close_incident<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) -> Option<Incident> {
    let copy = load_record(scene, origin, u64::MAX).await;
    let open = copy.record()?.incident.as_ref()?;
    if open.is_of_answers() && scene.ports.now().since_s(open.last_at) < QUIET_S {
        return None;
    }
    probe_origin(scene.ports, origin, PROBE_TIMEOUT_MS).await.answer?;
    if open.is_of_abandoned_name() && distrust(scene, &question(scene, origin)).await.is_some() {
        return None;
    }
    note_recovery(scene, origin, EndedBy::HealthAnswered).await
}
