//! A failed request: evidence within the budget, the verdict, the incident it belongs to, what is kept of it.

mod azure;
mod bundle;
mod counterpart;
mod dial;
mod incident;
mod investigate;
mod probe;
mod refusals;
mod rehearsal;
mod report;
mod trust;
mod visit;

pub use azure::azure_evidence;
pub use bundle::{BUNDLE_SCHEMA, Bundle, BundleFault};
pub use dial::{Dialled, dial_gateway};
pub use incident::note_recovery;
pub use investigate::{Investigation, Question, investigate, record_evidence};
pub use probe::{Answer, Probe, edge_name, probe_origin};
pub use refusals::{known_refusals, store_refusals};
pub use rehearsal::rehearsal;
pub use report::{Audience, problem_document};
pub use trust::{distrust, is_abandoned};
pub use visit::{Visit, visit, visit_all};
