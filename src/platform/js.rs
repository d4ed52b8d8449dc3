//! Reading JavaScript values without ever failing.

use std::net::IpAddr;
use std::pin::Pin;

use js_sys::{JSON, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, Request};

/// `object[name]`; `undefined` where there is no such property.
pub(super) fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// `object[name]` where it is a string with something in it.
pub(super) fn text_property(object: &JsValue, name: &str) -> Option<String> {
    property(object, name).as_string().filter(|text| !text.is_empty())
}

/// The JSON text of a variable: of a JSON variable by `JSON.stringify`, of a text variable as it stands.
pub(super) fn json_text(value: &JsValue) -> Option<String> {
    if value.is_undefined() || value.is_null() {
        return None;
    }
    value.as_string().or_else(|| JSON::stringify(value).ok().and_then(|text| text.as_string()))
}

/// A header field.
pub(super) fn header(headers: &Headers, name: &str) -> Option<String> {
    headers.get(name).ok().flatten()
}

/// Cloudflare's data centre, from `request.cf.colo`.
pub(super) fn colo(request: &Request) -> Option<String> {
    text_property(&property(request, "cf"), "colo")
}

/// The client's address, as the edge tells it (`CF-Connecting-IP`); `None` where it is missing or malformed.
pub(super) fn client(headers: &Headers) -> Option<IpAddr> {
    header(headers, "cf-connecting-ip").and_then(|address| address.trim().parse().ok())
}

/// `CF-Ray`: 16 hexadecimal digits and a data centre. Anything else is not Cloudflare's and is left out.
pub(super) fn ray_id(headers: &Headers) -> Option<String> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    header(headers, "cf-ray").filter(|ray| ray.len() <= 32 && ray.bytes().all(known))
}

/// A JavaScript error in words: `name: message`.
pub(super) fn words(error: &JsValue) -> String {
    let name = text_property(error, "name").unwrap_or_else(|| "Error".into());
    match text_property(error, "message") {
        Some(message) => format!("{name}: {message}"),
        None => error.as_string().unwrap_or(name),
    }
}

#[wasm_bindgen]
extern "C" {
    /// `ExecutionContext`.
    pub(super) type Context;

    #[wasm_bindgen(method, catch, js_name = waitUntil)]
    fn wait_until(this: &Context, promise: &Promise) -> Result<(), JsValue>;
}

#[wasm_bindgen(module = "/src/platform/life.js")]
extern "C" {
    /// `promise`, or a rejection as soon as this instance of the module dies.
    fn outlive(promise: &Promise) -> Promise;
}

/// A promise of what `work` comes to. One boxed form for all, since each form of future has a size of its own.
pub(super) fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let work: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>> = Box::pin(work);
    outlive(&wasm_bindgen_futures::future_to_promise(work))
}

/// Runs `work` after the answer has gone out.
pub(super) fn after_answer(ctx: &JsValue, work: impl Future<Output = ()> + 'static) {
    let promise = promise(async move {
        work.await;
        Ok(JsValue::UNDEFINED)
    });
    // Without a context the work still runs for as long as the runtime lets it.
    let _ = ctx.unchecked_ref::<Context>().wait_until(&promise);
}
