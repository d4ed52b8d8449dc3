//! Signs in an answer of the origin's own that a backend refuses the gateway. The answer goes through untouched.
//!
//! Two are in the head: the field `ErrorReason`, which the documented `on-error` snippet of API Management sets
//! (<https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies>), and App Service's `403 Ip
//! Forbidden` with the refused address in `x-ms-forbidden-ip`, as public captures show it. Two need the body: API
//! Management's own 500, and a 403 that says "IP Forbidden". Another 4xx is the API's business.

use std::net::IpAddr;

use super::{OwnError, own_error};
use crate::origin::RefusalSign;

/// A body that may have a sign is not longer than this, in bytes.
pub const MAX_REFUSAL_BODY: usize = 4 * 1024;

/// The fields of the origin's own answer that may tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnHead<'a> {
    /// Status code.
    pub status: u16,
    /// Reason phrase; empty over HTTP/2.
    pub reason_phrase: &'a str,
    /// `ErrorReason`.
    pub error_reason: Option<&'a str>,
    /// `x-ms-forbidden-ip`.
    pub forbidden_ip: Option<&'a str>,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `Content-Length`.
    pub content_length: Option<u64>,
}

/// What the head says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnSign {
    /// Nothing of a backend.
    Nothing,
    /// The body may tell ([`refusal_in_body`]).
    Look,
    /// This sign, and the address that the backend named.
    Refusal(RefusalSign, Option<IpAddr>),
}

/// Judges the head of the origin's own answer.
pub fn refusal_in_head(head: &OwnHead<'_>) -> OwnSign {
    let is =
        |value: Option<&str>, expected: &str| value.is_some_and(|value| value.trim().eq_ignore_ascii_case(expected));
    if head.status < 400 {
        OwnSign::Nothing
    } else if head.status == 403 && (head.forbidden_ip.is_some() || is(Some(head.reason_phrase), IP_FORBIDDEN)) {
        OwnSign::Refusal(RefusalSign::IpForbidden, head.forbidden_ip.and_then(address))
    } else if is(head.error_reason, "BackendConnectionFailure") {
        OwnSign::Refusal(RefusalSign::BackendConnectionFailure, None)
    } else if may_be_in_body(head) {
        OwnSign::Look
    } else {
        OwnSign::Nothing
    }
}

const IP_FORBIDDEN: &str = "Ip Forbidden";

fn may_be_in_body(head: &OwnHead<'_>) -> bool {
    let kind = head.content_type.unwrap_or_default().trim_start();
    let begins = |with: &str| kind.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    let fits = match head.status {
        403 => begins("text/html") || begins("text/plain"),
        500 => begins("application/json"),
        _ => false,
    };
    fits && head.content_length.is_none_or(|length| length <= MAX_REFUSAL_BODY as u64)
}

