//! The Workers shell: the only module that knows JavaScript. It turns objects into plain data, calls the core and
//! turns the answer back.
//!
//! | File | What it does |
//! | --- | --- |
//! | `entry.js` | the Worker's default export: sends requests along their lanes, calls the module, fails open |
//! | `lanes.js`, `route.rs` | where requests for a host go; decided once for each |
//! | `forward.js`, `upstream.js` | one proxied exchange with its deadline; the request to the origin |
//! | `life.js`, `last_resort.js` | a new instance after a trap; what works without one |
//! | `mod.rs` | what the module exports |
//! | `judge.rs`, `suspect.rs` | a failed or suspect exchange |
//! | `backend_watch.rs` | signs that a backend refuses the gateway |
//! | `admin.rs`, `respond.rs` | the admin interface, answers |
//! | `cron.rs` | the scheduled run |
//! | `isolate.rs` | what an isolate keeps between requests |
//! | `ports.rs`, `dial.js`, `web_crypto.js`, `kv.rs`, `limiter.rs`, `js.rs` | clock, HTTP, TCP, signatures, KV and the shared count for the core; reading JavaScript values |
//! | `panic.rs`, `log.rs` | what is written to the console |

mod admin;
mod backend_watch;
mod cron;
mod isolate;
mod js;
mod judge;
mod kv;
mod limiter;
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

pub use route::Lane;

/// Where requests like this one go. Exported by hand and not through the SDK's macro: the request and the origin's
/// response stay the runtime's own objects, and no future is made where a promise can be handed on.
#[wasm_bindgen]
pub fn lane(request: &Request, env: &JsValue) -> Lane {
    route::lane(request, env)
}

/// The guard's own answer to a request that leads to no origin.
#[wasm_bindgen]
pub fn answer(request: &Request, env: &JsValue) -> Promise {
    route::answer(request, env)
}

/// What clients would see of a failure; `undefined` where no operator asks.
#[wasm_bindgen]
pub fn rehearse(request: &Request, env: &JsValue) -> Result<JsValue, JsValue> {
    judge::rehearse(request, env)
}

/// The cron trigger.
#[wasm_bindgen]
pub fn scheduled(_event: JsValue, env: JsValue, _ctx: JsValue) -> Promise {
    js::promise(async move {
        cron::run(&env).await;
        Ok(JsValue::UNDEFINED)
    })
}
