//! Findings that what is known from ARM makes, besides the state of the instance.

use std::net::IpAddr;

use super::{Finding, FindingCode};
use crate::azure::{CERTIFICATE_SOON_S, Comparison, FaultRun, GatewayHost, Knowledge};
use crate::config::{AzureConfig, Severity};
use crate::time::UnixMillis;

/// What passes by itself is told as a warning after this time, in seconds.
const LASTING_S: u64 = 60 * 60;

/// `findings` with those that `known` makes, gravest first; `seen` is what DNS shows.
pub fn with_azure(
    findings: Vec<Finding>,
    known: &Knowledge,
    seen: &[IpAddr],
    azure: Option<&AzureConfig>,
    now: UnixMillis,
) -> Vec<Finding> {
    let mut all = findings;
    all.extend(
        known.fault.iter().filter(|_| !known.presence.existence.is_deleted()).map(|run| fault(run, known, azure, now)),
    );
    all.extend(stray(known, seen, now));
    all.extend(warned(known));
    let hosts = known.service.iter().flat_map(|service| &service.gateway_hosts);
    all.extend(hosts.filter_map(|host| certificate(host, now)));
    // Stable: those of one severity keep their order.
    all.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    all
}

fn fault(run: &FaultRun, known: &Knowledge, azure: Option<&AzureConfig>, now: UnixMillis) -> Finding {
    let fix = run.fault.fix(azure);
    let passes = fix.who == crate::problem::WhoActs::Nobody;
    let severity = if passes && now.since_s(run.since) < LASTING_S { Severity::Info } else { Severity::Warning };
    let command = fix.command.map(|command| format!(" {command}")).unwrap_or_default();
    let deleted = if known.hides_deletion() { DELETION_LOOKS_ALIKE } else { "" };
    Finding {
        code: FindingCode::Azure(run.fault.kind),
        severity,
        title: run.fault.kind.sentence().into(),
        evidence: format!("since {}: {}.{deleted} {}{command}", run.since, run.fault.said, fix.action),
    }
}

const DELETION_LOOKS_ALIKE: &str =
    " It had the role before: where the role was given on the instance alone, a deleted instance looks the same.";

fn stray(known: &Knowledge, seen: &[IpAddr], now: UnixMillis) -> Option<Finding> {
    let declared = known.declared.as_ref().filter(|_| known.tells_all_addresses())?;
    let found = Comparison::of(seen, declared, now).breaks.into_iter().find(|one| one.who == "clients")?;
    Some(Finding {
        code: FindingCode::AddressNotDeclared,
        severity: Severity::Warning,
        title: "The name leads to an address that Azure does not declare for the instance".into(),
        evidence: format!("{}; asked at {}", found.why, declared.at),
    })
}

/// Disabled comes after it, and other addresses after that.
fn warned(known: &Knowledge) -> Option<Finding> {
    let state = known.subscription_state().filter(|state| !state.eq_ignore_ascii_case("Enabled"))?;
    let soon = ["Warned", "PastDue"].iter().any(|word| state.eq_ignore_ascii_case(word));
    soon.then(|| Finding {
        code: FindingCode::SubscriptionWarned,
        severity: Severity::Warning,
        title: "The subscription may be disabled, and after that the addresses may be others".into(),
        evidence: format!("its state is {state}"),
    })
}

fn certificate(host: &GatewayHost, now: UnixMillis) -> Option<Finding> {
    let at = host.expires_at?;
    let (code, severity, title) = match at {
        _ if at <= now => {
            (FindingCode::CertificateExpired, Severity::Error, "A certificate of the gateway has expired")
        }
        _ if at.since_s(now) <= CERTIFICATE_SOON_S => {
            (FindingCode::CertificateExpiring, Severity::Warning, "A certificate of the gateway expires soon")
        }
        _ => return None,
    };
    let source = host.source.as_deref().unwrap_or("not told");
    Some(Finding { code, severity, title: title.into(), evidence: format!("{}: {at}, source {source}", host.host) })
}
