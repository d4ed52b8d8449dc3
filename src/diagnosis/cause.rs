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
    explains: Option<Code>,
}

impl Cause {
    pub(super) fn new(code: Code, because: impl Into<String>) -> Self {
        Self { code, because: because.into(), failed_hop: None, explains: None }
    }

    pub(super) fn at(self, hop: Hop) -> Self {
        Self { failed_hop: Some(hop), ..self }
    }

    pub(super) const fn code(&self) -> Code {
        self.code
    }

    /// The same failure at the same hop, with what is behind it.
    pub(super) fn explained_by(self, code: Code, because: &str) -> Self {
        Self { code, because: format!("{}; {because}", self.because), explains: Some(self.code), ..self }
    }

    pub(super) fn into_verdict(self, failure: Failure) -> Verdict {
        let Self { code, because, failed_hop, explains } = self;
        Verdict { code, error_code: failure.number(), failed_hop, because, explains }
    }
}
