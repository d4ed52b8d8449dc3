//! `GET /zone`: the zone's own records of each host, read now.

use super::refresh::{selected, unknown_origin};
use super::respond::{Answer, Errors};
use super::{AdminRequest, Guard, Operator};
use crate::azure::load_knowledge;
use crate::json::json;
use crate::origin::LastGood;
use crate::ports::Ports;
use crate::refresh::load_record;
use crate::zone::{look_at_zones, zones_of};

pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    let origins = match selected(guard, request) {
        Ok(origins) => origins,
        Err(name) => return unknown_origin(guard, errors, &name).into(),
    };
    let reading = look_at_zones(guard.scene).await;
    let mut shown = Vec::new();
    for origin in origins {
        let azure = load_knowledge(&guard.scene, origin, 0).await;
        let copy = load_record(&guard.scene, origin, 0).await;
        let good = copy.record().and_then(|record| record.last_good.as_ref());
        let addresses = good.map(LastGood::bare_addresses).unwrap_or_default();
        shown.push(zones_of(guard.scene.config, origin, &reading, azure.record(), &addresses));
    }
    json!({ "zones": reading.zones.len(), "origins": shown }).into()
}
