//! A reading joined with what was declared before. What is new counts at once. What is missing is *unknown* until ARM has
//! confirmed it several times, and even then it is held.

use ipnet::IpNet;

use super::reading::{Reading, Seen};
use super::{Caveat, Declared, DeclaredAddress, Direction};
use crate::json::stored;
use crate::time::UnixMillis;

/// Readings that must lack an address before it is gone …
const ROUNDS: u32 = 3;
/// … and where a reading has nothing in common with the set before, which may as well be somebody else's.
const ROUNDS_OF_A_WHOLE_SET: u32 = 6;
/// Readings closer together than this count once, in seconds: overlapping runs see the same.
const ROUND_S: u64 = 4 * 60;

/// An address, or a direction of one, that the latest readings lack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The address …
    pub network: IpNet,
    /// … in this location.
    pub location: String,
    /// The direction that is left; `None`: it is missing altogether.
    pub left: Option<Direction>,
    /// Since when.
    pub since: UnixMillis,
    /// How many readings have confirmed it.
    pub rounds: u32,
    /// When the latest one of them was.
    pub counted_at: UnixMillis,
    /// How many are needed.
    pub needed: u32,
}

stored! { Missing { network, location, left, since, rounds, counted_at, needed } }

impl Missing {
    /// Whether enough readings lack it.
    pub fn is_confirmed(&self) -> bool {
        self.rounds >= self.needed
    }
}

/// What a reading changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Merged {
    /// Declared for the first time.
    pub(super) added: Vec<IpNet>,
    /// Now confirmed to be gone, and not told before.
    pub(super) confirmed: Vec<IpNet>,
}

/// Brings `declared` and `missing` up to date with `reading`. An empty reading confirms nothing and removes nothing.
pub(super) fn merge(
    declared: &mut Option<Declared>,
    missing: &mut Vec<Missing>,
    reading: Reading,
    now: UnixMillis,
    hold_s: u64,
) -> Merged {
    let old = declared.take();
    let known: Vec<DeclaredAddress> = old.as_ref().map(|old| old.addresses.clone()).unwrap_or_default();
    if reading.addresses.is_empty() && known.is_empty() {
        missing.clear();
        return Merged::default();
    }
    let mut joining = Joining {
        now,
        hold_s,
        needed: needed(&known, &reading),
        reading: &reading,
        missing,
        merged: Merged::default(),
    };
    let mut addresses: Vec<DeclaredAddress> = known.iter().filter_map(|known| joining.keep(known)).collect();
    let is_known = |seen: &&Seen| known.iter().any(|known| same(known, seen));
    let new: Vec<DeclaredAddress> =
        reading.addresses.iter().filter(|seen| !is_known(seen)).map(|seen| joining.add(seen)).collect();
    addresses.extend(new);
    let merged = joining.merged;
    missing.retain(|one| addresses.iter().any(|kept| one.is_of(kept)));
    addresses.sort_by(|a, b| (a.network, &a.location).cmp(&(b.network, &b.location)));
    *declared = Some(finish(old, addresses, missing, reading, now));
    merged
}

fn finish(
    old: Option<Declared>,
    addresses: Vec<DeclaredAddress>,
    missing: &[Missing],
    reading: Reading,
    now: UnixMillis,
) -> Declared {
    let confirmed = !reading.addresses.is_empty();
    let mut caveats = reading.caveats;
    if !confirmed {
        caveats.push(Caveat {
            code: "declared_list_empty".into(),
            detail: "ARM's lists are empty now; what it declared before is kept".into(),
        });
    }
    caveats.extend(missing.iter().map(Missing::caveat));
    let before = old.map(|old| (old.at, old.locations)).filter(|_| !confirmed);
    let (at, locations) = before.unwrap_or((now, reading.locations));
    Declared { at, addresses, locations, caveats }
}

fn same(known: &DeclaredAddress, seen: &Seen) -> bool {
    known.network == seen.network && known.location == seen.location
}

