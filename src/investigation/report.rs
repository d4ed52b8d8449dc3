//! The problem document of an investigation.

use super::Investigation;
use crate::diagnosis::{Verdict, checks, evidence_view, findings, remedies};
use crate::problem::{Code, Document, OperatorPart};

/// Who reads it, and where the request came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// Gets evidence, checks and remedies.
    pub operator: bool,
    /// Base of the `type` URI.
    pub type_base: String,
    /// Ray ID of the client's request.
    pub ray_id: Option<String>,
}

/// What `audience` is told. An investigation without verdict or incident is a fault of the guard's own.
pub fn problem_document(found: &Investigation, audience: &Audience) -> Document {
    let code = found.verdict.as_ref().map_or(Code::GuardInternalError, |verdict| verdict.code);
    let mut document = Document::new(code, &audience.type_base, found.evidence.at);
    document.incident = found.incident.as_ref().map(|incident| incident.id.clone());
    document.since = found.incident.as_ref().map(|incident| incident.since);
    document.status = found.verdict.as_ref().map(Verdict::status);
    document.error_code = found.verdict.as_ref().and_then(|verdict| verdict.error_code);
    document.ray_id.clone_from(&audience.ray_id);
    if audience.operator {
        document.operator = Some(operator_part(found));
    }
    document
}

fn operator_part(found: &Investigation) -> OperatorPart {
    let (evidence, verdict) = (&found.evidence, found.verdict.as_ref());
    OperatorPart {
        evidence: evidence_view(evidence, verdict),
        checks: checks(evidence),
        findings: findings(evidence),
        remedies: verdict.map(|verdict| remedies(verdict, evidence)).unwrap_or_default(),
    }
}
