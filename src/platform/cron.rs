//! The scheduled run: every origin whose record is due.

use futures_util::future::join_all;
use wasm_bindgen::JsValue;

use super::isolate::Isolate;
use super::log;
use super::ports::WorkerPorts;
use crate::investigation::visit;

pub(super) async fn run(env: &JsValue) {
    let isolate = Isolate::of(env);
    let ports = WorkerPorts::new(env);
    let scene = isolate.scene(&ports);
    let visits = scene.config.origins.iter().map(|origin| async move { (origin, visit(&scene, origin, false).await) });
    log::scheduled_run(&join_all(visits).await);
}
