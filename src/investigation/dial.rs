//! Opening a TCP connection to each of the gateway's addresses.
//!
//! A connection that opens proves that something listens there. One that does not proves little: the runtime has the
//! same words for a refusal and for a network that it may not use, and a Worker's sockets leave from addresses that are
//! not in Cloudflare's published list (<https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/>). So the
//! resolvers that have just answered over HTTPS are dialled too: where one opens, sockets work here.

use std::net::IpAddr;

use crate::config::Origin;
use crate::dns::Lookup;
use crate::net::{AddressClass, classify};
use crate::ports::{Clock, Dial, Dialer};
use crate::proxy::RequestUrl;
use crate::time::UnixMillis;

/// More addresses than this are not dialled.
const MAX_ADDRESSES: usize = 8;
/// Connections at once. A Worker has six; the health path's request holds one of them.
const AT_ONCE: usize = 4;
/// A connection within one continent opens in a fraction of this, in milliseconds.
const DIAL_MS: u64 = 1_000;

/// All connections that were tried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialled {
    /// In the order of the addresses.
    pub dials: Vec<Dial>,
    /// Addresses that were not dialled: there are too many, or no time was left.
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
    let mut dialled = Dialled::default();
    let mut peers = Vec::new();
    for address in lookup.consensus.addresses().iter().map(|seen| seen.address) {
        if origin.hostname.is_local() || classify(address) == AddressClass::Public {
            peers.push(peer(address, origin.effective_port()));
        } else {
            dialled.not_public.push(address);
        }
    }
    for wave in peers.chunks(AT_ONCE).take(MAX_ADDRESSES / AT_ONCE) {
        // This wave, the one after it, the resolvers: each has its share of the time.
        dialled.dials.extend(dial(ports, wave, until, 3).await);
    }
    dialled.not_tried = peers.len().saturating_sub(dialled.dials.len());
    dialled.sockets_work = any_open(&dialled.dials)
        || (!dialled.dials.is_empty() && any_open(&dial(ports, &resolvers(lookup), until, 1).await));
    dialled
}

fn peer(address: IpAddr, port: u16) -> String {
    match address {
        IpAddr::V4(address) => format!("{address}:{port}"),
        IpAddr::V6(address) => format!("[{address}]:{port}"),
    }
}

fn any_open(dials: &[Dial]) -> bool {
    dials.iter().any(|dial| dial.outcome.is_ok())
}

/// The peers of the resolvers that could tell.
fn resolvers(lookup: &Lookup) -> Vec<String> {
    let mut peers = Vec::new();
    for seen in &lookup.observations {
        if let Some(url) =
            RequestUrl::parse(&seen.resolver).filter(|_| seen.outcome.has_told() && peers.len() < AT_ONCE)
        {
            let port = if url.scheme == "http" { 80 } else { 443 };
            let has_port = url.authority != url.host;
            peers.push(if has_port { url.authority.to_owned() } else { format!("{}:{port}", url.host) });
        }
    }
    peers
}

/// All of `peers` at once, within the `share`th part of what is left until `until`; none where nothing is left.
async fn dial<P: Dialer + Clock>(ports: &P, peers: &[String], until: UnixMillis, share: u64) -> Vec<Dial> {
    let left = until.since_ms(ports.now()).checked_div(share).unwrap_or_default().min(DIAL_MS);
    match u32::try_from(left) {
        Ok(timeout_ms @ 1..) => ports.dial(peers, timeout_ms).await,
        _ => Vec::new(),
    }
}
