//! What Azure Resource Manager (ARM) says of an instance of API Management.
//!
//! DNS shows where requests go in; what a backend must let in is what ARM declares.

mod declared;

pub use declared::{Caveat, Declared, DeclaredAddress, Direction};
