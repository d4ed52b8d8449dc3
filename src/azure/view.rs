//! The knowledge as `status` shows it.

use serde_json::Value;

use super::{Declared, DeclaredAddress, Direction, FaultRun, Knowledge};
use crate::config::AzureConfig;
use crate::json::json;
use crate::time::UnixMillis;

/// `declared` of the contract: `inbound[]` and `outbound[]` without what is gone, `addresses[]` with all that is known.
/// Where ARM's lists are empty now, that is unknown and not empty: what it declared before is shown.
pub fn declared_view(declared: &Declared) -> Value {
    let all_missing = declared.addresses.iter().all(|one| one.gone_since.is_some());
    let of = |not: Direction| -> Vec<String> {
        let is_shown = |one: &&DeclaredAddress| one.direction != not && (all_missing || one.gone_since.is_none());
        let current = declared.addresses.iter().filter(is_shown);
        let mut all: Vec<String> = current.map(|one| one.network.to_string()).collect();
        all.dedup();
        all
    };
    json!({
        "inbound": of(Direction::Outbound),
        "outbound": of(Direction::Inbound),
        "at": declared.at,
        "locations": declared.locations,
        "addresses": declared.addresses.iter().map(address).collect::<Vec<_>>(),
        "caveats": declared.caveats,
    })
}

fn address(one: &DeclaredAddress) -> Value {
    json!({
        "cidr": one.network,
        "direction": one.direction,
        "location": one.location,
        "first_seen_at": one.first_seen_at,
        "gone_since": one.gone_since,
    })
}

/// Everything else: the instance's state, what stands in the way of asking and how it is mended.
pub fn knowledge_view(known: &Knowledge, azure: Option<&AzureConfig>) -> Value {
    let service = known.service.as_ref();
    json!({
        "resource": known.resource,
        "existence": known.presence.existence,
        "existence_since": happened(known.presence.since),
        "restorable_until": known.presence.restorable_until,
        "provisioning_state": service.and_then(|service| service.provisioning_state.clone()),
        "subscription_state": known.subscription_state(),
        "tier": service.map(|service| service.sku.clone()),
        "platform_version": service.and_then(|service| service.platform_version.clone()),
        "created_at": service.and_then(|service| service.created_at),
        "virtual_network_type": service.and_then(|service| service.network_type.clone()),
        "public_network_access": service.and_then(|service| service.public_access.clone()),
        "private_endpoints": service.map(|service| service.private_endpoints),
        "etag": service.and_then(|service| service.etag.clone()),
        "read_at": happened(known.read_at),
        "asked_at": happened(known.asked_at),
        "fault": known.fault.as_ref().map(|run| fault(run, azure)),
        "caveats": known.undeclared,
        "changes": known.changes,
        "abandoned_since": known.abandoned_since,
    })
}

/// `None` for what has not happened yet.
fn happened(at: UnixMillis) -> Option<UnixMillis> {
    Some(at).filter(|at| at.0 > 0)
}

fn fault(run: &FaultRun, azure: Option<&AzureConfig>) -> Value {
    let (fault, fix) = (&run.fault, run.fault.fix(azure));
    json!({
        "code": fault.kind,
        "title": fault.kind.sentence(),
        "said": fault.said,
        "path": fault.path,
        "request_id": fault.request_id,
        "since": run.since,
        "until": fault.until,
        "who": fix.who,
        "action": fix.action,
        "command": fix.command,
    })
}
