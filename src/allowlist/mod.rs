//! The addresses that a backend must let in (contract section 7).

mod entry;

pub use entry::{Allowlist, Entry, EvidenceKind};
