//! Looking a name up: `DoH` in wire format (RFC 8484), the CNAME chain hop by hop, several resolvers, one consensus.
//!
//! Absence of knowledge is not an error and not an absence: every outcome is *known*, *absent* or *unknown*.

mod aliases;
mod chain;
mod consensus;
mod doh;
mod extended_error;
mod freshness;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod invariants;
mod lookup;
mod observation;
mod question;
mod rcode;
mod records;
mod resolver;
mod seen_address;
#[cfg(test)]
mod test_messages;
mod view;
mod walk;
mod wire;
#[cfg(test)]
mod wire_tests;

use seen_address::sorted;

pub use chain::MAX_HOPS;
pub use consensus::{Consensus, Uncertainty, agree};
pub use extended_error::ExtendedError;
pub use freshness::fresh_for_s;
pub use lookup::{Lookup, Patience, look_up};
pub use observation::{Absence, AbsenceKind, ChainLink, DnsFailure, Observation, Outcome, Unanswered};
pub use question::question;
pub use rcode::Rcode;
pub use seen_address::SeenAddress;
pub use view::{ChainRow, ResolverRow, chain_rows};
pub use wire::{Answer, MAX_MESSAGE_BYTES, parse_answer};
