//! `POST /refresh`: looks everything up now.

use futures_util::future::join_all;
use serde_json::json;

use super::respond::{Errors, json};
use super::{AdminRequest, Guard, Operator};
use crate::config::Origin;
use crate::ports::Ports;
use crate::problem::{Code, Rendered};
use crate::refresh::refresh_origin;

pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Rendered {
    match selected(guard, request) {
        Err(name) => unknown_origin(errors, &name),
        Ok(origins) => {
            let reports = join_all(origins.into_iter().map(|origin| refresh_origin(&guard.scene, origin))).await;
            json(200, &json!({ "origins": reports }))
        }
    }
}

/// The origin of `?origin=`, or all; the name where there is no such origin.
pub(super) fn selected<'a, P: Ports>(guard: &Guard<'a, P>, request: &AdminRequest) -> Result<Vec<&'a Origin>, String> {
    let origins = &guard.scene.config.origins;
    match request.parameter("origin") {
        None => Ok(origins.iter().collect()),
        Some(name) => match origins.iter().find(|origin| origin.name == name) {
            Some(origin) => Ok(vec![origin]),
            None => Err(name),
        },
    }
}

pub(super) fn unknown_origin(errors: &Errors, name: &str) -> Rendered {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
    errors.problem(Code::AdminBadRequest, format!("There is no origin named {shown:?}; status lists the names."))
}
