//! The rate-limiting binding.
//!
//! <https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit>

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::js;
use crate::config::LIMITER_BINDING;

#[wasm_bindgen]
extern "C" {
    /// `RateLimit`.
    #[derive(Clone)]
    pub(super) type RateLimit;

    #[wasm_bindgen(method, catch)]
    fn limit(this: &RateLimit, options: &JsValue) -> Result<Promise, JsValue>;
}

/// What is bound as [`LIMITER_BINDING`].
pub(super) fn bound(env: &JsValue) -> Option<RateLimit> {
    let bound = js::property(env, LIMITER_BINDING);
    bound.is_object().then(|| bound.unchecked_into())
}

/// `limit({ key })`: whether that was within the limit; `None` where it did not tell.
pub(super) async fn count(limiter: &RateLimit, key: &str) -> Option<bool> {
    let options = Object::new();
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&options, &"key".into(), &key.into());
    let answer = JsFuture::from(limiter.limit(&options).ok()?).await.ok()?;
    js::property(&answer, "success").as_bool()
}
