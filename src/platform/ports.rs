//! The core's ports over the runtime.

use js_sys::{Date, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, Request, RequestInit, RequestRedirect, Response};

use super::suspect::BodyReader;
use super::{js, kv, limiter};
use crate::ports::{
    Clock, Dial, DialFailure, Dialer, FetchFailure, Fetcher, HttpRequest, HttpResponse, Limiter, Store, StoreFailure,
    Verifier,
};
use crate::time::UnixMillis;

/// Clock, HTTP, TCP, KV, signatures and the shared count of one event.
pub(super) struct WorkerPorts {
    kv: Option<kv::Namespace>,
    limiter: Option<limiter::RateLimit>,
}

impl WorkerPorts {
    pub(super) fn new(env: &JsValue) -> Self {
        Self { kv: kv::namespace(env), limiter: limiter::bound(env) }
    }
}

impl Clock for WorkerPorts {
    fn now(&self) -> UnixMillis {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "Date.now() is a whole number of milliseconds since 1970"
        )]
        UnixMillis(Date::now() as u64)
    }

    async fn sleep(&self, millis: u32) {
        // A promise that only ever resolves.
        let _ = JsFuture::from(elapsed(millis)).await;
    }
}

impl Store for WorkerPorts {
    async fn get(&self, key: &str) -> Result<Option<String>, StoreFailure> {
        kv::get(self.kv.as_ref(), key).await
    }

    async fn put(&self, key: &str, value: &str, expires_in_s: Option<u32>) -> Result<(), StoreFailure> {
        kv::put(self.kv.as_ref(), key, value, expires_in_s).await
    }
}

#[wasm_bindgen(module = "/src/platform/forward.js")]
extern "C" {
    fn elapsed(millis: u32) -> js_sys::Promise;
}

#[wasm_bindgen(module = "/src/platform/dial.js")]
extern "C" {
    fn open_and_close(peers: Vec<String>, timeout_ms: u32) -> js_sys::Promise;
}

impl Dialer for WorkerPorts {
    async fn dial(&self, peers: &[String], timeout_ms: u32) -> Vec<Dial> {
        // A promise that only ever resolves.
        let done = JsFuture::from(open_and_close(peers.to_vec(), timeout_ms)).await.unwrap_or_default();
        let done: js_sys::Array = done.unchecked_into();
        let mut dials = Vec::new();
        for (peer, pair) in peers.iter().zip(done.iter()) {
            let pair: js_sys::Array = pair.unchecked_into();
            let outcome = match pair.get(1).as_string() {
                None => Ok(()),
                Some(words) if words.is_empty() => Err(DialFailure::TimedOut),
                Some(words) => Err(DialFailure::Failed(words)),
            };
            dials.push(Dial { peer: peer.clone(), outcome, took_ms: millis(&pair.get(0)) });
        }
        dials
    }
}

#[wasm_bindgen(module = "/src/platform/web_crypto.js")]
extern "C" {
    fn verify_rs256(n: &str, e: &str, signed: &[u8], signature: &[u8]) -> js_sys::Promise;
    /// 128 random bits in base64url.
    pub(super) fn random_text() -> String;
}

impl Verifier for WorkerPorts {
    async fn verify_rs256(&self, n: &str, e: &str, signed: &[u8], signature: &[u8]) -> bool {
        JsFuture::from(verify_rs256(n, e, signed, signature)).await.is_ok_and(|verified| verified.is_truthy())
    }
}

impl Limiter for WorkerPorts {
    async fn count(&self, key: &str) -> Option<bool> {
        limiter::count(self.limiter.as_ref()?, key).await
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of milliseconds")]
fn millis(value: &JsValue) -> u32 {
    value.as_f64().unwrap_or_default() as u32
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    pub(super) fn global_fetch(request: &Request) -> js_sys::Promise;
}

impl Fetcher for WorkerPorts {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, FetchFailure> {
        let prepared = prepare(&request).map_err(|error| FetchFailure::Other(js::words(&error)))?;
        let answer = JsFuture::from(global_fetch(&prepared)).await.map_err(|error| failure(&error))?;
        let response: Response = answer.unchecked_into();
        let body = read_all(&response, request.max_bytes).await?;
        Ok(HttpResponse { status: response.status(), headers: fields(&response.headers()), body })
    }
}

fn prepare(request: &HttpRequest) -> Result<Request, JsValue> {
    let init = RequestInit::new();
    init.set_method(request.method);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(request.timeout_ms)));
    if !request.body.is_empty() {
        init.set_body(&Uint8Array::from(request.body.as_slice()));
    }
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    init.set_headers(&headers);
    Request::new_with_str_and_init(&request.url, &init)
}

async fn read_all(response: &Response, max_bytes: usize) -> Result<Vec<u8>, FetchFailure> {
    let Some(reader) = BodyReader::of(response) else { return Ok(Vec::new()) };
    let body = reader.whole(max_bytes).await.map_err(|error| failure(&error))?;
    body.ok_or(FetchFailure::TooLarge)
}

fn fields(headers: &Headers) -> Vec<(String, String)> {
    let pairs = js_sys::try_iter(headers).ok().flatten().into_iter().flatten().filter_map(Result::ok);
    pairs
        .filter_map(|pair| {
            let pair: js_sys::Array = pair.unchecked_into();
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        })
        .collect()
}

/// The runtime's exceptions (workerd: `jsg/util.c++`, `api/http.c++`).
pub(super) fn failure(error: &JsValue) -> FetchFailure {
    let (name, message) = (js::text_property(error, "name"), js::text_property(error, "message").unwrap_or_default());
    if matches!(name.as_deref(), Some("TimeoutError" | "AbortError")) {
        FetchFailure::TimedOut
    } else if message.starts_with("Network connection lost") {
        FetchFailure::ConnectionLost
    } else if message.starts_with("internal error") {
        FetchFailure::Internal
    } else {
        FetchFailure::Other(js::words(error))
    }
}
