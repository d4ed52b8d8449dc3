//! What is to be changed at a target, and why: made by a pure function and always shown before anything is written.
//!
//! Rules: add before remove; never empty a list; touch only what the guard owns; remove only what has been gone for
//! `allowlist.hold_removals_s`; never replace everything the guard owns at once; in doubt remove nothing.

use ipnet::IpNet;

use super::target_form::Fitted;
use crate::json::shown;
use crate::time::UnixMillis;

/// Foreign entries that are listed by name.
const FOREIGN_SHOWN: usize = 50;

/// One network and the reason for what is done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The network.
    pub network: IpNet,
    /// Why.
    pub reason: String,
}

shown! { Change { network, reason } }

/// What is to be done at one target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Name of the target.
    pub target: String,
    /// What is missing.
    pub add: Vec<Change>,
    /// What the guard has put there and is gone for long enough.
    pub remove: Vec<Change>,
    /// What is there and wanted.
    pub keep: Vec<IpNet>,
    /// What is there, no longer wanted, and stays for now.
    pub held: Vec<Change>,
    /// Entries that the guard does not own, as they are written: never touched. The first 50 of them.
    pub foreign: Vec<String>,
    /// How many those are.
    pub foreign_total: usize,
    /// What is wanted, but this kind of target cannot hold.
    pub cannot_hold: Vec<Change>,
    /// What else to know.
    pub notes: Vec<String>,
    /// Why nothing of it may be done.
    pub blocked: Option<String>,
    /// Whether it is only shown.
    pub dry_run: bool,
}

shown! { Plan {
    target, add, remove, keep, held, foreign, foreign_total, cannot_hold, notes, blocked, dry_run
} }

impl Plan {
    /// Whether it changes anything.
    pub fn has_changes(&self) -> bool {
        !(self.add.is_empty() && self.remove.is_empty())
    }

    /// Whether the scheduled run does what it says.
    pub fn is_carried_out(&self) -> bool {
        self.blocked.is_none() && !self.dry_run && self.has_changes()
    }
}

/// One entry of a target as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The network that it lets in, without condition; `None` for anything else: a service tag, a deny, a range.
    pub network: Option<IpNet>,
    /// As it is written there.
    pub text: String,
    /// Whether the guard put it there.
    pub owned: bool,
    /// What the target's interface calls it.
    pub id: String,
}

/// A network that the guard put somewhere and that is no longer wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The network.
    pub network: IpNet,
    /// Since when.
    pub since: UnixMillis,
}

/// All that a plan rests on.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// Name of the target.
    pub target: &'a str,
    /// What is wanted.
    pub fitted: &'a Fitted,
    /// Why the wanted list may not be all; then nothing is removed.
    pub doubt: Option<&'a str>,
    /// What is there.
    pub items: &'a [Item],
    /// Since when what is not wanted is gone; `None` where that could not be read: then nothing is removed.
    pub gone: Option<&'a [Gone]>,
    /// `allowlist.hold_removals_s`.
    pub hold_s: u32,
    /// Entries that the target can have.
    pub limit: usize,
    /// Why the target, as it is, must not be changed.
    pub refused: Option<&'a str>,
    /// Now.
    pub now: UnixMillis,
}

/// The plan.
pub fn plan(basis: &Basis<'_>) -> Plan {
    let mut plan = Plan { target: basis.target.to_owned(), ..Plan::default() };
    plan.cannot_hold.clone_from(&basis.fitted.cannot_hold);
    plan.add = missing(basis);
    for item in basis.items {
        sort_in(&mut plan, basis, item);
    }
    plan.keep.sort();
    plan.keep.dedup();
    brake(&mut plan, basis);
    plan.blocked = blocked(&plan, basis);
    plan
}

/// What is wanted and not there, held addresses too: what was read may be older than what the guard has put there, and a
/// list that is written as a whole would lose them. A foreign entry that lets in the same counts as there.
fn missing(basis: &Basis<'_>) -> Vec<Change> {
    let there = |network: IpNet| basis.items.iter().any(|item| item.network == Some(network));
    let missing = basis.fitted.wanted.iter().filter(|wanted| !there(wanted.network));
    missing.map(|wanted| Change { network: wanted.network, reason: wanted.reason.clone() }).collect()
}

fn sort_in(plan: &mut Plan, basis: &Basis<'_>, item: &Item) {
    let wanted = basis.fitted.wanted.iter().find(|wanted| Some(wanted.network) == item.network);
    if !item.owned {
        plan.foreign_total = plan.foreign_total.saturating_add(1);
        if plan.foreign.len() < FOREIGN_SHOWN {
            plan.foreign.push(item.text.clone());
        }
    }
    match (item.network, wanted) {
        (Some(network), Some(wanted)) => match wanted.gone_since.filter(|_| item.owned) {
            None => plan.keep.push(network),
            Some(since) => {
                plan.held.push(Change { network, reason: held_until(since, basis.hold_s) });
            }
        },
        (Some(network), None) if item.owned => unwanted(plan, basis, network),
        _ => {}
    }
}

fn held_until(since: UnixMillis, hold_s: u32) -> String {
    format!("gone since {since}; held until {}", since.plus_s(u64::from(hold_s)))
}

/// What the guard put there and is not wanted: removed where everything speaks for it.
fn unwanted(plan: &mut Plan, basis: &Basis<'_>, network: IpNet) {
    let overlaps = |other: &IpNet| other.contains(&network) || network.contains(other);
    if let Some(wanted) = basis.fitted.untouchable.iter().find(|other| overlaps(other)) {
        return plan.held.push(Change { network, reason: format!("overlaps {wanted}, which is declared") });
    }
    let Some(gone) = basis.gone else {
        let reason = "since when it is gone is not known: KV could not be read".to_owned();
        return plan.held.push(Change { network, reason });
    };
    if let Some(doubt) = basis.doubt {
        return plan.held.push(Change { network, reason: format!("the declared list may not be all: {doubt}") });
    }
    let since = gone.iter().find(|gone| gone.network == network).map_or(basis.now, |gone| gone.since);
    if basis.now.since_s(since) >= u64::from(basis.hold_s) && since <= basis.now {
        plan.remove.push(Change { network, reason: format!("gone since {since}, held for {} s", basis.hold_s) });
    } else {
        plan.held.push(Change { network, reason: held_until(since, basis.hold_s) });
    }
}

/// A plan that would replace everything the guard owns only adds. What it adds is owned at the next run.
fn brake(plan: &mut Plan, basis: &Basis<'_>) {
    let owned = basis.items.iter().filter(|item| item.owned && item.network.is_some()).count();
    if !plan.remove.is_empty() && plan.remove.len() >= owned {
        let removals = std::mem::take(&mut plan.remove).into_iter();
        let reason = |change: &Change| format!("{}; not all that the guard owns is removed at once", change.reason);
        plan.held.extend(removals.map(|change| Change { reason: reason(&change), ..change }));
    }
}

fn blocked(plan: &Plan, basis: &Basis<'_>) -> Option<String> {
    let wanted_now = basis.fitted.wanted.iter().filter(|wanted| wanted.gone_since.is_none()).count();
    let after = basis.items.len().saturating_add(plan.add.len());
    if let Some(refused) = basis.refused {
        Some(refused.to_owned())
    } else if wanted_now == 0 {
        Some("Nothing that this target can hold is declared at present.".to_owned())
    } else if !plan.add.is_empty() && after > basis.limit {
        Some(format!("With what is missing it would have {after} entries; it can have {}.", basis.limit))
    } else {
        None
    }
}
