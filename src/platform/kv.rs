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
    fn put(this: &Namespace, key: &str, value: &str) -> Result<Promise, JsValue>;
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

pub(super) async fn put(namespace: Option<&Namespace>, key: &str, value: &str) -> Result<(), StoreFailure> {
    let namespace = namespace.ok_or(StoreFailure::Missing)?;
    settle(namespace.put(key, value)).await.map(|_undefined| ())
}

async fn settle(call: Result<Promise, JsValue>) -> Result<JsValue, StoreFailure> {
    let unavailable = |error: JsValue| StoreFailure::Unavailable(js::words(&error));
    JsFuture::from(call.map_err(unavailable)?).await.map_err(unavailable)
}
