//! The interface below `admin.path` (contract section 6): plain data in, an answer out.
//!
//! [`answer`] is the whole of it: route, authenticate, handle. A handler that tells anything about an origin takes an
//! [`Operator`], which only `auth` can make: a forgotten check does not compile.

mod allowlist;
mod allowlist_plan;
mod allowlist_sources;
mod audit;
mod auth;
mod conditional;
mod config_call;
mod diagnose;
mod handle;
mod history;
mod incidents;
mod metrics_call;
mod notices;
mod page;
mod probe_checks;
mod refresh;
mod request;
mod respond;
mod route;
mod seen;
mod status;
mod upload;

pub use auth::{MIN_TOKEN_CHARS, Operator, is_operator_token};
pub use handle::{Guard, answer, body_limit};
pub use request::{AdminRequest, BodyFault};
