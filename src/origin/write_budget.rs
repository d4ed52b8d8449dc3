//! How often a record may be written: a token bucket that is stored with the record, so that all isolates share it.

use crate::json::stored;
use crate::time::UnixMillis;

/// Writes at once after a quiet time.
const BURST: u64 = 8;
/// One more write every 20 minutes: at most 72 + [`BURST`] = 80 in any 24 hours for an origin that flaps all day, of the 1,000
/// that Workers KV allows on its free plan (<https://developers.cloudflare.com/kv/platform/limits/>).
const REFILL_MS: u64 = 20 * 60 * 1000;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Writes of one origin in any 24 hours at most.
pub const WRITES_PER_DAY: u64 = DAY_MS / REFILL_MS + BURST;

/// Time already spent: the bucket is full once `full_at` has passed. And what was written on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WriteBudget {
    full_at: UnixMillis,
    /// The day (UTC) of `written`, counted from 1970.
    day: u64,
    /// Writes of that day.
    written: u64,
}

stored! { WriteBudget { full_at } or default { day, written } }

impl WriteBudget {
    /// The bucket after one write at `now`; `None` where the budget is used up, but for the last write.
    pub fn spend(self, now: UnixMillis) -> Option<Self> {
        self.spend_of(BURST.saturating_sub(1), now)
    }

    /// The same for a write that ends something: it may be the last one.
    pub fn spend_last(self, now: UnixMillis) -> Option<Self> {
        self.spend_of(BURST, now)
    }

    fn spend_of(self, burst: u64, now: UnixMillis) -> Option<Self> {
        let full_at = self.believed(now).max(now).plus_ms(REFILL_MS);
        let written = self.written_today(now).saturating_add(1);
        let spent = Self { full_at, day: day_of(now), written };
        (full_at.since_ms(now) <= burst.saturating_mul(REFILL_MS)).then_some(spent)
    }

    /// Writes on the day (UTC) of `now`.
    pub const fn written_today(self, now: UnixMillis) -> u64 {
        if self.day == day_of(now) { self.written } else { 0 }
    }

    /// Writes that are left at `now`.
    pub fn left(self, now: UnixMillis) -> u64 {
        BURST.saturating_sub(self.believed(now).since_ms(now).div_ceil(REFILL_MS))
    }

    /// No bucket takes longer to fill than from empty; what says so was written by a clock that was wrong.
    fn believed(self, now: UnixMillis) -> UnixMillis {
        let possible = self.full_at.since_ms(now) <= BURST.saturating_mul(REFILL_MS);
        if possible { self.full_at } else { UnixMillis(0) }
    }
}

const fn day_of(at: UnixMillis) -> u64 {
    at.since_ms(UnixMillis(0)) / DAY_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_are_counted_by_the_day() {
        let (now, mut budget) = (UnixMillis(20_000 * DAY_MS), WriteBudget::default());
        assert_eq!(budget.written_today(now), 0);
        for written in 1..BURST {
            budget = budget.spend(now).unwrap();
            assert_eq!(budget.written_today(now.plus_ms(DAY_MS - 1)), written);
        }
        assert_eq!(budget.written_today(now.plus_ms(DAY_MS)), 0);
        assert_eq!(budget.spend(now.plus_ms(DAY_MS)).unwrap().written_today(now.plus_ms(DAY_MS)), 1);
        assert_eq!(WRITES_PER_DAY, 80);
    }

    #[test]
    fn a_day_of_a_write_every_minute_stays_under_a_hundred() {
        let mut budget = WriteBudget::default();
        let mut written = 0;
        for minute in 0..24 * 60 {
            if let Some(spent) = budget.spend(UnixMillis(1_800_000_000_000).plus_s(60 * minute)) {
                budget = spent;
                written += 1;
            }
        }
        assert_eq!(written, 78);
    }

    #[test]
    fn what_is_left_is_what_can_be_spent() {
        let now = UnixMillis(1_800_000_000_000);
        let mut budget = WriteBudget::default();
        for left in (1..BURST).rev() {
            budget = budget.spend(now).unwrap();
            assert_eq!(budget.left(now), left);
        }
        assert_eq!(budget.spend(now), None, "the last one is for an end");
        budget = budget.spend_last(now).unwrap();
        assert_eq!((budget.left(now), budget.spend_last(now)), (0, None));
        assert_eq!(budget.left(now.plus_ms(REFILL_MS)), 1);
        assert!(budget.spend(now.plus_ms(2 * REFILL_MS)).is_some());
    }

    proptest::proptest! {
        #[test]
        fn a_clock_that_jumps_never_locks_it_for_longer_than_a_full_refill(back in 0u64..u64::MAX / 2) {
            let now = UnixMillis(u64::MAX / 2);
            let budget = WriteBudget::default().spend(now).unwrap();
            let earlier = UnixMillis(now.0.saturating_sub(back));
            // A stored time ahead of this isolate's clock delays writing by a full refill at most; farther ahead it is
            // not believed.
            proptest::prop_assert!(budget.spend(earlier).is_some() || back <= BURST.saturating_mul(REFILL_MS));
            proptest::prop_assert!(budget.spend(now.plus_ms(BURST.saturating_mul(REFILL_MS))).is_some());
        }
    }
}
