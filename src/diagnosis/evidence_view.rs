//! The `evidence` member of problem documents, for operators.

use serde_json::Value;

use super::{Evidence, RecordEvidence, Verdict};
use crate::dns::{ChainRow, Consensus, Lookup, ResolverRow, chain_rows};
use crate::json::json;
use crate::origin::Hop;
use crate::problem::entry;

/// The chain with the failed hop, addresses, last good addresses and their time, resolver answers.
pub fn evidence_view(evidence: &Evidence, verdict: Option<&Verdict>) -> Value {
    let lookup = evidence.lookup.as_ref();
    json!({
        "origin": evidence.hostname,
        "edge_name": evidence.edge_name,
        "failure": evidence.failure.map(|failure| failure.to_string()),
        "because": verdict.map(|verdict| verdict.because.as_str()),
        "failed_hop": verdict.and_then(|verdict| verdict.failed_hop.as_ref()).map(hop),
        "chain": lookup.map(chain),
        "addresses": lookup.map(|lookup| lookup.consensus.addresses()),
        "last_good": last_good(&evidence.record),
        "resolvers": lookup.map(resolvers),
        "counterpart": evidence.counterpart.as_ref().map(counterpart),
        "azure": evidence.azure,
        "seen_from": evidence.seen_from,
        "observed_at": lookup.map(|lookup| lookup.at),
    })
}

/// The `verdict` member of the admin interface's answers.
pub fn verdict_view(verdict: &Verdict) -> Value {
    let row = entry(verdict.code);
    json!({
        "code": verdict.code,
        "title": row.title,
        "error_code": verdict.error_code,
        "who_acts": row.who_acts,
        "because": verdict.because,
        "explains": verdict.explains,
        "failed_hop": verdict.failed_hop.as_ref().map(hop),
    })
}

/// A hop with what it is in words.
fn hop(hop: &Hop) -> Value {
    json!({ "name": hop.name, "kind": hop.kind, "is": hop.kind.describe() })
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

/// The other name of the pair that the edge and the gateway have.
fn counterpart(lookup: &Lookup) -> Value {
    json!({
        "name": lookup.name,
        "chain": chain(lookup),
        "resolvers": resolvers(lookup),
        "observed_at": lookup.at,
    })
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
