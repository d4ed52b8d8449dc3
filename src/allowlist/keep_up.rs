//! The targets of the configuration, each with the list of its origin.

use super::apply::{Lists, Mode, apply_targets};
use super::{Allowlist, Held, Source, TargetReport, gather};
use crate::azure::{KnowledgeCopy, load_knowledge};
use crate::config::{AllowlistTarget, Config};
use crate::ports::Ports;
use crate::refresh::Scene;

/// The step of the scheduled run. Without targets it costs nothing.
pub async fn keep_up_targets<P: Ports>(scene: Scene<'_, P>) -> Vec<TargetReport> {
    work_on(scene, &selected(scene.config, None), Mode::Scheduled).await
}

/// Plans `targets`, and carries the plans out as far as `mode` and the targets' `apply` say.
pub async fn work_on<P: Ports>(scene: Scene<'_, P>, targets: &[&AllowlistTarget], mode: Mode) -> Vec<TargetReport> {
    if targets.is_empty() {
        return Vec::new();
    }
    let lists = lists(&scene).await;
    apply_targets(scene, targets, Lists(&lists), mode).await
}

/// The targets of `config`, or the one that is named.
pub fn selected<'c>(config: &'c Config, name: Option<&str>) -> Vec<&'c AllowlistTarget> {
    config.allowlist.targets.iter().filter(|target| name.is_none_or(|name| target.name == name)).collect()
}

/// The lists of all origins whose addresses could be read, each on its own: what one origin declares is not removed for
/// another one.
async fn lists<P: Ports>(scene: &Scene<'_, P>) -> Vec<(String, Option<Allowlist>)> {
    let held = Held { for_s: scene.config.allowlist.hold_removals_s, now: scene.ports.now() };
    let mut lists = Vec::new();
    for origin in &scene.config.origins {
        let azure = load_knowledge(scene, origin, 0).await;
        if matches!(azure, KnowledgeCopy::Present(_) | KnowledgeCopy::Empty) {
            let source = Source::of(origin, azure.record(), None);
            lists.push((origin.name.clone(), source.and_then(|source| gather(&[source], held))));
        }
    }
    lists
}
