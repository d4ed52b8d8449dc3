//! The addresses that a backend must let in (contract section 7).
//!
//! [`gather`] makes the list out of what is known of the origins; [`Format`] writes it for one tool.

mod entry;
mod export;
mod fit;
mod formats;
mod limit;
mod plain;
mod set;

pub use entry::{Allowlist, Entry, EvidenceKind};
pub use export::{Export, export};
pub use formats::{FORMATS, Format};
pub use limit::Limit;
pub use plain::plain;
pub use set::{Held, Source, gather, seen_in_dns};
