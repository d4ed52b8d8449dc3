//! The wanted addresses in the form that a kind of target can hold.

use ipnet::{IpNet, Ipv6Net};

use super::plan::Change;
use super::{Allowlist, Entry, EvidenceKind};
use crate::config::TargetKind;
use crate::time::UnixMillis;

/// One network that is wanted at a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// As the target holds it.
    pub network: IpNet,
    /// Since when it is gone; it is held.
    pub gone_since: Option<UnixMillis>,
    /// Why it is wanted.
    pub reason: String,
}

/// What of the list a target can hold, and what not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fitted {
    /// Sorted by network, none inside another.
    pub wanted: Vec<Wanted>,
    /// Every network that is declared at present: nothing that overlaps one is ever removed.
    pub untouchable: Vec<IpNet>,
    /// What cannot be held, each with its reason.
    pub cannot_hold: Vec<Change>,
}

/// The declared entries of `list` for a target of `kind`. Addresses that were only seen in DNS are inbound, and no
/// backend sees them.
pub fn fit(kind: TargetKind, list: &Allowlist) -> Fitted {
    let mut fitted = Fitted::default();
    for entry in list.entries.iter().filter(|entry| entry.evidence == EvidenceKind::Declared) {
        match form(kind, entry.cidr) {
            Ok(networks) => networks.into_iter().for_each(|network| fitted.add(network, entry)),
            Err(reason) => fitted.cannot_hold.push(Change { network: entry.cidr, reason: reason.into() }),
        }
    }
    fitted.settle();
    fitted
}

impl Fitted {
    fn add(&mut self, network: IpNet, entry: &Entry) {
        self.untouchable.extend(entry.gone_since.is_none().then_some(network));
        let known = self.wanted.iter_mut().find(|wanted| wanted.network == network);
        let reason = reason(entry);
        match known {
            None => self.wanted.push(Wanted { network, gone_since: entry.gone_since, reason }),
            // The same network twice, in two locations: gone only where both are.
            Some(known) => known.gone_since = known.gone_since.zip(entry.gone_since).map(|(one, other)| one.max(other)),
        }
    }

    /// A network inside another one needs no entry of its own, if that one stays.
    fn settle(&mut self) {
        let all = self.wanted.clone();
        let inside = |inner: &Wanted, outer: &Wanted| {
            outer.network != inner.network && outer.network.contains(&inner.network) && outer.gone_since.is_none()
        };
        self.wanted.retain(|wanted| !all.iter().any(|other| inside(wanted, other)));
        self.wanted.sort_by_key(|wanted| wanted.network);
    }
}

fn reason(entry: &Entry) -> String {
    let place = entry.location.as_deref().unwrap_or("an unknown location");
    let since = entry.first_seen_at.map(|at| format!(", first seen {at}")).unwrap_or_default();
    match entry.gone_since {
        None => format!("declared by Azure for {place}{since}"),
        Some(gone) => format!("declared by Azure for {place} until {gone}"),
    }
}

/// `network` as `kind` writes it, or why it cannot.
pub(super) fn form(kind: TargetKind, network: IpNet) -> Result<Vec<IpNet>, &'static str> {
    match (kind, network) {
        // <https://developers.cloudflare.com/waf/tools/lists/custom-lists/>: IPv4 /8 to /32, IPv6 /12 to /64.
        (TargetKind::CloudflareList, IpNet::V4(v4)) if v4.prefix_len() < 8 => {
            Err("a Cloudflare list holds no IPv4 network wider than /8")
        }
        (TargetKind::CloudflareList, IpNet::V6(v6)) if v6.prefix_len() < 12 => {
            Err("a Cloudflare list holds no IPv6 network wider than /12")
        }
        (TargetKind::CloudflareList, IpNet::V6(v6)) if v6.prefix_len() > 64 => Ok(vec![as_64(v6)]),
        (TargetKind::Storage | TargetKind::KeyVault | TargetKind::Sql, IpNet::V6(_)) => {
            Err("the firewall of this service takes IPv4 only")
        }
        // <https://learn.microsoft.com/azure/storage/common/storage-network-security>: no /31 and /32, but single addresses.
        (TargetKind::Storage, IpNet::V4(v4)) if v4.prefix_len() == 31 => {
            Ok(v4.hosts().map(|host| IpNet::from(std::net::IpAddr::V4(host))).collect())
        }
        _ => Ok(vec![network]),
    }
}

/// A single IPv6 address cannot be stored, its /64 can.
pub(super) fn as_64(network: Ipv6Net) -> IpNet {
    Ipv6Net::new(network.addr(), 64).map_or(IpNet::V6(network), |wide| IpNet::V6(wide.trunc()))
}
