//! What the last network check of an origin found, as it is kept in KV.

use super::finding::Standing;
use crate::json::{self, stored};
use crate::network_check::Report;
use crate::time::UnixMillis;

/// The version of the stored form.
const SCHEMA: u32 = 1;
/// Findings that are kept.
const MOST: usize = 60;
/// A finding whose check cannot be done any more stays so long, in seconds: unknown is not mended.
const STAYS_S: u64 = 7 * 24 * 60 * 60;

/// A check of one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastCheck {
    schema: u32,
    /// When.
    pub at: UnixMillis,
    /// `live`: its documents were read from ARM; `posted`: somebody gave them.
    pub from: String,
    /// Gravest first.
    pub findings: Vec<Standing>,
    /// The codes that could not be checked, or not for all.
    pub not_checked: Vec<String>,
}

stored! { LastCheck { schema, at, from, findings, not_checked } }

/// The KV key.
pub fn check_key(origin: &str) -> String {
    format!("audit/{origin}")
}

impl LastCheck {
    /// What `report` says at `at`, after `before`: what was found since when, and what stays although it could not be checked.
    pub fn of(report: &Report, from: &str, before: Option<&Self>, at: UnixMillis) -> Self {
        let not_checked: Vec<String> = report.not_checked.iter().map(|gap| gap.code.name.to_owned()).collect();
        let old = before.map(|before| before.findings.as_slice()).unwrap_or_default();
        let mut findings: Vec<Standing> = report.findings.iter().map(|it| Standing::of(it, old, at)).collect();
        let stays = |one: &&Standing| {
            not_checked.contains(&one.code)
                && at.since_s(one.seen_at) < STAYS_S
                && !findings.iter().any(|new| new.is_same(one))
        };
        let staying: Vec<Standing> = old.iter().filter(stays).cloned().collect();
        for one in staying {
            let place = findings.iter().position(|known| known.severity < one.severity).unwrap_or(findings.len());
            findings.insert(place, one);
        }
        findings.truncate(MOST);
        Self { schema: SCHEMA, at, from: from.to_owned(), findings, not_checked }
    }

    /// Reads stored bytes; `None`: none of this version.
    pub fn parse(stored: &str) -> Option<Self> {
        json::read(stored).filter(|check: &Self| check.schema == SCHEMA)
    }

    /// The bytes to store.
    pub fn to_json(&self) -> String {
        json::value(self).to_string()
    }
}
