//! Answers of the admin interface.

use serde_json::Value;

use super::auth::Refusal;
use crate::origin::incident_id;
use crate::problem::{Code, Document, MediaType, Rendered, render};
use crate::time::UnixMillis;

/// What a handler answers: a report that is shown as JSON or as a page, or something ready to send.
#[derive(Debug)]
pub(super) enum Answer {
    /// The JSON of the contract; `Accept` decides the form it is shown in.
    Report(Value),
    /// A problem document, a file.
    Ready(Rendered),
}

impl From<Rendered> for Answer {
    fn from(ready: Rendered) -> Self {
        Self::Ready(ready)
    }
}

impl From<Value> for Answer {
    fn from(report: Value) -> Self {
        Self::Report(report)
    }
}

/// A JSON answer: never cached, never sniffed.
pub(super) fn json(status: u16, value: &Value) -> Rendered {
    Rendered { status, ..file("application/json; charset=utf-8", value.to_string()) }
}

/// An answer in a form of its own.
pub(super) fn file(content_type: &str, body: String) -> Rendered {
    Rendered { status: 200, headers: headers(content_type), body }
}

/// No body.
pub(super) fn options(allow: &str) -> Rendered {
    let mut headers = headers("text/plain; charset=utf-8");
    headers.push(("Allow", allow.to_owned()));
    Rendered { status: 204, headers, body: String::new() }
}

fn headers(content_type: &str) -> Vec<(&'static str, String)> {
    let fields = [
        ("Content-Type", content_type),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    ];
    fields.map(|(name, value)| (name, value.to_owned())).into()
}

/// How errors of this request are written.
#[derive(Debug, Clone)]
pub(super) struct Errors {
    pub(super) type_base: String,
    pub(super) media: MediaType,
    pub(super) at: UnixMillis,
    pub(super) ray_id: Option<String>,
}

impl Errors {
    /// A problem document with `detail` instead of the catalogue's.
    pub(super) fn problem(&self, code: Code, detail: impl Into<String>) -> Rendered {
        let mut document = Document::new(code, &self.type_base, self.at);
        document.detail = Some(detail.into());
        document.ray_id.clone_from(&self.ray_id);
        document.incident = Some(incident_id(code.as_str(), 0, self.at));
        document.since = Some(self.at);
        render(&document, self.media)
    }

    /// KV did not tell: no fault of the request, and not known to be of the origin either.
    pub(super) fn for_now(&self, detail: String) -> Rendered {
        let mut document = Document::new(Code::GuardInternalError, &self.type_base, self.at);
        document.status = Some(503);
        document.detail = Some(detail);
        render(&document, self.media)
    }

    pub(super) fn refusal(&self, refusal: &Refusal) -> Rendered {
        self.problem(refusal.code, refusal.detail)
    }

    pub(super) fn wrong_method(&self, allow: &'static str) -> Rendered {
        let mut answer = self.problem(Code::AdminMethodNotAllowed, format!("This path has the methods {allow}."));
        answer.headers.push(("Allow", allow.to_owned()));
        answer
    }
}
