//! Which incident a failure belongs to.

use crate::config::Origin;
use crate::origin::{Incident, RecordCopy, incident_id};
use crate::problem::Code;
use crate::refresh::Scene;
use crate::time::UnixMillis;

/// The open incident of the record or of this isolate, else a new one that begins `at`.
pub(super) fn join_incident<P>(
    scene: &Scene<'_, P>,
    origin: &Origin,
    copy: &RecordCopy,
    code: Code,
    at: UnixMillis,
) -> Incident {
    let stored = copy.record().and_then(|record| record.incident.clone());
    scene.remember(|memory| {
        let open = stored.or_else(|| memory.open_incident(&origin.name, at));
        let begun = || Incident { id: incident_id(&origin.name, at), since: at, code };
        let incident = Incident { code, ..open.unwrap_or_else(begun) };
        memory.note_failure(&origin.name, at, incident.clone());
        incident
    })
}
