//! The addresses that a backend must let in (contract section 7): exports, and the targets where they are kept up.
//!
//! [`gather`] makes the list out of what is known of the origins; [`Format`] writes it for one tool; [`apply_targets`]
//! keeps it up where the configuration says so.
//!
//! | Module | One sentence |
//! | --- | --- |
//! | `entry` | the list |
//! | `source`, `set` | the list out of what is known of the origins |
//! | `export`, `formats`, `fit`, `limit`, `plain` | the list for one tool |
//! | `target_form` | the list in the form that a kind of target can hold |
//! | `plan` | what is to be changed at a target, and why: pure |
//! | `target_state` | what is remembered of a target |
//! | `targets` | reading and writing each kind |
//! | `target_report` | what became of a target in one run |
//! | `apply` | plan, show, write, confirm |
//! | `keep_up` | the targets of the configuration, each with the list of its origin |
//! | `applied` | what the targets were last seen to have, beside what is declared |
//! | `target_notices` | what there is to tell of it |

mod applied;
mod apply;
mod entry;
mod export;
mod fit;
mod formats;
mod keep_up;
mod limit;
mod plain;
mod plan;
mod set;
mod source;
mod target_form;
mod target_notices;
mod target_report;
mod target_state;
mod targets;

pub use applied::applied_sets;
pub use apply::{Lists, Mode, apply_targets};
pub use entry::{Allowlist, Entry, EvidenceKind};
pub use export::{Export, export};
pub use formats::{FORMATS, Format};
pub use keep_up::{keep_up_targets, selected, work_on};
pub use limit::Limit;
pub use plain::plain;
pub use plan::{Basis, Change, Gone, Item, Plan, plan};
pub use set::{Held, gather, seen_in_dns};
pub use source::Source;
pub use target_form::{Fitted, Wanted, fit};
pub use target_notices::notices_of;
pub use target_report::{Outcome, TargetReport};
pub use target_state::{Shown, TargetState, target_key};
