//! Instants. The core never reads a clock: it is handed one ([`crate::ports::Clock`]) or an [`UnixMillis`].

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

use crate::json::stored_text;

/// An instant in milliseconds since 1970-01-01T00:00:00Z; written as RFC 3339 UTC with milliseconds.
///
/// Arithmetic saturates, so no input can overflow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnixMillis(pub u64);

impl UnixMillis {
    /// The last instant RFC 3339 can write, 9999-12-31T23:59:59.999Z. Later ones are written as this one.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// This instant and `seconds` more.
    #[must_use]
    pub const fn plus_s(self, seconds: u64) -> Self {
        self.plus_ms(seconds.saturating_mul(1000))
    }

    /// This instant and `millis` more.
    #[must_use]
    pub const fn plus_ms(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant; 0 where `earlier` is later.
    pub const fn since_ms(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whole seconds from `earlier` to this instant; 0 where `earlier` is later.
    pub const fn since_s(self, earlier: Self) -> u64 {
        self.since_ms(earlier) / 1000
    }
}

impl fmt::Display for UnixMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let instant = UNIX_EPOCH.checked_add(Duration::from_millis(self.0.min(Self::MAX.0))).unwrap_or(UNIX_EPOCH);
        humantime::format_rfc3339_millis(instant).fmt(f)
    }
}

/// The text is not an RFC 3339 instant from 1970 to 9999.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnInstant;

impl fmt::Display for NotAnInstant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an RFC 3339 instant from 1970 to 9999, such as 2026-04-27T11:19:52.566Z")
    }
}

impl std::error::Error for NotAnInstant {}

impl FromStr for UnixMillis {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        let instant = humantime::parse_rfc3339(text).map_err(|_| NotAnInstant)?;
        let since = instant.duration_since(UNIX_EPOCH).map_err(|_| NotAnInstant)?;
        let millis = u64::try_from(since.as_millis()).map_err(|_| NotAnInstant)?;
        if millis > Self::MAX.0 { Err(NotAnInstant) } else { Ok(Self(millis)) }
    }
}

stored_text! { UnixMillis }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_rfc_3339_with_milliseconds() {
        assert_eq!(UnixMillis(1_777_288_792_566).to_string(), "2026-04-27T11:19:52.566Z");
        assert_eq!(UnixMillis(0).to_string(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn the_far_future_is_written_as_the_last_instant() {
        assert_eq!(UnixMillis(u64::MAX).to_string(), UnixMillis::MAX.to_string());
    }

    #[test]
    fn refuses_instants_before_1970_and_nonsense() {
        for text in ["1969-12-31T23:59:59Z", "yesterday", "", "2026-04-27"] {
            assert_eq!(text.parse::<UnixMillis>(), Err(NotAnInstant), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read_back(millis in 0..=UnixMillis::MAX.0) {
            proptest::prop_assert_eq!(UnixMillis(millis).to_string().parse(), Ok(UnixMillis(millis)));
        }
    }
}
