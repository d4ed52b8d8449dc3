//! What every flow works with.

use std::cell::RefCell;

use crate::azure;
use crate::config::{Config, Origin};
use crate::notices::NoticeMemory;
use crate::origin::Memory;
use crate::secrets::Secrets;
use crate::sign_in::SignInMemory;

/// The surroundings, the isolate's memory and the configuration. No memory is ever borrowed across an `await`.
pub struct Scene<'a, P> {
    /// Clock, HTTP, store.
    pub ports: &'a P,
    /// The isolate's memory.
    pub memory: &'a RefCell<Memory>,
    /// What the isolate keeps of Azure, likewise.
    pub arm: &'a RefCell<azure::Memory>,
    /// The isolate's memory of notices.
    pub notices: &'a RefCell<NoticeMemory>,
    /// The effective configuration.
    pub config: &'a Config,
    /// Secrets and bindings.
    pub secrets: &'a Secrets,
    /// The isolate's memory of who tried to sign in.
    pub sign_in: &'a RefCell<SignInMemory>,
}

impl<P> Clone for Scene<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Scene<'_, P> {}

impl<P> Scene<'_, P> {
    /// Works on the memory.
    pub fn remember<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        work(&mut self.memory.borrow_mut())
    }

    /// The origin with this name.
    pub fn origin(&self, name: &str) -> Option<&Origin> {
        self.config.origins.iter().find(|origin| origin.name == name)
    }
}
