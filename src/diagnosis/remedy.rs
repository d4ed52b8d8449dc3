//! What to do about it, and the test that tells when it worked.

use serde::Serialize;

use super::{Evidence, Verdict};
use crate::problem::WhoActs;

/// One way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// Who does it.
    pub who: WhoActs,
    /// What to do, in a sentence or two.
    pub action: String,
    /// A complete command, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// How to tell that it worked.
    pub verify: Verify,
}

/// The test of a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verify {
    /// What to look for.
    pub action: String,
    /// A complete command, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// The remedies of a verdict, best first; at least one.
pub fn remedies(verdict: &Verdict, evidence: &Evidence) -> Vec<Remedy> {
    let _ = (verdict, evidence);
    Vec::new()
}
