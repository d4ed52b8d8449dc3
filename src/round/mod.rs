//! The scheduled run: look at every origin, keep the allowlist's targets up, tell what there is to tell, say that the guard is
//! well. And the telling alone,
//! right after a request's failure was stored.
//!
//! A step more stands in [`run`]; what it found goes into [`Seen`], and what there is to tell of it is a row of
//! `sources::SOURCES`.

mod heartbeat;
mod seen;
mod sources;
mod state_io;
mod tell;
mod test_notice;

use std::pin::Pin;

use crate::allowlist::{TargetReport, keep_up_targets};
use crate::config::{Fault, Origin};
use crate::investigation::{Visit, visit_all};
use crate::network_watch::keep_up_check;
use crate::ports::Ports;
use crate::refresh::Scene;
use crate::zone::keep_up_zones;

pub use seen::{Seen, SeenOrigin};
pub use sources::{notices, seen_once};
pub use state_io::{StateCopy, known_state};
pub use tell::{Report, Undelivered};
pub use test_notice::{TestOutcome, send_test};

/// What a scheduled run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// One for each origin, in the order of the configuration.
    pub visits: Vec<Visit>,
    /// What was done at the targets of the allowlist.
    pub targets: Vec<TargetReport>,
    /// The notices.
    pub notices: Report,
    /// Whether the heartbeat was taken; `None` where none is configured or the run was not good.
    pub heartbeat: Option<Result<(), String>>,
}

/// The scheduled run. `faults` are those of the configuration. One boxed form: it is held once.
pub fn run<'a, P: Ports>(scene: Scene<'a, P>, faults: &'a [Fault]) -> Pin<Box<dyn Future<Output = Round> + 'a>> {
    Box::pin(async move {
        let origins: Vec<&Origin> = scene.config.origins.iter().collect();
        let visits = visit_all(scene, &origins, false).await;
        keep_up_zones(scene).await;
        for (origin, visit) in origins.iter().zip(&visits) {
            keep_up_check(scene, origin, visit.has_drifted()).await;
        }
        let targets = keep_up_targets(scene).await;
        let (told, copy) = known_state(&scene).await;
        let seen = Seen::of_run(&scene, faults, (&visits, &targets), told).await;
        let notices = tell::tell(&scene, &seen, &copy).await;
        let heartbeat = heartbeat::beat(&scene, &seen, &notices).await;
        Round { visits, targets, notices, heartbeat }
    })
}

/// Tells what there is to tell of one origin, right after something of it was stored. Costs nothing where nobody is to be
/// told.
pub fn tell_now<'a, P: Ports>(scene: Scene<'a, P>, origin: &'a Origin) -> Pin<Box<dyn Future<Output = Report> + 'a>> {
    Box::pin(async move {
        if scene.config.notify.targets.is_empty() {
            return Report::default();
        }
        let (told, copy) = known_state(&scene).await;
        let seen = Seen::of_request(&scene, origin, told).await;
        tell::tell(&scene, &seen, &copy).await
    })
}
