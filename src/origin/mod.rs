//! What is stored about an origin: one record, written seldom.

mod backend_refusals;
mod hop;
mod incident;
mod known;
mod memory;
mod record;
mod resolver_answer;
mod write_budget;

pub use backend_refusals::{BackendRefusals, RefusalSign, RefusalWatch};
pub use hop::{Hop, HopKind, gateway_is_gone};
pub use incident::{Change, EndedBy, Ending, Failed, Incident, incident_id, is_incident_id};
pub use known::{Drift, LastGood, Place, regional};
pub use memory::{Failing, Memory, OF_A_HOST, RecordCopy, StoredCopy, Turn};
pub use record::{KEPT_FOR_MS, Record, RecordFault, SCHEMA, incident_key, oldest_kept, record_key};
pub use resolver_answer::ResolverAnswer;
pub use write_budget::{WRITES_PER_DAY, WriteBudget};
