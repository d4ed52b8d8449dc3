//! JSON. Read: as a tree that forgets nothing, and from it into the types that are stored. Written: objects, member by
//! member.

mod node;
mod object;
mod stored;

pub(crate) use object::json;
pub(crate) use stored::{from_node, from_text, from_word};

pub use node::{Node, table};
pub use object::{object, value};
pub use stored::{FromNode, read};
