//! The families. Their labels are bounded: origins, hosts of resolvers and missing secrets are those of the
//! configuration, codes and words are closed lists.

use super::exposition::Lines;
use super::numbers::{Numbers, OriginNumbers};
use crate::diagnosis::Finding;
use crate::json::ToValue;
use crate::origin::{Record, WRITES_PER_DAY, WriteBudget};
use crate::time::UnixMillis;

/// A family: all are gauges.
pub(super) struct Family {
    /// With the unit at its end, where it has one.
    pub(super) name: &'static str,
    /// One line without `\` and `"`.
    pub(super) help: &'static str,
    pub(super) samples: Samples,
}

/// Where its samples come from.
pub(super) enum Samples {
    Whole(fn(&Numbers<'_>, &mut Lines<'_>)),
    EachOrigin(fn(UnixMillis, &OriginNumbers<'_>, &mut Lines<'_>)),
    /// Nothing where no record is known: unknown is not 0.
    EachRecord(fn(UnixMillis, &Record, &mut Lines<'_>)),
}
use Samples::{EachOrigin, EachRecord, Whole};

const fn family(name: &'static str, help: &'static str, samples: Samples) -> Family {
    Family { name, help, samples }
}

const OUTCOMES: &[&str] = &["known", "absent", "unknown"];

/// The families in the order of the text.
pub(super) const FAMILIES: &[Family] = &[
    family(
        "origin_guard_build_info",
        "The version of this build; always 1.",
        Whole(|guard, lines| lines.add(&[("version", guard.version)], 1)),
    ),
    family(
        "origin_guard_config_faults",
        "Mistakes in the GUARD variable; config lists them.",
        Whole(|guard, lines| lines.add(&[], guard.config_faults)),
    ),
    family(
        "origin_guard_binding_missing",
        "A secret or binding that the configuration needs and that is not set; always 1.",
        Whole(|guard, lines| guard.missing.iter().for_each(|name| lines.add(&[("binding", name)], 1))),
    ),
    family(
        "origin_guard_kv_state",
        "1 for the state of GUARD_KV.",
        Whole(|guard, lines| lines.one_of("state", &["ok", "unavailable", "missing"], guard.kv)),
    ),
    family(
        "origin_guard_kv_writes_day_limit",
        "Writes to GUARD_KV for one key of an origin in any 24 hours at most.",
        Whole(|_, lines| lines.add(&[], WRITES_PER_DAY)),
    ),
    family(
        "origin_guard_origin_info",
        "The host name of the origin; always 1.",
        EachOrigin(|_, origin, lines| lines.add(&[("hostname", origin.hostname)], 1)),
    ),
    family(
        "origin_guard_origin_state",
        "1 for the state of the origin.",
        EachOrigin(|_, origin, lines| {
            lines.one_of("state", &["healthy", "degraded", "failing", "unknown"], origin.state);
        }),
    ),
    family(
        "origin_guard_last_good_lookup_age_seconds",
        "Time since the last look-up that found addresses, as far as it is stored: written every two hours at the latest.",
        EachRecord(|now, record, lines| {
            record.last_good.iter().for_each(|good| lines.add(&[], now.since_s(good.at)));
        }),
    ),
    family(
        "origin_guard_lookup_age_seconds",
        "Time since the latest look-up that is stored, whatever it found.",
        EachRecord(|now, record, lines| lines.add(&[], now.since_s(record.observed_at))),
    ),
    family(
        "origin_guard_lookup_outcome",
        "1 for what the resolvers together said at that look-up.",
        EachRecord(|_, record, lines| lines.one_of("outcome", OUTCOMES, &record.outcome)),
    ),
    family(
        "origin_guard_dns_answers",
        "Answers of each resolver (by its host) at that look-up, by outcome.",
        EachRecord(dns_answers),
    ),
    family(
        "origin_guard_addresses",
        "Addresses that the last good look-up found.",
        EachRecord(|_, record, lines| record.last_good.iter().for_each(|good| lines.add(&[], good.addresses.len()))),
    ),
    family(
        "origin_guard_drift_events",
        "Changes of the addresses that are kept, by where they were seen: of 30 days, 40 at most.",
        EachOrigin(|_, origin, lines| {
            drifts(origin, |source, times| lines.add(&[("source", source)], times.len()));
        }),
    ),
    family(
        "origin_guard_last_drift_age_seconds",
        "Time since the latest of them.",
        EachOrigin(|now, origin, lines| {
            drifts(origin, |source, times| {
                times.first().iter().for_each(|at| lines.add(&[("source", source)], now.since_s(**at)));
            });
        }),
    ),
    family(
        "origin_guard_incidents",
        "Incidents that are kept, the open one included, by the code that they have or had last: of 30 days, 40 at most.",
        EachRecord(incidents),
    ),
    family(
        "origin_guard_incident_open",
        "Whether an incident is open.",
        EachRecord(|_, record, lines| lines.add(&[], u8::from(record.incident.is_some()))),
    ),
    family(
        "origin_guard_incident_info",
        "The code of the open incident; always 1.",
        EachRecord(|_, record, lines| {
            record.incident.iter().for_each(|incident| lines.add(&[("code", incident.code.as_str())], 1));
        }),
    ),
    family(
        "origin_guard_incident_age_seconds",
        "Time since the open incident began.",
        EachRecord(|now, record, lines| {
            record.incident.iter().for_each(|incident| lines.add(&[], now.since_s(incident.since)));
        }),
    ),
    family(
        "origin_guard_incident_failures",
        "Failed requests of the open incident that were counted; isolates write their counts every half hour.",
        EachRecord(|_, record, lines| record.incident.iter().for_each(|incident| lines.add(&[], incident.count))),
    ),
    family("origin_guard_findings", "Findings as in status, by code and severity.", EachOrigin(findings)),
    family(
        "origin_guard_backend_refusals",
        "Signs that a backend refuses the gateway, of the run that is going on; 0 an hour after the last one.",
        EachOrigin(|now, origin, lines| {
            let current = origin.refusals.filter(|run| run.is_current(now)).map_or(0, |run| run.count);
            lines.add(&[], current);
        }),
    ),
    family(
        "origin_guard_kv_writes_left",
        "Writes that the budget of the key (origin/<name> or azure/<name>) still has; the last one is kept for the end of an incident.",
        EachOrigin(|now, origin, lines| {
            budgets(origin, |key, budget| lines.add(&[("key", key)], budget.left(now)));
        }),
    ),
    family(
        "origin_guard_kv_writes_today",
        "Writes of the present day (UTC) for the key, bundles of incidents included.",
        EachOrigin(|now, origin, lines| {
            budgets(origin, |key, budget| lines.add(&[("key", key)], budget.written_today(now)));
        }),
    ),
    family(
        "origin_guard_azure_reading_age_seconds",
        "Time since Azure Resource Manager last gave the service.",
        EachOrigin(|now, origin, lines| {
            if let Some(known) = origin.azure.filter(|known| known.read_at.0 > 0) {
                lines.add(&[], now.since_s(known.read_at));
            }
        }),
    ),
    family(
        "origin_guard_azure_fault_age_seconds",
        "Time since Azure Resource Manager cannot be asked, with the kind of fault; status has the remedy.",
        EachOrigin(|now, origin, lines| {
            if let Some(run) = origin.azure.and_then(|known| known.fault.as_ref()) {
                lines.add(&[("kind", &word(&run.fault.kind))], now.since_s(run.since));
            }
        }),
    ),
    family(
        "origin_guard_certificate_expires_in_seconds",
        "Time until the certificate of a host name of the gateway expires, as Azure tells; 0 once it has.",
        EachOrigin(certificates),
    ),
    family(
        "origin_guard_allowlist_entries",
        "Declared addresses and ranges on the allowlist, by status: declared now, or held after they are gone.",
        EachOrigin(allowlist),
    ),
    family(
        "origin_guard_allowlist_age_seconds",
        "Time since Azure Resource Manager last confirmed the allowlist.",
        EachOrigin(|now, origin, lines| origin.declared().iter().for_each(|it| lines.add(&[], now.since_s(it.at)))),
    ),
    family(
        "origin_guard_allowlist_caveats",
        "Reasons not to take the allowlist for all that backends see.",
        EachOrigin(|_, origin, lines| origin.declared().iter().for_each(|it| lines.add(&[], it.caveats.len()))),
    ),
];

/// The names of all families.
pub fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|family| family.name)
}

