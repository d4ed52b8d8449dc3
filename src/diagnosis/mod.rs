//! From evidence to a verdict, by ordered, pure rules. No claim goes beyond the evidence.

mod evidence;
mod finding;
mod hop;
mod remedy;
mod rules;
mod verdict;

pub use evidence::{Evidence, Failure, RecordEvidence, Rejection};
pub use finding::{Finding, FindingCode};
pub use hop::{Hop, HopKind};
pub use remedy::{Remedy, Verify, remedies};
pub use rules::diagnose;
pub use verdict::Verdict;
