//! The allowlist: the set, every format read back by a reader of its own, the answers of `GET /allowlist`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "test code"
)]

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod documentation;
mod limits;
mod read_back;
mod readers;
mod sets;
mod worlds;
