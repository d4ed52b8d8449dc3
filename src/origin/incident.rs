//! A run of failures with one cause, as far as the record carries it: enough for every isolate to join it, and to tell
//! of it later.

use std::hash::{Hash, Hasher};

use crate::json::{stored, stored_words};
use crate::net::Hostname;
use crate::problem::{Category, Code, entry};
use crate::time::UnixMillis;

/// Changes of the cause that an incident keeps: the first, which tells how it began, and the latest ones.
const MAX_CHANGES: usize = 16;
/// After a change the next one counts when this time has passed, in milliseconds: two causes may take turns.
const CHANGE_EVERY_MS: u64 = 60_000;

/// From the first failure to the recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Sortable by time, says nothing about the origin.
    pub id: String,
    /// The first failure.
    pub since: UnixMillis,
    /// The latest failure that was counted.
    pub last_at: UnixMillis,
    /// Failures that were counted; isolates that were lost may have met more.
    pub count: u64,
    /// The cause at present.
    pub code: Code,
    /// The name at which the resolution fails.
    pub hop: Option<Hostname>,
    /// How the cause changed, oldest first.
    pub changes: Vec<Change>,
    /// How it ended; `None` while it is open.
    pub ended: Option<Ending>,
}

stored! { Incident { id, since, code, hop, ended } or default { last_at, count, changes } }

/// A change of the cause within an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: UnixMillis,
    /// The cause before.
    pub from: Code,
    /// The cause from then on.
    pub to: Code,
    /// The name at which the resolution failed before.
    pub hop: Option<Hostname>,
}

stored! { Change { at, from, to, hop } }

/// The end of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// When the recovery was seen.
    pub at: UnixMillis,
    /// What showed it.
    pub by: EndedBy,
}

stored! { Ending { at, by } }

/// What showed a recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// The origin answered a client.
    ClientAnswered,
    /// The origin answered the guard's own request for its health path.
    HealthAnswered,
}

stored_words! { EndedBy { ClientAnswered: "client_answered", HealthAnswered: "health_answered" } }

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// When it was met.
    pub at: UnixMillis,
    /// Its cause.
    pub code: Code,
    /// The name at which the resolution fails.
    pub hop: Option<Hostname>,
}

impl Incident {
    /// The incident that `failed` begins; `seed` keeps its id from telling whose it is. It counts nothing yet: [`Incident::join`] does.
    pub fn begun_by(origin: &str, seed: u64, failed: &Failed) -> Self {
        Self {
            id: incident_id(origin, seed, failed.at),
            since: failed.at,
            last_at: failed.at,
            count: 0,
            code: failed.code,
            hop: failed.hop.clone(),
            changes: Vec::new(),
            ended: None,
        }
    }

    /// One more failure. Returns whether it changed the cause.
    pub fn join(&mut self, failed: &Failed) -> bool {
        self.count = self.count.saturating_add(1);
        self.last_at = self.last_at.max(failed.at);
        let settled = self.changes.last().is_none_or(|last| failed.at.since_ms(last.at) >= CHANGE_EVERY_MS);
        // That a name is abandoned does not wait: its answers are not trusted from now on.
        let settled = settled || (is_of_abandoned_name(failed.code) && !self.is_of_abandoned_name());
        let changed = settled && (self.code, &self.hop) != (failed.code, &failed.hop);
        if changed {
            self.change_to(failed);
        }
        changed
    }

    fn change_to(&mut self, failed: &Failed) {
        if self.changes.len() >= MAX_CHANGES {
            self.changes.remove(1);
        }
        let hop = std::mem::replace(&mut self.hop, failed.hop.clone());
        self.changes.push(Change { at: failed.at, from: self.code, to: failed.code, hop });
        self.code = failed.code;
    }

    /// Whether the name was gone together with its instance: somebody else may have claimed it since.
    pub const fn is_of_abandoned_name(&self) -> bool {
        is_of_abandoned_name(self.code)
    }

    /// Whether single operations fail: the connection stands, and the answer is late or malformed.
    pub fn is_of_answers(&self) -> bool {
        entry(self.code).category == Category::Response
    }

