//! Every failure that a client can meet, in every state of DNS, record, resolvers and store: what the guard says and does,
//! against what the contract says of it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::match_same_arms,
    clippy::string_slice,
    reason = "test code"
)]

mod addresses;
mod bundles;
mod cells;
mod dimensions;
mod oracle;
mod play;
mod table;
#[path = "../support/mod.rs"]
mod world;
