//! A name that was gone together with its instance is trusted again only when ARM has the instance: whoever created one of
//! that name in between would get the requests, and what is in them.
//!
//! An isolate that has not met the failure does not know of it: on the happy path nothing is read.

use super::{Investigation, Question, investigate};
use crate::config::Origin;
use crate::diagnosis::{Failure, Instance};
use crate::origin::Incident;
use crate::ports::Ports;
use crate::refresh::Scene;

/// Whether this isolate knows that the name of `origin` was abandoned. Costs nothing.
pub fn is_abandoned<P>(scene: &Scene<'_, P>, origin: &Origin) -> bool {
    scene.remember(|memory| memory.unfinished(&origin.name).is_some_and(Incident::is_of_abandoned_name))
}

/// Asks ARM; look-ups are shared as those of failures are. `None`: it has the instance, or never had one here, which makes its word one on the configuration.
pub async fn distrust<P: Ports>(scene: &Scene<'_, P>, question: &Question<'_>) -> Option<Investigation> {
    let found = investigate(scene, &Question { failure: Some(Failure::Unproven), ..*question }).await;
    let azure = found.evidence.azure.as_ref()?;
    (azure.instance != Instance::Present && azure.was_known).then_some(found)
}