    /// The incident with its end.
    #[must_use]
    pub fn ended(self, at: UnixMillis, by: EndedBy) -> Self {
        Self { ended: Some(Ending { at, by }), ..self }
    }

    /// Whether the two differ in more than their counts.
    pub fn differs_from(&self, other: &Self) -> bool {
        (&self.id, self.code, &self.hop, self.ended) != (&other.id, other.code, &other.hop, other.ended)
    }
}

/// An id from the time of the first failure and what tells two origins apart: nine characters of time, eight of hash,
/// in Crockford's base 32. Without knowing `seed`, nobody can try which `origin` it is of.
pub fn incident_id(origin: &str, seed: u64, since: UnixMillis) -> String {
    let mut hasher = std::hash::DefaultHasher::new();
    (origin, seed, since).hash(&mut hasher);
    [base32(since.0, 9), base32(hasher.finish(), 8)].concat()
}

/// Whether `text` has the form of an incident's id.
pub fn is_incident_id(text: &str) -> bool {
    text.len() == 17 && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn base32(value: u64, digits: u32) -> String {
    let digit = |place: u32| ALPHABET.get(usize::try_from(value >> place.saturating_mul(5) & 31).unwrap_or(0));
    (0..digits).rev().filter_map(digit).map(|byte| char::from(*byte)).collect()
}

const fn is_of_abandoned_name(code: Code) -> bool {
    matches!(code, Code::OriginNameDangling | Code::OriginNameReclaimed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(at: u64, code: Code) -> Failed {
        Failed { at: UnixMillis(at), code, hop: None }
    }

    #[test]
    fn ids_sort_by_time_and_differ_by_origin() {
        let at = UnixMillis(1_777_288_792_566);
        let id = incident_id("contoso", 7, at);
        assert!(is_incident_id(&id));
        assert_ne!(id, incident_id("contoso", 8, at), "the seed of another isolate");
        assert!(id < incident_id("contoso", 7, at.plus_ms(1)));
        assert_ne!(id, incident_id("fabrikam", 7, at));
        assert!(!id.contains("contoso"));
    }

    #[test]
    fn failures_are_counted_and_a_changed_cause_is_noted() {
        let first = failed(10, Code::OriginNameNotFound);
        let mut incident = Incident::begun_by("contoso", 0, &first);
        incident.join(&first);
        incident.join(&failed(20, Code::OriginNameNotFound));
        incident.join(&failed(30, Code::OriginAddressStale));
        assert_eq!((incident.count, incident.since.0, incident.last_at.0), (3, 10, 30));
        let (from, to) = (Code::OriginNameNotFound, Code::OriginAddressStale);
        let change = Change { at: UnixMillis(30), from, to, hop: None };
        assert_eq!(incident.changes, [change]);
    }

    #[test]
    fn causes_that_take_turns_count_once_a_minute_and_the_first_stays_known() {
        let mut incident = Incident::begun_by("contoso", 0, &failed(0, Code::OriginDnssecInvalid));
        for second in 1..3_600 {
            let code = if second % 2 == 0 { Code::OriginUnreachable } else { Code::OriginConnectionTimeout };
            incident.join(&failed(second * 1_000, code));
        }
        assert_eq!((incident.count, incident.changes.len()), (3_599, MAX_CHANGES));
        assert_eq!(incident.changes.first().map(|change| change.from), Some(Code::OriginDnssecInvalid));
        let apart = |pair: &[Change]| pair[1].at.since_ms(pair[0].at) >= CHANGE_EVERY_MS;
        assert!(incident.changes.windows(2).all(apart));
    }

    #[test]
    fn that_a_name_is_abandoned_does_not_wait() {
        let mut incident = Incident::begun_by("contoso", 0, &failed(0, Code::OriginConnectionTimeout));
        incident.join(&failed(1_000, Code::OriginNameNotFound));
        incident.join(&failed(2_000, Code::OriginNameDangling));
        assert!(incident.is_of_abandoned_name());
        incident.join(&failed(3_000, Code::OriginNameNotFound));
        incident.join(&failed(4_000, Code::OriginNameReclaimed));
        assert!(incident.is_of_abandoned_name() && incident.changes.len() == 2);
    }
}
