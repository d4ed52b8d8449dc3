//! Things worth knowing that are no verdict on their own.

use serde_json::Value;

use crate::azure::FaultKind;
use crate::config::Severity;
use crate::json::{ToValue, shown};

/// A finding in `status`, `diagnose` and problem documents.
#[derive(Debug, Clone, PartialEq, Eq)]
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

shown! { Finding { code, severity, title, evidence } }

/// The codes of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// What ARM says of the instance, in the words of the code that it explains.
    SubscriptionDisabled,
    /// The same: stopped.
    Stopped,
    /// The same: deleted, and can be restored.
    SoftDeleted,
    /// The same: no such instance.
    NotFound,
    /// The same: an operation is under way.
    Updating,
    /// The same: private endpoints only.
    PublicAccessDisabled,
    /// The same: reachable from its own network only.
    InternalNetwork,
    /// The name is gone and the instance too: anyone may claim the name.
    NameDangling,
    /// The name came back, and ARM does not say that it is the same instance.
    NameReclaimed,
    /// No good look-up for so long that it cannot be for want of writing it down.
    LookupOverdue,
    /// DNS shows an address that ARM declares for no location.
    AddressNotDeclared,
    /// The subscription is warned or past due: it may be disabled.
    SubscriptionWarned,
    /// A certificate of the gateway ends within 30 days.
    CertificateExpiring,
    /// A certificate of the gateway has ended.
    CertificateExpired,
    /// A host's record leads to another origin than the one that serves it.
    ZoneRecordElsewhere,
    /// A host's record leads to a gateway that is none of the configured ones.
    ZoneRecordLeftover,
    /// A host's record is not proxied: requests do not pass the guard.
    ZoneRecordNotProxied,
    /// The zone's SSL mode makes Cloudflare ask the gateway without TLS.
    SslModeBreaksOrigin,
    /// Azure cannot renew its own certificate for a proxied name.
    ManagedCertificateBehindProxy,
    /// The records of a zone could not be read.
    ZoneUnreadable,
    /// ARM cannot be asked, in the words of the fault.
    Azure(FaultKind),
    /// A code of the network check (contract section 8).
    Network(&'static str),
}

impl ToValue for FindingCode {
    fn to_value(&self) -> Value {
        let word = match self {
            Self::PinnedAddressRecord => "pinned_address_record",
            Self::PlatformRetired => "platform_retired",
            Self::AddressNotPublic => "address_not_public",
            Self::ResolverTrouble => "resolver_trouble",
            Self::RecordUnreadable => "record_unreadable",
            Self::BackendRejectsGateway => "backend_rejects_gateway",
            Self::SubscriptionDisabled => "apim_subscription_disabled",
            Self::Stopped => "apim_stopped",
            Self::SoftDeleted => "apim_soft_deleted",
            Self::NotFound => "apim_not_found",
            Self::Updating => "apim_updating",
            Self::PublicAccessDisabled => "apim_public_access_disabled",
            Self::InternalNetwork => "apim_internal_network",
            Self::NameDangling => "origin_name_dangling",
            Self::NameReclaimed => "origin_name_reclaimed",
            Self::LookupOverdue => "lookup_overdue",
            Self::AddressNotDeclared => "address_not_declared",
            Self::SubscriptionWarned => "subscription_warned",
            Self::CertificateExpiring => "certificate_expiring",
            Self::CertificateExpired => "certificate_expired",
            Self::ZoneRecordElsewhere => "zone_record_elsewhere",
            Self::ZoneRecordLeftover => "zone_record_leftover",
            Self::ZoneRecordNotProxied => "zone_record_not_proxied",
            Self::SslModeBreaksOrigin => "ssl_mode_breaks_origin",
            Self::ManagedCertificateBehindProxy => "managed_certificate_behind_proxy",
            Self::ZoneUnreadable => "zone_unreadable",
            Self::Azure(kind) => kind.code(),
            Self::Network(name) => name,
        };
        word.into()
    }
}
