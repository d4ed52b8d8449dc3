//! What there is to tell of an instance. Made anew at every run; who was told is remembered by the keys.

use serde_json::Value;

use super::{DeclaredDrift, Existence, FaultRun, GatewayHost, Knowledge, drift_causes};
use crate::config::Severity;
use crate::json::{value, word};
use crate::notices::{Notice, Phase};
use crate::problem::WhoActs;
use crate::time::UnixMillis;

/// What passes by itself is told when it has lasted so long, in seconds.
const LASTING_S: u64 = 2 * 60 * 60;
/// A certificate is told of so long before its end, in seconds: 30 days.
pub const CERTIFICATE_SOON_S: u64 = 30 * 24 * 60 * 60;

/// The notices of the instance of `origin` at `now`. An end is among them whether or not the beginning was told.
pub fn notices(known: &Knowledge, origin: &str, now: UnixMillis) -> Vec<Notice> {
    let mut all: Vec<Notice> = known.drifts.iter().map(|it| drift(it, known, origin)).collect();
    let past = known.recovered.iter().map(|run| (run, Phase::Resolved));
    let faults = past.chain(known.fault.iter().map(|run| (run, Phase::Opened)));
    all.extend(faults.filter_map(|(run, phase)| fault(run, phase, origin, now)));
    all.extend(existence(known, origin));
    all.extend(subscription(known, origin));
    let hosts = known.service.iter().flat_map(|service| &service.gateway_hosts);
    all.extend(hosts.flat_map(|host| certificate(host, known.read_at, origin, now)));
    all
}

fn notice(origin: &str, key: String, code: &str, at: UnixMillis) -> Notice {
    Notice {
        key,
        phase: Phase::Happened,
        code: code.to_owned(),
        severity: Severity::Warning,
        origin: Some(origin.to_owned()),
        title: String::new(),
        detail: String::new(),
        before: Value::Null,
        after: Value::Null,
        path: "/status".into(),
        at,
    }
}

fn drift(drift: &DeclaredDrift, known: &Knowledge, origin: &str) -> Notice {
    let causes = drift_causes(&known.changes, drift.at);
    let cause = causes.first().map(|cause| format!(" Documented cause to look at first: {cause}.")).unwrap_or_default();
    Notice {
        title: format!("Azure declares other addresses for {origin}"),
        detail: format!(
            "Backends and firewalls that list the addresses must let the new ones in before the old ones go.{cause}"
        ),
        before: value(&drift.before),
        after: value(&drift.after),
        path: format!("/history?origin={origin}"),
        ..notice(origin, format!("declared_drift/{origin}/{}", drift.at.0), "declared_drift", drift.at)
    }
}

/// What somebody must mend at once, what passes by itself when it lasts.
fn fault(run: &FaultRun, phase: Phase, origin: &str, now: UnixMillis) -> Option<Notice> {
    let kind = run.fault.kind;
    let until = if phase == Phase::Resolved { run.last_at } else { now };
    if kind.who_acts() == WhoActs::Nobody && until.since_s(run.since) < LASTING_S {
        return None;
    }
    let key = format!("azure/{origin}/{}/{}", kind.code(), run.since.0);
    let at = if phase == Phase::Resolved { run.last_at } else { run.since };
    let said = if run.fault.said.is_empty() { String::new() } else { format!("{}. ", run.fault.said) };
    Some(Notice {
        phase,
        title: format!("{}: {origin}", kind.sentence()),
        detail: format!("{said}{}", run.fault.fix(None).action),
        after: value(&kind),
        ..notice(origin, key, kind.code(), at)
    })
}

fn existence(known: &Knowledge, origin: &str) -> Option<Notice> {
    let presence = &known.presence;
    let phase = match presence.existence {
        Existence::SoftDeleted | Existence::Gone => Phase::Opened,
        Existence::Present => Phase::Resolved,
        Existence::Unknown | Existence::Missing => return None,
    };
    let until = presence.restorable_until.map(|until| format!(" It can be restored until {until}."));
    let code = if presence.existence == Existence::SoftDeleted { "apim_soft_deleted" } else { "apim_not_found" };
    Some(Notice {
        phase,
        severity: Severity::Error,
        title: format!("The instance of {origin} is {}", word(&presence.existence)),
        detail: format!("Azure Resource Manager said so at {}.{}", presence.since, until.unwrap_or_default()),
        after: value(&presence.existence),
        ..notice(origin, format!("azure/{origin}/existence"), code, presence.since)
    })
}

/// Whatever is not `Enabled`: a warned subscription may be disabled, a disabled one is.
fn subscription(known: &Knowledge, origin: &str) -> Option<Notice> {
    let (state, at) = (known.subscription_state()?, known.subscription.as_ref()?.at);
    let enabled = state.eq_ignore_ascii_case("Enabled");
    let warned = ["Warned", "PastDue"].iter().any(|word| state.eq_ignore_ascii_case(word));
    let (code, severity) = if warned {
        ("subscription_warned", Severity::Warning)
    } else {
        ("apim_subscription_disabled", Severity::Error)
    };
    Some(Notice {
        phase: if enabled { Phase::Resolved } else { Phase::Opened },
        severity,
        title: format!("The subscription of {origin} is {state}"),
        detail: "After a subscription was disabled or warned and is reinstated, the gateway's addresses may be others."
            .into(),
        after: value(&state),
        ..notice(origin, format!("azure/{origin}/subscription"), code, at)
    })
}

/// An expired one is another matter than one that will: it is told again. A good one ends both.
fn certificate(host: &GatewayHost, read_at: UnixMillis, origin: &str, now: UnixMillis) -> Vec<Notice> {
    let Some(end) = host.expires_at else { return Vec::new() };
    let about = |code: &str, phase: Phase, severity: Severity, state: &str| Notice {
        phase,
        severity,
        title: format!("The gateway's certificate for {} {state}", host.host),
        detail: format!("It ends at {end}; source {}.", host.source.as_deref().unwrap_or("not told")),
        after: value(&end),
        ..notice(origin, format!("azure/{origin}/{code}/{}", host.host), code, read_at)
    };
    if end <= now {
        vec![about("certificate_expired", Phase::Opened, Severity::Error, "has expired")]
    } else if end.since_s(now) <= CERTIFICATE_SOON_S {
        vec![about("certificate_expiring", Phase::Opened, Severity::Warning, "expires soon")]
    } else {
        let good = |code| about(code, Phase::Resolved, Severity::Warning, "is good");
        vec![good("certificate_expiring"), good("certificate_expired")]
    }
}
