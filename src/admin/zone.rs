//! `GET /zone`: the zone's own records of each host, read now.

use super::refresh::{selected, unknown_origin};
use super::respond::{Answer, Errors};
use super::{AdminRequest, Guard, Operator};
use crate::json::json;
use crate::ports::Ports;
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
        shown.push(zones_of(guard.scene, origin, &reading).await);
    }
    json!({ "zones": reading.zones.len(), "origins": shown }).into()
}
