//! What Azure Resource Manager (ARM) says of an instance of API Management.
//!
//! DNS shows where requests go in; what a backend must let in is what ARM declares.
//!
//! | Module | One sentence |
//! | --- | --- |
//! | `token`, `memory` | the application's access token, which lives in the isolate's memory alone |
//! | `client`, `answer`, `retry`, `escape` | one call of ARM, by the documented wire form |
//! | `fault`, `fault_words` | why there is no good answer, who acts, and how it is mended |
//! | `service`, `addresses`, `egress`, `presence` | what its documents say, each word as it came |
//! | `declared`, `reading`, `merge` | the addresses that ARM declares; what is missing is unknown until confirmed |
//! | `change`, `drift`, `causes` | what changed, and the documented causes in the order of the evidence |
//! | `knowledge`, `note`, `store` | all of that, stored under `azure/<origin>` |
//! | `comparison`, `vendor_range`, `view`, `notices` | what is shown and told of it |
//! | `ask`, `keep_up` | what a scheduled run asks, and when |

mod addresses;
mod answer;
mod ask;
mod causes;
mod change;
mod client;
mod comparison;
mod declared;
mod drift;
mod egress;
mod escape;
mod fault;
mod fault_words;
mod keep_up;
mod knowledge;
mod memory;
mod merge;
mod note;
mod notices;
mod presence;
mod reading;
mod retry;
mod service;
mod store;
mod token;
mod vendor_range;
mod view;

pub use addresses::Addresses;
pub use answer::ArmAnswer;
pub use causes::drift_causes;
pub use change::{Fact, FactChange};
pub use client::{Arm, Call};
pub use comparison::{AppliedSet, Break, Comparison, Traffic};
pub use declared::{Caveat, Declared, DeclaredAddress, Direction};
pub use drift::DeclaredDrift;
pub use egress::{Egress, NETWORK_API, Way};
pub use fault::{ArmFault, FaultKind};
pub use fault_words::ArmFix;
pub use keep_up::{KeptUp, Occasion, keep_up, look_now};
pub use knowledge::{FaultRun, KNOWLEDGE_SCHEMA, Knowledge, Subscription, knowledge_key, resource_id};
pub use memory::Memory;
pub use merge::Missing;
pub use notices::{CERTIFICATE_SOON_S, notices};
pub use presence::{Deleted, Existence, Presence};
pub use service::{GatewayHost, Location, Service};
pub use store::{KnowledgeCopy, load_knowledge, remembered};
pub use token::{AccessToken, CLIENT_SECRET};
pub use vendor_range::{VendorRange, vendor_ranges};
pub use view::{declared_view, knowledge_view};

use ask::Asked;
use memory::TokenTurn;
