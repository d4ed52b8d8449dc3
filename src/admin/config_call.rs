//! `GET /config` and `POST /config/check`.

use super::request::BodyFault;
use super::respond::{Answer, Errors};
use super::{AdminRequest, Guard, Operator};
use crate::config;
use crate::ports::Ports;
use crate::problem::Code;

pub(super) fn show<P: Ports>(guard: &Guard<'_, P>, _: Operator) -> Answer {
    config::view(guard.loaded, guard.scene.secrets.surroundings()).into()
}

/// The configuration that was sent: as the body, or as the one field of a form, as which no JSON begins.
pub(super) fn given(request: &AdminRequest) -> Option<String> {
    let body = request.body.as_ref()?.as_ref().ok()?;
    if body.starts_with("configuration=") { request.field("configuration") } else { Some(body.clone()) }
}

/// The check of a configuration before it is deployed: 200 also for a faulty one, whose faults are the answer.
pub(super) fn check(_: Operator, request: &AdminRequest, errors: &Errors) -> Answer {
    match (&request.body, given(request)) {
        (_, Some(text)) if !text.trim().is_empty() => config::check(&text).into(),
        (Some(Err(BodyFault::TooLong)), _) => {
            errors.problem(Code::AdminBadRequest, "The body is longer than 64 KiB.").into()
        }
        (Some(Err(BodyFault::Unreadable)), _) => {
            errors.problem(Code::AdminBadRequest, "The body is no UTF-8 text.").into()
        }
        _ => errors.problem(Code::AdminBadRequest, "Send the GUARD configuration as a JSON body.").into(),
    }
}
