//! Whether there is such an instance.

use serde_json::Value;

use super::{ArmFault, Fact, FactChange, FaultKind};
use crate::json::{stored, stored_words, word};
use crate::network_check::field::instant;
use crate::network_check::field::text;
use crate::network_check::resource_id::key;
use crate::time::UnixMillis;

/// Answers that say "not found" before it is believed …
const ROUNDS: u32 = 2;
/// … that are not closer together than this, in seconds.
const ROUND_S: u64 = 4 * 60;

/// What is known of that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// Whether it is there.
    pub existence: Existence,
    /// Since when this is known.
    pub since: UnixMillis,
    /// Until when a deleted one can be restored (`scheduledPurgeDate`).
    pub restorable_until: Option<UnixMillis>,
    /// Answers that said "not found", one after another.
    pub rounds: u32,
    /// When the latest one of them was counted.
    pub counted_at: UnixMillis,
    /// Whether the latest answer said that none could be restored either. One answer explains a failure; what is kept of
    /// the instance goes only once it is confirmed.
    pub none_left: bool,
}

stored! { Presence { existence, since, restorable_until, rounds, counted_at } or default { none_left } }

/// Whether ARM has the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Existence {
    /// ARM has not said yet.
    Unknown,
    /// ARM has it.
    Present,
    /// ARM says "not found"; that is not confirmed, or whether it can be restored could not be read.
    Missing,
    /// It was deleted and can be restored.
    SoftDeleted,
    /// ARM has none, and none that could be restored.
    Gone,
}

stored_words! { Existence {
    Unknown: "unknown", Present: "present", Missing: "missing", SoftDeleted: "soft_deleted", Gone: "gone"
} }

impl Existence {
    /// Whether it is known to have been deleted.
    pub const fn is_deleted(self) -> bool {
        matches!(self, Self::SoftDeleted | Self::Gone)
    }
}

/// A deleted instance that can be restored (azure.md 1.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// `scheduledPurgeDate`.
    pub restorable_until: Option<UnixMillis>,
}

impl Deleted {
    /// What `document` says of the deleted service whose resource id was `id`; `None` where it is about another one.
    pub(super) fn read(document: &Value, id: &str) -> Option<Self> {
        let same = text(document, "serviceId").is_some_and(|deleted| key(deleted) == key(id));
        same.then(|| Self { restorable_until: text(document, "scheduledPurgeDate").and_then(instant) })
    }
}

impl Default for Presence {
    fn default() -> Self {
        let never = UnixMillis(0);
        Self {
            existence: Existence::Unknown,
            since: never,
            restorable_until: None,
            rounds: 0,
            counted_at: never,
            none_left: false,
        }
    }
}

impl Presence {
    /// ARM has it.
    pub(super) fn found(&mut self, now: UnixMillis) -> Option<FactChange> {
        (self.rounds, self.restorable_until, self.none_left) = (0, None, false);
        self.become_(Existence::Present, now)
    }

    /// ARM says "not found"; `deleted` is what it says of deleted ones.
    pub(super) fn not_found(
        &mut self,
        deleted: Option<Result<Option<Deleted>, ArmFault>>,
        now: UnixMillis,
    ) -> Option<FactChange> {
        if self.rounds == 0 || now.since_s(self.counted_at) >= ROUND_S {
            (self.rounds, self.counted_at) = (self.rounds.saturating_add(1), now);
        }
        let none = matches!(&deleted, Some(Ok(None)))
            || matches!(&deleted, Some(Err(fault)) if fault.kind == FaultKind::ResourceNotFound);
        self.none_left = none;
        let existence = match deleted {
            Some(Ok(Some(deleted))) => {
                self.restorable_until = deleted.restorable_until;
                Existence::SoftDeleted
            }
            _ if none && self.rounds >= ROUNDS => Existence::Gone,
            // Between two looks it does not come back to life: what was said of it stays.
            _ if self.existence.is_deleted() => self.existence,
            _ => Existence::Missing,
        };
        self.become_(existence, now)
    }

    fn become_(&mut self, existence: Existence, now: UnixMillis) -> Option<FactChange> {
        let before = self.existence;
        if before == existence {
            return None;
        }
        (self.existence, self.since) = (existence, now);
        let told = before.is_deleted() || existence.is_deleted();
        told.then(|| FactChange::of(now, Fact::Existence, word(&before), word(&existence)))
    }
}
