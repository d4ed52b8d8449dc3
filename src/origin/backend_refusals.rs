//! Signs, met in this isolate, that a backend refuses the gateway.

use std::net::IpAddr;

use serde_json::Value;

use crate::json::json;

use crate::time::UnixMillis;

/// By which sign, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalSign {
    /// API Management's own 500 body. Among its causes is a backend that drops or refuses the connection.
    InternalServerError,
    /// The header field `ErrorReason: BackendConnectionFailure`: API Management says that its connection failed.
    BackendConnectionFailure,
    /// A 403 of App Service's front end for an address that its access restrictions do not let in.
    IpForbidden,
}

/// A run of such signs with no more than an hour between two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackendRefusals {
    /// Answers with a sign. Where the body gives the sign, a sample of them: one in ten seconds.
    pub count: u32,
    /// The first.
    pub first_at: UnixMillis,
    /// The last.
    pub last_at: UnixMillis,
    /// The strongest sign.
    pub sign: RefusalSign,
    /// The address that the backend named as refused.
    pub refused_address: Option<IpAddr>,
}

/// What an isolate keeps of them for one origin.
#[derive(Debug, Default)]
pub struct RefusalWatch {
    refusals: Option<BackendRefusals>,
    unflushed: u32,
    looked_at: Option<UnixMillis>,
}

/// A body is looked at once in this time, in milliseconds.
const LOOK_EVERY_MS: u64 = 10_000;
/// After this time without a sign it is over, in milliseconds.
const OVER_AFTER_MS: u64 = 3_600_000;

impl RefusalSign {
    /// As `status` and the log name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InternalServerError => "internal_server_error",
            Self::BackendConnectionFailure => "backend_connection_failure",
            Self::IpForbidden => "ip_forbidden",
        }
    }
}

impl BackendRefusals {
    /// As `status` shows it.
    pub fn view(&self) -> Value {
        let Self { count, first_at, last_at, sign, .. } = self;
        json!({ "count": count, "first_at": first_at, "last_at": last_at, "sign": sign.as_str() })
    }

    /// Whether the last sign is recent enough at `now` to be told as something that is going on.
    pub const fn is_current(&self, now: UnixMillis) -> bool {
        now.since_ms(self.last_at) < OVER_AFTER_MS
    }
}

impl RefusalWatch {
    /// What was counted, however long ago.
    pub const fn refusals(&self) -> Option<&BackendRefusals> {
        self.refusals.as_ref()
    }

    /// Signs since this was last called: what the stored record does not have yet.
    pub fn take_unflushed(&mut self) -> u32 {
        std::mem::take(&mut self.unflushed)
    }

    /// Whether a body may be looked at; the caller does.
    pub fn may_look(&mut self, now: UnixMillis) -> bool {
        let may = self.looked_at.is_none_or(|at| now.since_ms(at) >= LOOK_EVERY_MS);
        if may {
            self.looked_at = Some(now);
        }
        may
    }

    /// Counts a sign; whether it is the first after an hour without.
    pub fn note(&mut self, now: UnixMillis, sign: RefusalSign, refused_address: Option<IpAddr>) -> bool {
        let earlier = self.refusals.filter(|earlier| earlier.is_current(now));
        let first = BackendRefusals { count: 0, first_at: now, last_at: now, sign, refused_address };
        let run = earlier.unwrap_or(first);
        self.unflushed = self.unflushed.saturating_add(1);
        self.refusals = Some(BackendRefusals {
            count: run.count.saturating_add(1),
            last_at: now,
            sign: run.sign.max(sign),
            refused_address: refused_address.or(run.refused_address),
            ..run
        });
        earlier.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_S: u64 = 3_600;

    #[test]
    fn a_run_keeps_its_first_time_its_count_and_its_strongest_sign() {
        let mut watch = RefusalWatch::default();
        let start = UnixMillis(1_000_000);
        assert!(watch.note(start, RefusalSign::InternalServerError, None));
        assert!(!watch.note(start.plus_s(5), RefusalSign::IpForbidden, "20.1.2.3".parse().ok()));
        assert!(!watch.note(start.plus_s(HOUR_S), RefusalSign::BackendConnectionFailure, None));
        let expected = BackendRefusals {
            count: 3,
            first_at: start,
            last_at: start.plus_s(HOUR_S),
            sign: RefusalSign::IpForbidden,
            refused_address: "20.1.2.3".parse().ok(),
        };
        assert_eq!(watch.refusals(), Some(&expected));
    }

    #[test]
    fn after_an_hour_without_a_new_run_begins() {
        let mut watch = RefusalWatch::default();
        let start = UnixMillis(1_000_000);
        watch.note(start, RefusalSign::IpForbidden, "20.1.2.3".parse().ok());
        assert!(watch.refusals().unwrap().is_current(start.plus_s(HOUR_S - 1)));
        assert!(!watch.refusals().unwrap().is_current(start.plus_s(HOUR_S)));
        assert!(watch.note(start.plus_s(HOUR_S), RefusalSign::InternalServerError, None));
        let BackendRefusals { count, sign, refused_address, .. } = *watch.refusals().unwrap();
        assert_eq!((count, sign, refused_address), (1, RefusalSign::InternalServerError, None));
    }

    #[test]
    fn the_unflushed_count_is_taken_once() {
        let mut watch = RefusalWatch::default();
        watch.note(UnixMillis(1), RefusalSign::IpForbidden, None);
        watch.note(UnixMillis(2), RefusalSign::IpForbidden, None);
        assert_eq!((watch.take_unflushed(), watch.take_unflushed()), (2, 0));
        assert_eq!(watch.refusals().unwrap().count, 2);
    }

    #[test]
    fn one_look_in_ten_seconds() {
        let mut watch = RefusalWatch::default();
        let looks = [0, 1, 9_999, 10_000, 10_001, 19_999, 20_000].map(|at| watch.may_look(UnixMillis(at)));
        assert_eq!(looks, [true, false, false, true, false, false, true]);
    }
}
