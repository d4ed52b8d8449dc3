//! The guard's own form: everything, as JSON.

use serde_json::Value;

use super::Letter;
use crate::json::json;

/// The version of this form.
const VERSION: u32 = 1;

pub(super) fn body(letter: &Letter<'_>) -> Value {
    let notice = letter.notice;
    json!({
        "version": VERSION,
        "key": notice.key,
        "phase": notice.phase,
        "code": notice.code,
        "severity": notice.severity,
        "origin": notice.origin,
        "title": notice.title,
        "detail": notice.detail,
        "before": notice.before,
        "after": notice.after,
        "link": letter.link,
        "at": notice.at,
    })
}