/// The brake: where nothing of the set is left, more readings are needed.
fn needed(known: &[DeclaredAddress], reading: &Reading) -> u32 {
    let stays = |known: &&DeclaredAddress| known.gone_since.is_none();
    let any_left =
        known.iter().filter(stays).any(|known| reading.addresses.iter().any(|seen| known.network == seen.network));
    if any_left { ROUNDS } else { ROUNDS_OF_A_WHOLE_SET }
}

struct Joining<'a> {
    now: UnixMillis,
    hold_s: u64,
    needed: u32,
    reading: &'a Reading,
    missing: &'a mut Vec<Missing>,
    merged: Merged,
}

impl Joining<'_> {
    fn add(&mut self, seen: &Seen) -> DeclaredAddress {
        self.merged.added.push(seen.network);
        DeclaredAddress {
            network: seen.network,
            direction: seen.direction,
            location: seen.location.clone(),
            first_seen_at: self.now,
            gone_since: None,
        }
    }

    /// `known` as it is kept; `None` once it is gone for long enough.
    fn keep(&mut self, known: &DeclaredAddress) -> Option<DeclaredAddress> {
        let seen = self.reading.addresses.iter().find(|seen| same(known, seen));
        let Some(seen) = seen else {
            let since = known.gone_since.unwrap_or(self.now);
            let over = self.count(known, None, since);
            return (!over).then(|| DeclaredAddress { gone_since: Some(since), ..known.clone() });
        };
        let both = union(known.direction, seen.direction);
        let direction = if both == seen.direction {
            self.missing.retain(|one| !one.is_of(known));
            both
        } else if self.count(known, Some(seen.direction), self.now) {
            self.missing.retain(|one| !one.is_of(known));
            seen.direction
        } else {
            both
        };
        Some(DeclaredAddress { direction, gone_since: None, ..known.clone() })
    }

    /// Counts a reading that lacks `known`, or all of it but the direction `left`; whether it is over.
    fn count(&mut self, known: &DeclaredAddress, left: Option<Direction>, since: UnixMillis) -> bool {
        let counts = self.reading.settled
            && !self.reading.addresses.is_empty()
            && !self.reading.uncertain.contains(&known.location);
        let index = self.missing.iter().position(|one| one.is_of(known) && one.left == left);
        let Some(one) = index.and_then(|index| self.missing.get_mut(index)) else {
            self.missing.retain(|one| !one.is_of(known));
            self.missing.push(Missing {
                network: known.network,
                location: known.location.clone(),
                left,
                since,
                rounds: u32::from(counts),
                counted_at: self.now,
                needed: self.needed,
            });
            return false;
        };
        if !one.is_confirmed() {
            one.needed = one.needed.max(self.needed);
        }
        if counts && !one.is_confirmed() && self.now.since_s(one.counted_at) >= ROUND_S {
            (one.rounds, one.counted_at) = (one.rounds.saturating_add(1), self.now);
            if one.is_confirmed() && left.is_none() {
                self.merged.confirmed.push(known.network);
            }
        }
        counts && one.is_confirmed() && self.now.since_s(one.since) >= self.hold_s
    }
}

impl Missing {
    /// Whether it is about `known`.
    pub fn is_of(&self, known: &DeclaredAddress) -> bool {
        self.network == known.network && self.location == known.location
    }

    fn caveat(&self) -> Caveat {
        let what = if self.left.is_some() { "one direction of " } else { "" };
        let (code, state) = if self.is_confirmed() {
            ("held_removal", "is no longer declared and is held")
        } else {
            ("unconfirmed_removal", "was not in the latest answer; that is not confirmed yet")
        };
        Caveat {
            code: code.into(),
            detail: format!("{what}{} in {} {state}; since {}", self.network, self.location, self.since),
        }
    }
}

fn union(a: Direction, b: Direction) -> Direction {
    if a == b { a } else { Direction::Both }
}
