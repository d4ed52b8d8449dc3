//! The isolate's copy of what is stored and of the latest look-up, in front of KV and the resolvers.
//!
//! It is a cache with an expiry, never the truth. Several requests share one look-up without awaiting one another's
//! promises, which the runtime forbids: one of them holds a lease, the others look again after a short sleep.

use std::rc::Rc;

use super::{BackendRefusals, Failed, Incident, Record, RecordFault, RefusalWatch};
use crate::dns::Lookup;
use crate::ports::StoreFailure;
use crate::time::UnixMillis;

/// What the store said of an origin's record.
pub type RecordCopy = StoredCopy<Record>;

/// What the store said of a key that holds a `T`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredCopy<T> {
    /// It was read. Shared: with its history it is larger than what a request wants of it.
    Present(Rc<T>),
    /// There is none.
    Empty,
    /// There are bytes that are no record of this version.
    Unreadable(RecordFault),
    /// The store did not tell.
    Unavailable(StoreFailure),
}

impl<T> StoredCopy<T> {
    /// The record, where it was read.
    pub fn record(&self) -> Option<&T> {
        match self {
            Self::Present(record) => Some(record),
            Self::Empty | Self::Unreadable(_) | Self::Unavailable(_) => None,
        }
    }

    /// Why nothing can be told of the origin; `None` where the record, or its absence, is known.
    pub fn why_unread(&self) -> Option<String> {
        match self {
            Self::Present(_) | Self::Empty => None,
            Self::Unreadable(fault) => Some(fault.to_string()),
            Self::Unavailable(failure) => Some(failure.to_string()),
        }
    }
}

/// One isolate's memory, by origin name; look-ups of other names by those.
#[derive(Debug, Default)]
pub struct Memory {
    /// Keeps the ids of incidents from telling whose they are.
    seed: u64,
    origins: Vec<(String, Slot)>,
    /// What others keep here: a time and a text by key. There are as many as there are targets and services.
    marks: Vec<(String, (UnixMillis, String))>,
}

#[derive(Debug, Default)]
struct Slot {
    /// The latest look-up, and when it was done.
    lookup: Option<(UnixMillis, Lookup)>,
    record: Option<(UnixMillis, RecordCopy)>,
    lease_until: Option<UnixMillis>,
    failing: Option<Failing>,
    refusals: RefusalWatch,
}

/// An incident as this isolate knows it.
#[derive(Debug, Clone)]
pub struct Failing {
    /// With all failures that are known here.
    pub incident: Incident,
    /// Those of them that are not in the stored record yet.
    pub uncounted: u64,
}

/// An origin that has not failed for this long in this isolate has recovered here, in milliseconds.
const RECOVERED_AFTER_MS: u64 = 10_000;
/// A failure joins an incident of this isolate that failed last within this time, in milliseconds.
const JOIN_WITHIN_MS: u64 = 600_000;

/// Names remembered at most: 50 origins, and the hosts that clients ask for, which are theirs to choose.
const MAX_SLOTS: usize = 100;

/// What the keys of look-ups of such hosts begin with; no origin's name does.
pub const OF_A_HOST: &str = "//";

/// Who looks up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// A look-up that is recent enough.
    Recent(Lookup),
    /// The caller does, and calls [`Memory::remember_lookup`].
    Yours,
    /// Somebody else does.
    Wait,
}

impl Memory {
    /// An empty memory; `seed` is anything that a client cannot know.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    /// A look-up of `origin` that `serves` (given the time since it was done, in milliseconds), or who makes one. A lease ends after
    /// `lease_ms`, since its holder may be cancelled.
    pub fn turn(
        &mut self,
        origin: &str,
        now: UnixMillis,
        serves: &dyn Fn(&Lookup, u64) -> bool,
        lease_ms: u64,
    ) -> Turn {
        self.slot(origin, |slot| {
            if let Some((_, lookup)) = slot.lookup.as_ref().filter(|(at, lookup)| serves(lookup, now.since_ms(*at))) {
                return Turn::Recent(lookup.clone());
            }
            if slot.lease_until.is_some_and(|until| until > now) {
                return Turn::Wait;
            }
            slot.lease_until = Some(now.plus_ms(lease_ms));
            Turn::Yours
        })
    }

    /// Keeps `lookup` and ends the lease.
    pub fn remember_lookup(&mut self, origin: &str, now: UnixMillis, lookup: Lookup) {
        self.slot(origin, |slot| {
            slot.lookup = Some((now, lookup));
            slot.lease_until = None;
        });
    }

    /// The latest look-up, of whatever age.
    pub fn latest_lookup(&self, origin: &str) -> Option<&Lookup> {
        self.known(origin)?.lookup.as_ref().map(|(_, lookup)| lookup)
    }

    /// The copy of the record, if it was read at most `max_age_ms` ago.
    pub fn record(&self, origin: &str, now: UnixMillis, max_age_ms: u64) -> Option<RecordCopy> {
        let (at, copy) = self.known(origin)?.record.as_ref()?;
        (now.since_ms(*at) <= max_age_ms).then(|| copy.clone())
    }

