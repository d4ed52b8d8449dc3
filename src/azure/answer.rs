//! One answer of Azure Resource Manager, or the fault that it is.

use super::retry::retry_after;
use super::{ArmFault, FaultKind};
use crate::json::Node;
use crate::ports::HttpResponse;
use crate::time::UnixMillis;

/// A good answer.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmAnswer {
    /// 200 to 299.
    pub status: u16,
    /// The field `ETag`; where a resource tells it in its body alone, that one.
    pub etag: Option<String>,
    /// The document; [`Node::Null`] where there is none.
    pub body: Node,
    headers: Vec<(String, String)>,
}

impl ArmAnswer {
    /// The first field with this name (lower case): `azure-asyncoperation`, `location`, `retry-after`.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What `response` to a call of `path` says.
pub(super) fn judge(response: HttpResponse, path: &str, now: UnixMillis) -> Result<ArmAnswer, ArmFault> {
    let good = (200..300).contains(&response.status);
    let blank = response.body.iter().all(u8::is_ascii_whitespace);
    let body: Option<Node> = if blank { Some(Node::Null) } else { serde_json::from_slice(&response.body).ok() };
    match body {
        Some(body) if good => Ok(answer(response, body)),
        body => Err(ArmFault {
            status: Some(response.status),
            request_id: response.header("x-ms-request-id").map(super::fault::one_line),
            until: retry_after(&response, now),
            ..fault(response.status, body.as_ref(), path)
        }),
    }
}

fn answer(response: HttpResponse, body: Node) -> ArmAnswer {
    let etag = response.header("etag").map(str::to_owned).or_else(|| body.member("etag"));
    ArmAnswer { status: response.status, etag, body, headers: response.headers }
}

/// `{ "error": { "code", "message" } }` (azure.md 3.4), also unwrapped; what has no code is not ARM's own word.
fn fault(status: u16, body: Option<&Node>, path: &str) -> ArmFault {
    let wrapped = body.and_then(|body| body.get("error")).filter(|error| **error != Node::Null);
    let error = wrapped.or(body);
    let member = |name| error.and_then(|error| error.member::<String>(name)).unwrap_or_default();
    let (code, message) = (member("code"), member("message"));
    let said = match (code.is_empty(), message.is_empty()) {
        (false, false) => format!("{code}: {message}"),
        (true, true) => format!("HTTP {status}"),
        _ => format!("HTTP {status} {code}{message}"),
    };
    ArmFault::new(kind(status, &code, &message), path, &said)
}

fn kind(status: u16, code: &str, message: &str) -> FaultKind {
    use FaultKind as K;
    let by_code = CODES.iter().find(|(known, _)| code.eq_ignore_ascii_case(known)).map(|(_, kind)| *kind);
    let of_version = code.to_ascii_lowercase().contains("apiversion")
        || ["minApiVersion", "supported api-versions"].iter().any(|words| message.contains(words));
    match status {
        401 => K::TokenNotAccepted,
        429 => K::Throttled,
        412 => K::ChangedMeanwhile,
        408 => K::TimedOut,
        500..=599 => K::ServerError,
        400..=499 if by_code.is_some() => by_code.unwrap_or(K::RequestRefused),
        400..=499 if of_version => K::ApiVersionRefused,
        403 => K::Forbidden,
        409 => K::Conflict,
        // "Not found" is a claim about the resource: it takes a code that says so.
        400..=499 if !code.is_empty() => K::RequestRefused,
        _ => K::NotUnderstood,
    }
}

/// Common codes (<https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors>).
const CODES: [(&str, FaultKind); 12] = [
    ("AuthorizationFailed", FaultKind::RoleMissing),
    ("LinkedAuthorizationFailed", FaultKind::RoleMissing),
    ("SubscriptionNotFound", FaultKind::SubscriptionNotFound),
    ("InvalidSubscriptionId", FaultKind::SubscriptionNotFound),
    ("ResourceGroupNotFound", FaultKind::ResourceGroupNotFound),
    ("ResourceNotFound", FaultKind::ResourceNotFound),
    ("ParentResourceNotFound", FaultKind::ResourceNotFound),
    ("ServiceNotFound", FaultKind::ResourceNotFound),
    ("NotFound", FaultKind::ResourceNotFound),
    ("ReadOnlyDisabledSubscription", FaultKind::SubscriptionDisabled),
    ("NoRegisteredProviderFound", FaultKind::ApiVersionRefused),
    ("InvalidApiVersionParameter", FaultKind::ApiVersionRefused),
];
