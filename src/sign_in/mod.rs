//! The credentials of the admin interface: what a request carries, whether it is good, and what an isolate remembers of it.
//!
//! Nothing here lets anyone in: that is for `admin::auth`, the only place that makes an `Operator`.

mod access;
mod access_fault;
mod access_keys;
mod attempts;
mod claims;
mod cookies;
mod jwt;
mod same_origin;
mod secret;
mod session;

pub use access::check_access;
pub use access_fault::AccessFault;
pub use access_keys::AccessKeys;
pub use attempts::{Attempts, Client};
pub use cookies::cookies;
pub use same_origin::proves_same_origin;
pub use secret::same;
pub use session::{SESSION_COOKIE, Standing, begin_session, check_session, clear_session, set_session};

/// What one isolate remembers. All of it can be lost at any time.
#[derive(Debug, Default)]
pub struct SignInMemory {
    /// Wrong tokens by client.
    pub attempts: Attempts,
    /// The keys that Cloudflare Access signs with.
    pub access_keys: AccessKeys,
}
