//! Look-ups as the admin interface and problem documents show them.

use std::net::IpAddr;

use serde_json::Value;

use super::{ChainLink, ExtendedError, Observation, Outcome, Rcode, SeenAddress};
use crate::json::{ToValue, json, value, with_given};
use crate::time::UnixMillis;

/// One record of the chain: a CNAME, or an address at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainRow {
    /// Owner name.
    pub name: String,
    /// `CNAME`, `A` or `AAAA`.
    pub kind: &'static str,
    /// Remaining lifetime in seconds when it was seen.
    pub ttl_s: u32,
    /// The CNAME's target, or the address.
    pub target: String,
}

impl ToValue for ChainRow {
    fn to_value(&self) -> Value {
        json!({ "name": self.name, "type": self.kind, "ttl_s": self.ttl_s, "target": self.target })
    }
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub detail: Option<String>,
    /// Extended errors (RFC 8914).
    pub extended_errors: Vec<ExtendedError>,
}

impl ToValue for ResolverRow {
    fn to_value(&self) -> Value {
        let errors = Some(&self.extended_errors).filter(|errors| !errors.is_empty());
        let always = json!({
            "url": self.url,
            "outcome": self.outcome,
            "rcode": self.rcode,
            "addresses": self.addresses,
            "took_ms": self.took_ms,
            "at": self.at,
        });
        with_given(always, &mut [("detail", value(&self.detail)), ("extended_errors", value(&errors))])
    }
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
