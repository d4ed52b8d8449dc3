//! What is known of one origin, as a source of the list.

use super::{Entry, seen_in_dns};
use crate::azure::{Caveat, Declared, Existence, Knowledge, Presence};
use crate::config::Origin;
use crate::origin::Record;

/// What is known of one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name in the configuration.
    pub origin: String,
    /// What it is made from, in words.
    pub from: String,
    /// What ARM declares.
    pub declared: Option<Declared>,
    /// What else people must know of that.
    pub caveats: Vec<Caveat>,
    /// What is seen in DNS, where that is wanted.
    pub observed: Vec<Entry>,
}

impl Source {
    /// What `azure` declares for `origin`, and what `record` has seen in DNS, where that is wanted. `None` where that is
    /// nothing: unknown, and not empty.
    pub fn of(origin: &Origin, azure: Option<&Knowledge>, record: Option<&Record>) -> Option<Self> {
        let known = azure.filter(|known| known.declared.is_some());
        let observed = record.map(seen_in_dns).unwrap_or_default();
        let arm = known.map(|known| format!("ARM, service {}", known.resource));
        let dns = (!observed.is_empty()).then(|| format!("DNS, {}", origin.hostname));
        let from: Vec<String> = arm.into_iter().chain(dns).collect();
        (!from.is_empty()).then(|| Self {
            origin: origin.name.clone(),
            from: from.join("; "),
            declared: known.and_then(in_doubt_kept),
            caveats: known.and_then(|known| not_there(&origin.name, &known.presence)).into_iter().collect(),
            observed,
        })
    }
}

/// What is declared. An address that is missing is gone only once that is confirmed: until then no time takes it off. An
/// instance of a tier without addresses leaves no doubt.
fn in_doubt_kept(known: &Knowledge) -> Option<Declared> {
    let mut declared = known.declared.clone()?;
    if declared.caveats.iter().any(|caveat| caveat.code == "tier_without_addresses") {
        return Some(declared);
    }
    for address in &mut declared.addresses {
        if known.missing.iter().any(|missing| missing.is_of(address) && !missing.is_confirmed()) {
            address.gone_since = None;
        }
    }
    Some(declared)
}

/// Addresses of an instance that is gone may become somebody else's.
fn not_there(origin: &str, presence: &Presence) -> Option<Caveat> {
    let words = match presence.existence {
        Existence::Unknown | Existence::Present => return None,
        Existence::Missing => "Azure no longer finds the instance",
        Existence::SoftDeleted => "the instance was deleted and can be restored",
        Existence::Gone => "the instance is gone, and its addresses may become somebody else's",
    };
    Some(Caveat { code: "instance_not_found".into(), detail: format!("{origin}: since {} {words}.", presence.since) })
}
