//! What clients, operators and readers see: negotiation, problem documents, explanation pages, remedies.

mod accept;
mod documents;
mod explanations;
mod forms;
mod remedies;
mod support;
