//! The one cause that the evidence supports.

use crate::json::stored;
use crate::origin::Hop;
use crate::problem::{Code, entry};

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
    /// The code of the failure that ARM's word explains; its status is sent.
    pub explains: Option<Code>,
}

stored! { Verdict { code, error_code, failed_hop, because } or default { explains } }

impl Verdict {
    /// The HTTP status to send: the failure's own.
    pub fn status(&self) -> u16 {
        entry(self.explains.unwrap_or(self.code)).status
    }

    /// Whether the two name the same cause at the same hop. The sentence may differ: another version has other words.
    pub fn agrees_with(&self, other: &Self) -> bool {
        (self.code, self.error_code, &self.failed_hop) == (other.code, other.error_code, &other.failed_hop)
    }
}
