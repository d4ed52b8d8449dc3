//! Telling people: what there is to tell ([`Notice`]), once each.
//!
//! A run makes every notice anew from what is known; [`State`] says who was told, and [`plan()`] what is to be sent. All of it
//! is pure: `round` collects the notices, sends and stores.

mod memory;
mod message;
mod notice;
mod outcome;
mod plan;
mod send;
mod signature;
mod state;
mod target;

pub use memory::NoticeMemory;
pub use notice::{Notice, Phase};
pub use plan::{Delivery, is_due, plan};
pub use send::{TIMEOUT_MS, Trouble, arrived, means, ping, request};
pub use signature::{SIGNATURE_FIELD, TIMESTAMP_FIELD, sign, signed_fields, timestamp};
pub use state::{STATE_KEY, STATE_SCHEMA, Sent, State, TOLD_WITHIN_MS, TargetState, Told};
pub use target::{Endpoint, Unusable, endpoint, target_id};
