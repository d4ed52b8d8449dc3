//! What an isolate knows of notices beside what is stored: it may have sent something since, or the store is down.

use super::state::{State, TargetState, Told};
use super::{Delivery, Notice, Trouble};
use crate::time::UnixMillis;

/// Longer than a send takes, in milliseconds: its holder may have been cancelled.
const CLAIMED_MS: u64 = 30_000;

/// One isolate's memory.
#[derive(Debug, Default)]
pub struct NoticeMemory {
    state: State,
    /// What waits and is not stored yet: of what is stored others may have told it since.
    unsaved: Vec<Notice>,
    /// What is on its way: target, key, and until when that is believed.
    claims: Vec<(String, String, UnixMillis)>,
    /// Since when no run of this isolate could read the store.
    pub store_down_since: Option<UnixMillis>,
}

impl NoticeMemory {
    /// What is known, with what is `stored`.
    pub fn learn(&mut self, stored: Option<&State>) -> State {
        if let Some(stored) = stored {
            self.state = stored.clone().merged(&self.state);
            self.unsaved.iter().for_each(|notice| self.state.wait(notice));
        }
        self.state.clone()
    }

    /// Begins to remember `target`, if it is new.
    pub fn introduce(&mut self, target: &str, now: UnixMillis) {
        if self.state.target(target).is_none() {
            self.state.targets.push(TargetState::new(target, now));
        }
    }

    /// Keeps `notice` until every target was told.
    pub fn wait(&mut self, notice: &Notice) {
        self.state.wait(notice);
        self.unsaved.retain(|known| known.key != notice.key);
        self.unsaved.push(notice.clone());
    }

    /// What is known is stored.
    pub fn saved(&mut self) {
        self.unsaved.clear();
    }

    /// What is known.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Puts `state` in the place of what was known.
    pub fn keep(&mut self, state: State) {
        self.state = state;
    }

    /// Whether the caller may send `delivery`: nobody else in this isolate is at it, or has done it since it was planned.
    pub fn claim(&mut self, target: &str, delivery: &Delivery, now: UnixMillis) -> bool {
        self.claims.retain(|(_, _, until)| *until > now);
        let taken = |key: &str| self.claims.iter().any(|(whose, claimed, _)| whose == target && claimed == key);
        let done = |told: &Told| {
            let known = self.state.told(target, &told.key);
            known.is_some_and(|it| it.attempts == 0 && (it.phase, &it.code) == (told.phase, &told.code))
        };
        if delivery.covers.iter().any(|told| taken(&told.key) || done(told)) {
            return false;
        }
        let until = now.plus_ms(CLAIMED_MS);
        self.claims.extend(delivery.covers.iter().map(|told| (target.to_owned(), told.key.clone(), until)));
        true
    }

    /// `delivery` was sent.
    pub fn note(&mut self, target: &str, delivery: &Delivery, outcome: &Result<(), Trouble>, now: UnixMillis) {
        self.state.note(target, delivery, outcome, now);
        self.claims.retain(|(whose, key, _)| whose != target || delivery.covers.iter().all(|told| told.key != *key));
    }
}
