//! The interface below `admin.path` (contract section 6): plain data in, an answer out.
//!
//! [`answer`] is the whole of it: route, authenticate, handle. A handler that tells anything about an origin takes an
//! [`Operator`], which only `auth` can make: a forgotten check does not compile.

mod auth;
mod config_call;
mod dashboard;
mod diagnose;
mod form;
mod handle;
mod history;
mod incidents;
mod page;
mod probe_checks;
mod refresh;
mod request;
mod respond;
mod route;
mod status;

pub use auth::{MIN_TOKEN_CHARS, Operator, is_operator_token};
pub use handle::{Guard, answer, takes_body};
pub use request::{AdminRequest, BodyFault, MAX_BODY};
