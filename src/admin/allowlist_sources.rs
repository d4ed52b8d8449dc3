//! What is known of the origins that a list is asked for, and why there may be no list.
//!
//! A list that lacks an origin only because it could not be found out would take addresses off when it is applied: that is
//! no list at all. Only an origin that Azure is not asked about is left out, and the list says so.

use crate::allowlist::{Allowlist, Held, Source, gather};
use crate::azure::{CLIENT_SECRET, Caveat, Knowledge, KnowledgeCopy, load_knowledge};
use crate::config::Origin;
use crate::origin::{RecordCopy, StoredCopy};
use crate::ports::{Ports, StoreFailure};
use crate::refresh::{Scene, load_record};
use crate::time::UnixMillis;

/// The list, before it is narrowed to what was asked for.
pub(super) struct Found {
    pub(super) list: Allowlist,
    /// When Azure last confirmed the oldest of what it was made from.
    pub(super) confirmed_at: Option<UnixMillis>,
}

/// Why there is none.
pub(super) enum NoList {
    /// What is declared is not known; with what to do.
    Unknown(String),
    /// KV did not tell.
    NotReadable(String),
}

/// The list of `origins`; with `observed` also what is seen in DNS.
pub(super) async fn find<P: Ports>(
    scene: &Scene<'_, P>,
    origins: &[&Origin],
    observed: bool,
    held: Held,
) -> Result<Found, NoList> {
    let (mut sources, mut unknown) = (Vec::new(), Vec::new());
    for origin in origins {
        let azure = load_knowledge(scene, origin, 0).await;
        let record = if observed { load_record(scene, origin, 0).await } else { RecordCopy::Empty };
        readable(origin, &azure)?;
        readable(origin, &record)?;
        if let Some(reason) = record.why_unread() {
            return Err(NoList::Unknown(format!("What was seen in DNS of {} is not known: {reason}.", origin.name)));
        }
        match Source::of(origin, azure.record(), record.record()) {
            Some(source) => sources.push(source),
            None => unknown.push((*origin, azure)),
        }
    }
    let must_be_known = |unknown: &(&Origin, KnowledgeCopy)| observed || unknown.0.azure.is_some();
    let list = if unknown.iter().any(must_be_known) { None } else { gather(&sources, held) };
    let Some(mut list) = list else {
        return Err(NoList::Unknown(why_unknown(scene, &unknown, observed)));
    };
    list.caveats.extend(unknown.iter().map(|(origin, _)| not_declared(origin)));
    let confirmed_at = sources.iter().filter_map(|source| Some(source.declared.as_ref()?.at)).min();
    Ok(Found { list, confirmed_at })
}

/// From a KV that does not answer it may be known at the next try; without KV nothing is.
fn readable<T>(origin: &Origin, copy: &StoredCopy<T>) -> Result<(), NoList> {
    match copy {
        StoredCopy::Unavailable(failure @ StoreFailure::Unavailable(_)) => {
            Err(NoList::NotReadable(format!("Which addresses {} has could not be read ({failure}).", origin.name)))
        }
        _ => Ok(()),
    }
}

fn not_declared(origin: &Origin) -> Caveat {
    Caveat {
        code: "origin_not_declared".into(),
        detail: format!("The origin {} has no azure section: its addresses are not on this list.", origin.name),
    }
}

/// For each origin why, then what to do.
fn why_unknown<P>(scene: &Scene<'_, P>, unknown: &[(&Origin, KnowledgeCopy)], observed: bool) -> String {
    let mut sentences: Vec<String> =
        unknown.iter().map(|(origin, copy)| format!("{}: {}", origin.name, reason(scene, origin, copy))).collect();
    sentences.push(if observed {
        "Nothing has been seen in DNS either: POST /refresh looks now.".into()
    } else {
        "evidence=observed gives the inbound addresses seen in DNS, which a backend does not see.".into()
    });
    if scene.config.origins.len() > 1 {
        sentences.push("origin= asks for one origin alone.".into());
    }
    sentences.join(" ")
}

fn reason<P>(scene: &Scene<'_, P>, origin: &Origin, copy: &KnowledgeCopy) -> String {
    if origin.azure.is_none() {
        return "set origins[].azure (subscription_id, resource_group, service_name).".into();
    }
    if scene.config.azure.is_none() {
        return "set the section azure (tenant_id, client_id).".into();
    }
    match copy {
        KnowledgeCopy::Unreadable(fault) => format!("what is stored of Azure's word cannot be read: {fault}."),
        KnowledgeCopy::Present(known) => told(known),
        KnowledgeCopy::Empty | KnowledgeCopy::Unavailable(_) => not_asked(scene).into(),
    }
}

/// What Azure said instead of addresses, or why it said nothing.
fn told(known: &Knowledge) -> String {
    let fault = known.fault.iter().map(|run| format!("{} (status has the remedy)", run.fault.kind.sentence()));
    let caveats = known.undeclared.iter().map(|caveat| caveat.detail.clone());
    let reasons: Vec<String> = fault.chain(caveats).collect();
    if reasons.is_empty() { "Azure declares no address of the instance.".into() } else { reasons.join("; ") + "." }
}

fn not_asked<P>(scene: &Scene<'_, P>) -> &'static str {
    if scene.secrets.get(CLIENT_SECRET).is_none() {
        "the secret AZURE_CLIENT_SECRET is not set."
    } else if !scene.secrets.kv_bound {
        "no KV namespace is bound as GUARD_KV, in which Azure's word is kept."
    } else {
        "Azure has not been asked yet: POST /refresh asks now."
    }
}
