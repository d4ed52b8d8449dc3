//! A request to the admin interface as plain data.

use std::net::IpAddr;

/// The longest body that an operator's call takes, in bytes.
pub(super) const MAX_BODY: usize = 64 * 1024;
/// The longest form that is read of somebody who is not in yet, in bytes.
pub(super) const MAX_FORM: usize = 4096;

/// What the handlers see of a request.
#[derive(Debug, Clone, Default)]
pub struct AdminRequest {
    /// `GET`, `POST` ….
    pub method: String,
    /// The host the client used, without port, in lower case.
    pub host: String,
    /// The path below `admin.path`, beginning with `/`, or empty.
    pub path: String,
    /// The query without `?`.
    pub query: String,
    /// `Accept`.
    pub accept: Option<String>,
    /// `Authorization`.
    pub authorization: Option<String>,
    /// `If-None-Match`.
    pub if_none_match: Option<String>,
    /// `Cookie`.
    pub cookie: Option<String>,
    /// `Cf-Access-Jwt-Assertion`.
    pub access_assertion: Option<String>,
    /// `scheme://authority` of the request's own URL.
    pub own_origin: String,
    /// `Origin`.
    pub origin: Option<String>,
    /// `Sec-Fetch-Site`.
    pub fetch_site: Option<String>,
    /// The client's address (`CF-Connecting-IP`); `None` where it is missing or malformed.
    pub client: Option<IpAddr>,
    /// Cloudflare's data centre.
    pub colo: Option<String>,
    /// Ray ID.
    pub ray_id: Option<String>,
    /// 128 random bits in base64url, of this request alone: the nonce of its answer's Content-Security-Policy.
    pub nonce: String,
    /// The body of a call that has one; `Err` where it was longer than the call takes or no UTF-8.
    pub body: Option<Result<String, BodyFault>>,
}

/// Why a body could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyFault {
    /// Longer than the limit.
    TooLong,
    /// No UTF-8, or cut off.
    Unreadable,
}

impl AdminRequest {
    /// The first value of query parameter `name`, percent-decoded. Malformed escapes stay as they are.
    pub fn parameter(&self, name: &str) -> Option<String> {
        parameter(&self.query, name)
    }

    /// The first value of the form field `name` of the body.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        self.body.as_ref()?.as_deref().ok().and_then(|form| parameter(form, name))
    }

    /// Whether the method only asks (RFC 9110 9.2.1).
    pub(super) fn is_safe(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}

/// From `name=value&…`, as in queries and forms.
fn parameter(pairs: &str, name: &str) -> Option<String> {
    let mut pairs = pairs.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| decode(value))
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = (*first == b'%').then(|| tail.split_at_checked(2)).flatten().and_then(|(hex, after)| {
            let hex = std::str::from_utf8(hex).ok()?;
            Some((u8::from_str_radix(hex, 16).ok()?, after))
        });
        let (byte, after) = escaped.unwrap_or((if *first == b'+' { b' ' } else { *first }, tail));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_the_first_counts() {
        let request =
            AdminRequest { query: "a=1&origin=con%74oso+x&origin=other&bad=%zz%4".into(), ..AdminRequest::default() };
        assert_eq!(request.parameter("origin").as_deref(), Some("contoso x"));
        assert_eq!(request.parameter("bad").as_deref(), Some("%zz%4"));
        assert_eq!(request.parameter("none"), None);
    }
}
