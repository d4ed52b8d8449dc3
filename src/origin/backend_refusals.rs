//! Signs that a backend refuses the gateway: counted in each isolate, and in the record.

use std::net::IpAddr;

use serde_json::Value;

use crate::json::{json, stored, stored_words};
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

stored_words! { RefusalSign {
    InternalServerError: "internal_server_error",
    BackendConnectionFailure: "backend_connection_failure",
    IpForbidden: "ip_forbidden",
} }

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

stored! { BackendRefusals { count, first_at, last_at, sign, refused_address } }

/// What an isolate keeps of them for one origin.
#[derive(Debug, Default)]
pub struct RefusalWatch {
    refusals: Option<BackendRefusals>,
    unflushed: u32,
    flushed_at: UnixMillis,
    looked_at: Option<UnixMillis>,
}

/// A body is looked at once in this time, in milliseconds.
const LOOK_EVERY_MS: u64 = 10_000;
/// While it goes on, what was counted is stored once in this time, in milliseconds.
const FLUSH_EVERY_MS: u64 = 1_800_000;
/// After this time without a sign it is over, in milliseconds.
const OVER_AFTER_MS: u64 = 3_600_000;

impl BackendRefusals {
    /// As `status` shows it.
    pub fn view(&self) -> Value {
        let Self { count, first_at, last_at, sign, .. } = self;
        json!({ "count": count, "first_at": first_at, "last_at": last_at, "sign": sign })
    }

    /// This run with `later` of it, or `later` alone where it is a run of its own.
    fn joined(self, later: Self) -> Option<Self> {
        self.is_current(later.first_at).then(|| Self {
            count: self.count.saturating_add(later.count),
            last_at: self.last_at.max(later.last_at),
            sign: self.sign.max(later.sign),
            refused_address: later.refused_address.or(self.refused_address),
            ..self
        })
    }

    /// Adds `later` to `runs`, which are newest first.
    pub fn add_to(self, runs: &mut Vec<Self>) {
        match runs.first_mut() {
            Some(last) if let Some(joined) = last.joined(self) => *last = joined,
            _ => runs.insert(0, self),
        }
    }

    /// Whether the last sign is recent enough at `now` to be told as something that is going on.
    pub const fn is_current(&self, now: UnixMillis) -> bool {
        now.since_ms(self.last_at) < OVER_AFTER_MS
    }
}

impl RefusalWatch {
    /// The signs that the stored record does not have yet.
    pub fn unflushed(&self) -> Option<BackendRefusals> {
        self.refusals.filter(|_| self.unflushed > 0).map(|run| BackendRefusals { count: self.unflushed, ..run })
    }

    /// The same, where it is time to store it; from now on they count as stored. The next time comes later, whatever
    /// becomes of this one.
    pub fn take_due(&mut self, now: UnixMillis) -> Option<BackendRefusals> {
        let due = self.unflushed().filter(|_| self.is_due(now))?;
        (self.unflushed, self.flushed_at) = (0, now);
        Some(due)
    }

    /// So many could not be stored.
    pub fn give_back(&mut self, count: u32) {
        self.unflushed = self.unflushed.saturating_add(count);
    }

    /// Whether there is something to store that has waited long enough.
    pub const fn is_due(&self, now: UnixMillis) -> bool {
        self.unflushed > 0 && now.since_ms(self.flushed_at) >= FLUSH_EVERY_MS
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
        let begins = BackendRefusals { count: 1, first_at: now, last_at: now, sign, refused_address };
        self.unflushed = self.unflushed.saturating_add(1);
        self.refusals = earlier.and_then(|run| run.joined(begins)).or(Some(begins));
        earlier.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_S: u64 = 3_600;
    const START: UnixMillis = UnixMillis(1_800_000_000_000);

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
        assert_eq!(watch.refusals.as_ref(), Some(&expected));
    }

    #[test]
    fn after_an_hour_without_a_new_run_begins() {
        let mut watch = RefusalWatch::default();
        let start = UnixMillis(1_000_000);
        watch.note(start, RefusalSign::IpForbidden, "20.1.2.3".parse().ok());
        assert!(watch.refusals.as_ref().unwrap().is_current(start.plus_s(HOUR_S - 1)));
        assert!(!watch.refusals.as_ref().unwrap().is_current(start.plus_s(HOUR_S)));
        assert!(watch.note(start.plus_s(HOUR_S), RefusalSign::InternalServerError, None));
        let BackendRefusals { count, sign, refused_address, .. } = *watch.refusals.as_ref().unwrap();
        assert_eq!((count, sign, refused_address), (1, RefusalSign::InternalServerError, None));
    }

    #[test]
    fn what_is_stored_is_counted_no_more() {
        let mut watch = RefusalWatch::default();
        watch.note(START, RefusalSign::IpForbidden, None);
        watch.note(START, RefusalSign::IpForbidden, None);
        assert_eq!(watch.take_due(START).map(|run| run.count), Some(2));
        assert_eq!(watch.take_due(START.plus_s(HOUR_S)), None);
        assert_eq!(watch.refusals.as_ref().unwrap().count, 2);
    }

    #[test]
    fn what_was_counted_is_due_at_once_and_then_every_half_hour_also_where_it_could_not_be_stored() {
        let mut watch = RefusalWatch::default();
        watch.note(START, RefusalSign::IpForbidden, None);
        watch.take_due(START);
        watch.give_back(1);
        watch.note(START.plus_s(60), RefusalSign::IpForbidden, None);
        assert_eq!(watch.take_due(START.plus_s(60)), None);
        assert_eq!(watch.take_due(START.plus_s(1_800)).map(|run| run.count), Some(2));
    }

    #[test]
    fn stored_runs_are_joined_within_the_hour_and_kept_apart_after_it() {
        let run = |at_s: u64| {
            let at = UnixMillis(1_000_000).plus_s(at_s);
            BackendRefusals {
                count: 2,
                first_at: at,
                last_at: at,
                sign: RefusalSign::IpForbidden,
                refused_address: None,
            }
        };
        let mut runs = Vec::new();
        for at_s in [0, HOUR_S - 1, 3 * HOUR_S] {
            run(at_s).add_to(&mut runs);
        }
        assert_eq!(runs.iter().map(|run| run.count).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(runs[1].last_at.since_s(runs[1].first_at), HOUR_S - 1);
    }

    #[test]
    fn one_look_in_ten_seconds() {
        let mut watch = RefusalWatch::default();
        let looks = [0, 1, 9_999, 10_000, 10_001, 19_999, 20_000].map(|at| watch.may_look(UnixMillis(at)));
        assert_eq!(looks, [true, false, false, true, false, false, true]);
    }
}
