//! The declared addresses of an instance: `publicIPAddresses` and `outboundPublicIPAddresses` of all its locations.

use ipnet::IpNet;

use crate::json::{stored, stored_words};
use crate::time::UnixMillis;

/// What ARM declared, and what it declared before and is still held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// When ARM last confirmed the list.
    pub at: UnixMillis,
    /// Sorted by network, then location. Never empty: an instance without addresses of its own has no `Declared`.
    pub addresses: Vec<DeclaredAddress>,
    /// Every location of the instance, the primary one first, as normalised names (`westeurope`).
    pub locations: Vec<String>,
    /// Why the list may not be all, or not what a backend sees.
    pub caveats: Vec<Caveat>,
}

stored! { Declared { at, addresses, locations } or default { caveats } }

/// One declared address or range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredAddress {
    /// A single address is a `/32` or `/128`.
    pub network: IpNet,
    /// In which direction it is used.
    pub direction: Direction,
    /// The normalised name of the location that has it.
    pub location: String,
    /// When ARM first declared it.
    pub first_seen_at: UnixMillis,
    /// Since when ARM no longer declares it; it is held for `allowlist.hold_removals_s` from then.
    pub gone_since: Option<UnixMillis>,
}

stored! { DeclaredAddress { network, direction, location, first_seen_at, gone_since } }

/// The direction of an address, seen from the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Clients connect to it.
    Inbound,
    /// Backends see it.
    Outbound,
    /// Both.
    Both,
}

stored_words! { Direction { Inbound: "inbound", Outbound: "outbound", Both: "both" } }

/// A reason not to take the list for all that backends see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caveat {
    /// A stable word: `egress_is_nat_gateway`, `egress_may_be_firewall`, `masked_address`, `malformed_address`,
    /// `unconfirmed_removal` ….
    pub code: String,
    /// A sentence for people, with the value or resource it is about.
    pub detail: String,
}

stored! { Caveat { code, detail } }
