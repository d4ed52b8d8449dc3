//! What is read of the zones, and kept in KV under `zones`.

use crate::json::{self, Node, stored};
use crate::time::UnixMillis;

/// The KV key.
pub const ZONES_KEY: &str = "zones";
/// The version of the stored form.
const SCHEMA: u32 = 1;

/// All zones at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    schema: u32,
    /// When it was read, or read again with the same result and written down.
    pub at: UnixMillis,
    /// In the order of the configuration.
    pub zones: Vec<Zone>,
}

stored! { Reading { schema, at, zones } }

/// One zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Its id.
    pub id: String,
    /// Those of its A, AAAA and CNAME records that are of a host served, or lead to a gateway.
    pub records: Vec<Record>,
    /// SSL/TLS encryption mode: `off`, `flexible`, `full`, `strict` …; `None` where the token may not read it.
    pub ssl: Option<String>,
    /// Why its records could not be read.
    pub fault: Option<String>,
}

stored! { Zone { id, records, ssl, fault } }

/// A DNS record as the Cloudflare API has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// Its name in lower case; `*.example.com` for a wildcard.
    pub name: String,
    /// `A`, `AAAA` or `CNAME`.
    pub kind: String,
    /// Address or name.
    pub content: String,
    /// Whether requests pass Cloudflare.
    pub proxied: bool,
    /// In seconds; 1 is automatic.
    pub ttl: u32,
    /// The comment.
    pub comment: Option<String>,
    /// Whether Cloudflare answers with the addresses that the CNAME leads to, as it does for the zone's own name.
    pub flattened: bool,
}

stored! { Record { id, name, kind, content, proxied, ttl, comment } or default { flattened } }

impl Reading {
    /// A reading of now.
    pub const fn new(at: UnixMillis, zones: Vec<Zone>) -> Self {
        Self { schema: SCHEMA, at, zones }
    }

    /// Reads stored bytes; `None`: none of this version.
    pub fn parse(stored: &str) -> Option<Self> {
        json::read(stored).filter(|reading: &Self| reading.schema == SCHEMA)
    }

    /// The bytes to store.
    pub fn to_json(&self) -> String {
        json::value(self).to_string()
    }
}

impl Record {
    /// The record that the API tells; `None` for other types.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let kind: String = node.member("type")?;
        if !matches!(kind.as_str(), "A" | "AAAA" | "CNAME") {
            return None;
        }
        let content: String = node.member("content")?;
        let settings = node.get("settings");
        Some(Self {
            id: node.member("id")?,
            name: node.member::<String>("name")?.to_ascii_lowercase(),
            kind,
            content: content.trim_end_matches('.').to_ascii_lowercase(),
            proxied: node.member("proxied").unwrap_or_default(),
            ttl: node.member("ttl").unwrap_or(1),
            comment: node.member("comment").unwrap_or_default(),
            flattened: settings.and_then(|it| it.member("flatten_cname")).unwrap_or_default(),
        })
    }
}
