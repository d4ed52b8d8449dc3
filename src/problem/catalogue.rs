//! One row for each code: everything that is said about it anywhere.

use serde::Serialize;

use super::Code;

/// The layer at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Name resolution.
    Dns,
    /// TCP.
    Connection,
    /// TLS.
    Tls,
    /// The answer itself.
    Response,
    /// The state of the Azure resource.
    Azure,
    /// How the zone, the Worker or the guard is configured.
    Config,
    /// The guard itself and its admin interface.
    Guard,
}

/// Who can end it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoActs {
    /// The one who sent the request.
    Client,
    /// The owner of the API.
    ApiOwner,
    /// Who administers the Azure subscription.
    AzureAdmin,
    /// Who administers the Cloudflare zone.
    CloudflareAdmin,
    /// Who administers the networks between.
    NetworkAdmin,
    /// Nobody: it passes.
    Nobody,
}

/// A row of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// Short, the same at every occurrence (RFC 9457 3.1.3).
    pub title: &'static str,
    /// HTTP status sent.
    pub status: u16,
    /// The layer.
    pub category: Category,
    /// `Retry-After` in seconds; `None`: not retryable.
    pub retry_after_s: Option<u32>,
    /// Whether somebody must act: waiting alone does not help.
    pub owner_action_required: bool,
    /// Who.
    pub who_acts: WhoActs,
    /// What strangers are told: true whatever the origin, no name, no address, no hop.
    pub public_detail: &'static str,
}

/// The row of `code`.
pub const fn entry(code: Code) -> Entry {
    Entry {
        code,
        title: "",
        status: 500,
        category: Category::Guard,
        retry_after_s: None,
        owner_action_required: true,
        who_acts: WhoActs::ApiOwner,
        public_detail: "",
    }
}
