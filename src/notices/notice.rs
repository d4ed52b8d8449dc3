//! One thing to tell.

use serde_json::Value;

use crate::config::Severity;
use crate::json::{stored, stored_words};
use crate::time::UnixMillis;

/// A thing to tell, made anew by every run that sees it; who has been told is remembered by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The same for everything about one matter: `incident/<id>`, `drift/<origin>/<time>`, `azure/<origin>/<code>` …. Also
    /// the deduplication key of `PagerDuty`.
    pub key: String,
    /// Whether the matter is open.
    pub phase: Phase,
    /// A stable code: of contract section 5, a finding's, `drift`, `allowlist_changed`, `azure_secret_expired` ….
    pub code: String,
    /// How grave.
    pub severity: Severity,
    /// The origin's name; `None` where it is about the guard.
    pub origin: Option<String>,
    /// One line.
    pub title: String,
    /// What is known, and the first thing to do.
    pub detail: String,
    /// The value before, where something changed.
    pub before: Value,
    /// The value now.
    pub after: Value,
    /// Path below `admin.path` where more is told, beginning with `/`.
    pub path: String,
    /// When it began or was seen.
    pub at: UnixMillis,
}

stored! { Notice { key, phase, code, severity, origin, title, detail, before, after, path, at } }

/// The state of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It began, and it goes on until it is resolved.
    Opened,
    /// It is over.
    Resolved,
    /// It happened; there is nothing to resolve.
    Happened,
}

stored_words! { Phase { Opened: "opened", Resolved: "resolved", Happened: "happened" } }
