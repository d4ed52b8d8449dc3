//! The network check of what runs: its documents read from ARM, and what of it is kept in KV.
//!
//! [`crate::network_check`] has the rules and touches nothing; here is what it is fed with, and where its answers stay.

mod tag_list;

pub use tag_list::{TAGS_KEY, add_kept_tags, store_tags};