    /// Keeps what the store said to a question asked at `asked_at`, unless something newer is known; returns what holds.
    pub fn remember_read(&mut self, origin: &str, asked_at: UnixMillis, copy: RecordCopy) -> RecordCopy {
        self.slot(origin, |slot| match &slot.record {
            Some((at, newer)) if *at >= asked_at => newer.clone(),
            _ => {
                slot.record = Some((asked_at, copy.clone()));
                copy
            }
        })
    }

    /// Keeps what was written to the store.
    pub fn remember_record(&mut self, origin: &str, now: UnixMillis, copy: RecordCopy) {
        self.slot(origin, |slot| slot.record = Some((now, copy)));
    }

    /// The open incident that this isolate knows of; at `now` a failure still joins it.
    pub fn failing(&self, origin: &str, now: UnixMillis) -> Option<&Failing> {
        let failing = self.known(origin)?.failing.as_ref();
        failing.filter(|failing| now.since_ms(failing.incident.last_at) <= JOIN_WITHIN_MS)
    }

    /// The incident of this isolate that has not ended, however long ago its last failure was.
    pub fn unfinished(&self, origin: &str) -> Option<&Incident> {
        self.known(origin)?.failing.as_ref().map(|failing| &failing.incident)
    }

    /// A failure: it joins the incident that is `stored`, else the one of this isolate, else it begins one. Returns that
    /// incident, and whether the failure changed its cause.
    pub fn note_failure(&mut self, origin: &str, stored: Option<&Incident>, failed: &Failed) -> (Incident, bool) {
        let here = self.failing(origin, failed.at).cloned();
        let uncounted = here.as_ref().map_or(0, |failing| failing.uncounted);
        let here = here.map(|failing| failing.incident);
        let mut incident = match (stored, here) {
            (Some(stored), Some(here)) if here.id == stored.id => here,
            (Some(stored), _) => stored.clone(),
            (None, Some(here)) => here,
            (None, None) => Incident::begun_by(origin, self.seed, failed),
        };
        let changed = incident.join(failed);
        let failing = Failing { incident: incident.clone(), uncounted: uncounted.saturating_add(1) };
        self.slot(origin, |slot| slot.failing = Some(failing));
        (incident, changed)
    }

    /// The open incident with the failures that are not stored yet; from now on they count as stored.
    pub fn take_uncounted(&mut self, origin: &str, now: UnixMillis) -> Option<Failing> {
        let taken = self.failing(origin, now).cloned();
        self.slot(origin, |slot| slot.failing.iter_mut().for_each(|failing| failing.uncounted = 0));
        taken
    }

    /// So many failures could not be stored.
    pub fn give_back(&mut self, origin: &str, failures: u64) {
        self.slot(origin, |slot| {
            slot.failing.iter_mut().for_each(|failing| failing.uncounted = failing.uncounted.saturating_add(failures));
        });
    }

    /// Whether a good answer at `now` ends an incident: some time has passed since the last failure. Where single
    /// operations fail, another one's answer says little, and more time has to pass.
    pub fn may_have_recovered(&self, origin: &str, now: UnixMillis) -> bool {
        let failing = self.known(origin).and_then(|slot| slot.failing.as_ref());
        failing.is_some_and(|Failing { incident, .. }| {
            let quiet_ms = if incident.is_of_answers() { JOIN_WITHIN_MS } else { RECOVERED_AFTER_MS };
            now.since_ms(incident.last_at) >= quiet_ms
        })
    }

    /// The incident is over; what was known of it here.
    pub fn note_recovery(&mut self, origin: &str) -> Option<Failing> {
        self.slot(origin, |slot| slot.failing.take())
    }

    /// Whether any origin is failing as far as this isolate knows.
    pub fn any_failing(&self) -> bool {
        self.origins.iter().any(|(_, slot)| slot.failing.is_some())
    }

    /// The signs that a backend refuses the gateway which this isolate has counted and not stored yet.
    pub fn uncounted_refusals(&self, origin: &str) -> Option<BackendRefusals> {
        self.known(origin)?.refusals.unflushed()
    }

    /// Works on what is kept of them: counts one, or takes what is not stored yet.
    pub fn watch_refusals<T>(&mut self, origin: &str, work: impl FnOnce(&mut RefusalWatch) -> T) -> T {
        self.slot(origin, |slot| work(&mut slot.refusals))
    }

    /// What was marked under `key`.
    pub fn mark(&self, key: &str) -> Option<&(UnixMillis, String)> {
        self.marks.iter().find(|(known, _)| known == key).map(|(_, mark)| mark)
    }

    /// Marks `key` with a time and a text.
    pub fn set_mark(&mut self, key: &str, at: UnixMillis, text: String) {
        self.marks.retain(|(known, _)| known != key);
        self.marks.push((key.to_owned(), (at, text)));
    }

    fn known(&self, origin: &str) -> Option<&Slot> {
        self.origins.iter().find(|(name, _)| name == origin).map(|(_, slot)| slot)
    }

    fn slot<T>(&mut self, origin: &str, work: impl FnOnce(&mut Slot) -> T) -> T {
        if let Some((_, slot)) = self.origins.iter_mut().find(|(name, _)| name == origin) {
            return work(slot);
        }
        if self.origins.len() >= MAX_SLOTS {
            self.origins.retain(|(name, _)| !name.starts_with(OF_A_HOST));
        }
        let mut slot = Slot::default();
        let result = work(&mut slot);
        self.origins.push((origin.to_owned(), slot));
        result
    }
}
