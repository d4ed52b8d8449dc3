//! What clients, operators and readers see: negotiation, problem documents, explanation pages, remedies.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod accept;
mod documents;
mod explanations;
mod forms;
mod remedies;
mod support;
#[path = "../support/mod.rs"]
mod world;
