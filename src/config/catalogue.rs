//! The catalogue: every key of `GUARD`, in the order of the documentation.
//!
//! Fault texts, the nearest known key, provenance and the tables of `docs/configuration.md` all come from it.

use super::key::Entry;
use super::sections::{admin, allowlist, azure, cloudflare, diagnostics, dns, notify, origins};

const SECTIONS: [&[&dyn Entry]; 8] = [
    origins::KEYS,
    dns::KEYS,
    diagnostics::KEYS,
    admin::KEYS,
    azure::KEYS,
    cloudflare::KEYS,
    allowlist::KEYS,
    notify::KEYS,
];

/// The keys of each section of `GUARD`, in the order of the documentation.
pub(super) fn sections() -> impl Iterator<Item = &'static [&'static dyn Entry]> {
    SECTIONS.into_iter()
}

/// Every key.
pub(super) fn entries() -> impl Iterator<Item = &'static dyn Entry> {
    sections().flatten().copied()
}

/// The keys of the tables at `pattern` (`origins[].azure`; empty for `GUARD` itself).
pub(super) fn children(pattern: &str) -> impl Iterator<Item = &'static dyn Entry> {
    entries().filter(move |entry| entry.parent() == pattern)
}
