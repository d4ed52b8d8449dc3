//! Which incident a failure belongs to.

use crate::config::Origin;
use crate::origin::{Incident, RecordCopy, incident_id};
use crate::ports::Clock;
use crate::problem::Code;
use crate::refresh::Scene;

/// The open incident of the record or of this isolate, else a new one.
pub(super) fn join_incident<P: Clock>(
    scene: &Scene<'_, P>,
    origin: &Origin,
    copy: &RecordCopy,
    code: Code,
) -> Incident {
    let now = scene.ports.now();
    let stored = copy.record().and_then(|record| record.incident.clone());
    scene.remember(|memory| {
        let open = stored.or_else(|| memory.open_incident(&origin.name, now));
        let begun = || Incident { id: incident_id(&origin.name, now), since: now, code };
        let incident = Incident { code, ..open.unwrap_or_else(begun) };
        memory.note_failure(&origin.name, now, incident.clone());
        incident
    })
}