/// The times of the drifts of each source, newest first.
fn drifts(origin: &OriginNumbers<'_>, mut add: impl FnMut(&str, &[UnixMillis])) {
    if let Some(record) = origin.record {
        add("dns", &record.drifts.iter().map(|drift| drift.at).collect::<Vec<_>>());
    }
    if let Some(known) = origin.azure {
        add("azure", &known.drifts.iter().map(|drift| drift.at).collect::<Vec<_>>());
    }
}

/// The write budgets of the origin's keys.
fn budgets(origin: &OriginNumbers<'_>, mut add: impl FnMut(&str, WriteBudget)) {
    let keys = [("origin", origin.record.map(|it| it.writes)), ("azure", origin.azure.map(|it| it.writes))];
    keys.into_iter().filter_map(|(key, budget)| Some((key, budget?))).for_each(|(key, budget)| add(key, budget));
}

/// A host name may stand there twice: the certificate that expires first counts.
fn certificates(now: UnixMillis, origin: &OriginNumbers<'_>, lines: &mut Lines<'_>) {
    let service = origin.azure.and_then(|known| known.service.as_ref());
    let hosts = service.map_or(&[][..], |service| &service.gateway_hosts);
    for host in distinct(hosts.iter().map(|it| it.host.as_str())) {
        let first = hosts.iter().filter(|it| it.host == host).filter_map(|it| it.expires_at).min();
        if let Some(at) = first {
            lines.add(&[("host", host)], at.since_s(now));
        }
    }
}

