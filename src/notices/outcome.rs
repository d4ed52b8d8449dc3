//! What becomes of the state when a notice was sent.

use super::Delivery;
use super::send::Trouble;
use super::state::{HOUR_MS, Sent, State, TargetState, Told};
use crate::time::UnixMillis;

/// The pause after the first failure, in milliseconds; each further failure doubles it …
const FIRST_PAUSE_MS: u64 = 60_000;
/// … up to an hour.
const DOUBLINGS: u32 = 6;

impl State {
    /// `delivery` was sent to `target` at `now`, with this outcome.
    pub fn note(&mut self, target: &str, delivery: &Delivery, outcome: &Result<(), Trouble>, now: UnixMillis) {
        for told in &delivery.covers {
            let attempts = if outcome.is_ok() { 0 } else { told.attempts.saturating_add(1) };
            self.remember(Told { at: now, attempts, ..told.clone() });
        }
        self.change_target(target, now, &mut |state| match outcome {
            Ok(()) => state.took(Sent { origin: delivery.notice.origin.clone(), at: now }),
            Err(trouble) => state.failed(trouble, now),
        });
    }
}

impl TargetState {
    fn took(&mut self, sent: Sent) {
        (self.last_ok_at, self.failing_since, self.retry_at) = (Some(sent.at), None, None);
        (self.attempts, self.last_error) = (0, None);
        self.sent.retain(|earlier| sent.at.since_ms(earlier.at) < HOUR_MS);
        self.sent.push(sent);
    }

    fn failed(&mut self, trouble: &Trouble, now: UnixMillis) {
        let pause_ms = FIRST_PAUSE_MS.saturating_mul(1 << self.attempts.min(DOUBLINGS)).min(HOUR_MS);
        let asked_ms = trouble.retry_after_s.unwrap_or_default().saturating_mul(1000);
        self.attempts = self.attempts.saturating_add(1);
        self.failing_since.get_or_insert(now);
        self.retry_at = Some(now.plus_ms(pause_ms.max(asked_ms)));
        self.last_error = Some(trouble.words.clone());
    }
}
