//! The interface below `admin.path` (contract section 6): plain data in, an answer out.
//!
//! [`answer`] is the whole of it: route, authenticate, handle. A handler that tells anything about an origin takes an
//! [`Operator`], which only `auth` can make: a forgotten check does not compile.

mod allowlist;
mod allowlist_plan;
mod allowlist_sources;
mod audit;
mod auth;
mod checklist_call;
mod compare;
mod conditional;
mod config_call;
mod dashboard;
mod diagnose;
mod handle;
mod headers;
mod history;
mod incidents;
mod metrics_call;
mod next;
mod notices;
mod openapi;
mod page;
mod probe_checks;
mod refresh;
mod refusal;
mod request;
mod respond;
mod route;
mod seen;
mod show;
mod sign_in;
mod sign_in_page;
mod status;
mod upload;
mod zone;

pub use auth::{MIN_TOKEN_CHARS, Operator, is_operator_token};
pub use handle::{Guard, answer, answer_reading};
pub use request::{AdminRequest, BodyFault};
