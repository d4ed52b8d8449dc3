//! The scheduled run.

use wasm_bindgen::JsValue;

use super::isolate::Isolate;
use super::log;
use super::ports::WorkerPorts;
use crate::round;

pub(super) async fn run(env: &JsValue) {
    let isolate = Isolate::of(env);
    let ports = WorkerPorts::new(env);
    let scene = isolate.scene(&ports);
    log::scheduled_run(&scene.config.origins, &round::run(scene, &isolate.loaded.faults).await);
}
