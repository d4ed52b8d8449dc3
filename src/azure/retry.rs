//! `Retry-After`: when Azure asks to be left alone, it is.

use crate::ports::HttpResponse;
use crate::time::UnixMillis;

/// Where no time is given, in seconds.
const DEFAULT_S: u64 = 60;
/// No longer than this, in seconds: the value is the other side's word.
const LONGEST_S: u64 = 60 * 60;

/// The instant before which nothing is to be asked: of a 429, and of a 503 that gives a time.
pub(super) fn retry_after(response: &HttpResponse, now: UnixMillis) -> Option<UnixMillis> {
    let given = response.retry_after_s(now);
    let seconds = match response.status {
        429 => Some(given.unwrap_or(DEFAULT_S)),
        503 => given,
        _ => None,
    }?;
    Some(now.plus_s(seconds.clamp(1, LONGEST_S)))
}
