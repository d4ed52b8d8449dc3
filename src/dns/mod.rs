//! Looking a name up: `DoH` in wire format (RFC 8484), the CNAME chain hop by hop, several resolvers, one consensus.
//!
//! Absence of knowledge is not an error and not an absence: every outcome is *known*, *absent* or *unknown*.

mod consensus;
mod extended_error;
mod lookup;
mod observation;
mod resolver;
#[cfg(test)]
mod test_messages;
mod view;
mod wire;

/// A chain of more CNAME hops is taken for broken.
pub const MAX_HOPS: usize = 16;

use observation::sorted;

pub use consensus::{Consensus, Uncertainty, agree, fresh_for_s};
pub use extended_error::ExtendedError;
pub use lookup::{Lookup, Patience, look_up};
pub use observation::{Absence, AbsenceKind, ChainLink, DnsFailure, Observation, Outcome, Rcode, SeenAddress};
pub use view::{ChainRow, ResolverRow, chain_rows};
pub use wire::{Answer, MAX_MESSAGE_BYTES, parse_answer, question};
