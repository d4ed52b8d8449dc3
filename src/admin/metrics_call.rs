//! `GET /metrics`: the same as `status`, as numbers.

use super::respond::{Answer, file};
use super::seen::{Seen, see_all};
use super::status::{kv, lacking};
use super::{AdminRequest, Guard, Operator};
use crate::VERSION;
use crate::metrics::{Numbers, OriginNumbers, expose};
use crate::ports::Ports;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) async fn handle<P: Ports>(guard: &Guard<'_, P>, _: Operator, request: &AdminRequest) -> Answer {
    let seen = see_all(guard).await;
    let numbers = Numbers {
        version: VERSION,
        now: guard.scene.ports.now(),
        config_faults: guard.loaded.faults.len(),
        kv: kv(guard, &seen),
        missing: lacking(guard).into_iter().map(|(name, _)| name).collect(),
        origins: seen.iter().map(of_origin).collect(),
    };
    file(content_type(request.accept.as_deref()), expose(&numbers)).into()
}

fn of_origin<'a>(seen: &'a Seen<'a>) -> OriginNumbers<'a> {
    OriginNumbers {
        name: &seen.origin.name,
        hostname: seen.origin.hostname.as_str(),
        state: seen.state.as_str(),
        record: seen.record.as_ref(),
        findings: &seen.findings,
        refusals: seen.refusals.as_ref(),
        azure: seen.azure.record(),
    }
}

/// One text in two formats: the older one for a scraper that does not name the newer.
fn content_type(accept: Option<&str>) -> &'static str {
    let accept = accept.unwrap_or_default().to_ascii_lowercase();
    if accept.contains("text/plain") && !accept.contains("openmetrics-text") { TEXT_FORMAT } else { OPEN_METRICS }
}
