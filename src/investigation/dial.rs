//! Opening a TCP connection to each of the gateway's addresses.
//!
//! A connection that opens proves that something listens there. One that does not proves little: the runtime has the
//! same words for a refusal and for a network that it may not use, and a Worker's sockets leave from addresses that are
//! not in Cloudflare's published list (<https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/>). So a
//! resolver that has just answered over HTTPS is dialled too: where that opens, sockets work here.

use std::net::{IpAddr, SocketAddr};

use futures_util::future::join_all;

use crate::config::Origin;
use crate::dns::Lookup;
use crate::net::{AddressClass, classify};
use crate::ports::{Clock, DialFailure, Dialer};
use crate::proxy::RequestUrl;
use crate::time::UnixMillis;

/// More addresses than this are not dialled.
const MAX_ADDRESSES: usize = 8;
/// Connections at once. A Worker has six; the health path's request holds one of them.
const AT_ONCE: usize = 4;
/// A connection within one continent opens in a fraction of this, in milliseconds.
const DIAL_MS: u32 = 1_000;

/// One connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// `address:port`.
    pub peer: String,
    /// Whether it opened.
    pub outcome: Result<(), DialFailure>,
    /// In milliseconds.
    pub took_ms: u32,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialled {
    /// The connections that were tried, in the order of the addresses.
    pub dials: Vec<Dial>,
    /// Addresses that were not dialled: the number or the time was too small.
    pub not_tried: usize,
    /// Addresses that are not public, so that a Worker cannot connect to them.
    pub not_public: Vec<IpAddr>,
    /// Some connection opened, to the gateway or to a resolver.
    pub sockets_work: bool,
}

/// Dials the addresses in `lookup`, and ends before `until`.
pub async fn dial_gateway<P: Dialer + Clock>(
    ports: &P,
    origin: &Origin,
    lookup: &Lookup,
    until: UnixMillis,
) -> Dialled {
    let all = lookup.consensus.addresses().iter().map(|seen| seen.address);
    let can_be_dialled = |address: &IpAddr| origin.hostname.is_local() || classify(*address) == AddressClass::Public;
    let (open, not_public): (Vec<IpAddr>, Vec<IpAddr>) = all.partition(can_be_dialled);
    let port = origin.effective_port();
    let peers: Vec<String> =
        open.iter().take(MAX_ADDRESSES).map(|address| SocketAddr::new(*address, port).to_string()).collect();
    let mut dials = Vec::new();
    for wave in peers.chunks(AT_ONCE) {
        // This wave, the one after it, the resolvers: each has its share of the time.
        dials.extend(dial_each(ports, wave, until, 3).await);
    }
    let opened = dials.iter().any(|dial| dial.outcome.is_ok());
    let sockets_work = opened || (!dials.is_empty() && resolver_opens(ports, lookup, until).await);
    Dialled { not_tried: open.len().saturating_sub(dials.len()), dials, not_public, sockets_work }
}

async fn resolver_opens<P: Dialer + Clock>(ports: &P, lookup: &Lookup, until: UnixMillis) -> bool {
    let told = lookup.observations.iter().filter(|seen| seen.outcome.has_told());
    let peers: Vec<String> = told.filter_map(|seen| peer_of(&seen.resolver)).take(AT_ONCE).collect();
    dial_each(ports, &peers, until, 1).await.iter().any(|dial| dial.outcome.is_ok())
}

fn peer_of(url: &str) -> Option<String> {
    let url = RequestUrl::parse(url)?;
    let port = if url.scheme == "http" { 80 } else { 443 };
    Some(if url.authority == url.host { format!("{}:{port}", url.host) } else { url.authority.to_owned() })
}

/// All of `peers` at once, within the `share`th part of what is left until `until`; none where nothing is left.
async fn dial_each<P: Dialer + Clock>(ports: &P, peers: &[String], until: UnixMillis, share: u64) -> Vec<Dial> {
    let left = until.since_ms(ports.now()).checked_div(share).unwrap_or_default();
    match u32::try_from(left).unwrap_or(DIAL_MS).min(DIAL_MS) {
        0 => Vec::new(),
        timeout_ms => join_all(peers.iter().map(|peer| dial(ports, peer, timeout_ms))).await,
    }
}

async fn dial<P: Dialer + Clock>(ports: &P, peer: &str, timeout_ms: u32) -> Dial {
    let begun = ports.now();
    let outcome = ports.dial(peer, timeout_ms).await;
    let took_ms = u32::try_from(ports.now().since_ms(begun)).unwrap_or(u32::MAX);
    Dial { peer: peer.to_owned(), outcome, took_ms }
}
