//! Which origin answers a request, and whether an answer was made by Cloudflare's edge or by the origin.
//!
//! Bodies never get here: they stay JavaScript streams in the shell. This module sees heads and the first bytes of a
//! suspect body.

/// Marks a request as an operator's; never reaches the origin.
pub const OPERATOR_TOKEN: &str = "x-origin-guard-token";
/// An operator asks for a problem document by its code; never reaches the origin.
pub const REHEARSE: &str = "x-origin-guard-rehearse";

mod backend_refusal;
mod edge_body;
mod edge_head;
mod own_error;
mod retry;
mod target;

pub use backend_refusal::{MAX_REFUSAL_BODY, OwnHead, OwnSign, refusal_in_body, refusal_in_head};
pub use edge_body::{Sniffed, judge_body};
pub use edge_head::{Head, Sign, judge_head};
pub use own_error::{OwnError, own_error};
pub use retry::may_send_again;
pub use target::{RequestUrl, Target, target_of, upstream_base};
