//! A failed request: evidence within the budget, the verdict, the incident it belongs to.

mod dial;
mod incident;
mod investigate;
mod probe;
mod recovery;
mod report;
mod visit;

pub use dial::{Dialled, dial_gateway};
pub use investigate::{Investigation, Question, investigate, record_evidence};
pub use probe::{Answer, Probe, edge_name, probe_origin};
pub use recovery::note_recovery;
pub use report::{Audience, problem_document};
pub use visit::{Visit, visit, visit_all};
