//! A verdict in the making: what a rule concludes, before it is joined with the failure it explains.

use super::{Failure, Verdict};
use crate::origin::Hop;
use crate::problem::Code;

/// What a rule concludes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cause {
    code: Code,
    because: String,
    failed_hop: Option<Hop>,
}

impl Cause {
    pub(super) fn new(code: Code, because: impl Into<String>) -> Self {
        Self { code, because: because.into(), failed_hop: None }
    }

    pub(super) fn at(self, hop: Hop) -> Self {
        Self { failed_hop: Some(hop), ..self }
    }

    pub(super) fn into_verdict(self, failure: Failure) -> Verdict {
        Verdict { code: self.code, error_code: failure.number(), failed_hop: self.failed_hop, because: self.because }
    }
}
