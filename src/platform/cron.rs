//! The scheduled run: every origin whose record is due, the zone's own records, then the targets of the allowlist.

use wasm_bindgen::JsValue;

use super::isolate::Isolate;
use super::log;
use super::ports::WorkerPorts;
use crate::allowlist::keep_up_targets;
use crate::investigation::visit_all;
use crate::zone::keep_up_zones;

pub(super) async fn run(env: &JsValue) {
    let isolate = Isolate::of(env);
    let ports = WorkerPorts::new(env);
    let scene = isolate.scene(&ports);
    let origins: Vec<_> = scene.config.origins.iter().collect();
    log::scheduled_run(&origins, &visit_all(scene, &origins, false).await);
    keep_up_zones(scene).await;
    log::targets(&keep_up_targets(scene).await);
}
