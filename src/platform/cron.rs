//! The scheduled run: every origin whose record is due, then the targets of the allowlist.

use wasm_bindgen::JsValue;

use super::isolate::Isolate;
use super::log;
use super::ports::WorkerPorts;
use crate::allowlist::keep_up_targets;
use crate::investigation::visit_all;

pub(super) async fn run(env: &JsValue) {
    let isolate = Isolate::of(env);
    let ports = WorkerPorts::new(env);
    let scene = isolate.scene(&ports);
    let origins: Vec<_> = scene.config.origins.iter().collect();
    log::scheduled_run(&origins, &visit_all(scene, &origins, false).await);
    log::targets(&keep_up_targets(scene).await);
}
