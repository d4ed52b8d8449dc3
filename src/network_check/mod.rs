//! The network check (contract section 8): what is wrong with the virtual network of an API Management instance, what
//! it costs, and the command that mends it. Pure functions over documents; no I/O, no clock.
//!
//! ```text
//! text -> input (Document: kind + serde_json::Value) -> network (joined by resource id, parts may be missing)
//!      -> checks/* (each walks the sites and tells the ledger) -> Report -> output/* (JSON, SARIF, page)
//! ```
//!
//! | Module | One sentence |
//! | --- | --- |
//! | `input` | any form in which Azure prints a document becomes [`Document`]s, or [`Fault`]s that say how to mend it |
//! | `field`, `resource_id` | members with or without `properties`, in any case; what a resource id says |
//! | `catalogue` | the closed list of codes, a [`Code`] each: severity, title, consequence |
//! | `ranges` | exact sets of IPv4 addresses |
//! | `service_tags`, `published/` | what a tag stands for; the lists of others that come with the check, each with its date |
//! | `kept_tags` | the part of a list of service tags that is worth keeping |
//! | `cloud_tags` | the tags of Azure's addresses by region, out of a kept list |
//! | `routing` | a route table as disjoint pieces of the address space, each with the route that wins there |
//! | `security_group` | what a network security group does to a flow: the first rule that matches, by priority |
//! | `network` | services, their sites (one for each location), and the parts of each: known, absent or missing |
//! | `checks/` | one file for each subject; they find, or they say which document they miss |
//! | `ledger` | merges findings of one code and subject, ranks them, accounts for every code |
//! | `remedy` | commands and snippets with the names of the subject filled in |
//! | `output/` | the report as JSON, SARIF 2.1.0, and as a page in HTML, Markdown and text |
//!
//! Documents stay `serde_json::Value`: the fields read are few, the forms many, and derived types would weigh more in the
//! module than all the rules. A document that was not given never proves anything: its checks are *not checked*.

mod catalogue;
mod checks;
mod cloud_tags;
pub(crate) mod field;
mod input;
mod kept_tags;
mod ledger;
mod network;
mod output;
mod published;
mod ranges;
mod remedy;
pub(crate) mod resource_id;
mod routing;
mod security_group;
mod service_tags;

pub use catalogue::{CATALOGUE, Code};
pub use checks::{check, check_read};
pub use cloud_tags::{CloudTag, cloud_tag_name, cloud_tags};
pub use input::{Document, Fault, Kind, MAX_DOCUMENT_BYTES, Read, Unread, read, read_value};
pub use kept_tags::{TagKeeping, are_recent, keep_tags, wants_tags};
pub use ledger::{Finding, NotChecked, Remedy, Report};
pub(crate) use network::Platform;
pub use output::{render, sarif, value};
pub use ranges::Ranges;
pub(crate) use routing::forced_route;
