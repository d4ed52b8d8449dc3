//! A value as it may be shown in a fault: short, without control characters, and never something secret.

use serde_json::Value;

use super::text;
use crate::json::Node;

/// Characters of a value that are shown, the ellipsis included.
const VALUE_LIMIT: usize = 80;
/// Characters of an unknown key that are shown.
const KEY_LIMIT: usize = 40;
/// Stands for what is not shown.
const HIDDEN: &str = "(not shown)";

/// `node`, the value of `key`, as compact JSON in 80 characters.
pub(super) fn value(key: &str, node: &Node) -> String {
    if is_secretive(key) {
        return HIDDEN.into();
    }
    let mut shown = Value::from(node);
    hide_secrets(&mut shown);
    shorten(&shown.to_string(), VALUE_LIMIT)
}

/// `.key`, or `["key"]` where it is no plain word.
pub(super) fn key_in_path(key: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !key.is_empty() && key.len() <= KEY_LIMIT && key.bytes().all(plain) {
        return format!(".{key}");
    }
    format!("[{}]", shorten(&Value::from(key).to_string(), KEY_LIMIT))
}

/// What the keys end in that hold the name of a secret, not the secret.
const NAMES_OF_SECRETS: [&str; 2] = ["url_secret", "signing_secret"];

/// Whether a key of this name is likely to hold a secret, or the place of one.
pub(super) fn is_secretive(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["secret", "token", "password", "passwd", "credential", "apikey", "api_key"].iter().any(|word| key.contains(word))
}

/// Puts a note in the place of whatever in `value` is likely to be secret.
pub(super) fn hide_secrets(value: &mut Value) {
    match value {
        Value::String(text) if has_user_information(text) => HIDDEN.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(hide_secrets),
        Value::Object(entries) => entries.iter_mut().for_each(|(key, inner)| hide_secret_entry(key, inner)),
        _ => {}
    }
}

fn hide_secret_entry(key: &str, value: &mut Value) {
    if !is_secretive(key) {
        hide_secrets(value);
    } else if !(NAMES_OF_SECRETS.iter().any(|end| key.ends_with(end))
        && value.as_str().is_some_and(|name| text::secret_name(name).is_ok()))
    {
        *value = HIDDEN.into();
    }
}

/// `scheme://user:password@host` (RFC 3986 3.2.1).
fn has_user_information(text: &str) -> bool {
    let rest = text.split_once("//").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
}

fn shorten(text: &str, limit: usize) -> String {
    let escaped: String = text.chars().take(limit.saturating_add(1)).flat_map(escape).collect();
    if escaped.chars().count() <= limit {
        return escaped;
    }
    escaped.chars().take(limit.saturating_sub(1)).chain(['…']).collect()
}

/// Control characters (JSON itself escapes only the ASCII ones) and those that change the direction of the text
/// around them or cannot be seen.
fn escape(c: char) -> Vec<char> {
    let unseen = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    if c.is_control() || unseen { format!("\\u{:04x}", u32::from(c)).chars().collect() } else { vec![c] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(key: &str, json: &str) -> String {
        value(key, &serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_long_value_is_cut_at_80_characters() {
        let cut = shown("name", &format!("\"{}\"", "ä".repeat(200)));
        assert_eq!(cut.chars().count(), 80);
        assert!(cut.starts_with("\"ää") && cut.ends_with("ä…"));
        assert_eq!(shown("name", &format!("\"{}\"", "a".repeat(78))).len(), 80);
    }

    #[test]
    fn control_characters_and_direction_marks_are_escaped() {
        assert_eq!(shown("name", r#""a\u0007\n\u0085\u202eb""#), r#""a\u0007\n\u0085\u202eb""#);
        assert_eq!(key_in_path("a\u{1b}.b"), r#"["a\u001b.b"]"#);
        assert_eq!(key_in_path("timeout_ms"), ".timeout_ms");
    }

    #[test]
    fn secrets_are_not_shown_wherever_they_stand() {
        assert_eq!(shown("url_secret", r#""https://hooks.example/T0/B0/x""#), "(not shown)");
        assert_eq!(
            shown("auth", r#"{"clientSecret": "x", "a": [{"API_KEY": "y"}]}"#),
            r#"{"a":[{"API_KEY":"(not shown)"}],"clientSecret":"(not shown)"}"#
        );
        assert_eq!(shown("target", r#"{"url_secret": "SLACK_URL"}"#), r#"{"url_secret":"SLACK_URL"}"#);
        assert_eq!(shown("target", r#"{"url_secret": "https://hooks.example/x"}"#), r#"{"url_secret":"(not shown)"}"#);
        assert_eq!(shown("login_url", r#""https://me:pass@login.example/""#), r#""(not shown)""#);
        assert_eq!(shown("login_url", r#""https://login.example/@me""#), r#""https://login.example/@me""#);
    }
}
