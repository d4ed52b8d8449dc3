//! What `status` says of the targets of notices, and `POST /notices/test`.

use serde_json::Value;

use super::respond::{Answer, Errors};
use super::{AdminRequest, Guard, Operator};
use crate::config::NotifyTarget;
use crate::json::{json, value};
use crate::notices::{State, Unusable, means, target_id};
use crate::ports::Ports;
use crate::problem::Code;
use crate::round::{known_state, send_test};

/// `{ targets, state }`.
pub(super) async fn view<P: Ports>(guard: &Guard<'_, P>) -> Value {
    let targets = &guard.scene.config.notify.targets;
    let (state, copy) = known_state(&guard.scene).await;
    let shown: Vec<Value> = targets.iter().map(|target| of_target(guard, target, &state)).collect();
    json!({ "targets": shown, "state": copy.word() })
}

fn of_target<P: Ports>(guard: &Guard<'_, P>, target: &NotifyTarget, state: &State) -> Value {
    let known = state.target(&target_id(target));
    let unusable = means(target, guard.scene.secrets).err();
    let missing = matches!(unusable, Some(Unusable::NoUrl | Unusable::NoSigningKey));
    let error = unusable.map(|it| it.describe().to_owned()).or_else(|| known.and_then(|it| it.last_error.clone()));
    json!({
        "kind": target.kind,
        "min_severity": target.min_severity,
        "secret": if missing { "missing" } else { "set" },
        "signed": target.signing_secret.is_some(),
        "last_ok_at": known.and_then(|it| it.last_ok_at),
        "failing_since": known.and_then(|it| it.failing_since),
        "retry_at": known.and_then(|it| it.retry_at),
        "last_error": error,
    })
}

/// Sends a test notice to every target, or to those of `?target=`: an index, or a kind.
pub(super) async fn test<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    let wanted = request.parameter("target");
    let is_wanted = |index: usize, target: &NotifyTarget| {
        wanted.as_ref().is_none_or(|word| *word == index.to_string() || value(&target.kind) == word.as_str())
    };
    let mut outcomes = Vec::new();
    for (index, target) in guard.scene.config.notify.targets.iter().enumerate() {
        if is_wanted(index, target) {
            outcomes.push(send_test(&guard.scene, index, target).await);
        }
    }
    if outcomes.is_empty() && wanted.is_some() {
        let detail = "There is no such target; `target` is an index in notify.targets, or a kind.";
        return errors.problem(Code::AdminBadRequest, detail).into();
    }
    json!({ "targets": outcomes }).into()
}
