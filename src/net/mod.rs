//! Host names and addresses, as configured and as DNS gives them.

mod address_class;
mod hostname;

pub use address_class::{AddressClass, classify};
pub use hostname::{HostPattern, Hostname, HostnameFault};
