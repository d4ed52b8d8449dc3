//! What the guard remembers of a target (KV `allowlist/<target>`): what it has put there, and since when what is no
//! longer wanted is gone.

use ipnet::IpNet;

use super::plan::{Gone, Item, Plan};
use super::target_form::Fitted;
use crate::json::{self, FromNode, Node, stored};
use crate::time::UnixMillis;

/// The version of the stored form.
const SCHEMA: u32 = 1;
/// What was to be added and is not there after this time, in seconds, was not added.
const INTENT_HOLDS_S: u64 = 60 * 60;

/// The KV key of a target.
pub fn target_key(target: &str) -> String {
    format!("allowlist/{target}")
}

/// What is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetState {
    schema: u32,
    /// What the target is: a state of another resource counts as none.
    about: String,
    /// What the guard has put there, or was about to.
    added: Vec<Gone>,
    /// What is no longer wanted.
    gone: Vec<Gone>,
    /// What was there; `None`: it was never seen.
    shown: Option<Shown>,
}

stored! { TargetState { schema, about, added, gone, shown } }

/// What a target had when it was last looked at, of what is wanted or the guard's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The first look that found it so: what stays the same is not written again.
    pub at: UnixMillis,
    /// Sorted, each once.
    pub networks: Vec<IpNet>,
}

stored! { Shown { at, networks } }

impl FromNode for Gone {
    fn from_node(node: &Node) -> Option<Self> {
        Some(Self { network: node.member("network")?, since: node.member("since")? })
    }
}

json::shown! { Gone { network, since } }

impl TargetState {
    /// Of a target that nothing is remembered of.
    pub fn new(about: &str) -> Self {
        Self { schema: SCHEMA, about: about.to_owned(), added: Vec::new(), gone: Vec::new(), shown: None }
    }

    /// Reads stored bytes; `None`: they are none of this version and must be kept.
    pub fn parse(stored: &str, about: &str) -> Option<Self> {
        let state: Self = json::read(stored).filter(|state: &Self| state.schema == SCHEMA)?;
        Some(if state.about == about { state } else { Self::new(about) })
    }

    /// The bytes to store.
    pub fn to_json(&self) -> String {
        json::value(self).to_string()
    }

    /// Since when what is no longer wanted is gone.
    pub fn gone(&self) -> &[Gone] {
        &self.gone
    }

    /// What the guard has put there.
    pub fn added(&self) -> impl Iterator<Item = IpNet> {
        self.added.iter().map(|added| added.network)
    }

    /// What was there when it was last looked at; `None`: unknown.
    pub const fn shown(&self) -> Option<&Shown> {
        self.shown.as_ref()
    }

    /// The state when `items` are there.
    #[must_use]
    pub fn showing(&self, fitted: &Fitted, items: &[Item], now: UnixMillis) -> Self {
        let is_wanted = |item: &Item| fitted.wanted.iter().any(|wanted| Some(wanted.network) == item.network);
        let counts = items.iter().filter(|item| item.owned || is_wanted(item));
        let mut networks: Vec<IpNet> = counts.filter_map(|item| item.network).collect();
        networks.sort();
        networks.dedup();
        let before = self.shown.as_ref().filter(|shown| shown.networks == networks);
        let at = before.map_or(now, |shown| shown.at);
        Self { shown: Some(Shown { at, networks }), ..self.clone() }
    }

    /// Marks those of `items` that the guard has put there.
    pub fn mark_owned(&self, items: &mut [Item]) {
        for item in items {
            item.owned = item.network.is_some_and(|network| self.added().any(|added| added == network));
        }
    }

    /// The state once `plan` was made: each network that is there, owned and not wanted has its time.
    #[must_use]
    pub fn noting(&self, plan: &Plan, fitted: &Fitted, items: &[Item], now: UnixMillis) -> Self {
        let unwanted = plan.held.iter().chain(&plan.remove).map(|change| change.network);
        let of_list = |network| fitted.wanted.iter().find(|wanted| wanted.network == network)?.gone_since;
        let known = |network| self.gone.iter().find(|gone| gone.network == network).map(|gone| gone.since);
        let since = |network| of_list(network).or_else(|| known(network)).unwrap_or(now);
        let mut gone: Vec<Gone> = unwanted.map(|network| Gone { network, since: since(network) }).collect();
        gone.sort_by_key(|gone| gone.network);
        let is_there = |network| items.iter().any(|item| item.network == Some(network));
        let mut added = self.added.clone();
        added.retain(|added| is_there(added.network) || now.since_s(added.since) < INTENT_HOLDS_S);
        Self { added, gone, ..self.clone() }
    }

    /// The state before `networks` are added.
    #[must_use]
    pub fn intending(&self, networks: impl Iterator<Item = IpNet>, now: UnixMillis) -> Self {
        let mut added = self.added.clone();
        for network in networks {
            added.retain(|added| added.network != network);
            added.push(Gone { network, since: now });
        }
        added.sort_by_key(|added| added.network);
        Self { added, ..self.clone() }
    }

    /// The state when exactly `networks` are there, put there now.
    #[must_use]
    pub fn having(&self, networks: &[IpNet], now: UnixMillis) -> Self {
        let mut sorted = networks.to_vec();
        sorted.sort();
        sorted.dedup();
        let nothing = Self { added: Vec::new(), shown: Some(Shown { at: now, networks: sorted }), ..self.clone() };
        nothing.intending(networks.iter().copied(), now)
    }
}
