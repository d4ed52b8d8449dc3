//! Look-ups as the admin interface and problem documents show them.

use std::net::IpAddr;

use serde::Serialize;

use super::{ChainLink, ExtendedError, Observation, Outcome, Rcode, SeenAddress};
use crate::time::UnixMillis;

/// One record of the chain: a CNAME, or an address at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainRow {
    /// Owner name.
    pub name: String,
    /// `CNAME`, `A` or `AAAA`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Remaining lifetime in seconds when it was seen.
    pub ttl_s: u32,
    /// The CNAME's target, or the address.
    pub target: String,
}

/// The chain from the name asked for (`name`) to its addresses.
pub fn chain_rows(name: &str, chain: &[ChainLink], addresses: &[SeenAddress]) -> Vec<ChainRow> {
    let hops = chain.iter().map(|link| ChainRow {
        name: link.name.to_string(),
        kind: "CNAME",
        ttl_s: link.ttl_s,
        target: link.target.to_string(),
    });
    let owner = chain.last().map_or(name, |link| link.target.as_str());
    let ends = addresses.iter().map(|seen| ChainRow {
        name: owner.to_owned(),
        kind: if seen.address.is_ipv4() { "A" } else { "AAAA" },
        ttl_s: seen.ttl_s,
        target: seen.address.to_string(),
    });
    hops.chain(ends).collect()
}

/// What one resolver said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResolverRow {
    /// The resolver.
    pub url: String,
    /// `known`, `absent` or `unknown`.
    pub outcome: &'static str,
    /// RCODE; `None` where no DNS answer came.
    pub rcode: Option<Rcode>,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// In milliseconds.
    pub took_ms: u32,
    /// When it was asked.
    pub at: UnixMillis,
    /// In a sentence, where it is not simply known, or not for both IPv4 and IPv6.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Extended errors (RFC 8914).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extended_errors: Vec<ExtendedError>,
}

impl From<&Observation> for ResolverRow {
    fn from(observation: &Observation) -> Self {
        Self {
            url: observation.resolver.clone(),
            outcome: observation.outcome.word(),
            rcode: observation.rcode(),
            addresses: observation.outcome.addresses().iter().map(|seen| seen.address).collect(),
            took_ms: observation.took_ms,
            at: observation.at,
            detail: detail(observation),
            extended_errors: observation.extended_errors.clone(),
        }
    }
}

fn detail(observation: &Observation) -> Option<String> {
    match &observation.outcome {
        Outcome::Known { .. } => observation.unanswered.as_ref().map(ToString::to_string),
        Outcome::Absent(absence) => Some(absence.to_string()),
        Outcome::Unknown { failure } => Some(failure.to_string()),
    }
}
