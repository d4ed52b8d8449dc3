//! Why a request is turned away.

use crate::problem::Code;

/// A refusal, in words that tell nothing of what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) detail: &'static str,
    /// Where it is not the code's own.
    pub(super) status: Option<u16>,
    /// In seconds, where it is known better than the code tells.
    pub(super) retry_after_s: Option<u32>,
    /// Whether a credential was missing, and not wrong.
    pub(super) missing: bool,
}

impl Refusal {
    pub(super) const fn new(code: Code, detail: &'static str) -> Self {
        Self { code, detail, status: None, retry_after_s: None, missing: false }
    }

    /// No credential was sent.
    pub(super) const fn missing(detail: &'static str) -> Self {
        Self { missing: true, ..Self::new(Code::AdminUnauthenticated, detail) }
    }

    /// A credential that lets nobody in.
    pub(super) const fn wrong(detail: &'static str) -> Self {
        Self::new(Code::AdminUnauthenticated, detail)
    }

    pub(super) const fn forbidden(detail: &'static str) -> Self {
        Self::new(Code::AdminForbidden, detail)
    }

    /// Too many wrong tokens; the next one is looked at after `wait_s` seconds.
    pub(super) fn limited(wait_s: u64) -> Self {
        let detail = "There were too many wrong tokens from this address. No token from it is looked at until Retry-After has passed; sessions and Access stay open.";
        let retry_after_s = Some(u32::try_from(wait_s).unwrap_or(u32::MAX));
        Self { retry_after_s, ..Self::new(Code::AdminRateLimited, detail) }
    }

    /// Whether another credential could help.
    pub(super) const fn asks_to_sign_in(&self) -> bool {
        matches!(self.code, Code::AdminUnauthenticated | Code::AdminRateLimited)
    }
}
