//! An event of `PagerDuty`'s Events API v2 (<https://developer.pagerduty.com/docs/send-alert-event>): one key for what begins
//! and what ends it.

use serde_json::Value;

use super::{Letter, clipped};
use crate::json::json;
use crate::notices::Phase;

/// Characters of `payload.summary`.
const SUMMARY: usize = 1024;
/// Characters of `dedup_key`.
const KEY: usize = 255;

pub(super) fn body(letter: &Letter<'_>, routing_key: &str) -> Value {
    let key = clipped(&letter.notice.key, KEY);
    match letter.notice.phase {
        Phase::Resolved => json!({ "routing_key": routing_key, "event_action": "resolve", "dedup_key": key }),
        Phase::Opened | Phase::Happened => trigger(letter, routing_key, &key),
    }
}

fn trigger(letter: &Letter<'_>, routing_key: &str, key: &str) -> Value {
    let notice = letter.notice;
    let links: Vec<Value> = letter.url().into_iter().map(|url| json!({ "href": url, "text": "Details" })).collect();
    let details = json!({
        "detail": clipped(&notice.detail, 2600), "before": notice.before, "after": notice.after, "link": letter.link,
    });
    json!({
        "routing_key": routing_key,
        "event_action": "trigger",
        "dedup_key": key,
        "client": "APIM Origin Guard",
        "payload": json!({
            "summary": clipped(&notice.title, SUMMARY),
            "source": letter.source,
            "severity": notice.severity,
            "timestamp": notice.at,
            "component": notice.origin,
            "class": notice.code,
            "custom_details": details,
        }),
        "links": links,
    })
}
