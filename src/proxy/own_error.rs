//! API Management's own errors, by their documented body.
//!
//! The body is JSON, `{ "statusCode", "message", "activityId"? }` in this order. Live messages differ in their last words, so their
//! beginning decides (<https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies>).

/// An error that API Management itself makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnError {
    /// The request has no subscription key.
    KeyMissing,
    /// The request's subscription key is not known.
    KeyInvalid,
    /// No API is published at this host and path.
    NotFound,
    /// Something behind the gateway, or a policy, failed.
    Internal,
    /// The `ip-filter` policy does not let the caller in.
    CallerRefused,
}

const MESSAGES: [(u16, &str, OwnError); 5] = [
    (401, "Access denied due to missing subscription key", OwnError::KeyMissing),
    (401, "Access denied due to invalid subscription key", OwnError::KeyInvalid),
    (403, "Caller IP address ", OwnError::CallerRefused),
    (404, "Resource not found", OwnError::NotFound),
    (500, "Internal server error", OwnError::Internal),
];

/// Which of them a whole answer is; `None` for anything with another member, order, status or message.
pub fn own_error(status: u16, body: &[u8]) -> Option<OwnError> {
    let text = std::str::from_utf8(body).ok()?;
    let said = |(of, begins, _): &&(u16, &str, OwnError)| *of == status && is_error(text, status, begins);
    MESSAGES.iter().find(said).map(|(_, _, error)| *error)
}

fn is_error(text: &str, status: u16, begins: &str) -> bool {
    let status = status.to_string();
    let message = after(text, &["{", "\"statusCode\"", ":", &status, ",", "\"message\"", ":", "\""]);
    let end = message.and_then(|message| message.strip_prefix(begins)?.split_once('"'));
    end.is_some_and(|(_, rest)| {
        rest.trim() == "}" || after(rest, &[",", "\"activityId\"", ":", "\""]).is_some_and(ends)
    })
}

/// What comes after `tokens`, with white space before each of them.
fn after<'t>(text: &'t str, tokens: &[&str]) -> Option<&'t str> {
    tokens.iter().try_fold(text, |rest, token| rest.trim_start().strip_prefix(*token))
}

/// Whether the rest is the end of a text and of its object.
fn ends(rest: &str) -> bool {
    rest.split_once('"').is_some_and(|(_, rest)| rest.trim() == "}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Option<OwnError> {
        own_error(status, body.as_bytes())
    }

    #[test]
    fn the_documented_bodies_are_known() {
        let missing = "Access denied due to missing subscription key. Make sure to include subscription key when making requests to";
        for last in ["this API.", "an API."] {
            let body = format!(r#"{{ "statusCode": 401, "message": "{missing} {last}" }}"#);
            assert_eq!(of(401, &body), Some(OwnError::KeyMissing));
        }
        let invalid = r#"{ "statusCode": 401, "message": "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription." }"#;
        assert_eq!(of(401, invalid), Some(OwnError::KeyInvalid));
        assert_eq!(of(404, r#"{ "statusCode": 404, "message": "Resource not found" }"#), Some(OwnError::NotFound));
        let internal = r#"{"statusCode":500,"message":"Internal server error","activityId":"c5b1f9f0-6c54-4b3f-8f5e-2f8a9e7f1a11"}"#;
        assert_eq!(of(500, internal), Some(OwnError::Internal));
        let refused =
            r#"{ "statusCode": 403, "message": "Caller IP address 20.1.2.3 is not allowed. Access denied." }"#;
        assert_eq!(of(403, refused), Some(OwnError::CallerRefused));
    }

    #[test]
    fn what_only_looks_like_them_is_not() {
        for (status, body) in [
            (404, r#"{ "statusCode": 500, "message": "Internal server error" }"#),
            (500, r#"{ "statusCode": 500, "message": "internal server error" }"#),
            (500, r#"{ "statusCode": 500, "message": "Internal server error", "trace": "at Orders.Get()" }"#),
            (500, r#"{ "statusCode": "500", "message": "Internal server error" }"#),
            (500, r#"{ "status": 500, "message": "Internal server error" }"#),
            (500, r#"[{ "statusCode": 500, "message": "Internal server error" }]"#),
            (500, "Internal server error"),
            (401, r#"{ "statusCode": 401, "message": "Unauthorized. Access token is missing or invalid." }"#),
            (404, r#"{ "statusCode": 404, "message": "Order 7 not found" }"#),
            (404, r#"{ "statusCode": 404, "message": "Resource not found" "#),
            (404, r#"{ "statusCode": 404, "message": "Resource not found" } and more"#),
            (404, r#"{ "statusCode": 4040, "message": "Resource not found" }"#),
            (404, ""),
            (200, r#"{ "statusCode": 200, "message": "Resource not found" }"#),
        ] {
            assert_eq!(of(status, body), None, "{status} {body}");
        }
    }
}
