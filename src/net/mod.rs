//! Host names and addresses, as configured and as DNS gives them.

mod address_class;
mod cloudflare;
mod hostname;

pub use address_class::{AddressClass, classify};
pub use cloudflare::{CLOUDFLARE_DATE, CLOUDFLARE_IPV4, is_cloudflares};
pub use hostname::{HostPattern, Hostname, HostnameFault};
