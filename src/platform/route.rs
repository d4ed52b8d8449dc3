//! Where requests for a host go, and what the guard answers by itself.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use web_sys::Request;

use super::isolate::Isolate;
use super::{admin, judge, panic};
use crate::proxy::{RequestUrl, Target, target_of, upstream_base};

#[wasm_bindgen(module = "/src/platform/lanes.js")]
extern "C" {
    /// `Lane`.
    #[derive(Clone)]
    pub type Lane;

    fn make_lane(prefix: &str, base: Option<&str>, timeout_ms: u32, admin_path: &str, lasting: bool) -> Lane;

    /// `url` with its path as the runtime will send it.
    fn plain_url(url: &str) -> String;
}

/// The URL by which it is decided who answers `request`.
pub(super) fn url_of(request: &Request) -> String {
    plain_url(&request.url())
}

#[wasm_bindgen(module = "/src/platform/forward.js")]
extern "C" {
    fn install_judge(judge: &JsValue);
    pub(super) fn watch_recovery(on: bool);

    /// Sends the request along its lane once more; `undefined` where there is no answer in time.
    #[wasm_bindgen(catch)]
    pub(super) fn send_again(request: &Request, lane: &Lane) -> Result<Promise, JsValue>;

    #[wasm_bindgen(thread_local_v2)]
    pub(super) static DEADLINE_PASSED: JsValue;
}

type Judge = dyn Fn(Request, JsValue, JsValue, Lane, JsValue, JsValue) -> JsValue;

/// Once per instance of the module: every failed exchange comes back through this one closure.
pub(super) fn install() {
    let judge: Closure<Judge> = Closure::wrap(Box::new(judge::judge));
    install_judge(judge.as_ref());
    judge.forget();
}

/// The lane of `request`: decided by its scheme and host alone, so it serves all requests for them.
pub(super) fn lane(request: &Request, env: &JsValue) -> Lane {
    panic::probe(request);
    let isolate = Isolate::of(env);
    let (config, url) = (&isolate.loaded.config, url_of(request));
    let parsed = RequestUrl::parse(&url);
    let prefix = parsed.map_or(url.as_str(), |url| url.prefix);
    let origin = parsed.and_then(|url| config.origin_of(url.host));
    let base = origin.map(upstream_base);
    let timeout_ms = origin.map_or(0, |origin| origin.timeout_ms);
    make_lane(prefix, base.as_deref(), timeout_ms, &config.admin.path, panic::LANES_LAST)
}

/// A request that leads to no origin.
pub(super) fn answer(request: &Request, env: &JsValue) -> Promise {
    let isolate = Isolate::of(env);
    let url = url_of(request);
    let parsed = RequestUrl::parse(&url);
    match parsed.as_ref().map_or(Target::Nowhere, |url| target_of(&isolate.loaded.config, url)) {
        Target::Admin(below) => admin::answer(&isolate, Clone::clone(request), env.clone(), below.to_owned()),
        Target::Nowhere | Target::Origin(_) => admin::nowhere(&isolate, request),
    }
}
