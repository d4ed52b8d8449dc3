//! The end of an incident.

use crate::config::Origin;
use crate::ports::Ports;
use crate::refresh::{Scene, Stored, load_record, save_record};

/// An origin that has failed answers again: closes the incident, in this isolate's memory and in the record.
pub async fn note_recovery<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) -> Stored {
    scene.remember(|memory| memory.note_recovery(&origin.name));
    let copy = load_record(scene, origin, 0).await;
    save_record(scene, origin, &copy, |record| record.incident = None).await
}
