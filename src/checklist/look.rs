//! The live state of each step.

use super::{Situation, State};
use crate::config::{Route, Scheme};
use crate::diagnosis::{Failure, FindingCode, Instance};
use crate::dns::Lookup;
use crate::net::{HostPattern, Hostname, is_cloudflares};
use crate::origin::{HopKind, RecordCopy};
use crate::problem::{Check, CheckResult};
use crate::zone::HostReport;

/// The state, and what shows it.
pub(super) type Seen = (State, String);

fn done(why: impl Into<String>) -> Seen {
    (State::Done, why.into())
}

fn to_do(why: impl Into<String>) -> Seen {
    (State::ToDo, why.into())
}

fn unknown(why: impl Into<String>) -> Seen {
    (State::Unknown, why.into())
}

pub(super) const fn is_of_all(_: &Situation<'_>) -> bool {
    true
}

/// The first name that clients call, as far as the configuration says.
pub(super) fn api_host<'a>(situation: &Situation<'a>) -> Option<&'a Hostname> {
    situation.origin.serves.hosts().iter().find_map(|pattern| match pattern {
        HostPattern::Exact(name) => Some(name),
        HostPattern::Below(_) => None,
    })
}

/// Why Azure Resource Manager (ARM) says nothing.
fn no_arm(situation: &Situation<'_>) -> Seen {
    let configured = situation.config.azure.is_some() && situation.origin.azure.is_some();
    unknown(if configured {
        "Azure Resource Manager has not told yet, or could not be asked."
    } else {
        "Azure Resource Manager is not asked: that needs `azure` and `origins[].azure` in the configuration."
    })
}

pub(super) fn subscription(situation: &Situation<'_>) -> Seen {
    let Some(azure) = &situation.evidence.azure else { return no_arm(situation) };
    let at = azure.at;
    match azure.subscription_state.as_deref() {
        Some(state) if state.eq_ignore_ascii_case("Enabled") => done(format!("At {at} its state was Enabled.")),
        Some(state) => to_do(format!("At {at} its state was {state}.")),
        None => unknown(format!("At {at} Azure did not tell: the application may not read the subscription.")),
    }
}

pub(super) fn service(situation: &Situation<'_>) -> Seen {
    if let Some((_, because)) = finding(
        situation,
        &[
            FindingCode::Stopped,
            FindingCode::SoftDeleted,
            FindingCode::NotFound,
            FindingCode::Updating,
            FindingCode::NameDangling,
            FindingCode::NameReclaimed,
        ],
    ) {
        return to_do(because);
    }
    if stage(situation, GATEWAY_ANSWER).is_some_and(|check| check.result == CheckResult::Pass) {
        return done("The gateway answers, so it runs.");
    }
    let Some(azure) = &situation.evidence.azure else { return no_arm(situation) };
    let at = azure.at;
    match (azure.instance, azure.provisioning_state.as_deref()) {
        (Instance::Present, Some(state)) if state.eq_ignore_ascii_case("Succeeded") => {
            done(format!("At {at} Azure had it; its provisioningState was {state}."))
        }
        (Instance::Present, Some(state)) => to_do(format!("At {at} its provisioningState was {state}.")),
        (Instance::SoftDeleted, _) => to_do(format!("At {at} Azure had it among the deleted ones.")),
        (Instance::Gone, _) => to_do(format!("At {at} Azure had none of this name.")),
        (Instance::Present | Instance::Unknown, _) => unknown(format!("At {at} Azure could not tell.")),
    }
}

pub(super) fn name(situation: &Situation<'_>) -> Seen {
    let lookup = situation.evidence.lookup.as_ref();
    match stage(situation, "name") {
        Some(check) if check.result == CheckResult::Pass => done(sentence(&check.detail)),
        Some(check) if lookup.is_some_and(|it| it.consensus.word() == "absent") => to_do(sentence(&check.detail)),
        Some(check) => unknown(sentence(&check.detail)),
        None => unknown("The name was not looked up."),
    }
}

pub(super) fn record(situation: &Situation<'_>) -> Seen {
    let (origin, evidence) = (situation.origin, situation.evidence);
    if let Some((title, proof)) = finding(situation, &[FindingCode::PinnedAddressRecord]) {
        return to_do(format!("{title}: {}", sentence(&proof)));
    }
    if origin.route == Route::Direct && HopKind::of(&origin.hostname) == HopKind::Gateway {
        return done(format!("The guard asks for {} itself; no record of yours stands between.", origin.hostname));
    }
    let used = if origin.route == Route::Zone { &evidence.counterpart } else { &evidence.lookup };
    let name = &evidence.edge_name;
    match (used, zone_host(situation)) {
        (_, Some(host)) if origin.route == Route::Zone => {
            done(format!("At {} its records in the zone held no address.", host.read_at))
        }
        (Some(used), _) if origin.route == Route::Zone && is_proxied(used) => {
            unknown(format!("{name} is proxied: DNS shows Cloudflare's addresses and not what the record holds."))
        }
        (Some(used), _) if used.consensus.known().is_some() => {
            done(format!("{name} leads to its address past the gateway's own name."))
        }
        _ => unknown(format!("What {name} leads to is not known.")),
    }
}

/// Where the zone's own record is the origin: else a request that reaches the guard has proved it.
pub(super) fn is_of_zone(situation: &Situation<'_>) -> bool {
    situation.origin.route == Route::Zone
}

