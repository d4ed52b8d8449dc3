//! Notices: what is told, to whom, and how often.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "test code")]
#![allow(clippy::unnecessary_wraps, reason = "receivers that answer stand where one may fail")]
#![allow(unreachable_pub, dead_code, reason = "modules of one test crate")]

#[path = "../support/mod.rs"]
mod support;

mod crew;
mod forms;
mod once;
mod plans;
mod rounds;
mod targets;
