//! The ordered rules: the first that the evidence supports decides.

use super::azure_rules::{explained, unproven};
use super::dns_rules::{dns_cause, judge_dns};
use super::evidence::is_dns_failure;
use super::stale_address::stale_address;
use super::{Cause, Evidence, Failure, Rejection, Verdict};
use crate::dns::Consensus;
use crate::net::{AddressClass, classify};
use crate::problem::Code;

/// The verdict on `evidence`; `None` where nothing failed.
pub fn diagnose(evidence: &Evidence) -> Option<Verdict> {
    let failure = evidence.failure?;
    Some(explained(evidence, judge(evidence, failure)).into_verdict(failure))
}

fn judge(evidence: &Evidence, failure: Failure) -> Cause {
    if is_dns_failure(&failure) {
        return judge_dns(evidence);
    }
    match failure {
        Failure::TimedOut { after_ms } => {
            Cause::new(Code::OriginResponseTimeout, format!("no response head came within {after_ms} ms"))
        }
        Failure::Unproven => unproven(evidence),
        Failure::Rejected { rejection } => judge_rejection(evidence, rejection),
        Failure::Edge { number: Some(number), .. } => judge_number(evidence, number),
        Failure::Edge { number: None, status } => {
            Cause::new(Code::CloudflareErrorUnrecognised, format!("the edge answered {status} without a number"))
        }
    }
}

/// 5xx numbers concern the connection, 1xxx numbers the set-up at Cloudflare.
fn judge_number(evidence: &Evidence, number: u16) -> Cause {
    let said = |code| Cause::new(code, format!("the edge answered with error {number}"));
    match number {
        521 => connection(evidence, said(Code::OriginConnectionRefused)),
        522 => connection(evidence, said(Code::OriginConnectionTimeout)),
        523 => connection(evidence, said(Code::OriginUnreachable)),
        525 => connection(evidence, said(Code::OriginTlsFailed)),
        526 => connection(evidence, said(Code::OriginCertificateInvalid)),
        520 => said(Code::OriginResponseInvalid),
        524 => said(Code::OriginResponseTimeout),
        1000 | 1002 => said(Code::CloudflareProhibitedAddress),
        1003 => said(Code::CloudflareDirectIp),
        1014 => said(Code::CloudflareCnameCrossAccount),
        1019 => said(Code::CloudflareWorkerLoop),
        1033 => said(Code::CloudflareTunnelDown),
        1042 => said(Code::CloudflareSameZoneWorker),
        _ => said(Code::CloudflareErrorUnrecognised),
    }
}

/// A connection failure as the edge names it, unless the address explains it.
fn connection(evidence: &Evidence, said: Cause) -> Cause {
    not_public(evidence).or_else(|| stale_address(evidence)).unwrap_or(said)
}

/// The runtime gave no cause. A name that does not resolve explains it; else the address may; else it stays open.
fn judge_rejection(evidence: &Evidence, rejection: Rejection) -> Cause {
    let consensus = evidence.lookup.as_ref().map(|lookup| &lookup.consensus);
    let resolves = matches!(consensus, Some(Consensus::Known { .. }));
    let may_be_dns = match rejection {
        Rejection::Internal => !resolves,
        Rejection::ConnectionLost | Rejection::Other => matches!(consensus, Some(Consensus::Absent { .. })),
    };
    let dns = if may_be_dns { dns_cause(evidence) } else { None };
    dns.or_else(|| not_public(evidence))
        .or_else(|| stale_address(evidence))
        .unwrap_or_else(|| open(rejection, resolves))
}

fn open(rejection: Rejection, resolves: bool) -> Cause {
    let what = match rejection {
        Rejection::ConnectionLost => "the connection was refused or lost",
        Rejection::Internal | Rejection::Other => "the runtime could not complete the request",
    };
    let name = if resolves { "the name resolves" } else { "the name could not be confirmed either way" };
    Cause::new(Code::OriginUnreachable, format!("{what}; {name}; the cause is open"))
}

/// Every address is one that a Worker cannot reach. A local origin is meant to have such addresses.
pub(super) fn not_public(evidence: &Evidence) -> Option<Cause> {
    let lookup = evidence.lookup.as_ref()?;
    let (_, addresses) = lookup.consensus.known()?;
    let public = |seen: &crate::dns::SeenAddress| classify(seen.address) == AddressClass::Public;
    if evidence.hostname.is_local() || lookup.is_partial() || addresses.iter().any(public) {
        return None;
    }
    let first = addresses.first()?.address;
    let because = format!("{} resolves to {first}, {}", evidence.hostname, classify(first).describe());
    Some(Cause::new(Code::OriginAddressNotPublic, because))
}
