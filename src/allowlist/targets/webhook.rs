//! A receiver of the user's own, for everything that the guard has no adapter for: it is sent the whole list, signed.

use serde_json::Value;

use super::{Edit, Failure, FailureKind, Present};
use crate::allowlist::Allowlist;
use crate::allowlist::plan::Item;
use crate::allowlist::target_state::TargetState;
use crate::config::{AllowlistTarget, Destination};
use crate::json::json;
use crate::notices::signed_fields;
use crate::ports::{Clock, FetchFailure, Fetcher, HttpRequest};
use crate::refresh::Scene;

/// Time for the receiver, in milliseconds.
const TIMEOUT_MS: u32 = 10_000;
/// Bytes of its answer that are read; what it says does not matter.
const MAX_BYTES: usize = 64 * 1024;

/// What was delivered last.
pub(super) fn read(state: Option<&TargetState>) -> Result<Present, Failure> {
    let Some(state) = state else {
        return Err(Failure {
            kind: FailureKind::Busy,
            code: "allowlist_state_unknown".into(),
            detail: "What was delivered before is not known: KV could not be read".into(),
            fix: "Nothing, unless GUARD_KV is not bound.".into(),
        });
    };
    let item = |network| Item { network: Some(network), text: network.to_string(), owned: true, id: String::new() };
    Ok(Present::of(state.added().map(item).collect()))
}

/// Sends the list as it is to be.
pub(super) async fn write<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    target: &AllowlistTarget,
    present: &Present,
    edit: &Edit,
    list: &Allowlist,
) -> Result<(), Failure> {
    let Destination::Webhook { url_secret, signing_secret } = &target.destination else { return Ok(()) };
    let (url, key) = (secret(&scene, url_secret)?, secret(&scene, signing_secret)?);
    let now = scene.ports.now();
    let body = body(target, present, edit, list).to_string().into_bytes();
    let mut headers = vec![("Content-Type", "application/json".to_owned())];
    headers.extend(signed_fields(key, now, &body));
    let request = HttpRequest {
        method: "POST",
        url: url.to_owned(),
        headers,
        body,
        timeout_ms: TIMEOUT_MS,
        max_bytes: MAX_BYTES,
    };
    match scene.ports.send(request).await {
        Ok(response) if (200..300).contains(&response.status) => Ok(()),
        Ok(response) => Err(refused(response.status)),
        // The words of the runtime may have the URL in them.
        Err(FetchFailure::TimedOut) => {
            Err(Failure::unconfirmed("receiver_timed_out", "The receiver did not answer in time"))
        }
        Err(FetchFailure::TooLarge) => {
            Err(Failure::unconfirmed("receiver_answer_too_large", "The receiver's answer is too large"))
        }
        Err(_) => Err(Failure::unconfirmed("receiver_unreachable", "The receiver could not be reached")),
    }
}

fn secret<'s, P>(scene: &Scene<'s, P>, name: &str) -> Result<&'s str, Failure> {
    scene.secrets.get(name).ok_or_else(|| {
        let detail = format!("The secret {name} is not set");
        Failure::refused("receiver_secret_missing", detail, format!("`npx wrangler secret put {name}`"))
    })
}

fn refused(status: u16) -> Failure {
    let detail = format!("The receiver answered with status {status}");
    let kind = match status {
        429 | 503 => FailureKind::Busy,
        500..=599 => FailureKind::Unconfirmed,
        _ => FailureKind::Refused,
    };
    let fix = "Look at the receiver: it must answer 2xx once it has taken the list.".to_owned();
    Failure { kind, code: "receiver_refused".into(), detail, fix }
}

/// The whole list after the change, and the change.
fn body(target: &AllowlistTarget, present: &Present, edit: &Edit, list: &Allowlist) -> Value {
    let kept = present.items.iter().filter_map(|item| item.network).filter(|network| !edit.remove.contains(network));
    let mut entries: Vec<_> = kept.chain(edit.add.iter().copied()).collect();
    entries.sort();
    json!({
        "target": target.name,
        "origin": target.origin,
        "entries": entries,
        "added": edit.add,
        "removed": edit.remove,
        "made_at": list.made_at,
        "from": list.from,
    })
}
