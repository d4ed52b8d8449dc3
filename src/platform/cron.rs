//! The scheduled run: every origin whose record is due.

use futures_util::future::join_all;
use wasm_bindgen::JsValue;

use super::isolate::Isolate;
use super::log;
use super::ports::WorkerPorts;
use crate::refresh::refresh_due;

pub(super) async fn run(env: &JsValue) {
    let isolate = Isolate::of(env);
    let ports = WorkerPorts::new(env);
    let scene = isolate.scene(&ports);
    let reports = join_all(scene.config.origins.iter().map(|origin| refresh_due(&scene, origin))).await;
    log::scheduled_run(&reports);
}
