//! The list of service tags in KV.

use crate::azure::load_knowledge;
use crate::network_check::{CloudTag, Document, TagKeeping, are_recent, cloud_tags, keep_tags, read, wants_tags};
use crate::ports::{Ports, StoreFailure};
use crate::refresh::{Scene, Stored, read_key, write_key};

/// Where it is. No origin's key: those have a slash.
pub const TAGS_KEY: &str = "service-tags";

/// Adds the kept list to documents that have none. Without one, or where KV does not tell, the checks say what they miss.
pub async fn add_kept_tags(ports: &impl Ports, documents: &mut Vec<Document>) {
    if let Ok(Some(kept)) = kept(ports).await {
        documents.extend(Some(kept).filter(|kept| wants_tags(documents, kept)));
    }
}

/// Whether the kept list is of the cloud of `documents`, and of the last days.
pub(super) async fn kept_tags_serve(ports: &impl Ports, documents: &[Document]) -> bool {
    let kept = kept(ports).await.ok().flatten();
    kept.is_some_and(|kept| wants_tags(documents, &kept) && are_recent(&kept, ports.now()))
}

/// Keeps the list among `documents`, and says what became of it.
pub async fn store_tags<P: Ports>(scene: &Scene<'_, P>, documents: &[Document]) -> String {
    let ports = scene.ports;
    let kept = match kept(ports).await {
        Ok(kept) => kept,
        Err(failure) => return format!("The list of service tags was not stored: {failure}."),
    };
    match keep_tags(documents, kept.as_ref(), &locations(scene).await, ports.now()) {
        TagKeeping::Leave(reason) => format!("The list of service tags was not stored: {reason}."),
        TagKeeping::Keep(text, list) => match write_key(ports, TAGS_KEY, &text, None).await {
            Stored::Written => format!("The list of service tags was stored: {list}."),
            other => format!("The list of service tags: {}.", other.describe()),
        },
    }
}

/// The tags of Azure's addresses at `locations`, of the kept list; `None`: there is none, or KV does not tell.
pub async fn kept_cloud_tags(ports: &impl Ports, locations: &[String]) -> Option<Vec<CloudTag>> {
    let kept = kept(ports).await.ok().flatten()?;
    Some(cloud_tags(&kept, locations))
}

/// Where the instances of all origins are, as far as ARM has said. Each once.
async fn locations<P: Ports>(scene: &Scene<'_, P>) -> Vec<String> {
    let mut all = Vec::new();
    for origin in &scene.config.origins {
        let known = load_knowledge(scene, origin, 0).await;
        let declared = known.record().and_then(|known| known.declared.as_ref());
        all.extend(declared.iter().flat_map(|declared| declared.locations.iter().cloned()));
    }
    all.sort();
    all.dedup();
    all
}

/// What cannot be read counts as none: nothing is lost by writing a good list over it.
async fn kept(ports: &impl Ports) -> Result<Option<Document>, StoreFailure> {
    let text = read_key(ports, TAGS_KEY).await?;
    Ok(text.and_then(|text| read(TAGS_KEY, text.as_bytes()).0.into_iter().next()))
}
