//! `Retry-After`: when Azure asks to be left alone, it is.

use crate::ports::HttpResponse;
use crate::time::UnixMillis;

/// Where no time is given, in seconds.
const DEFAULT_S: u64 = 60;
/// No longer than this, in seconds: the value is the other side's word.
const LONGEST_S: u64 = 60 * 60;

/// The instant before which nothing is to be asked: of a 429, and of a 503 that gives a time. Azure gives seconds; a
/// date is allowed too (RFC 9110, section 10.2.3).
pub(super) fn retry_after(response: &HttpResponse, now: UnixMillis) -> Option<UnixMillis> {
    let value = response.header("retry-after").map(str::trim);
    let until = |date: UnixMillis| date.since_ms(now).div_ceil(1000);
    let given = value.and_then(|value| value.parse::<u64>().ok().or_else(|| date(value).map(until)));
    let seconds = match response.status {
        429 => Some(given.unwrap_or(DEFAULT_S)),
        503 => given,
        _ => None,
    }?;
    Some(now.plus_s(seconds.clamp(1, LONGEST_S)))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`; the obsolete forms count as not given.
fn date(value: &str) -> Option<UnixMillis> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let mut words = value.strip_suffix(" GMT")?.split(' ').skip(1);
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let number = MONTHS.find(month).filter(|_| month.len() == 3)?.checked_div(3)?.checked_add(1)?;
    format!("{year}-{number:02}-{day}T{time}Z").parse().ok()
}
