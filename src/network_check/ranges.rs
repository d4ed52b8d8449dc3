//! Exact sets of IPv4 addresses.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

/// A set of IPv4 addresses: sorted, disjoint, inclusive ranges that do not touch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// The union of `prefixes`, in O(n log n).
    pub fn of(prefixes: &[Ipv4Net]) -> Self {
        Self::union(prefixes.iter().copied().map(bounds).collect())
    }

    /// The union of inclusive ranges in any order.
    pub(super) fn union(ranges: Vec<(u32, u32)>) -> Self {
        let mut keys: Vec<_> = ranges.into_iter().map(|(start, end)| (u64::from(start), u64::from(end))).collect();
        sort(&mut keys);
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(keys.len());
        for (start, end) in keys.into_iter().map(|(start, end)| (low(start), low(end))) {
            match merged.last_mut() {
                Some((_, last)) if start <= last.saturating_add(1) => *last = end.max(*last),
                _ => merged.push((start, end)),
            }
        }
        Self(merged)
    }

    /// First and last address of each range, in order.
    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }

    /// Whether there is no address in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many addresses: 0 to 2³².
    pub fn size(&self) -> u64 {
        let sizes = self.0.iter().map(|(start, end)| u64::from(end.saturating_sub(*start)).saturating_add(1));
        sizes.fold(0, u64::saturating_add)
    }

    /// The addresses of this set that are in `other` as well, in O(n + m).
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut ours, mut theirs) = (self.0.iter().copied().peekable(), other.0.iter().copied().peekable());
        let mut common = Vec::new();
        while let (Some(&(a, b)), Some(&(c, d))) = (ours.peek(), theirs.peek()) {
            if a.max(c) <= b.min(d) {
                common.push((a.max(c), b.min(d)));
            }
            if b < d {
                ours.next()
            } else {
                theirs.next()
            };
        }
        Self(common)
    }

    /// The addresses of this set that are not in `other`, in O(n + m).
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    /// Whether any address of `prefix` is in it, in O(log n).
    pub fn overlaps(&self, prefix: &Ipv4Net) -> bool {
        let (start, end) = bounds(*prefix);
        self.first_not_before(start).is_some_and(|(from, _)| from <= end)
    }

    /// Whether every address of `prefix` is in it, in O(log n).
    pub fn covers(&self, prefix: &Ipv4Net) -> bool {
        let (start, end) = bounds(*prefix);
        self.first_not_before(start).is_some_and(|(from, to)| from <= start && end <= to)
    }

    /// The first range that ends at `start` or later.
    fn first_not_before(&self, start: u32) -> Option<(u32, u32)> {
        let index = self.0.partition_point(|(_, to)| *to < start);
        self.0.get(index).copied()
    }

    fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.0.len().saturating_add(1));
        let mut next = Some(0_u32);
        for &(start, end) in &self.0 {
            if let Some((from, to)) = next.zip(start.checked_sub(1)).filter(|(from, to)| from <= to) {
                gaps.push((from, to));
            }
            next = end.checked_add(1);
        }
        gaps.extend(next.map(|from| (from, u32::MAX)));
        Self(gaps)
    }
}

/// By key, then by what goes with it. The one sort of the network check: each type that is sorted costs the module 5 kB.
#[inline(never)]
pub(super) fn sort(keys: &mut [(u64, u64)]) {
    keys.sort_unstable();
}

/// The lower half.
pub(super) fn low(key: u64) -> u32 {
    u32::try_from(key & u64::from(u32::MAX)).unwrap_or_default()
}

/// Networks whose addresses are on no public path (RFC 1918, 6598, 3927, 1122).
const INSIDE: [(u32, u8); 6] =
    [(0x0a00_0000, 8), (0xac10_0000, 12), (0xc0a8_0000, 16), (0x6440_0000, 10), (0xa9fe_0000, 16), (0x7f00_0000, 8)];

/// Whether no address of `prefix` is one of the Internet.
pub(super) fn is_inside(prefix: Ipv4Net) -> bool {
    INSIDE.iter().any(|&(start, length)| {
        Ipv4Net::new(Ipv4Addr::from(start), length).is_ok_and(|network| network.contains(&prefix))
    })
}

/// First and last address.
pub(super) fn bounds(prefix: Ipv4Net) -> (u32, u32) {
    (prefix.network().to_bits(), prefix.broadcast().to_bits())
}

/// A prefix as Azure writes it: CIDR, or an address alone. Host bits are cut off. Thousands are read, and by parts that is
/// twice as fast as by `Ipv4Net`'s own reader.
pub(super) fn prefix(text: &str) -> Option<Ipv4Net> {
    let Some((address, length)) = text.split_once('/') else {
        return Some(Ipv4Net::from(text.parse::<Ipv4Addr>().ok()?));
    };
    let length = Some(length).filter(|length| length.len() <= 2 && length.bytes().all(|b| b.is_ascii_digit()))?;
    Ipv4Net::new(address.parse().ok()?, length.parse().ok()?).ok().map(|net| net.trunc())
}
