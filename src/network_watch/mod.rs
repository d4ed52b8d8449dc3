//! The network check of what runs: its documents read from ARM, and what of it is kept in KV.
//!
//! [`crate::network_check`] has the rules and touches nothing; here is what it is fed with, and where its answers stay.
//!
//! | Module | One sentence |
//! | --- | --- |
//! | `collect`, `unread` | the documents of an instance, read from ARM one after the other, and why one could not be |
//! | `tag_list` | the list of service tags in KV |
//! | `last_check`, `finding` | what the last check of an origin found, and since when |
//! | `keep_up` | the step of the scheduled run |
//! | `notices` | what there is to tell |

mod collect;
mod finding;
mod keep_up;
mod last_check;
mod notices;
mod tag_list;
mod unread;

pub use collect::{Collected, collect};
pub use finding::{Standing, with_network_check};
pub use keep_up::{keep_check, keep_up_check, known_check};
pub use last_check::{LastCheck, check_key};
pub use notices::notices;
pub use tag_list::{TAGS_KEY, add_kept_tags, kept_cloud_tags, store_tags};
