//! The targets of the configuration, each with the list of its origin.

use super::apply::{Lists, Mode, TargetReport, apply_targets};
use super::{Allowlist, Held, Source, gather};
use crate::azure::{Declared, KnowledgeCopy, load_knowledge};
use crate::config::{AllowlistTarget, Config, Origin};
use crate::ports::{Ports, StoreFailure};
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
        let Ok(declared) = known_of(scene, origin).await else { continue };
        let from = declared_from(origin);
        let source = Source { origin: origin.name.clone(), from, declared, observed: Vec::new() };
        lists.push((origin.name.clone(), gather(&[source], held)));
    }
    lists
}

/// Azure is not asked about an origin without `azure`.
async fn known_of<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) -> Result<Option<Declared>, StoreFailure> {
    if origin.azure.is_none() { Ok(None) } else { declared_of(scene, origin).await }
}

/// `ARM, service /subscriptions/…`: what the declared addresses of `origin` are made from.
pub fn declared_from(origin: &Origin) -> String {
    let service = origin.azure.as_ref().map(|azure| {
        format!(
            "ARM, service /subscriptions/{}/resourceGroups/{}/providers/Microsoft.ApiManagement/service/{}",
            azure.subscription_id, azure.resource_group, azure.service_name
        )
    });
    service.unwrap_or_default()
}

/// What ARM was last known to declare about `origin`; `None` where nothing is known.
///
/// # Errors
/// Where KV did not tell.
pub async fn declared_of<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) -> Result<Option<Declared>, StoreFailure> {
    match load_knowledge(scene, origin, 0).await {
        KnowledgeCopy::Present(known) => Ok(known.declared.clone()),
        KnowledgeCopy::Empty | KnowledgeCopy::Unreadable(_) => Ok(None),
        KnowledgeCopy::Unavailable(failure) => Err(failure),
    }
}
