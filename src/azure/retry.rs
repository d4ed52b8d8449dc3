//! `Retry-After`: when Azure asks to be left alone, it is.

use crate::ports::HttpResponse;
use crate::time::UnixMillis;

/// Where no time is given, in seconds.
const DEFAULT_S: u64 = 60;
/// No longer than this, in seconds: the value is the other side's word.
const LONGEST_S: u64 = 60 * 60;

/// The instant before which nothing is to be asked: of a 429, and of a 503 that gives a time. Azure gives seconds; a
/// date, which HTTP allows too, counts as not given.
pub(super) fn retry_after(response: &HttpResponse, now: UnixMillis) -> Option<UnixMillis> {
    let given = response.header("retry-after").and_then(|value| value.trim().parse::<u64>().ok());
    let seconds = match response.status {
        429 => Some(given.unwrap_or(DEFAULT_S)),
        503 => given,
        _ => None,
    }?;
    Some(now.plus_s(seconds.clamp(1, LONGEST_S)))
}
