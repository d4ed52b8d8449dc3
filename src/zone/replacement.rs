//! The complete replacement of a host's address records by a CNAME to the gateway, and the way back.

use serde_json::Value;

use super::Record;
use crate::json::{json, shown};

/// A plan for a person: the guard does not carry it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The call, complete. One request deletes and creates, in this order; what resolvers see changes within seconds, not at
    /// the very same moment.
    pub command: String,
    /// The same call with the old records, for the way back; `NEW_RECORD_ID` is in the answer of `command`.
    pub way_back: String,
    /// What was there.
    pub old_records: Vec<Record>,
    /// A permission that the token for it needs, and the guard's does not.
    pub needs: &'static str,
}

shown! { Replacement { command, way_back, old_records, needs } }

impl Replacement {
    /// `records`, all of one name in the zone `zone_id`, replaced by a CNAME to `gateway`.
    pub fn of(api_url: &str, zone_id: &str, records: &[Record], gateway: &str) -> Option<Self> {
        let first = records.first()?;
        let proxied = records.iter().any(|record| record.proxied);
        let ttl = if proxied { 1 } else { first.ttl };
        let was: Vec<String> = records.iter().map(|record| format!("{} {}", record.kind, record.content)).collect();
        let comment = format!("was {}", was.join(", "));
        let comment: String = comment.chars().take(100).collect();
        let new = json!({
            "type": "CNAME", "name": first.name, "content": gateway, "proxied": proxied, "ttl": ttl, "comment": comment,
        });
        let deletes: Vec<Value> = records.iter().map(|record| json!({ "id": record.id })).collect();
        let back: Vec<Value> = records.iter().map(as_posted).collect();
        let call = |deletes: Vec<Value>, posts: Vec<Value>| {
            let body = json!({ "deletes": Value::from(deletes), "posts": Value::from(posts) });
            command(api_url, zone_id, &body)
        };
        Some(Self {
            command: call(deletes, vec![new]),
            way_back: call(vec![json!({ "id": "NEW_RECORD_ID" })], back),
            old_records: records.to_vec(),
            needs: "DNS Write for this zone",
        })
    }
}

fn as_posted(record: &Record) -> Value {
    let Record { kind, name, content, proxied, ttl, comment, .. } = record;
    json!({ "type": kind, "name": name, "content": content, "proxied": proxied, "ttl": ttl, "comment": comment })
}

/// For a shell: the body stands in single quotes, so none is in it.
fn command(api_url: &str, zone_id: &str, body: &Value) -> String {
    let body = body.to_string().replace('\'', "\\u0027");
    format!(
        "curl -sS -X POST '{api_url}/zones/{zone_id}/dns_records/batch' -H \"Authorization: Bearer $DNS_WRITE_TOKEN\" \
         -H 'Content-Type: application/json' --data '{body}'"
    )
}
