//! JSON. Read: as a tree that forgets nothing, and from it into derived types. Written: objects, member by member.

mod node;
mod object;
mod typed;

pub(crate) use object::json;

pub use node::{Node, table};
pub use object::{object, value};
pub use typed::{read, read_node};
