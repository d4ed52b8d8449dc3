//! A workflow of Teams, "When a Teams webhook request is received": a message with an adaptive card
//! (<https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>). Teams takes
//! 28 KB; the parts are bounded so that a card stays far below, since its own count is larger than the bytes sent.

use serde_json::Value;

use super::{Letter, clipped};
use crate::config::Severity;
use crate::json::{json, object};
use crate::notices::Phase;

pub(super) fn body(letter: &Letter<'_>) -> Value {
    let attachment = json!({
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": Value::Null,
        "content": card(letter),
    });
    json!({ "type": "message", "attachments": [attachment].as_slice() })
}

fn card(letter: &Letter<'_>) -> Value {
    json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks(letter),
        "actions": actions(letter),
    })
}

fn blocks(letter: &Letter<'_>) -> Vec<Value> {
    let title = clipped(&format!("{}: {}", letter.state(), letter.notice.title), 300);
    let facts: Vec<Value> =
        letter.facts().iter().map(|(name, value)| json!({ "title": *name, "value": clipped(value, 500) })).collect();
    let mut blocks = vec![
        json!({
            "type": "TextBlock", "text": title, "weight": "Bolder", "size": "Medium", "color": color(letter), "wrap": true,
        }),
        json!({ "type": "TextBlock", "text": clipped(&letter.notice.detail, 2600), "wrap": true }),
        json!({ "type": "FactSet", "facts": facts }),
    ];
    if letter.url().is_none() {
        blocks.push(json!({ "type": "TextBlock", "text": format!("Details: {}", letter.link), "wrap": true }));
    }
    blocks
}

fn actions(letter: &Letter<'_>) -> Vec<Value> {
    let open =
        |url: &str| object(&mut [("type", "Action.OpenUrl".into()), ("title", "Details".into()), ("url", url.into())]);
    letter.url().map(open).into_iter().collect()
}

fn color(letter: &Letter<'_>) -> &'static str {
    match (letter.notice.phase, letter.notice.severity) {
        (Phase::Resolved, _) => "Good",
        (_, Severity::Error) => "Attention",
        (_, Severity::Warning) => "Warning",
        (_, Severity::Info) => "Accent",
    }
}
