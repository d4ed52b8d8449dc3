//! What is stored about an origin: one record, written seldom.

mod backend_refusals;
mod incident;
mod memory;
mod record;
mod write_budget;

pub use backend_refusals::{BackendRefusals, RefusalSign, RefusalWatch};
pub use incident::{Incident, incident_id};
pub use memory::{Memory, RecordCopy, Turn};
pub use record::{LastGood, Record, RecordFault, SCHEMA, record_key};
pub use write_budget::WriteBudget;
