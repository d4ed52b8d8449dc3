//! Why a token of Cloudflare Access lets nobody in.

/// In words of its own each; none repeats what the token holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessFault {
    /// No signed token in compact form with the members it must have, each once.
    Malformed,
    /// Another algorithm than `RS256`, or an extension that must be understood.
    Algorithm,
    /// Another team's.
    Issuer,
    /// Another application's.
    Audience,
    /// Not a token for an application.
    Kind,
    /// Over.
    Expired,
    /// Not yet.
    NotYet,
    /// The team has no such key.
    UnknownKey,
    /// The team's keys are not known: nothing can be told of the token.
    KeysUnavailable,
    /// Not made with the key it names.
    Signature,
}

impl AccessFault {
    /// For whoever sent it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Malformed => "The Cloudflare Access token cannot be read.",
            Self::Algorithm => "The Cloudflare Access token is not signed in the way that Access signs (RS256).",
            Self::Issuer => "The Cloudflare Access token is of another team than admin.access.team_domain.",
            Self::Audience => "The Cloudflare Access token is for another application than admin.access.audience.",
            Self::Kind => "The Cloudflare Access token is none for an application.",
            Self::Expired => "The Cloudflare Access token has expired: sign in to Access again.",
            Self::NotYet => "The Cloudflare Access token is not valid yet.",
            Self::UnknownKey => "The Cloudflare Access token names a signing key that the team does not have.",
            Self::KeysUnavailable => {
                "It cannot be told whether the Cloudflare Access token is good: the team's signing keys could not be fetched. Try again in a minute, or use the admin token."
            }
            Self::Signature => "The signature of the Cloudflare Access token is wrong.",
        }
    }
}
