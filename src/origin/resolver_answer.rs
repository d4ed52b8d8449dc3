//! What each resolver said at the look-up that a record holds.

use crate::dns::{Lookup, Observation};
use crate::json::stored;

/// A resolver, by its host alone (some carry an account's id in their path), and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolverAnswer {
    /// The host of its URL.
    pub resolver: String,
    /// `known`, `absent` or `unknown`.
    pub outcome: String,
}

stored! { ResolverAnswer { resolver, outcome } }

impl ResolverAnswer {
    /// One for each resolver, in configured order.
    pub fn all_of(lookup: &Lookup) -> Vec<Self> {
        let answer = |seen: &Observation| Self {
            resolver: seen.resolver_host().to_owned(),
            outcome: seen.outcome.word().to_owned(),
        };
        lookup.observations.iter().map(answer).collect()
    }
}
