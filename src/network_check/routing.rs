//! A route table as Azure applies it: the longest prefix wins, then user routes over routes learned by BGP over system
//! routes; among equal prefixes an explicit one over a tag, a regional tag over a global one, those of `AzureCloud` last.

use ipnet::Ipv4Net;
use serde_json::{Map, Value};

use super::field::{list, properties, text};
use super::ranges::{self, Ranges, bounds, is_inside, low, sort};
use super::service_tags::{Tags, is_within};

/// A user route.
pub(super) struct Route<'a> {
    pub name: &'a str,
    /// CIDR or tag.
    pub prefix: &'a str,
    /// `None`: a tag, or what cannot be read.
    pub net: Option<Ipv4Net>,
    pub hop: &'a str,
    hop_address: Option<&'a str>,
}

/// Disjoint pieces of the address space, each with the user route that wins there.
pub(super) struct Routing<'a> {
    pub routes: Vec<Route<'a>>,
    pieces: Vec<Piece>,
    /// Indices of routes whose prefix is neither an address prefix nor a tag that a list explains.
    unexplained: Vec<usize>,
}

#[derive(Clone, Copy)]
struct Piece {
    start: u32,
    end: u32,
    route: usize,
}

impl<'a> Route<'a> {
    fn read(value: &'a Value) -> Self {
        let name = text(value, "name").unwrap_or("(no name)");
        let value = properties(value);
        let prefix = text(value, "addressPrefix").unwrap_or("(no prefix)");
        Self {
            name,
            net: ranges::prefix(prefix),
            prefix,
            hop: text(value, "nextHopType").unwrap_or("(no next hop)"),
            hop_address: text(value, "nextHopIpAddress"),
        }
    }

    pub(super) fn to_internet(&self) -> bool {
        self.hop.eq_ignore_ascii_case("Internet")
    }

    /// Whether the next hop is a firewall, another appliance or a gateway.
    pub(super) fn to_appliance(&self) -> bool {
        ["VirtualAppliance", "VirtualApplianceEcmp", "VirtualNetworkGateway"]
            .iter()
            .any(|hop| self.hop.eq_ignore_ascii_case(hop))
    }

    pub(super) fn is_tag(&self) -> bool {
        self.net.is_none()
    }

    /// Whether the prefix is meant as addresses, of which a part is masked or mistyped.
    pub(super) fn is_unreadable(&self) -> bool {
        self.is_tag() && self.prefix.starts_with(|c: char| c.is_ascii_digit())
    }

    /// Whether the prefix is `least` bits or longer and not of a private network; a tag counts as both.
    pub(super) fn is_public_from(&self, least: u8) -> bool {
        self.net.is_none_or(|net| net.prefix_len() >= least && !is_inside(net))
    }

    /// "route `fw`: 0.0.0.0/0 to `VirtualAppliance` 10.0.0.4".
    pub(super) fn describe(&self) -> String {
        let address = self.hop_address.map(|address| format!(" {address}")).unwrap_or_default();
        format!("route {}: {} to {}{address}", self.name, self.prefix, self.hop)
    }

    /// Among equal prefixes the least wins.
    fn rank(&self) -> u8 {
        let regional = self.prefix.contains('.');
        match (self.is_tag(), is_within(self.prefix, "AzureCloud")) {
            (false, _) => 0,
            (true, false) if regional => 1,
            (true, false) => 2,
            (true, true) if regional => 3,
            (true, true) => 4,
        }
    }
}

impl<'a> Routing<'a> {
    /// The routes of `table`; no table, no user routes. O(n log n) in the prefixes of all routes, tags expanded.
    pub(super) fn of(table: Option<&'a Value>, tags: &Tags<'_>) -> Self {
        let routes: Vec<Route<'a>> =
            table.map(|table| list(table, "routes").iter().map(Route::read).collect()).unwrap_or_default();
        let (mut claims, mut unexplained) = (Vec::new(), Vec::new());
        // A table has a prefix once; what repeats a tag all the same must not be expanded again and again.
        let mut seen = Map::new();
        for (index, route) in routes.iter().enumerate() {
            if route.is_tag() && seen.insert(route.prefix.to_ascii_lowercase(), Value::Null).is_some() {
                continue;
            }
            let expanded = if route.is_tag() { tags.prefixes_or_published(route.prefix) } else { None };
            let nets = route.net.as_slice();
            match expanded.as_ref().map(|tag| tag.nets.as_slice()).or(Some(nets).filter(|nets| !nets.is_empty())) {
                Some(nets) => claims.extend(nets.iter().map(|net| claim(*net, route.rank(), index))),
                // IPv6 is none of this arithmetic's.
                None if route.prefix.contains(':') => {}
                None => unexplained.push(index),
            }
        }
        Self { pieces: pieces(claims), routes, unexplained }
    }

