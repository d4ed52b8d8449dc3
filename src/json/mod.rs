//! JSON. Read: as a tree that forgets nothing, and from it into the types that are stored. Written: objects, member by
//! member.

mod node;
mod object;
mod stored;

pub(crate) use object::{json, shown, shown_text, shown_words};
pub(crate) use stored::{from_node, from_text, stored, stored_text, stored_words};

pub use node::{Node, table};
pub use object::{ToValue, object, value, with_given, word};
pub use stored::{FromNode, read};
