//! The record in KV, behind the isolate's copy.

use futures_util::future::{Either, select};
use std::pin::pin;
use std::rc::Rc;

use super::Scene;
use crate::config::Origin;
use crate::origin::{Record, RecordCopy, SCHEMA, record_key};
use crate::ports::{Ports, StoreFailure};

/// KV may hang; nobody waits longer for it than this, in milliseconds.
const STORE_TIMEOUT_MS: u32 = 1000;

/// What became of a record that was offered for storing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// Written.
    Written,
    /// Nothing in it is new enough to be written.
    Unchanged,
    /// The write budget is used up; it is offered again at the next look.
    HeldBack,
    /// KV gave no answer: it may or may not have been written.
    Unconfirmed,
    /// No KV is bound, or it could not be read.
    Unavailable,
    /// What is stored cannot be read by this version, and is kept.
    KeptUnreadable,
}

impl Stored {
    /// In words.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Unchanged => "not needed: nothing changed",
            Self::HeldBack => "held back: write budget used up",
            Self::Unconfirmed => "could not confirm: KV did not answer",
            Self::Unavailable => "not stored: KV missing or unreadable",
            Self::KeptUnreadable => "not stored: what is there cannot be read and is kept",
        }
    }
}

/// The record of `origin`, from the isolate's copy if that is at most `max_age_ms` old.
pub async fn load_record<P: Ports>(scene: &Scene<'_, P>, origin: &Origin, max_age_ms: u64) -> RecordCopy {
    let now = scene.ports.now();
    if let Some(copy) = scene.remember(|memory| memory.record(&origin.name, now, max_age_ms)) {
        return copy;
    }
    let copy = read(scene.ports, origin).await;
    scene.remember(|memory| memory.remember_read(&origin.name, now, copy))
}

async fn read<P: Ports>(ports: &P, origin: &Origin) -> RecordCopy {
    match read_key(ports, &record_key(&origin.name)).await {
        Err(failure) => RecordCopy::Unavailable(failure),
        Ok(None) => RecordCopy::Empty,
        Ok(Some(stored)) => match Record::parse(&stored) {
            Err(fault) => RecordCopy::Unreadable(fault),
            Ok(record) if record.hostname == origin.hostname => RecordCopy::Present(Rc::new(record)),
            Ok(_of_another_name) => RecordCopy::Empty,
        },
    }
}

/// What the store has under `key`, if it says so in time.
pub async fn read_key<P: Ports>(ports: &P, key: &str) -> Result<Option<String>, StoreFailure> {
    match select(pin!(ports.get(key)), pin!(ports.sleep(STORE_TIMEOUT_MS))).await {
        Either::Left((answer, _)) => answer,
        Either::Right(((), _)) => Err(StoreFailure::Unavailable("no answer in time".into())),
    }
}

/// Offers what `update` makes of the present record for storing; writes only what is worth it and within the budget.
pub async fn save_record<P: Ports>(
    scene: &Scene<'_, P>,
    origin: &Origin,
    copy: &RecordCopy,
    update: &mut dyn FnMut(&mut Record),
) -> Stored {
    match copy {
        RecordCopy::Present(_) | RecordCopy::Empty => {}
        RecordCopy::Unreadable(_) => return Stored::KeptUnreadable,
        RecordCopy::Unavailable(_) => return Stored::Unavailable,
    }
    let old = copy.record();
    let mut new = old.cloned().unwrap_or_else(|| Record::new(&origin.hostname));
    update(&mut new);
    let now = scene.ports.now();
    if old.is_some_and(|old| !old.worth_writing(&new, now)) {
        return Stored::Unchanged;
    }
    let ends = new.incident.is_none() && old.is_some_and(|old| old.incident.is_some());
    let spent = if ends { new.writes.spend_last(now) } else { new.writes.spend(now) };
    let Some(writes) = spent else { return Stored::HeldBack };
    let new = Rc::new(Record { schema: SCHEMA, writes, written_at: now, ..new }.pruned(now));
    scene.remember(|memory| memory.remember_record(&origin.name, now, RecordCopy::Present(Rc::clone(&new))));
    write_key(scene.ports, &record_key(&origin.name), &new.to_json(), None).await
}

/// Writes `value` under `key`, for good or for so many seconds.
pub async fn write_key<P: Ports>(ports: &P, key: &str, value: &str, expires_in_s: Option<u32>) -> Stored {
    match select(pin!(ports.put(key, value, expires_in_s)), pin!(ports.sleep(STORE_TIMEOUT_MS))).await {
        Either::Left((Ok(()), _)) => Stored::Written,
        Either::Left((Err(StoreFailure::Missing), _)) => Stored::Unavailable,
        Either::Left((Err(StoreFailure::Unavailable(_)), _)) | Either::Right(_) => Stored::Unconfirmed,
    }
}
