//! `POST /refresh`: looks everything up now.

use serde_json::Value;

use super::respond::{Answer, Errors};
use super::{AdminRequest, Guard, Operator};
use crate::config::Origin;
use crate::investigation::{Visit, visit_all};
use crate::json::{json, value};
use crate::ports::Ports;
use crate::problem::{Code, Rendered};

pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    match selected(guard, request) {
        Err(name) => unknown_origin(guard, errors, &name).into(),
        Ok(origins) => {
            let visits = visit_all(guard.scene, &origins, true).await;
            let reports: Vec<Value> = visits.iter().map(report).collect();
            json!({ "origins": reports }).into()
        }
    }
}

/// The report, and whether an open incident was closed.
fn report(visit: &Visit) -> Value {
    let mut report = value(&visit.refreshed);
    if let Value::Object(members) = &mut report {
        members.insert("azure".into(), value(&visit.azure));
        members.insert("recovered".into(), visit.recovered.is_some().into());
    }
    report
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

/// A refusal that lists the names there are.
pub(super) fn unknown_origin<P>(guard: &Guard<'_, P>, errors: &Errors, name: &str) -> Rendered {
    errors.problem(Code::AdminBadRequest, no_such_origin(guard, name))
}

pub(super) fn no_such_origin<P>(guard: &Guard<'_, P>, name: &str) -> String {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
    let known: Vec<&str> = guard.scene.config.origins.iter().map(|origin| origin.name.as_str()).collect();
    format!("There is no origin named {shown:?}; there are: {}.", known.join(", "))
}
