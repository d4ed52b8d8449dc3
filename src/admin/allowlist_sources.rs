//! What is known of the origins that a list is asked for, and why there may be no list.
//!
//! A list that lacks an origin only because it could not be found out would take addresses off when it is applied: that is
//! no list at all. Only an origin that Azure is not asked about is left out, and the list says so.

use crate::allowlist::{Allowlist, Entry, Held, Source, declared_from, declared_of, gather, seen_in_dns};
use crate::azure::Caveat;
use crate::config::Origin;
use crate::origin::RecordCopy;
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
        match source(scene, origin, observed).await? {
            Some(source) => sources.push(source),
            None => unknown.push(*origin),
        }
    }
    let must_be_known = |origin: &&Origin| observed || origin.azure.is_some();
    let list = if unknown.iter().any(must_be_known) { None } else { gather(&sources, held) };
    let Some(mut list) = list else {
        return Err(NoList::Unknown(why_unknown(scene, &unknown, observed)));
    };
    list.caveats.extend(unknown.iter().map(|origin| not_declared(origin)));
    let confirmed_at = sources.iter().filter_map(|source| Some(source.declared.as_ref()?.at)).min();
    Ok(Found { list, confirmed_at })
}

/// `None` where nothing is known of the origin.
async fn source<P: Ports>(scene: &Scene<'_, P>, origin: &Origin, observed: bool) -> Result<Option<Source>, NoList> {
    let declared = match &origin.azure {
        Some(_) => declared_of(scene, origin).await.or_else(|failure| not_read(origin, &failure))?,
        None => None,
    };
    let seen = if observed { observed_of(scene, origin).await? } else { Vec::new() };
    let arm = declared.as_ref().map(|_| declared_from(origin));
    let dns = (!seen.is_empty()).then(|| format!("DNS, {}", origin.hostname));
    let from: Vec<String> = arm.into_iter().chain(dns).collect();
    let source = Source { origin: origin.name.clone(), from: from.join("; "), declared, observed: seen };
    Ok((!source.from.is_empty()).then_some(source))
}

async fn observed_of<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) -> Result<Vec<Entry>, NoList> {
    match load_record(scene, origin, 0).await {
        RecordCopy::Unavailable(failure) => not_read(origin, &failure),
        copy => Ok(copy.record().map(seen_in_dns).unwrap_or_default()),
    }
}

/// Without KV nothing is known; from a KV that does not answer it may be at the next try.
fn not_read<T: Default>(origin: &Origin, failure: &StoreFailure) -> Result<T, NoList> {
    match failure {
        StoreFailure::Missing => Ok(T::default()),
        StoreFailure::Unavailable(_) => {
            Err(NoList::NotReadable(format!("Which addresses {} has could not be read ({failure}).", origin.name)))
        }
    }
}

fn not_declared(origin: &Origin) -> Caveat {
    Caveat {
        code: "origin_not_declared".into(),
        detail: format!("The origin {} has no azure section: its addresses are not on this list.", origin.name),
    }
}

/// For each origin why, then what to do.
fn why_unknown<P>(scene: &Scene<'_, P>, unknown: &[&Origin], observed: bool) -> String {
    let mut sentences: Vec<String> = unknown.iter().map(|origin| reason(scene, origin)).collect();
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

fn reason<P>(scene: &Scene<'_, P>, origin: &Origin) -> String {
    let name = &origin.name;
    if origin.azure.is_none() {
        format!("{name}: set origins[].azure (subscription_id, resource_group, service_name).")
    } else if scene.config.azure.is_none() {
        format!("{name}: set the section azure (tenant_id, client_id).")
    } else if scene.secrets.get("AZURE_CLIENT_SECRET").is_none() {
        format!("{name}: the secret AZURE_CLIENT_SECRET is not set.")
    } else if !scene.secrets.kv_bound {
        format!("{name}: no KV namespace is bound as GUARD_KV.")
    } else {
        format!(
            "{name}: Azure has declared no addresses of its own so far, as with the Consumption tier or an internal network, or \
             has not answered; status says which."
        )
    }
}
