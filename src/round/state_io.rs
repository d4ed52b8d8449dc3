//! The state of the notices in KV, behind the isolate's own.

use crate::json::shown_words;
use crate::notices::{NoticeMemory, STATE_KEY, State};
use crate::ports::Ports;
use crate::refresh::{Scene, Stored, read_key, write_key};

/// What the store said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateCopy {
    /// It was read, or there is none yet.
    Ok(State),
    /// Damaged, or of a newer version. It is kept as it is.
    Unreadable,
    /// The store did not tell, or there is none.
    Unavailable,
}

/// The word that `status` has for a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateWord {
    /// Read.
    Ok,
    /// Kept as it is.
    Unreadable,
    /// Not told.
    Unavailable,
}

shown_words! { StateWord { Ok: "ok", Unreadable: "unreadable", Unavailable: "unavailable" } }

impl StateCopy {
    /// The word.
    pub const fn word(&self) -> StateWord {
        match self {
            Self::Ok(_) => StateWord::Ok,
            Self::Unreadable => StateWord::Unreadable,
            Self::Unavailable => StateWord::Unavailable,
        }
    }

    /// What was read.
    pub const fn state(&self) -> Option<&State> {
        match self {
            Self::Ok(state) => Some(state),
            Self::Unreadable | Self::Unavailable => None,
        }
    }
}

/// What is stored.
pub(super) async fn load<P: Ports>(ports: &P) -> StateCopy {
    match read_key(ports, STATE_KEY).await {
        Err(_) => StateCopy::Unavailable,
        Ok(None) => StateCopy::Ok(State::default()),
        Ok(Some(stored)) => State::parse(&stored).map_or(StateCopy::Unreadable, StateCopy::Ok),
    }
}

/// What is stored, with what this isolate knows beside it; and what the store said.
/// Where nobody is to be told, the store is not asked.
pub async fn known_state<P: Ports>(scene: &Scene<'_, P>) -> (State, StateCopy) {
    if scene.config.notify.targets.is_empty() {
        return (State::default(), StateCopy::Ok(State::default()));
    }
    let copy = load(scene.ports).await;
    let known = with_memory(scene, |memory| memory.learn(copy.state()));
    (known, copy)
}

/// Stores what is known where it differs from `before`, as `pruned` leaves both. What other isolates have stored meanwhile
/// is read again first, so that it is not lost.
pub(super) async fn save<P: Ports>(scene: &Scene<'_, P>, before: &State, pruned: &dyn Fn(State) -> State) -> Stored {
    let known = pruned(with_memory(scene, |memory| memory.state().clone()));
    if known == pruned(before.clone()) {
        with_memory(scene, NoticeMemory::saved);
        return Stored::Unchanged;
    }
    let StateCopy::Ok(meanwhile) = load(scene.ports).await else { return Stored::Unavailable };
    let merged = pruned(with_memory(scene, |memory| memory.learn(Some(&meanwhile))));
    with_memory(scene, |memory| memory.keep(merged.clone()));
    let stored = write_key(scene.ports, STATE_KEY, &merged.to_json(), None).await;
    if stored == Stored::Written {
        with_memory(scene, NoticeMemory::saved);
    }
    stored
}

pub(super) fn with_memory<P, T>(scene: &Scene<'_, P>, work: impl FnOnce(&mut NoticeMemory) -> T) -> T {
    work(&mut scene.notices.borrow_mut())
}
