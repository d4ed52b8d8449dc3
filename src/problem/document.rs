//! A problem document: its members (contract section 4) and its rendering in the negotiated form.

use serde_json::Value;

use super::json::{self, Member};
use super::rendered::Kind;
use super::{Code, MediaType, Rendered, entry, occurrence};
use crate::diagnosis::{Finding, Remedy};
use crate::json::{shown, shown_words, value};
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
    /// The incident's id; `None` where no incident is meant, as in errors of the admin interface.
    pub incident: Option<String>,
    /// When this incident began.
    pub since: Option<UnixMillis>,
    /// Now.
    pub timestamp: UnixMillis,
    /// Cloudflare's number where there was one.
    pub error_code: Option<u16>,
    /// Ray ID of the client's request.
    pub ray_id: Option<String>,
    /// `Retry-After` in seconds, where it is not the catalogue's. Left out of account unless the code is retryable.
    pub retry_after_s: Option<u32>,
    /// For operators only.
    pub operator: Option<OperatorPart>,
}

/// What operators get on top.
#[derive(Debug, Clone, PartialEq)]
pub struct OperatorPart {
    /// Chain with the failed hop, addresses, last good addresses and their time, resolver answers.
    pub evidence: Value,
    /// Every check, also the skipped ones.
    pub checks: Vec<Check>,
    /// What else is wrong or worth knowing.
    pub findings: Vec<Finding>,
    /// Best first.
    pub remedies: Vec<Remedy>,
}

/// One check of the guard.
#[derive(Debug, Clone, PartialEq, Eq)]
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

shown! { Check { name, result, detail, took_ms } }

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckResult {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail,
    /// Not done; the detail says why.
    Skip,
}

shown_words! { CheckResult { Pass: "pass", Fail: "fail", Skip: "skip" } }

impl Document {
    /// A document of `code` at `timestamp` with nothing else to say.
    pub fn new(code: Code, type_base: &str, timestamp: UnixMillis) -> Self {
        Self {
            code,
            status: None,
            detail: None,
            type_base: type_base.to_owned(),
            incident: None,
            since: None,
            timestamp,
            error_code: None,
            ray_id: None,
            retry_after_s: None,
            operator: None,
        }
    }

    pub(super) fn status(&self) -> u16 {
        self.status.unwrap_or(entry(self.code).status)
    }

    pub(super) fn detail(&self) -> &str {
        self.detail.as_deref().unwrap_or(entry(self.code).public_detail)
    }

    /// The problem type's URI.
    pub(super) fn type_uri(&self) -> String {
        format!("{}{}", self.type_base, self.code)
    }

    /// Seconds; `None`: not retryable.
    pub(super) fn retry_after_s(&self) -> Option<u32> {
        entry(self.code).retry_after_s.map(|seconds| self.retry_after_s.unwrap_or(seconds))
    }
}

/// Renders `document` in `media`, with all headers of contract section 4.
pub fn render(document: &Document, media: MediaType) -> Rendered {
    let body = || json::object(&members(document));
    let mut rendered = Rendered::new(document.status(), &PROBLEM, media, body, || occurrence::page(document));
    rendered.headers.push(("X-Origin-Guard", document.code.to_string()));
    if let Some(seconds) = document.retry_after_s() {
        rendered.headers.push(("Retry-After", seconds.to_string()));
    }
    if document.status() == 401 {
        // RFC 9110 11.6.1 demands a challenge; RFC 6750 3 is its form.
        rendered.headers.push(("WWW-Authenticate", "Bearer realm=\"origin-guard\"".to_owned()));
    }
    rendered
}

const PROBLEM: Kind = Kind { json_type: "application/problem+json", cache: "no-store" };

/// The members in the order they are sent.
fn members(document: &Document) -> Vec<Member<'static>> {
    let row = entry(document.code);
    let text = |text: &str| Some(Value::from(text));
    let urn = document.incident.as_ref().map(|id| Value::from(format!("urn:origin-guard:incident:{id}")));
    let mut members = vec![
        ("type", Some(document.type_uri().into())),
        ("title", text(row.title)),
        ("status", Some(document.status().into())),
        ("detail", text(document.detail())),
        ("instance", urn),
        ("code", text(row.code.as_str())),
        ("category", Some(value(&row.category))),
        ("retryable", Some(row.retry_after_s.is_some().into())),
        ("retry_after", document.retry_after_s().map(Into::into)),
        ("owner_action_required", Some(row.owner_action_required.into())),
        ("error_code", document.error_code.map(Into::into)),
        ("ray_id", document.ray_id.as_deref().map(Into::into)),
        ("timestamp", Some(document.timestamp.to_string().into())),
        ("incident", document.incident.as_deref().map(Into::into)),
        ("since", document.since.map(|at| at.to_string().into())),
        ("who_acts", Some(value(&row.who_acts))),
    ];
    if let Some(part) = &document.operator {
        members.push(("evidence", Some(part.evidence.clone())));
        members.push(("checks", Some(value(&part.checks))));
        members.push(("findings", Some(value(&part.findings))));
        members.push(("remedies", Some(value(&part.remedies))));
    }
    members
}
