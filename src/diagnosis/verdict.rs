//! The one cause that the evidence supports.

use crate::json::stored;
use crate::origin::Hop;
use crate::problem::Code;

/// A verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The cause.
    pub code: Code,
    /// Cloudflare's number where there was one.
    pub error_code: Option<u16>,
    /// At which name the resolution fails, for a DNS verdict.
    pub failed_hop: Option<Hop>,
    /// A sentence for operators that claims no more than the evidence shows.
    pub because: String,
}

stored! { Verdict { code, error_code, failed_hop, because } }