/// Two resolvers may have one host: their answers are counted together.
fn dns_answers(_: UnixMillis, record: &Record, lines: &mut Lines<'_>) {
    let hosts = record.answers.iter().map(|answer| answer.resolver.as_str());
    for host in distinct(hosts) {
        for outcome in OUTCOMES {
            let same = record.answers.iter().filter(|it| it.resolver == host && it.outcome == *outcome);
            lines.add(&[("resolver", host), ("outcome", outcome)], same.count());
        }
    }
}

fn incidents(_: UnixMillis, record: &Record, lines: &mut Lines<'_>) {
    let codes = || record.incident.iter().chain(&record.past).map(|incident| incident.code.as_str());
    for code in distinct(codes()) {
        lines.add(&[("code", code)], codes().filter(|it| *it == code).count());
    }
}

fn findings(_: UnixMillis, origin: &OriginNumbers<'_>, lines: &mut Lines<'_>) {
    let words = |finding: &Finding| format!("{} {}", word(&finding.code), word(&finding.severity));
    let all: Vec<String> = origin.findings.iter().map(words).collect();
    for both in distinct(all.iter().map(String::as_str)) {
        let (code, severity) = both.split_once(' ').unwrap_or((both, ""));
        lines.add(&[("code", code), ("severity", severity)], all.iter().filter(|it| *it == both).count());
    }
}

fn word(shown: &dyn ToValue) -> String {
    shown.to_value().as_str().unwrap_or_default().to_owned()
}

fn allowlist(_: UnixMillis, origin: &OriginNumbers<'_>, lines: &mut Lines<'_>) {
    let Some(declared) = origin.declared() else { return };
    let held = declared.addresses.iter().filter(|it| it.gone_since.is_some()).count();
    lines.add(&[("status", "declared")], declared.addresses.len().saturating_sub(held));
    lines.add(&[("status", "held")], held);
}

/// Each of them once, in order.
fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for word in words {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen
}
