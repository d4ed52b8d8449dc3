//! The Workers shell: the only module that knows JavaScript. It turns objects into plain data, calls the core and
//! turns the answer back.
//!
//! | File | What it does |
//! | --- | --- |
//! | `entry.js` | the Worker's default export: calls the module, restarts it after a trap, fails open |
//! | `forward.js` | one proxied exchange with its deadline |
//! | `mod.rs` | the two events |
//! | `route.rs` | a request to the admin interface, or to its origin |
//! | `judge.rs`, `suspect.rs` | a failed or suspect exchange |
//! | `admin.rs`, `respond.rs` | the admin interface, answers |
//! | `isolate.rs` | what an isolate keeps between requests |
//! | `ports.rs`, `kv.rs`, `js.rs` | clock, HTTP and KV for the core; reading JavaScript values |
//! | `panic.rs`, `log.rs` | what is written to the console |

mod admin;
mod cron;
mod isolate;
mod js;
mod judge;
mod kv;
mod log;
mod panic;
mod ports;
mod respond;
mod route;
mod suspect;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Request;

/// A request. Exported by hand and not through the SDK's macro: the request and the origin's response stay the
/// runtime's own objects, and no future is made where a promise can be handed on.
#[wasm_bindgen]
pub fn fetch(request: &Request, env: &JsValue, ctx: &JsValue) -> Promise {
    route::route(request, env, ctx)
}

/// The cron trigger.
#[wasm_bindgen]
pub fn scheduled(_event: JsValue, env: JsValue, _ctx: JsValue) -> Promise {
    js::promise(async move {
        cron::run(&env).await;
        Ok(JsValue::UNDEFINED)
    })
}
