//! Things worth knowing that are no verdict on their own.

use serde::Serialize;

use crate::config::Severity;

/// A finding in `status`, `diagnose` and problem documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code.
    pub code: FindingCode,
    /// How grave.
    pub severity: Severity,
    /// A sentence.
    pub title: String,
    /// What proves it.
    pub evidence: String,
}

/// The codes of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingCode {
    /// The chain passes none of `expect_suffixes`: an address record where a CNAME should be.
    PinnedAddressRecord,
    /// A hop of the retired stv1 platform.
    PlatformRetired,
    /// Some addresses are not public.
    AddressNotPublic,
    /// A resolver could not be asked or contradicts the others.
    ResolverTrouble,
    /// What is stored could not be read; it is kept as it is.
    RecordUnreadable,
    /// APIM answers 403 or 500 as it does where a backend's allowlist does not know its address.
    BackendRejectsGateway,
    /// No good look-up for so long that it cannot be for want of writing it down.
    LookupOverdue,
}
