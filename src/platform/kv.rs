//! Workers KV for the core: the two calls that are needed, bound by hand. The SDK's builders bring options and value
//! conversions that weigh more than everything else in this folder.

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::js;
use crate::config::KV_BINDING;
use crate::ports::StoreFailure;

#[wasm_bindgen]
extern "C" {
    /// `KVNamespace`.
    #[derive(Clone)]
    pub(super) type Namespace;

    #[wasm_bindgen(method, catch)]
    fn get(this: &Namespace, key: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn put(this: &Namespace, key: &str, value: &str, options: &JsValue) -> Result<Promise, JsValue>;
}

/// The namespace bound as [`KV_BINDING`].
pub(super) fn namespace(env: &JsValue) -> Option<Namespace> {
    let bound = js::property(env, KV_BINDING);
    bound.is_object().then(|| bound.unchecked_into())
}

pub(super) async fn get(namespace: Option<&Namespace>, key: &str) -> Result<Option<String>, StoreFailure> {
    let namespace = namespace.ok_or(StoreFailure::Missing)?;
    Ok(settle(namespace.get(key)).await?.as_string())
}

pub(super) async fn put(
    namespace: Option<&Namespace>,
    key: &str,
    value: &str,
    expires_in_s: Option<u32>,
) -> Result<(), StoreFailure> {
    let namespace = namespace.ok_or(StoreFailure::Missing)?;
    let options = expires_in_s.map_or(JsValue::UNDEFINED, expiring);
    settle(namespace.put(key, value, &options)).await.map(|_undefined| ())
}

/// `{ expirationTtl }`.
fn expiring(seconds: u32) -> JsValue {
    let options = js_sys::Object::new();
    // Setting a property of a fresh object cannot fail.
    let _ = js_sys::Reflect::set(&options, &"expirationTtl".into(), &seconds.into());
    options.into()
}

async fn settle(call: Result<Promise, JsValue>) -> Result<JsValue, StoreFailure> {
    let unavailable = |error: JsValue| StoreFailure::Unavailable(js::words(&error));
    JsFuture::from(call.map_err(unavailable)?).await.map_err(unavailable)
}
