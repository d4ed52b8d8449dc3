//! What an isolate keeps between requests. All of it can be lost at any time.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::{js, log};
use crate::azure;
use crate::config::{KV_BINDING, Loaded, load};
use crate::notices::NoticeMemory;
use crate::origin::Memory;
use crate::refresh::Scene;
use crate::secrets::Secrets;
use crate::sign_in::SignInMemory;

/// Configuration, secrets and memory.
pub(super) struct Isolate {
    pub(super) loaded: Loaded,
    pub(super) secrets: Secrets,
    pub(super) memory: RefCell<Memory>,
    pub(super) arm: RefCell<azure::Memory>,
    pub(super) sign_in: RefCell<SignInMemory>,
    pub(super) notices: RefCell<NoticeMemory>,
}

impl Isolate {
    /// The isolate's one instance; made from `env` at the first event (variables and secrets change only by deploy).
    pub(super) fn of(env: &JsValue) -> Rc<Self> {
        ISOLATE.with(|cell| Rc::clone(cell.get_or_init(|| Rc::new(Self::new(env)))))
    }

    fn new(env: &JsValue) -> Self {
        let loaded = load(js::json_text(&js::property(env, "GUARD")).as_deref());
        loaded.faults.iter().for_each(log::config_fault);
        let secrets = secrets(env, &loaded);
        let memory = RefCell::new(Memory::seeded(js_sys::Math::random().to_bits()));
        Self {
            loaded,
            secrets,
            memory,
            arm: RefCell::default(),
            sign_in: RefCell::default(),
            notices: RefCell::default(),
        }
    }

    pub(super) fn scene<'a, P>(&'a self, ports: &'a P) -> Scene<'a, P> {
        Scene {
            ports,
            memory: &self.memory,
            arm: &self.arm,
            config: &self.loaded.config,
            secrets: &self.secrets,
            sign_in: &self.sign_in,
            notices: &self.notices,
        }
    }
}

thread_local! {
    static ISOLATE: OnceCell<Rc<Isolate>> = const { OnceCell::new() };
}

fn secrets(env: &JsValue, loaded: &Loaded) -> Secrets {
    let needed = crate::config::secrets(&loaded.config).into_iter();
    let values = needed.filter_map(|secret| js::text_property(env, &secret.name).map(|value| (secret.name, value)));
    Secrets::new(values, js::property(env, KV_BINDING).is_object())
}
