//! Reading JSON: as a tree that forgets nothing, and from it into derived types.

mod node;
mod typed;

pub use node::{Node, object};
pub use typed::{read, read_node};
