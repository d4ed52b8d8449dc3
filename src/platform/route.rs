//! A request to the admin interface, or to its origin.

use js_sys::Promise;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Request, RequestInit};

use super::isolate::Isolate;
use super::{admin, judge, panic};
use crate::config::Origin;
use crate::proxy::{OPERATOR_HEADERS, RequestUrl, Target, target_of, upstream_url};

#[wasm_bindgen(module = "/src/platform/forward.js")]
extern "C" {
    fn install_judge(judge: &JsValue);
    pub(super) fn watch_recovery(on: bool);
    fn forward(upstream: &Request, timeout_ms: u32, request: &Request, env: &JsValue, ctx: &JsValue) -> Promise;

    #[wasm_bindgen(thread_local_v2)]
    pub(super) static DEADLINE_PASSED: JsValue;
}

type Judge = dyn Fn(Request, JsValue, JsValue, JsValue, JsValue) -> JsValue;

/// Once per instance of the module: every failed exchange comes back through this one closure.
pub(super) fn install() {
    let judge: Closure<Judge> = Closure::wrap(Box::new(judge::judge));
    install_judge(judge.as_ref());
    judge.forget();
}

/// Answers `request`.
pub(super) fn route(request: &Request, env: &JsValue, ctx: &JsValue) -> Promise {
    panic::probe(request);
    let isolate = Isolate::of(env);
    let url = request.url();
    let parsed = RequestUrl::parse(&url);
    match parsed.as_ref().map_or(Target::Nowhere, |url| target_of(&isolate.loaded.config, url)) {
        Target::Origin(origin) => match parsed.and_then(|url| upstream(origin, &url, request).ok()) {
            Some(upstream) => forward(&upstream, origin.timeout_ms, request, env, ctx),
            None => admin::guard_error(&isolate, request),
        },
        Target::Admin(below) => admin::answer(&isolate, Clone::clone(request), env.clone(), below.to_owned()),
        Target::Nowhere => admin::nowhere(&isolate, request),
    }
}

/// The request to the origin: the client's own, to the gateway's name.
pub(super) fn upstream(origin: &Origin, url: &RequestUrl<'_>, request: &Request) -> Result<Request, JsValue> {
    let Some(upstream) = upstream_url(origin, url) else { return without_operator_headers(request) };
    let copy = Request::new_with_str_and_init(&upstream, request.unchecked_ref::<RequestInit>())?;
    let headers = copy.headers();
    headers.set("X-Forwarded-Host", url.authority)?;
    headers.set("X-Forwarded-Proto", url.scheme)?;
    for name in OPERATOR_HEADERS {
        headers.delete(name)?;
    }
    Ok(copy)
}

/// `zone` route: the request as it came, copied only where it carries what the origin must not see.
fn without_operator_headers(request: &Request) -> Result<Request, JsValue> {
    let carried = |name: &&str| request.headers().has(name).unwrap_or(true);
    if !OPERATOR_HEADERS.iter().any(carried) {
        return Ok(Clone::clone(request));
    }
    let copy = Request::new_with_request(request)?;
    for name in OPERATOR_HEADERS {
        copy.headers().delete(name)?;
    }
    Ok(copy)
}
