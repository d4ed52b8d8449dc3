//! Changes of the addresses in DNS.

use crate::config::{Origin, Severity};
use crate::json::value;
use crate::notices::{Notice, Phase};
use crate::origin::Drift;
use crate::round::Seen;

pub(super) fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    for it in &seen.origins {
        let drifts = it.copy.record().map_or(&[][..], |record| &record.drifts);
        notices.extend(drifts.iter().rev().map(|drift| notice(it.origin, drift)));
    }
    notices
}

fn notice(origin: &Origin, drift: &Drift) -> Notice {
    let name = &origin.name;
    let hop = drift.hop.as_ref().map(|hop| format!(" The chain now leads over {hop}.")).unwrap_or_default();
    Notice {
        key: format!("drift/{name}/{}", drift.at.0),
        phase: Phase::Happened,
        code: "drift".into(),
        severity: Severity::Warning,
        origin: Some(name.clone()),
        title: format!("{name}: the gateway's addresses changed in DNS"),
        detail: format!(
            "{} has other addresses than before.{hop} Whoever lets the gateway in or out by address has to know the new \
             ones; an address that is not seen any more need not be gone.",
            origin.hostname
        ),
        before: value(&drift.before),
        after: value(&drift.after),
        path: format!("/history?origin={name}"),
        at: drift.at,
    }
}
