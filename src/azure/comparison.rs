//! What DNS shows beside what ARM declares: who will break, and in which direction.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Declared, DeclaredAddress, Direction, VendorRange};
use crate::json::{shown, shown_words};
use crate::time::UnixMillis;

/// A new address is news for so long, in seconds: 30 days.
const NEWS_S: u64 = 30 * 24 * 60 * 60;

/// The sets beside one another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Seen in DNS and not declared by ARM for any location.
    pub seen_not_declared: Vec<IpAddr>,
    /// Declared for clients and not seen in DNS, which is as it should be where there are several locations.
    pub declared_not_seen: Vec<IpNet>,
    /// What the allowlist targets of the origin were last seen to have.
    pub applied: Vec<AppliedSet>,
    /// What Azure publishes of its addresses in the locations of the instance; `None`: no list is kept.
    pub vendor_range: Option<Vec<VendorRange>>,
    /// Who is or will be in trouble.
    pub breaks: Vec<Break>,
}

shown! { Comparison { seen_not_declared, declared_not_seen, applied, vendor_range, breaks } }

/// A target beside what is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedSet {
    /// Its name.
    pub target: String,
    /// Its plan waits for a person: `apply` is not set.
    pub dry_run: bool,
    /// The first look that found it as it was at the last one; `None`: it is not known what is there.
    pub at: Option<UnixMillis>,
    /// Declared, seen by backends, and not there.
    pub missing: Option<Vec<IpNet>>,
    /// There, and not declared at present.
    pub extra: Option<Vec<IpNet>>,
}

shown! { AppliedSet { target, dry_run, at, missing, extra } }

/// One party in trouble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// Seen from the gateway.
    pub direction: Traffic,
    /// Who.
    pub who: &'static str,
    /// Why, with the addresses.
    pub why: String,
}

shown! { Break { direction, who, why } }

/// The direction of traffic, seen from the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Traffic {
    /// From clients.
    Inbound,
    /// To backends.
    Outbound,
}

shown_words! { Traffic { Inbound: "inbound", Outbound: "outbound" } }

impl Comparison {
    /// `seen` in DNS beside `declared`, at `now`.
    pub fn of(seen: &[IpAddr], declared: &Declared, now: UnixMillis) -> Self {
        let all = &declared.addresses;
        let is_declared = |address: &&IpAddr| all.iter().any(|one| one.network.contains(*address));
        let seen_not_declared: Vec<IpAddr> = seen.iter().filter(|address| !is_declared(address)).copied().collect();
        let unseen = |one: &&DeclaredAddress| !seen.iter().any(|address| one.network.contains(address));
        let for_clients = all.iter().filter(|one| one.direction != Direction::Outbound && one.gone_since.is_none());
        Self {
            declared_not_seen: for_clients.filter(unseen).map(|one| one.network).collect(),
            breaks: breaks(&seen_not_declared, declared, now),
            seen_not_declared,
            ..Self::default()
        }
    }

    /// With what the targets have: backends behind one refuse what it does not let in.
    #[must_use]
    pub fn with_applied(mut self, applied: Vec<AppliedSet>) -> Self {
        self.breaks.extend(applied.iter().filter_map(not_let_in));
        Self { applied, ..self }
    }

    /// With what Azure publishes.
    #[must_use]
    pub fn with_vendor_range(mut self, ranges: Option<Vec<VendorRange>>, declared: &Declared) -> Self {
        self.breaks.extend(ranges.iter().flatten().flat_map(|range| range.breaks(declared)));
        Self { vendor_range: ranges, ..self }
    }
}

fn not_let_in(set: &AppliedSet) -> Option<Break> {
    let missing = set.missing.as_ref().filter(|missing| !missing.is_empty())?;
    let waits =
        if set.dry_run { "its plan waits, since `apply` is not set" } else { "its plan says what is to be done" };
    let target = &set.target;
    let why = format!("calls come from {}, which the target {target} does not let in; {waits}", list(missing));
    Some(Break { direction: Traffic::Outbound, who: "backends behind an allowlist target", why })
}

fn breaks(stray: &[IpAddr], declared: &Declared, now: UnixMillis) -> Vec<Break> {
    let mut found = Vec::new();
    if !stray.is_empty() {
        let why = format!("DNS leads to {}, which ARM declares for no location of the instance", list(stray));
        found.push(Break { direction: Traffic::Inbound, who: "clients", why });
    }
    let first = declared.addresses.iter().map(|one| one.first_seen_at).min().unwrap_or_default();
    let is_news = |one: &&DeclaredAddress| {
        one.gone_since.is_none() && one.first_seen_at > first && now.since_s(one.first_seen_at) < NEWS_S
    };
    let news = |not: Direction| -> Vec<IpNet> {
        declared.addresses.iter().filter(is_news).filter(|one| one.direction != not).map(|one| one.network).collect()
    };
    for (direction, who, networks, what) in [
        (Traffic::Outbound, "backends", news(Direction::Inbound), "calls come from"),
        (
            Traffic::Inbound,
            "clients that let out to listed addresses only",
            news(Direction::Outbound),
            "the gateway answers at",
        ),
    ] {
        if !networks.is_empty() {
            let why = format!("{what} {}, which a list made before does not have", list(&networks));
            found.push(Break { direction, who, why });
        }
    }
    found
}

pub(super) fn list<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
