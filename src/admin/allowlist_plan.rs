//! `GET /allowlist/plan` and `POST /allowlist/apply`: the targets where the list is kept up.

use super::respond::{Answer, Errors};
use super::{AdminRequest, Guard, Operator};
use crate::allowlist::{Mode, selected, work_on};
use crate::json::json;
use crate::ports::Ports;
use crate::problem::Code;

/// Reads every target, or the one of `?target=`, and answers with the reports; `mode` says whether plans are carried out.
pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    mode: Mode,
    errors: &Errors,
) -> Answer {
    let name = request.parameter("target");
    let targets = selected(guard.scene.config, name.as_deref());
    if let (Some(name), true) = (name, targets.is_empty()) {
        let shown: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
        let known: Vec<&str> = guard.scene.config.allowlist.targets.iter().map(|it| it.name.as_str()).collect();
        let detail = format!("There is no target named {shown:?}; there are: {}.", known.join(", "));
        return errors.problem(Code::AdminBadRequest, detail).into();
    }
    json!({ "targets": work_on(guard.scene, &targets, mode).await }).into()
}
