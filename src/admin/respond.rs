//! Answers of the admin interface.

use serde_json::Value;

use super::refusal::Refusal;
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

/// A JSON answer.
pub(super) fn json(status: u16, value: &Value) -> Rendered {
    let mut answer = Rendered { status, ..file("application/json; charset=utf-8", value.to_string()) };
    answer.headers.push(("Vary", "Accept".to_owned()));
    answer
}

/// An answer in a form of its own.
pub(super) fn file(content_type: &str, body: String) -> Rendered {
    Rendered { status: 200, headers: vec![("Content-Type", content_type.to_owned())], body }
}

/// No body.
pub(super) fn empty(status: u16) -> Rendered {
    Rendered { status, headers: Vec::new(), body: String::new() }
}

/// The methods of a path.
pub(super) fn options(allow: &str) -> Rendered {
    let mut answer = empty(204);
    answer.headers.push(("Allow", allow.to_owned()));
    answer
}

/// How errors of this request are written.
#[derive(Debug, Clone)]
pub(super) struct Errors {
    pub(super) type_base: String,
    pub(super) media: MediaType,
    /// A page is made of them: whatever `media` says they are written as JSON.
    pub(super) as_page: bool,
    pub(super) at: UnixMillis,
    pub(super) ray_id: Option<String>,
}

impl Errors {
    const fn form(&self) -> MediaType {
        if self.as_page { MediaType::Json } else { self.media }
    }

    /// A problem document with `detail` instead of the catalogue's.
    pub(super) fn problem(&self, code: Code, detail: impl Into<String>) -> Rendered {
        render(&self.document(code, detail.into()), self.form())
    }

    fn document(&self, code: Code, detail: String) -> Document {
        let mut document = Document::new(code, &self.type_base, self.at);
        document.detail = Some(detail);
        document.ray_id.clone_from(&self.ray_id);
        document.incident = Some(incident_id(code.as_str(), 0, self.at));
        document.since = Some(self.at);
        document
    }

    /// KV did not tell: no fault of the request, and not known to be of the origin either.
    pub(super) fn for_now(&self, detail: String) -> Rendered {
        let mut document = Document::new(Code::GuardInternalError, &self.type_base, self.at);
        document.status = Some(503);
        document.detail = Some(detail);
        render(&document, self.form())
    }

    pub(super) fn refusal(&self, refusal: &Refusal) -> Rendered {
        let mut document = self.document(refusal.code, refusal.detail.to_owned());
        document.status = refusal.status;
        document.retry_after_s = refusal.retry_after_s;
        render(&document, self.form())
    }

    pub(super) fn wrong_method(&self, allow: &'static str) -> Rendered {
        let mut answer = self.problem(Code::AdminMethodNotAllowed, format!("This path has the methods {allow}."));
        answer.headers.push(("Allow", allow.to_owned()));
        answer
    }
}
