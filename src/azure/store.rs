//! The knowledge in KV, behind the isolate's copy.

use std::rc::Rc;

use super::knowledge::knowledge_key;
use super::{KNOWLEDGE_SCHEMA, Knowledge};
use crate::config::{AzureResource, Origin};
use crate::origin::StoredCopy;
use crate::ports::Ports;
use crate::refresh::{Scene, Stored, read_key, write_key};

/// What KV said of the knowledge of an origin's instance.
pub type KnowledgeCopy = StoredCopy<Knowledge>;

/// What is known of the instance of `origin`: as this isolate knows it, if it was read or found less than `max_age_ms` ago,
/// else as it is stored, or as this isolate found it since. [`StoredCopy::Empty`] where ARM is not configured for it.
pub async fn load_knowledge<P: Ports>(scene: &Scene<'_, P>, origin: &Origin, max_age_ms: u64) -> KnowledgeCopy {
    let Some(resource) = origin.azure.as_ref().filter(|_| scene.config.azure.is_some()) else {
        return KnowledgeCopy::Empty;
    };
    let now = scene.ports.now();
    let recent = scene.arm.borrow().knowledge(&origin.name).filter(|(at, _)| now.since_ms(*at) < max_age_ms);
    if let Some((_, known)) = recent {
        return KnowledgeCopy::Present(known);
    }
    let stored = read(scene, origin, resource).await;
    match newest(scene, origin, &stored) {
        None => stored,
        Some(known) => {
            scene.arm.borrow_mut().remember_knowledge(&origin.name, now, Rc::clone(&known));
            KnowledgeCopy::Present(known)
        }
    }
}

/// What this isolate knows of the instance of `origin`, of whatever age.
pub fn remembered<P>(scene: &Scene<'_, P>, origin: &Origin) -> Option<Rc<Knowledge>> {
    scene.arm.borrow().knowledge(&origin.name).map(|(_, known)| known)
}

/// What is stored, or what this isolate found since: it need not have been stored.
pub(super) fn newest<P>(scene: &Scene<'_, P>, origin: &Origin, stored: &KnowledgeCopy) -> Option<Rc<Knowledge>> {
    match (stored, remembered(scene, origin)) {
        (KnowledgeCopy::Present(stored), Some(here)) if here.asked_at > stored.asked_at => Some(here),
        (KnowledgeCopy::Present(stored), _) => Some(Rc::clone(stored)),
        (_, here) => here,
    }
}

pub(super) async fn read<P: Ports>(scene: &Scene<'_, P>, origin: &Origin, resource: &AzureResource) -> KnowledgeCopy {
    match read_key(scene.ports, &knowledge_key(&origin.name)).await {
        Err(failure) => KnowledgeCopy::Unavailable(failure),
        Ok(None) => KnowledgeCopy::Empty,
        Ok(Some(stored)) => match Knowledge::parse(&stored) {
            Err(fault) => KnowledgeCopy::Unreadable(fault),
            Ok(knowledge) if knowledge.is_of(resource) => KnowledgeCopy::Present(Rc::new(knowledge)),
            Ok(_of_another_resource) => KnowledgeCopy::Empty,
        },
    }
}

/// Keeps `new`, which was made of the newest knowledge, in this isolate, and writes it where that is worth it, within the
/// budget, and never over what cannot be read. What was made of nothing since KV gave no answer is not kept: it would
/// stand for what is stored.
pub(super) async fn save_knowledge<P: Ports>(
    scene: &Scene<'_, P>,
    origin: &Origin,
    stored: &KnowledgeCopy,
    new: Knowledge,
) -> Stored {
    let now = scene.ports.now();
    let keep = |new: Knowledge| scene.arm.borrow_mut().remember_knowledge(&origin.name, now, Rc::new(new));
    let writes = stored.record().map_or(new.writes, |stored| stored.writes);
    let outcome = match stored {
        KnowledgeCopy::Unreadable(_) => Stored::KeptUnreadable,
        KnowledgeCopy::Unavailable(_) => {
            if newest(scene, origin, stored).is_some() {
                keep(new);
            }
            return Stored::Unavailable;
        }
        KnowledgeCopy::Present(old) if !old.worth_writing(&new, now) => Stored::Unchanged,
        KnowledgeCopy::Present(_) | KnowledgeCopy::Empty => match writes.spend(now) {
            None => Stored::HeldBack,
            Some(writes) => {
                let new = Knowledge { schema: KNOWLEDGE_SCHEMA, writes, written_at: now, ..new }.pruned(now);
                let text = new.to_json();
                keep(new);
                return write_key(scene.ports, &knowledge_key(&origin.name), &text, None).await;
            }
        },
    };
    keep(new);
    outcome
}
