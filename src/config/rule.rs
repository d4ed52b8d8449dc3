//! The rules a configuration can break: stable slugs, for people and for dashboards.

/// A rule. Its slug stands in [`Fault::rule`](super::Fault::rule), its meaning in `docs/configuration.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// No `GUARD` at all.
    MissingConfiguration,
    /// More text than is read.
    TooLarge,
    /// Not JSON.
    JsonSyntax,
    /// JSON of another type.
    WrongType,
    /// No such key.
    UnknownKey,
    /// Something secret where everyone reads it.
    SecretInConfiguration,
    /// A key twice in one object.
    DuplicateKey,
    /// A required key left out.
    MissingKey,
    /// A list without entries.
    EmptyList,
    /// A list with too many.
    TooMany,
    /// A number out of its bounds.
    OutOfRange,
    /// None of the words there are.
    UnknownWord,
    /// A text of another form.
    Malformed,
    /// The same again where each must differ.
    Duplicate,
    /// An address as `origins[].hostname`.
    OriginIsIpLiteral,
    /// A URL as `origins[].hostname`.
    OriginIsUrl,
    /// No host name.
    InvalidHostname,
    /// No port.
    InvalidPort,
    /// Plain HTTP across the internet.
    HttpNotLocal,
    /// Two origins for every other host.
    SecondDefault,
    /// No URL of the form that is meant.
    InvalidUrl,
    /// An address in a URL.
    UrlIsIpLiteral,
    /// A lower bound above the upper one.
    BoundsCrossed,
    /// ARM for an origin, but no credentials for ARM.
    AzureNotConfigured,
    /// A target at Cloudflare, but no credentials for its API.
    CloudflareNotConfigured,
    /// No such origin, or not said which.
    UnknownOrigin,
    /// The list of faults ends here.
    MoreFaults,
}

impl Rule {
    /// Every rule, in the order of `docs/configuration.md`.
    pub const ALL: [Self; 27] = [
        Self::MissingConfiguration,
        Self::TooLarge,
        Self::JsonSyntax,
        Self::WrongType,
        Self::UnknownKey,
        Self::SecretInConfiguration,
        Self::DuplicateKey,
        Self::MissingKey,
        Self::EmptyList,
        Self::TooMany,
        Self::OutOfRange,
        Self::UnknownWord,
        Self::Malformed,
        Self::Duplicate,
        Self::OriginIsIpLiteral,
        Self::OriginIsUrl,
        Self::InvalidHostname,
        Self::InvalidPort,
        Self::HttpNotLocal,
        Self::SecondDefault,
        Self::InvalidUrl,
        Self::UrlIsIpLiteral,
        Self::BoundsCrossed,
        Self::AzureNotConfigured,
        Self::CloudflareNotConfigured,
        Self::UnknownOrigin,
        Self::MoreFaults,
    ];

    /// The slug, e.g. `origin_is_ip_literal`.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::MissingConfiguration => "missing_configuration",
            Self::TooLarge => "too_large",
            Self::JsonSyntax => "json_syntax",
            Self::WrongType => "wrong_type",
            Self::UnknownKey => "unknown_key",
            Self::SecretInConfiguration => "secret_in_configuration",
            Self::DuplicateKey => "duplicate_key",
            Self::MissingKey => "missing_key",
            Self::EmptyList => "empty_list",
            Self::TooMany => "too_many",
            Self::OutOfRange => "out_of_range",
            Self::UnknownWord => "unknown_word",
            Self::Malformed => "malformed",
            Self::Duplicate => "duplicate",
            Self::OriginIsIpLiteral => "origin_is_ip_literal",
            Self::OriginIsUrl => "origin_is_url",
            Self::InvalidHostname => "invalid_hostname",
            Self::InvalidPort => "invalid_port",
            Self::HttpNotLocal => "http_not_local",
            Self::SecondDefault => "second_default",
            Self::InvalidUrl => "invalid_url",
            Self::UrlIsIpLiteral => "url_is_ip_literal",
            Self::BoundsCrossed => "bounds_crossed",
            Self::AzureNotConfigured => "azure_not_configured",
            Self::CloudflareNotConfigured => "cloudflare_not_configured",
            Self::UnknownOrigin => "unknown_origin",
            Self::MoreFaults => "more_faults",
        }
    }

    /// What was broken and what the guard does about it, in a sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::MissingConfiguration => "There is no variable `GUARD`: no origin is known.",
            Self::TooLarge => "`GUARD` is longer than 64 KiB and is not read: no origin is known.",
            Self::JsonSyntax => "`GUARD` is not JSON: no origin is known.",
            Self::WrongType => "A value of another JSON type is expected; the default holds.",
            Self::UnknownKey => "There is no such key; it is left out.",
            Self::SecretInConfiguration => "Something secret stands in `GUARD`; it is left out and never shown.",
            Self::DuplicateKey => "A key stands twice in one object; the last one counts.",
            Self::MissingKey => "A required key is left out; what needs it is left out as well.",
            Self::EmptyList => "A list without entries where one is needed; the default holds.",
            Self::TooMany => "A list is longer than its bound. All of it counts, except for resolvers: the first 8.",
            Self::OutOfRange => "A number is out of its bounds; the default holds.",
            Self::UnknownWord => "None of the words that are possible here; the default holds.",
            Self::Malformed => "A text does not have the form that is needed; the default holds.",
            Self::Duplicate => {
                "The same again where each must differ. A second name is numbered; a host claimed by two origins is answered by neither."
            }
            Self::OriginIsIpLiteral => "An origin is an IP address instead of a name; it is left out.",
            Self::OriginIsUrl => "An origin is a URL instead of a name; it is left out.",
            Self::InvalidHostname => "No host name; the entry is left out.",
            Self::InvalidPort => "After `:` stands no port; the origin is left out.",
            Self::HttpNotLocal => {
                "Plain HTTP to a name that is not local; an origin is asked by HTTPS, another URL is left out."
            }
            Self::SecondDefault => {
                "More than one origin without `serves`; none of them gets the requests that no origin serves by name."
            }
            Self::InvalidUrl => "No absolute URL of the form that is needed; the default holds.",
            Self::UrlIsIpLiteral => {
                "A URL with an IP address, which Cloudflare refuses with error 1003; it is left out."
            }
            Self::BoundsCrossed => "The lower bound is above the upper one; both defaults hold.",
            Self::AzureNotConfigured => {
                "An origin or a target names an Azure resource, but the section `azure` is missing: Azure is not asked, and the target is left out."
            }
            Self::CloudflareNotConfigured => {
                "A target is a Cloudflare list, but the section `cloudflare` is missing; the target is left out."
            }
            Self::UnknownOrigin => {
                "A target is for an origin that there is not, or does not say for which of several; it is left out."
            }
            Self::MoreFaults => "There are more mistakes than are listed at once.",
        }
    }
}
