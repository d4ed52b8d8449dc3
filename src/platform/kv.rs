//! Workers KV for the core.

use wasm_bindgen::JsValue;
use worker::kv::KvStore;

use super::js;
use crate::ports::StoreFailure;

/// The name of the binding.
pub(super) const BINDING: &str = "GUARD_KV";

/// The namespace bound as [`BINDING`].
pub(super) fn store(env: &JsValue) -> Option<KvStore> {
    js::property(env, BINDING).is_object().then(|| KvStore::from_this(env, BINDING).ok()).flatten()
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
