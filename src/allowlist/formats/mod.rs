//! The formats: one table, and a writer for each.

mod catalogue;
mod clouds;
mod configuration;
mod kubernetes;
mod patches;
mod plain;
mod templates;
mod text;

use ipnet::{IpNet, Ipv4Net};

use super::export::Selection;
use super::fit::Fitted;
use super::limit::Limit;

pub use catalogue::FORMATS;

/// One format: what is written, for which tool, within which limits.
pub struct Format {
    /// As in `?format=`.
    pub name: &'static str,
    /// Media type of the answer.
    pub media_type: &'static str,
    /// What the file is called.
    pub file_name: &'static str,
    /// What reads it.
    pub tool: &'static str,
    /// How it is applied, in a sentence.
    pub usage: &'static str,
    /// What whoever applies it must know in any case.
    pub warning: Option<&'static str>,
    /// What the target takes at most, where that is documented.
    pub limit: Option<Limit>,
    /// What the target takes at all.
    pub(super) fit: fn(Vec<IpNet>) -> Fitted,
    /// Writes the file.
    pub(super) write: fn(&Selection<'_>) -> String,
}

impl Format {
    /// The format of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }
}

/// The IPv4 networks among these.
fn v4(networks: &[IpNet]) -> impl Iterator<Item = Ipv4Net> {
    networks.iter().filter_map(|network| if let IpNet::V4(v4) = network { Some(*v4) } else { None })
}
