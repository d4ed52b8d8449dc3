//! Reading and writing each kind of target. Every kind has the same three steps: read what is there, write a change with
//! whatever lock there is, and read again to confirm.
//!
//! | Module | One sentence |
//! | --- | --- |
//! | `cloudflare_list` | items of a custom list; asynchronous operations |
//! | `azure` | the calls of Azure Resource Manager for the kinds there |
//! | `network_security_group`, `app_service`, `network_acls`, `sql` | the list in a document, kind by kind: pure |
//! | `webhook` | the whole list to a receiver of the user's own |
//! | `failure` | what came between |

mod app_service;
mod azure;
mod cloudflare_list;
mod failure;
mod network_acls;
mod network_security_group;
mod sql;
mod webhook;

use std::net::IpAddr;

use ipnet::IpNet;

pub(super) use failure::{Failure, FailureKind};

use super::Allowlist;
use super::plan::Item;
use super::target_state::TargetState;
use crate::config::{AllowlistTarget, AzureTargetKind, Destination, TargetKind};
use crate::json::Node;
use crate::ports::{Clock, Fetcher};
use crate::refresh::Scene;

/// Stands in comments, descriptions and names of what the guard has made.
pub(super) const MARKER: &str = "origin-guard";

/// A target as it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Present {
    /// Its entries.
    pub(super) items: Vec<Item>,
    /// The version that was read, for kinds that have one.
    pub(super) etag: Option<String>,
    /// The document around the entries, of kinds that are written as a whole.
    pub(super) document: Node,
    /// Why it must not be changed as it is.
    pub(super) refused: Option<String>,
    /// What else to know of it.
    pub(super) notes: Vec<String>,
    /// The region whose callers its rules have no effect on.
    pub(super) region_without_effect: Option<String>,
}

impl Present {
    pub(super) fn of(items: Vec<Item>) -> Self {
        Self { items, etag: None, document: Node::Null, refused: None, notes: Vec::new(), region_without_effect: None }
    }
}

/// What is to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Edit {
    /// Networks that are not there.
    pub(super) add: Vec<IpNet>,
    /// Networks that the guard owns.
    pub(super) remove: Vec<IpNet>,
}

impl Edit {
    /// Whether `item` goes.
    pub(super) fn takes(&self, item: &Item) -> bool {
        item.owned && item.network.is_some_and(|network| self.remove.contains(&network))
    }
}

/// How it is known what at a target is the guard's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ownership {
    /// A mark stands there.
    Marked,
    /// There is no place for a mark: KV remembers what the guard has put there.
    Remembered,
    /// Nothing can be read there: KV remembers what was delivered.
    Delivered,
}

/// How it is known what is the guard's.
pub(super) const fn ownership(kind: TargetKind) -> Ownership {
    match kind {
        TargetKind::CloudflareList | TargetKind::Nsg | TargetKind::AppService | TargetKind::Sql => Ownership::Marked,
        TargetKind::Storage | TargetKind::KeyVault => Ownership::Remembered,
        TargetKind::Webhook => Ownership::Delivered,
    }
}

/// Entries that a target can have, where that is documented.
pub(super) const fn limit(kind: TargetKind) -> usize {
    match kind {
        TargetKind::Nsg => 4_000,
        TargetKind::AppService => 512,
        TargetKind::Storage => 400,
        _ => usize::MAX,
    }
}

/// What the target is, so that a remembered state is never taken for that of another one.
pub(super) fn about(target: &AllowlistTarget) -> String {
    match &target.destination {
        Destination::CloudflareList { list_id } => format!("list {list_id} for {}", target.origin),
        Destination::Webhook { url_secret, .. } => format!("receiver {url_secret} for {}", target.origin),
        Destination::Azure(azure) => {
            let rule = if let AzureTargetKind::NsgRule { rule } = &azure.kind { rule.as_str() } else { "" };
            format!("{} {rule} for {}", azure.resource_id, target.origin).to_ascii_lowercase()
        }
    }
}

/// What is there.
pub(super) async fn read<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    target: &AllowlistTarget,
    state: Option<&TargetState>,
) -> Result<Present, Failure> {
    match &target.destination {
        Destination::CloudflareList { list_id } => cloudflare_list::read(scene, list_id, &target.origin).await,
        Destination::Webhook { .. } => webhook::read(state),
        Destination::Azure(azure) => azure::read(scene, target, azure).await,
    }
}

/// Writes `edit`. `list` is for a receiver that is told the whole of it.
pub(super) async fn write<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    target: &AllowlistTarget,
    present: &Present,
    edit: &Edit,
    list: &Allowlist,
) -> Result<(), Failure> {
    match &target.destination {
        Destination::CloudflareList { list_id } => {
            cloudflare_list::write(scene, list_id, &target.origin, present, edit).await
        }
        Destination::Webhook { .. } => webhook::write(scene, target, present, edit, list).await,
        Destination::Azure(azure) => azure::write(scene, target, azure, present, edit).await,
    }
}

/// The network that `text` is: in CIDR form, or a single address.
pub(super) fn network(text: &str) -> Option<IpNet> {
    let parsed = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    parsed.ok().map(|network| network.trunc())
}

/// A single address without its prefix length, anything else with it.
pub(super) fn bare(network: IpNet) -> String {
    if network.prefix_len() == network.max_prefix_len() { network.addr().to_string() } else { network.to_string() }
}
