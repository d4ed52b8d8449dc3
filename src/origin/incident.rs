//! An open incident, as far as the record carries it: enough for every isolate to join it.

use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::problem::Code;
use crate::time::UnixMillis;

/// A run of failures with one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Sortable by time, says nothing about the origin.
    pub id: String,
    /// The first failure.
    pub since: UnixMillis,
    /// The cause when it was last written.
    pub code: Code,
}

/// An id from the time of the first failure and what tells two origins apart: nine characters of time, eight of hash,
/// in Crockford's base 32.
pub fn incident_id(origin: &str, since: UnixMillis) -> String {
    let mut hasher = std::hash::DefaultHasher::new();
    (origin, since).hash(&mut hasher);
    [base32(since.0, 9), base32(hasher.finish(), 8)].concat()
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn base32(value: u64, digits: u32) -> String {
    let digit = |place: u32| ALPHABET.get(usize::try_from(value >> place.saturating_mul(5) & 31).unwrap_or(0));
    (0..digits).rev().filter_map(digit).map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_differ_by_origin() {
        let at = UnixMillis(1_777_288_792_566);
        let id = incident_id("contoso", at);
        assert_eq!(id.len(), 17);
        assert!(id.bytes().all(|b| ALPHABET.contains(&b)));
        assert!(id < incident_id("contoso", at.plus_ms(1)));
        assert_ne!(id, incident_id("fabrikam", at));
        assert!(!id.contains("contoso"));
    }
}
