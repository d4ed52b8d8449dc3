//! A list of addresses as ARM writes it: addresses and ranges, and what is neither.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::Value;

use super::fault::one_line;
use crate::json::stored;
use crate::net::{AddressClass, classify};
use crate::network_check::field::field;

/// Entries of one list; no instance has nearly as many.
const MAX_ENTRIES: usize = 200;
/// A range of more addresses than this is none that an instance has of its own.
const WIDEST_V4: u8 = 20;
const WIDEST_V6: u8 = 48;

/// What a member such as `publicIPAddresses` holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addresses {
    /// Sorted, each once; a single address is a `/32` or `/128`.
    pub networks: Vec<IpNet>,
    /// What is no public address or range, as it was written: masked, mistyped, private.
    pub unreadable: Vec<String>,
    /// Whether the member was there and a list; where it was not, nothing is said.
    pub given: bool,
}

stored! { Addresses { networks, unreadable, given } }

impl Addresses {
    pub(super) fn read(place: &Value, name: &str) -> Self {
        let mut all = Self::default();
        let Some(member) = field(place, name) else { return all };
        let Some(list) = member.as_array() else {
            all.unreadable.push(one_line(&member.to_string()));
            return all;
        };
        all.given = true;
        for entry in list.iter().take(MAX_ENTRIES) {
            all.add(entry);
        }
        all.networks.sort_unstable();
        all.networks.dedup();
        all
    }

    fn add(&mut self, entry: &Value) {
        match entry.as_str().map(str::trim) {
            Some("") => {}
            Some(text) => match network(text) {
                Some(network) => self.networks.push(network),
                None => self.unreadable.push(one_line(text)),
            },
            None if entry.is_null() => {}
            None => self.unreadable.push(one_line(&entry.to_string())),
        }
    }

    /// Nothing in it, readable or not.
    pub(super) fn is_empty(&self) -> bool {
        self.networks.is_empty() && self.unreadable.is_empty()
    }
}

/// A public address, or a public range of a believable size.
fn network(text: &str) -> Option<IpNet> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok()?.trunc();
    let widest = if network.addr().is_ipv4() { WIDEST_V4 } else { WIDEST_V6 };
    let public = |address| classify(address) == AddressClass::Public;
    (network.prefix_len() >= widest && public(network.network()) && public(network.broadcast())).then_some(network)
}
