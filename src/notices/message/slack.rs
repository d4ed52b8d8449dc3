//! An incoming webhook of Slack: blocks, and a text for notifications
//! (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/>).

use serde_json::Value;

use super::{Letter, clipped};
use crate::json::json;

/// Characters of a section's text (<https://docs.slack.dev/reference/block-kit/blocks/section-block/>).
const TEXT: usize = 3000;

pub(super) fn body(letter: &Letter<'_>) -> Value {
    let notice = letter.notice;
    let head = format!("*{}: {}*\n{}", letter.state(), escaped(&notice.title, 300), escaped(&notice.detail, 2600));
    let facts: Vec<String> =
        letter.facts().iter().map(|(name, value)| format!("*{name}* {}", escaped(value, 500))).collect();
    let link = match letter.url() {
        Some(url) => format!("<{}|Details>", escaped(url, 500)),
        None => format!("Details: {}", escaped(&letter.link, 500)),
    };
    json!({
        "text": escaped(&format!("{}: {}", letter.state(), notice.title), 300),
        "blocks": [
            json!({ "type": "section", "text": mrkdwn(&head) }),
            json!({ "type": "context", "elements": [mrkdwn(&facts.join("  ·  ")), mrkdwn(&link)].as_slice() }),
        ].as_slice(),
    })
}

/// A text object. `verbatim`: host names are not made links, nor words mentions.
fn mrkdwn(text: &str) -> Value {
    json!({ "type": "mrkdwn", "text": clipped_lines(text), "verbatim": true })
}

/// The parts are bounded so that this cuts nothing; it holds the limit all the same.
fn clipped_lines(text: &str) -> String {
    text.chars().take(TEXT).collect()
}

/// `text` within `max` bytes, with the three characters that Slack reads as its own replaced
/// (<https://docs.slack.dev/messaging/formatting-message-text/#escaping>).
fn escaped(text: &str, max: usize) -> String {
    let mut short = String::new();
    for c in clipped(text, max).chars() {
        let entity = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            _ => {
                short.push(c);
                continue;
            }
        };
        if short.len().saturating_add(entity.len()) > max {
            break;
        }
        short.push_str(entity);
    }
    short
}
