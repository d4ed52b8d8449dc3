//! Workers KV for the core.

use wasm_bindgen::JsValue;
use worker::kv::KvStore;

use super::js;
use crate::config::KV_BINDING;
use crate::ports::StoreFailure;

/// The namespace bound as [`KV_BINDING`].
pub(super) fn store(env: &JsValue) -> Option<KvStore> {
    js::property(env, KV_BINDING).is_object().then(|| KvStore::from_this(env, KV_BINDING).ok()).flatten()
}

pub(super) async fn get(store: Option<&KvStore>, key: &str) -> Result<Option<String>, StoreFailure> {
    let store = store.ok_or(StoreFailure::Missing)?;
    store.get(key).text().await.map_err(|error| StoreFailure::Unavailable(error.to_string()))
}

pub(super) async fn put(store: Option<&KvStore>, key: &str, value: &str) -> Result<(), StoreFailure> {
    let store = store.ok_or(StoreFailure::Missing)?;
    let write = store.put(key, value).map_err(|error| StoreFailure::Unavailable(error.to_string()))?;
    write.execute().await.map_err(|error| StoreFailure::Unavailable(error.to_string()))
}
