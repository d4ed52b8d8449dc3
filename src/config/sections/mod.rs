//! The sections of `GUARD`: in each file the keys of one section, and what is made of them.

pub(super) mod admin;
pub(super) mod allowlist;
mod authority;
pub(super) mod azure;
mod claims;
pub(super) mod cloudflare;
pub(super) mod diagnostics;
pub(super) mod dns;
mod names;
pub(super) mod notify;
pub(super) mod origins;
pub(super) mod targets;
