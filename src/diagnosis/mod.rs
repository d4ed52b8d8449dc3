//! From evidence to a verdict, by ordered, pure rules. No claim goes beyond the evidence.

mod azure_evidence;
mod azure_finding;
mod azure_findings;
mod azure_rules;
mod backend_refusal;
mod cause;
mod checks;
mod dns_rules;
mod edge_address;
mod evidence;
mod evidence_view;
mod finding;
mod findings;
mod remedy;
mod rules;
mod stale_address;
mod verdict;

use cause::Cause;

pub use azure_evidence::{AzureEvidence, Instance};
pub use azure_findings::with_azure;
pub use backend_refusal::with_backend_refusals;
pub use checks::checks;
pub use evidence::{Evidence, Failure, RecordEvidence, Rejection, is_dns_failure};
pub use evidence_view::{evidence_view, verdict_view};
pub use finding::{Finding, FindingCode};
pub use findings::findings;
pub use remedy::{Remedy, Verify, remedies};
pub(crate) use remedy::{Value, fitting, general_remedy};
pub use rules::diagnose;
pub use verdict::Verdict;
