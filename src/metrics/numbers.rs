//! What the families are made of: the same as `status` shows.

use crate::azure::{Declared, Knowledge};
use crate::diagnosis::Finding;
use crate::origin::{BackendRefusals, Record};
use crate::time::UnixMillis;

/// The guard as a whole.
#[derive(Debug, Clone)]
pub struct Numbers<'a> {
    /// The version of this build.
    pub version: &'a str,
    /// When the numbers were taken.
    pub now: UnixMillis,
    /// Mistakes in the configuration.
    pub config_faults: usize,
    /// `ok`, `unavailable` or `missing`.
    pub kv: &'a str,
    /// Names of secrets and bindings that are needed and missing.
    pub missing: Vec<String>,
    /// Every origin, by configured order.
    pub origins: Vec<OriginNumbers<'a>>,
}

/// One origin. What is not known is `None`, and gives no sample.
#[derive(Debug, Clone)]
pub struct OriginNumbers<'a> {
    /// `origins[].name`.
    pub name: &'a str,
    /// The gateway's host name.
    pub hostname: &'a str,
    /// `healthy`, `degraded`, `failing` or `unknown`.
    pub state: &'a str,
    /// What is stored, with what this isolate knows besides.
    pub record: Option<&'a Record>,
    /// The findings of `status`.
    pub findings: &'a [Finding],
    /// The latest run of signs that a backend refuses the gateway.
    pub refusals: Option<&'a BackendRefusals>,
    /// What is kept of Azure's word.
    pub azure: Option<&'a Knowledge>,
}

impl OriginNumbers<'_> {
    /// What Azure declares.
    pub(super) fn declared(&self) -> Option<&Declared> {
        self.azure?.declared.as_ref()
    }
}
