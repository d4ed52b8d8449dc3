//! Why the Cloudflare API gave no good answer, and how that is mended.

use std::fmt;

use crate::json::Node;
use crate::ports::{FetchFailure, HttpResponse};
use crate::time::UnixMillis;

/// Characters of the API's own words that are shown.
const MAX_WORDS: usize = 300;

/// One failed call. It does not hold the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiFault {
    /// What kind of failure.
    pub kind: ApiFaultKind,
    /// The API's own numbers and words, one line, bounded. For operators only.
    pub said: String,
    /// What was asked for: a path below `cloudflare.api_url`.
    pub path: String,
    /// Not to be asked again before.
    pub until: Option<UnixMillis>,
}

/// The kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApiFaultKind {
    /// No `cloudflare` in the configuration.
    NotConfigured,
    /// `CLOUDFLARE_API_TOKEN` is not set.
    TokenMissing,
    /// 401, or 400 with an error about the header: no valid token.
    TokenInvalid,
    /// 403: the token may not do this.
    PermissionMissing,
    /// 404.
    NotFound,
    /// 409.
    Conflict,
    /// 429.
    Throttled,
    /// Another 4xx.
    RequestRefused,
    /// 5xx.
    ServerError,
    /// No answer in time.
    TimedOut,
    /// The connection was refused or lost.
    ConnectionLost,
    /// An answer that is none of the API's.
    NotUnderstood,
}

/// Errors about the token itself, which come with status 400 or 403: invalid request headers, invalid format of the
/// authorization header, invalid access token.
const OF_THE_TOKEN: [u64; 3] = [6003, 6111, 9109];

/// Code, sentence, fix.
struct About(&'static str, &'static str, &'static str);

const fn about(kind: ApiFaultKind) -> About {
    use ApiFaultKind as K;
    const WAIT: &str = "Nothing: the guard tries again by itself, and what is there stays as it is.";
    match kind {
        K::NotConfigured => About(
            "cloudflare_not_configured",
            "The configuration has no section `cloudflare`",
            "Give `cloudflare` with `account_id`.",
        ),
        K::TokenMissing => About(
            "cloudflare_token_missing",
            "The secret CLOUDFLARE_API_TOKEN is not set",
            "Make an API token with the permissions in docs/allowlist-targets.md and set it: `npx wrangler secret put \
             CLOUDFLARE_API_TOKEN`.",
        ),
        K::TokenInvalid => About(
            "cloudflare_token_invalid",
            "Cloudflare does not accept the API token",
            "It is expired, revoked or not whole, or may not be used from here (client IP filter). Make a new one and set it: \
             `npx wrangler secret put CLOUDFLARE_API_TOKEN`.",
        ),
        K::PermissionMissing => About(
            "cloudflare_permission_missing",
            "The API token may not do this",
            "Give it the permission that docs/allowlist-targets.md names, for this account or zone: My Profile or Manage \
             Account > API Tokens.",
        ),
        K::NotFound => About(
            "cloudflare_not_found",
            "Cloudflare does not find this",
            "Check `cloudflare.account_id`, `zone_ids` and the target's `list_id`; a list may have been deleted.",
        ),
        K::Conflict => About("cloudflare_conflict", "Cloudflare is still busy with an earlier change", WAIT),
        K::Throttled => About("cloudflare_throttled", "Cloudflare asks to wait", WAIT),
        K::RequestRefused => About(
            "cloudflare_request_refused",
            "Cloudflare refuses the request as it is",
            "Its words say what it does not accept; a list must be a custom list of IP addresses.",
        ),
        K::ServerError => About("cloudflare_server_error", "The Cloudflare API answers with an error of its own", WAIT),
        K::TimedOut => About("cloudflare_timed_out", "The Cloudflare API did not answer in time", WAIT),
        K::ConnectionLost => About("cloudflare_connection_lost", "The Cloudflare API could not be reached", WAIT),
        K::NotUnderstood => About(
            "cloudflare_answer_not_understood",
            "The answer is not one of the Cloudflare API",
            "Check `cloudflare.api_url`.",
        ),
    }
}

impl ApiFault {
    /// A fault about `path`.
    pub fn new(kind: ApiFaultKind, path: &str, said: &str) -> Self {
        Self { kind, said: one_line(said), path: path.to_owned(), until: None }
    }

    /// A call that came to no answer.
    pub(super) fn of_exchange(failure: &FetchFailure, path: &str) -> Self {
        let kind = match failure {
            FetchFailure::TimedOut => ApiFaultKind::TimedOut,
            FetchFailure::TooLarge => ApiFaultKind::NotUnderstood,
            _ => ApiFaultKind::ConnectionLost,
        };
        Self::new(kind, path, &failure.to_string())
    }

    /// An answer that is not good.
    pub(super) fn of_answer(response: &HttpResponse, body: Option<&Node>, path: &str) -> Self {
        let errors = body.and_then(|body| body.get("errors")).and_then(Node::items).unwrap_or_default();
        let number = |error: &Node| error.member::<u64>("code").unwrap_or_default();
        let is_of_token = errors.iter().any(|error| OF_THE_TOKEN.contains(&number(error)));
        let words = errors
            .iter()
            .map(|error| format!("{} {}", number(error), error.member::<String>("message").unwrap_or_default()));
        let said = std::iter::once(format!("HTTP {}", response.status)).chain(words).collect::<Vec<_>>().join("; ");
        Self::new(kind(response.status, is_of_token, body.is_some()), path, &said)
    }

    /// Its stable word.
    pub fn code(&self) -> &'static str {
        about(self.kind).0
    }

    /// How to mend it.
    pub fn fix(&self) -> &'static str {
        about(self.kind).2
    }

    /// Whether a write that ended so may have been done: the answer was lost, not the request refused.
    pub fn may_have_happened(&self) -> bool {
        use ApiFaultKind::{ConnectionLost, NotUnderstood, ServerError, TimedOut};
        matches!(self.kind, ConnectionLost | NotUnderstood | ServerError | TimedOut)
    }
}

impl fmt::Display for ApiFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(about(self.kind).1)?;
        if self.said.is_empty() { Ok(()) } else { write!(f, " ({})", self.said) }
    }
}

fn kind(status: u16, is_of_token: bool, is_json: bool) -> ApiFaultKind {
    use ApiFaultKind as K;
    match status {
        429 => K::Throttled,
        500..=599 => K::ServerError,
        400 | 401 | 403 if is_of_token => K::TokenInvalid,
        401 => K::TokenInvalid,
        403 => K::PermissionMissing,
        409 => K::Conflict,
        404 if is_json => K::NotFound,
        400..=499 if is_json => K::RequestRefused,
        _ => K::NotUnderstood,
    }
}

/// Bounded, without line breaks and control characters.
fn one_line(words: &str) -> String {
    let plain = words.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(MAX_WORDS).collect::<String>().trim().to_owned()
}