pub(super) fn proxied(situation: &Situation<'_>) -> Seen {
    let name = &situation.evidence.edge_name;
    if let Some((host, on)) = zone_host(situation).and_then(|host| Some((host, host.proxied?))) {
        let (at, word) = (host.read_at, if on { "on" } else { "off" });
        return if on { done } else { to_do }(format!("At {at} the proxy was {word} for {name} in the zone."));
    }
    match &situation.evidence.counterpart {
        Some(lookup) if is_proxied(lookup) => done(format!("DNS shows Cloudflare's addresses for {name}.")),
        Some(lookup) if lookup.consensus.known().is_some() => {
            to_do(format!("DNS shows other addresses than Cloudflare's for {name}: clients pass by the guard."))
        }
        _ => unknown(format!("What {name} leads to is not known.")),
    }
}

pub(super) fn is_of_tls(situation: &Situation<'_>) -> bool {
    situation.origin.scheme == Scheme::Https
}

pub(super) fn certificate(situation: &Situation<'_>) -> Seen {
    let tls_failed = matches!(situation.evidence.failure, Some(Failure::Edge { number: Some(525 | 526), .. }));
    match stage(situation, HTTPS) {
        Some(check) if check.result == CheckResult::Pass => done(sentence(&check.detail)),
        Some(check) if tls_failed => to_do(sentence(&check.detail)),
        _ => unknown("No connection came so far."),
    }
}

const HTTPS: &str = "https";
const GATEWAY_ANSWER: &str = "gateway_answer";

pub(super) fn gateway(situation: &Situation<'_>) -> Seen {
    let failed = stage(situation, HTTPS).filter(|check| check.result == CheckResult::Fail);
    match failed.or_else(|| stage(situation, GATEWAY_ANSWER)) {
        Some(check) if check.result == CheckResult::Pass => done(sentence(&check.detail)),
        Some(check) if check.result == CheckResult::Fail => to_do(sentence(&check.detail)),
        Some(check) => unknown(sentence(&check.detail)),
        None => unknown("The health path was not asked."),
    }
}

pub(super) fn allowlists(situation: &Situation<'_>) -> Seen {
    if is_refused(situation) {
        return to_do("A backend seems to refuse the gateway.");
    }
    let moved = situation.copy.record().and_then(|record| record.drifts.first());
    let which = situation.declared.map_or_else(
        || "Azure's list of them is not known here".to_owned(),
        |declared| format!("Azure declared {} of them at {}", declared.addresses.len(), declared.at),
    );
    unknown(match moved {
        Some(drift) => {
            format!("The addresses changed at {}. What the backends let in is not seen from here. {which}.", drift.at)
        }
        None => format!("What the backends let in is not seen from here. {which}."),
    })
}

pub(super) fn backends(situation: &Situation<'_>) -> Seen {
    match situation.refusals.filter(|run| run.is_current(situation.evidence.at)) {
        Some(run) => {
            to_do(format!("{} sign(s) of a refusal since {}, the last at {}.", run.count, run.first_at, run.last_at))
        }
        None => unknown(
            "No sign of a refusal in the last hour; only a call that reaches a backend proves that it is let in.",
        ),
    }
}

pub(super) fn incident(situation: &Situation<'_>) -> Seen {
    match (situation.incident, situation.copy) {
        (Some(open), _) => to_do(format!("The incident {} ({}) is open since {}.", open.id, open.code, open.since)),
        (None, RecordCopy::Present(_) | RecordCopy::Empty) => done("No incident is open."),
        (None, RecordCopy::Unreadable(fault)) => unknown(format!("The record cannot be read: {fault}.")),
        (None, RecordCopy::Unavailable(failure)) => unknown(format!("The record cannot be read: {failure}.")),
    }
}

/// The name that the edge resolves, as the zone has it.
fn zone_host<'a>(situation: &Situation<'a>) -> Option<&'a HostReport> {
    let name = situation.evidence.edge_name.as_str();
    situation.zones?.hosts.iter().find(|host| host.host == name)
}

/// The complete replacement of each pinned record.
pub(super) fn replacements(situation: &Situation<'_>) -> Vec<String> {
    let hosts = situation.zones.iter().flat_map(|zones| &zones.hosts);
    hosts.filter_map(|host| Some(host.replacement.as_ref()?.command.clone())).collect()
}

fn is_refused(situation: &Situation<'_>) -> bool {
    situation.refusals.is_some_and(|run| run.is_current(situation.evidence.at))
}

fn stage<'a>(situation: &Situation<'a>, name: &str) -> Option<&'a Check> {
    situation.checks.iter().find(|check| check.name == name)
}

/// Title and proof of the first finding that is one of `codes`.
fn finding(situation: &Situation<'_>, codes: &[FindingCode]) -> Option<(String, String)> {
    let found = situation.findings.iter().find(|finding| codes.contains(&finding.code))?;
    Some((found.title.clone(), found.evidence.clone()))
}

fn is_proxied(lookup: &Lookup) -> bool {
    let known = lookup.consensus.known();
    known.is_some_and(|(_, addresses)| addresses.iter().all(|seen| is_cloudflares(seen.address)))
}

/// A detail of a check as a sentence.
fn sentence(detail: &str) -> String {
    format!("{}.", detail.trim_end_matches('.'))
}
