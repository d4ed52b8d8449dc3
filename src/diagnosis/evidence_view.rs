//! The `evidence` member of problem documents, for operators.

use serde::Serialize;
use serde_json::Value;

use super::{Evidence, Hop, RecordEvidence, Verdict};
use crate::dns::{ChainRow, Consensus, Lookup, ResolverRow, chain_rows};
use crate::json::json;

/// The chain with the failed hop, addresses, last good addresses and their time, resolver answers.
pub fn evidence_view(evidence: &Evidence, verdict: Option<&Verdict>, colo: Option<&str>) -> Value {
    let lookup = evidence.lookup.as_ref();
    json!({
        "origin": evidence.hostname,
        "edge_name": evidence.edge_name,
        "failure": evidence.failure,
        "because": verdict.map(|verdict| verdict.because.as_str()),
        "failed_hop": verdict.and_then(|verdict| verdict.failed_hop.as_ref()).map(HopView::from),
        "chain": lookup.map(chain),
        "addresses": lookup.map(|lookup| lookup.consensus.addresses()),
        "last_good": last_good(&evidence.record),
        "resolvers": lookup.map(resolvers),
        "seen_from": colo,
        "observed_at": lookup.map(|lookup| lookup.at),
    })
}

/// A hop with what it is in words.
#[derive(Serialize)]
struct HopView<'a> {
    #[serde(flatten)]
    hop: &'a Hop,
    is: &'static str,
}

impl<'a> From<&'a Hop> for HopView<'a> {
    fn from(hop: &'a Hop) -> Self {
        Self { hop, is: hop.kind.describe() }
    }
}

/// The consensus' chain, or else the longest that a resolver saw before it failed.
fn chain(lookup: &Lookup) -> Vec<ChainRow> {
    let (links, addresses) = match &lookup.consensus {
        Consensus::Known { chain, addresses, .. } => (chain.as_slice(), addresses.as_slice()),
        Consensus::Absent { chain, .. } => (chain.as_slice(), [].as_slice()),
        Consensus::Unknown { .. } => {
            let longest = lookup.observations.iter().map(|seen| seen.chain.as_slice()).max_by_key(|chain| chain.len());
            (longest.unwrap_or_default(), [].as_slice())
        }
    };
    chain_rows(lookup.name.as_str(), links, addresses)
}

fn resolvers(lookup: &Lookup) -> Vec<ResolverRow> {
    lookup.observations.iter().map(ResolverRow::from).collect()
}

fn last_good(record: &RecordEvidence) -> Value {
    match record {
        RecordEvidence::Present { addresses, at, .. } => json!({ "addresses": addresses, "at": at }),
        RecordEvidence::Empty => Value::Null,
        RecordEvidence::Unavailable => json!({ "unknown": "KV is missing or did not answer in time" }),
        RecordEvidence::Unreadable => json!({ "unknown": "the stored record cannot be read by this version" }),
    }
}
