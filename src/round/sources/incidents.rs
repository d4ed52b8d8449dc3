//! Incidents: opened, changed, ended.

use serde_json::Value;

use crate::config::{Origin, Severity};
use crate::diagnosis::general_remedy;
use crate::json::json;
use crate::notices::{Notice, Phase, Told};
use crate::origin::{EndedBy, Ending, HopKind, Incident, LastGood, RecordCopy};
use crate::problem::{Fix, When, entry, explanation};
use crate::round::{Seen, SeenOrigin};
use crate::time::UnixMillis;

/// An incident that is younger is left to the isolate that stored it, which tells at once; KV may not show yet that it
/// has. In milliseconds.
const LEFT_TO_ITS_ISOLATE_MS: u64 = 60_000;

/// KV may show an older record to one and a newer state to the other; not for so long, in milliseconds.
const LOST_AFTER_MS: u64 = 10 * 60 * 1000;

/// What the keys begin with.
const KEY: &str = "incident/";

pub(super) fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    seen.origins.iter().flat_map(|it| of_origin(seen, it)).collect()
}

fn of_origin(seen: &Seen<'_>, it: &SeenOrigin<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    let record = it.copy.record();
    for past in record.into_iter().flat_map(|record| record.past.iter().rev()) {
        notices.push(opened(it, past));
        notices.extend(past.ended.map(|ending| resolved(it.origin, past, ending)));
    }
    // An incident that could not be stored is open all the same.
    let unstored = it.here.as_ref().filter(|here| record.is_none_or(|record| !record.has_ended(&here.id)));
    if let Some(open) = record.and_then(|record| record.incident.as_ref()).or(unstored) {
        let young = seen.now.since_ms(open.since) < LEFT_TO_ITS_ISOLATE_MS;
        if !(seen.scheduled && young) {
            notices.push(opened(it, open));
        }
    }
    notices.extend(lost(seen, it));
    notices
}

/// What was told as open, and is no longer known although the record is: an incident that could not be stored before its
/// isolate was lost, or one of the many that a record has no room for.
fn lost(seen: &Seen<'_>, it: &SeenOrigin<'_>) -> Vec<Notice> {
    let record = match &it.copy {
        RecordCopy::Present(_) | RecordCopy::Empty if seen.scheduled => it.copy.record(),
        _ => return Vec::new(),
    };
    let of_record = record.into_iter().flat_map(|record| record.past.iter().chain(&record.incident));
    let known: Vec<String> = of_record.chain(&it.here).map(key_of).collect();
    let not_over = |told: &&Told| told.phase == Phase::Opened || told.attempts > 0;
    let open = seen.told.told.iter().filter(|told| told.key.starts_with(KEY)).filter(not_over);
    let of_origin = open.filter(|told| told.origin.as_ref() == Some(&it.origin.name) && !known.contains(&told.key));
    let lost = of_origin.filter(|told| seen.now.since_ms(told.at) >= LOST_AFTER_MS);
    lost.map(|told| no_longer_known(it.origin, told, seen.now)).collect()
}

fn no_longer_known(origin: &Origin, told: &Told, now: UnixMillis) -> Notice {
    Notice {
        key: told.key.clone(),
        phase: Phase::Resolved,
        code: told.code.clone(),
        severity: Severity::Error,
        origin: Some(origin.name.clone()),
        title: format!("{}: this incident is no longer known to go on", origin.name),
        detail: "It could not be stored, or its record has no room for it; what is open now is told by itself.".into(),
        before: json!({ "code": told.code }),
        after: Value::Null,
        path: format!("/history?origin={}", origin.name),
        at: now,
    }
}

fn key_of(incident: &Incident) -> String {
    format!("{KEY}{}", incident.id)
}

fn opened(it: &SeenOrigin<'_>, incident: &Incident) -> Notice {
    let origin = it.origin;
    let changed = incident.changes.last();
    Notice {
        phase: Phase::Opened,
        title: format!("{}: {}", origin.name, entry(incident.code).title),
        detail: advice(it, incident),
        before: changed.map_or(Value::Null, |change| json!({ "code": change.from, "hop": change.hop })),
        after: json!({ "code": incident.code, "hop": incident.hop }),
        at: incident.since,
        ..about(origin, incident)
    }
}

fn resolved(origin: &Origin, incident: &Incident, ending: Ending) -> Notice {
    let Incident { code, hop, since, count, .. } = incident;
    let by = match ending.by {
        EndedBy::ClientAnswered => "The origin answered a client.",
        EndedBy::HealthAnswered => "The origin answered the guard's own request for its health path.",
    };
    Notice {
        phase: Phase::Resolved,
        title: format!("{} answers again ({})", origin.name, entry(*code).title),
        detail: format!("{by} It lasted from {since} to {}, with {count} failed request(s) counted.", ending.at),
        before: json!({ "code": code, "hop": hop }),
        after: json!({ "ended_by": ending.by }),
        at: ending.at,
        ..about(origin, incident)
    }
}

fn about(origin: &Origin, incident: &Incident) -> Notice {
    Notice {
        key: key_of(incident),
        phase: Phase::Opened,
        code: incident.code.as_str().to_owned(),
        severity: Severity::Error,
        origin: Some(origin.name.clone()),
        title: String::new(),
        detail: String::new(),
        before: Value::Null,
        after: Value::Null,
        path: format!("/incidents/{}", incident.id),
        at: UnixMillis(0),
    }
}

/// What it means, who acts, and the first thing to do. The page of the incident tells the rest.
fn advice(it: &SeenOrigin<'_>, incident: &Incident) -> String {
    let (row, told) = (entry(incident.code), explanation(incident.code));
    let fix = told.fixes.iter().find(|fix| fits(fix, incident)).or(told.fixes.first());
    let hop = incident.hop.as_ref().map(|hop| format!(" The resolution fails at {hop}.")).unwrap_or_default();
    let first = fix.map(|fix| format!(" First: {}", general_remedy(fix).action)).unwrap_or_default();
    let meaning = told.meaning.split_inclusive(". ").next().unwrap_or_default().trim_end();
    filled(it, incident, &format!("{meaning}{hop} Who acts: {}.{first}", row.who_acts.label()))
}

/// `text` with what is known in the place of its placeholders.
fn filled(it: &SeenOrigin<'_>, incident: &Incident, text: &str) -> String {
    let good = it.copy.record().and_then(|record| record.last_good.as_ref());
    let addresses: Vec<String> =
        good.map(LastGood::bare_addresses).unwrap_or_default().iter().map(ToString::to_string).collect();
    let mut text = text.replace("<hostname>", it.origin.hostname.as_str());
    if let Some(hop) = &incident.hop {
        text = text.replace("<failed-hop>", hop.as_str());
    }
    if let Some(first) = addresses.first() {
        text = text.replace("<current-address>", first).replace("<current-addresses>", &addresses.join(", "));
    }
    text
}

fn fits(fix: &Fix, incident: &Incident) -> bool {
    match fix.when {
        When::FailedAt(kinds) => incident.hop.as_ref().is_some_and(|hop| kinds.contains(&HopKind::of(hop))),
        When::Always => true,
        When::ZoneRoute | When::OtherName => false,
    }
}