/// An IPv6 address comes in brackets.
fn address(text: &str) -> Option<IpAddr> {
    text.trim().trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Judges the whole body of an answer that asked for a look.
pub fn refusal_in_body(status: u16, body: &[u8]) -> Option<RefusalSign> {
    match status {
        403 => says_ip_forbidden(std::str::from_utf8(body).ok()?).then_some(RefusalSign::IpForbidden),
        _ => (own_error(status, body) == Some(OwnError::Internal)).then_some(RefusalSign::InternalServerError),
    }
}

/// As a heading, a title or the whole text: "IP Forbidden" with no other word, as in "403 - IP Forbidden".
fn says_ip_forbidden(text: &str) -> bool {
    text.split(['<', '>']).map(str::trim).any(|piece| {
        let parts = piece.split_at_checked(piece.len().saturating_sub(IP_FORBIDDEN.len()));
        parts.is_some_and(|(before, phrase)| {
            phrase.eq_ignore_ascii_case(IP_FORBIDDEN) && !before.bytes().any(|byte| byte.is_ascii_alphabetic())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(status: u16) -> OwnHead<'static> {
        OwnHead { status, ..OwnHead::default() }
    }

    fn json(status: u16) -> OwnHead<'static> {
        OwnHead { content_type: Some("application/json; charset=utf-8"), ..own(status) }
    }

    #[test]
    fn api_management_says_that_its_connection_failed() {
        let failed = OwnSign::Refusal(RefusalSign::BackendConnectionFailure, None);
        for status in [400, 500, 502, 503] {
            let head = OwnHead { error_reason: Some("BackendConnectionFailure"), ..own(status) };
            assert_eq!(refusal_in_head(&head), failed, "{status}");
        }
    }

    #[test]
    fn app_service_refuses_an_address() {
        let refused = |address: Option<&str>| {
            OwnSign::Refusal(RefusalSign::IpForbidden, address.map(|address| address.parse().unwrap()))
        };
        let with = |text| refusal_in_head(&OwnHead { forbidden_ip: Some(text), ..own(403) });
        assert_eq!(with("20.1.2.3"), refused(Some("20.1.2.3")));
        assert_eq!(with("[fd00::1002]"), refused(Some("fd00::1002")));
        assert_eq!(with("The IP address is not allowed"), refused(None));
        assert_eq!(refusal_in_head(&OwnHead { reason_phrase: "Ip Forbidden", ..own(403) }), refused(None));
    }

    #[test]
    fn another_error_is_the_apis_own() {
        for head in [
            own(403),
            json(403),
            json(404),
            json(401),
            json(502),
            own(500),
            OwnHead { reason_phrase: "Forbidden", ..own(403) },
            OwnHead { error_reason: Some("OperationNotFound"), ..own(404) },
            OwnHead { error_reason: Some("BackendConnectionFailure"), ..own(200) },
            OwnHead { forbidden_ip: Some("20.1.2.3"), ..own(404) },
            OwnHead { content_length: Some(4097), ..json(500) },
            OwnHead { content_type: Some("text/html"), ..own(500) },
        ] {
            assert_eq!(refusal_in_head(&head), OwnSign::Nothing, "{head:?}");
        }
    }

    #[test]
    fn bodies_are_looked_at_only_where_a_sign_can_be() {
        for head in [
            json(500),
            OwnHead { content_length: Some(4096), ..json(500) },
            OwnHead { error_reason: Some("ExpressionValueEvaluationFailure"), ..json(500) },
            OwnHead { content_type: Some("Text/HTML"), ..own(403) },
            OwnHead { content_type: Some("text/plain"), ..own(403) },
        ] {
            assert_eq!(refusal_in_head(&head), OwnSign::Look, "{head:?}");
        }
    }

    #[test]
    fn bodies_with_a_sign() {
        let internal = r#"{ "statusCode": 500, "message": "Internal server error", "activityId": "c5b1f9f0" }"#;
        assert_eq!(refusal_in_body(500, internal.as_bytes()), Some(RefusalSign::InternalServerError));
        for text in [
            "IP Forbidden",
            "403 Ip Forbidden\n",
            "<html><title>403 - IP Forbidden</title>",
            "<h1>403 - IP FORBIDDEN </h1>",
        ] {
            assert_eq!(refusal_in_body(403, text.as_bytes()), Some(RefusalSign::IpForbidden), "{text}");
        }
    }

    #[test]
    fn bodies_that_only_look_like_it() {
        for (status, text) in [
            (403, "Forbidden"),
            (403, "403 Forbidden"),
            (403, "Your IP Forbidden"),
            (403, "The IP forbidden list is managed elsewhere"),
            (403, "<p>Your IP: forbidden</p>"),
            (403, r#"{ "statusCode": 403, "message": "Caller IP address 20.1.2.3 is not allowed. Access denied." }"#),
            (500, r#"{ "statusCode": 500, "message": "Orders are closed" }"#),
            (500, r#"{ "error": "Internal server error" }"#),
            (500, "IP Forbidden"),
            (500, ""),
        ] {
            assert_eq!(refusal_in_body(status, text.as_bytes()), None, "{status} {text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn total(status in 100u16..1000, body in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = refusal_in_body(status, &body);
        }
    }
}
