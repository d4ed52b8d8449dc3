//! Why Azure Resource Manager, or Entra before it, gave no good answer.

use std::fmt;

use crate::json::{stored, stored_words};
use crate::ports::FetchFailure;
use crate::time::UnixMillis;

/// Characters of a service's own words that are shown.
const MAX_WORDS: usize = 300;

/// One failed call. It holds neither token nor secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArmFault {
    /// What kind of failure.
    pub kind: FaultKind,
    /// The service's own code and words, one line, bounded; empty where it said nothing. For operators only.
    pub said: String,
    /// What was asked for: a path below the management URL; empty for the token.
    pub path: String,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// `x-ms-request-id`, which Azure's support asks for.
    pub request_id: Option<String>,
    /// Not to be asked again before.
    pub until: Option<UnixMillis>,
}

stored! { ArmFault { kind, said, path, status, request_id, until } }

/// The kinds, each with a stable word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// No `azure` in the configuration.
    NotConfigured,
    /// `AZURE_CLIENT_SECRET` is not set.
    SecretMissing,
    /// AADSTS7000215.
    SecretWrong,
    /// AADSTS7000222.
    SecretExpired,
    /// AADSTS700016.
    ApplicationUnknown,
    /// AADSTS90002, AADSTS900023.
    TenantUnknown,
    /// Entra gave no token for another reason.
    TokenRefused,
    /// Entra did not answer, or not in a form that can be understood.
    LoginUnreachable,
    /// ARM does not accept the token, also not a new one.
    TokenNotAccepted,
    /// `AuthorizationFailed`.
    RoleMissing,
    /// Refused for another reason: a policy, a lock.
    Forbidden,
    /// `SubscriptionNotFound`.
    SubscriptionNotFound,
    /// `ResourceGroupNotFound`.
    ResourceGroupNotFound,
    /// `ResourceNotFound` and its like.
    ResourceNotFound,
    /// `ReadOnlyDisabledSubscription`: a write was refused.
    SubscriptionDisabled,
    /// The `api-version` is not one that the service takes.
    ApiVersionRefused,
    /// 429.
    Throttled,
    /// 412: it was changed since it was read.
    ChangedMeanwhile,
    /// 409 for another reason.
    Conflict,
    /// Another 4xx.
    RequestRefused,
    /// 5xx.
    ServerError,
    /// No answer in time.
    TimedOut,
    /// The connection was refused or lost.
    ConnectionLost,
    /// An answer that is none of ARM's, or not what the documentation says.
    NotUnderstood,
}

/// The words, for code and for JSON.
macro_rules! kinds {
    ($($kind:ident: $word:literal),+ $(,)?) => {
        impl FaultKind {
            /// The stable word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$kind => $word),+ }
            }
        }
        stored_words! { FaultKind { $($kind: $word),+ } }
    };
}

kinds! {
    NotConfigured: "azure_not_configured",
    SecretMissing: "azure_secret_missing",
    SecretWrong: "azure_secret_wrong",
    SecretExpired: "azure_secret_expired",
    ApplicationUnknown: "azure_application_unknown",
    TenantUnknown: "azure_tenant_unknown",
    TokenRefused: "azure_token_refused",
    LoginUnreachable: "azure_login_unreachable",
    TokenNotAccepted: "azure_token_not_accepted",
    RoleMissing: "azure_role_missing",
    Forbidden: "azure_forbidden",
    SubscriptionNotFound: "azure_subscription_not_found",
    ResourceGroupNotFound: "azure_resource_group_not_found",
    ResourceNotFound: "azure_resource_not_found",
    SubscriptionDisabled: "azure_subscription_disabled",
    ApiVersionRefused: "azure_api_version_refused",
    Throttled: "azure_throttled",
    ChangedMeanwhile: "azure_changed_meanwhile",
    Conflict: "azure_conflict",
    RequestRefused: "azure_request_refused",
    ServerError: "azure_server_error",
    TimedOut: "azure_timed_out",
    ConnectionLost: "azure_connection_lost",
    NotUnderstood: "azure_answer_not_understood",
}

impl ArmFault {
    /// A fault about `path` in the service's `words`.
    pub fn new(kind: FaultKind, path: &str, words: &str) -> Self {
        Self { kind, said: one_line(words), path: path.to_owned(), status: None, request_id: None, until: None }
    }

    /// A call that came to no answer.
    pub(super) fn of_exchange(failure: &FetchFailure, path: &str) -> Self {
        let kind = match failure {
            FetchFailure::TimedOut => FaultKind::TimedOut,
            FetchFailure::ConnectionLost | FetchFailure::Internal | FetchFailure::Other(_) => FaultKind::ConnectionLost,
            FetchFailure::TooLarge => FaultKind::NotUnderstood,
        };
        Self::new(kind, path, &failure.to_string())
    }

    /// Its stable word.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Whether a write that ended so may have been done: the answer was lost, not the request refused.
    pub fn may_have_happened(&self) -> bool {
        use FaultKind::{ConnectionLost, NotUnderstood, ServerError, TimedOut};
        matches!(self.kind, ConnectionLost | NotUnderstood | ServerError | TimedOut)
    }

    /// Whether the credentials are the matter, so that no call at all can succeed.
    pub fn is_of_credentials(&self) -> bool {
        use FaultKind::{
            ApplicationUnknown, SecretExpired, SecretMissing, SecretWrong, TenantUnknown, TokenNotAccepted,
            TokenRefused,
        };
        matches!(
            self.kind,
            ApplicationUnknown
                | SecretExpired
                | SecretMissing
                | SecretWrong
                | TenantUnknown
                | TokenNotAccepted
                | TokenRefused
        )
    }
}

/// `azure_role_missing: AuthorizationFailed: …`.
impl fmt::Display for ArmFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.sentence())?;
        if self.said.is_empty() { Ok(()) } else { write!(f, " ({})", self.said) }
    }
}

/// Bounded, without line breaks and control characters.
pub(super) fn one_line(words: &str) -> String {
    let plain = words.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(MAX_WORDS).collect::<String>().trim().to_owned()
}
