//! Signs that a backend refuses the gateway.

use serde_json::Value;

use crate::config::Severity;
use crate::diagnosis::with_backend_refusals;
use crate::json::value;
use crate::notices::{Notice, Phase};
use crate::origin::BackendRefusals;
use crate::round::{Seen, SeenOrigin};
use crate::time::UnixMillis;

pub(super) fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    seen.origins.iter().flat_map(|it| of_origin(it, seen.now)).collect()
}

/// The latest run of signs.
fn of_origin(it: &SeenOrigin<'_>, now: UnixMillis) -> Vec<Notice> {
    let Some(run) = it.copy.record().and_then(|record| record.refusals.first()) else { return Vec::new() };
    let mut notices: Vec<Notice> = opened(&it.origin.name, run).into_iter().collect();
    if !run.is_current(now) {
        notices.extend(notices.first().map(|begun| over(begun, run)));
    }
    notices
}

/// In the words of the finding.
fn opened(origin: &str, run: &BackendRefusals) -> Option<Notice> {
    let finding = with_backend_refusals(Vec::new(), Some(run), run.last_at).into_iter().next()?;
    let code = value(&finding.code);
    Some(Notice {
        key: format!("refusals/{origin}/{}", run.first_at.0),
        phase: Phase::Opened,
        code: code.as_str().unwrap_or_default().to_owned(),
        severity: Severity::Warning,
        origin: Some(origin.to_owned()),
        title: format!("{origin}: {}", finding.title),
        detail: finding.evidence,
        before: Value::Null,
        after: run.view(),
        path: format!("/history?origin={origin}"),
        at: run.first_at,
    })
}

fn over(begun: &Notice, run: &BackendRefusals) -> Notice {
    let title =
        begun.origin.as_deref().map(|origin| format!("{origin}: no sign of a backend that refuses for an hour"));
    Notice {
        phase: Phase::Resolved,
        title: title.unwrap_or_default(),
        detail: format!("The last of {} sign(s) was at {}.", run.count, run.last_at),
        at: run.last_at,
        ..begun.clone()
    }
}
