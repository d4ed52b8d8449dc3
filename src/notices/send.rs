//! The request that tells one notice, and what its answer means.

use super::Notice;
use super::{Endpoint, Unusable, endpoint, message, signed_fields};
use crate::config::{Config, NotifyKind, NotifyTarget};
use crate::ports::{FetchFailure, HttpRequest, HttpResponse};
use crate::secrets::Secrets;
use crate::time::UnixMillis;

/// Time that a target has for its whole answer, in milliseconds.
pub const TIMEOUT_MS: u32 = 5_000;
/// Of an answer only the status counts; a longer one is a failure. In bytes.
const MAX_ANSWER: usize = 256 * 1024;
/// `Retry-After` is believed up to this, in seconds.
const MAX_RETRY_AFTER_S: u64 = 3_600;

/// The request.
///
/// # Errors
/// [`Unusable`]: a secret is missing or holds something else. Where a signing key is named and not set, nothing is sent
/// without it.
pub fn request(
    config: &Config,
    target: &NotifyTarget,
    secrets: &Secrets,
    notice: &Notice,
    at: UnixMillis,
) -> Result<HttpRequest, Unusable> {
    let (endpoint, signing_key) = means(target, secrets)?;
    let body = message::body(config, target.kind, &endpoint, notice);
    let mut headers = vec![("Content-Type", "application/json".to_owned())];
    headers.extend(signing_key.into_iter().flat_map(|key| signed_fields(key, at, &body)));
    Ok(HttpRequest { method: "POST", url: endpoint.url, headers, body, timeout_ms: TIMEOUT_MS, max_bytes: MAX_ANSWER })
}

/// Endpoint and signing key of `target`.
///
/// # Errors
/// [`Unusable`].
pub fn means<'s>(target: &NotifyTarget, secrets: &'s Secrets) -> Result<(Endpoint, Option<&'s str>), Unusable> {
    let named = target.signing_secret.as_ref().filter(|_| target.kind == NotifyKind::Webhook);
    let key = named.map(|name| secrets.get(name).ok_or(Unusable::NoSigningKey));
    Ok((endpoint(target, secrets)?, key.transpose()?))
}

/// The request of the heartbeat.
pub fn ping(url: String) -> HttpRequest {
    HttpRequest {
        method: "GET",
        url,
        headers: Vec::new(),
        body: Vec::new(),
        timeout_ms: TIMEOUT_MS,
        max_bytes: MAX_ANSWER,
    }
}

/// Why a notice was not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// For operators; never the URL.
    pub words: String,
    /// When the target wants to be asked again, in seconds.
    pub retry_after_s: Option<u64>,
    /// Whether it is about this notice's content, so that another one may fare better.
    pub of_this_one: bool,
}

/// Whether `answer` means that the notice has arrived: any 2xx does. A redirect is not followed and does not.
///
/// # Errors
/// [`Trouble`].
pub fn arrived(answer: Result<HttpResponse, FetchFailure>, now: UnixMillis) -> Result<(), Trouble> {
    let trouble = |words: String| Trouble { words, retry_after_s: None, of_this_one: false };
    match answer {
        Ok(response) if (200..300).contains(&response.status) => Ok(()),
        Ok(response) => Err(Trouble {
            retry_after_s: response.retry_after_s(now).map(|seconds| seconds.min(MAX_RETRY_AFTER_S)),
            of_this_one: matches!(response.status, 400 | 413 | 422),
            ..trouble(format!("answered HTTP status {}", response.status))
        }),
        // The runtime's own words may have the URL in them.
        Err(FetchFailure::Other(_)) => Err(trouble("the request could not be sent".into())),
        Err(failure) => Err(trouble(failure.to_string())),
    }
}
