//! `GET /checklist`: the steps that restore service, each with its live state.

use super::diagnose::{look, the_origin};
use super::respond::{Answer, Errors};
use super::seen::{last_good, open_incident};
use super::{AdminRequest, Guard, Operator};
use crate::azure::load_knowledge;
use crate::checklist::{Situation, checklist};
use crate::net::Hostname;
use crate::ports::Ports;
use crate::zone::{OriginZones, known_zones, zones_of};

pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    let origin = match the_origin(guard, request, errors) {
        Ok(origin) => origin,
        Err(refusal) => return refusal.into(),
    };
    let live = look(guard, origin, request).await;
    let azure = load_knowledge(&guard.scene, origin, u64::MAX).await;
    let addresses = last_good(live.copy.record());
    let reading = known_zones(guard.scene).await;
    let zones = reading.map(|it| zones_of(guard.scene.config, origin, &it, azure.record(), &addresses));
    let mut findings = live.findings;
    findings.extend(zones.iter().flat_map(OriginZones::findings).cloned());
    let incident = open_incident(guard, origin, &live.copy);
    checklist(&Situation {
        origin,
        config: guard.scene.config,
        guard_url: &guard_url(&guard.scene.config.admin.path, request),
        evidence: &live.evidence,
        checks: &live.checks,
        findings: &findings,
        copy: &live.copy,
        incident: incident.as_ref(),
        refusals: live.refusals.as_ref(),
        declared: azure.record().and_then(|known| known.declared.as_ref()),
        zones: zones.as_ref(),
    })
    .into()
}

/// The address under which this very request came. An address or a local name has a port besides, which is not known
/// here: then it is the placeholder that all commands have.
fn guard_url(path: &str, request: &AdminRequest) -> String {
    match request.host.parse::<Hostname>() {
        Ok(host) if !host.is_local() => format!("https://{host}{path}"),
        _ => "<guard-url>".to_owned(),
    }
}