    /// Where a user route to the Internet wins.
    pub(super) fn user_internet(&self) -> Ranges {
        self.where_route(Route::to_internet)
    }

    /// Where a user route to anything but the Internet wins.
    pub(super) fn diverted(&self) -> Ranges {
        self.where_route(|route| !route.to_internet())
    }

    /// The part of `wanted` that does not go to the Internet: what no user route claims goes there by system route.
    pub(super) fn not_to_internet(&self, wanted: &Ranges) -> Ranges {
        wanted.intersection(&self.diverted())
    }

    fn where_route(&self, wanted: fn(&Route<'a>) -> bool) -> Ranges {
        let fits = |piece: &&Piece| self.routes.get(piece.route).is_some_and(wanted);
        Ranges::union(self.pieces.iter().filter(fits).map(|piece| (piece.start, piece.end)).collect())
    }

    /// The route that takes at least half of the address space away from the Internet: a default route in effect.
    pub(super) fn forced(&self) -> Option<&Route<'a>> {
        const HALF: u64 = 1 << 31;
        let width = |piece: &&Piece| piece.end.saturating_sub(piece.start);
        let away = |piece: &&Piece| self.routes.get(piece.route).is_some_and(|route| !route.to_internet());
        let widest = self.pieces.iter().filter(away).max_by_key(width)?;
        self.routes.get(widest.route).filter(|_| self.diverted().size() >= HALF)
    }

    /// Whether a user route for the whole address space decides, so that one learned by BGP cannot.
    pub(super) fn has_user_default(&self) -> bool {
        self.routes.iter().any(|route| route.net.is_some_and(|net| net.prefix_len() == 0))
    }

    /// The routes whose effect is not known: tags without a list, and prefixes that cannot be read.
    pub(super) fn unexplained(&self) -> Vec<&Route<'a>> {
        self.unexplained.iter().filter_map(|index| self.routes.get(*index)).collect()
    }
}

/// The route of `table` that leads the default away from the Internet, in words; `None`: there is none.
pub(crate) fn forced_route(table: &Value) -> Option<String> {
    Routing::of(Some(table), &Tags::of(std::iter::empty())).forced().map(Route::describe)
}

/// Start and inverted end of a prefix; the rank of its route and the route.
type Claim = (u64, u64);

fn claim(net: Ipv4Net, rank: u8, route: usize) -> Claim {
    let (start, end) = bounds(net);
    ((u64::from(start) << 32) | u64::from(!end), (u64::from(rank) << 32) | u64::try_from(route).unwrap_or_default())
}

/// Cuts the claims into pieces. Prefixes nest or are disjoint, so a stack of the open ones is enough.
fn pieces(mut claims: Vec<Claim>) -> Vec<Piece> {
    // By start, widest first; of equal prefixes the best rank first, and the others are dropped.
    sort(&mut claims);
    claims.dedup_by_key(|&mut (bounds, _)| bounds);
    let mut cutter = Cutter { open: Vec::new(), pieces: Vec::with_capacity(claims.len()), next: 0 };
    for (bounds, ranked) in claims {
        let (start, end, route) = (low(bounds >> 32), !low(bounds), usize::try_from(low(ranked)).unwrap_or_default());
        cutter.close_before(start);
        cutter.cut(start);
        cutter.open.push((end, route));
        cutter.next = start;
    }
    cutter.close_before(u32::MAX);
    cutter.close_last();
    cutter.pieces
}

struct Cutter {
    /// Last address and route of each prefix that `next` is in, widest first.
    open: Vec<(u32, usize)>,
    pieces: Vec<Piece>,
    /// The first address that is in no piece yet.
    next: u32,
}

impl Cutter {
    /// Ends every open prefix that ends before `start`.
    fn close_before(&mut self, start: u32) {
        while let Some(&(end, route)) = self.open.last().filter(|(end, _)| *end < start) {
            self.push(end, route);
            self.open.pop();
            self.next = self.next.max(end.saturating_add(1));
        }
    }

    /// What lies between the last piece and `start` belongs to the narrowest open prefix.
    fn cut(&mut self, start: u32) {
        let (Some(&(_, route)), Some(end)) = (self.open.last(), start.checked_sub(1)) else { return };
        self.push(end, route);
    }

    /// Those that end with the address space itself: the narrowest has the rest.
    fn close_last(&mut self) {
        if let Some(&(end, route)) = self.open.last() {
            self.push(end, route);
        }
    }

    fn push(&mut self, end: u32, route: usize) {
        if self.next <= end {
            self.pieces.push(Piece { start: self.next, end, route });
        }
    }
}
