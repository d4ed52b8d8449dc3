//! The network check: whole configurations with the exact findings of each, the forms of documents, the arithmetic of
//! address sets, the forms of the report, the command.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "test code")]

mod arithmetic;
mod command;
mod documents;
mod given_by_others;
mod page;
mod report;
mod scenarios;
#[path = "../support/shared.rs"]
#[allow(unreachable_pub, reason = "other tests use it too")]
mod shared;
mod world;
