//! Panics: none is expected, every one is logged, and the next request finds a fresh instance.

use std::panic;

use web_sys::Request;
use worker::event;

use super::route;

/// Once per instance of the module.
#[event(start)]
fn start() {
    log_before_recovery();
    route::install();
}

/// Chains `console_error_panic_hook` before the hook that is there: the SDK's own, which marks the instance for
/// replacement. `console_error_panic_hook::set_once` would drop it.
fn log_before_recovery() {
    let sdk_hook = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        console_error_panic_hook::hook(info);
        sdk_hook(info);
    }));
}

/// In the build that tests recovery the module sees every request, in a deployed one the first of each host.
pub(super) const LANES_LAST: bool = !cfg!(feature = "panic-probe");

/// Panics on purpose, in the build that tests recovery.
#[cfg(feature = "panic-probe")]
#[expect(clippy::panic, clippy::manual_assert, reason = "the whole point of this build")]
pub(super) fn probe(request: &Request) {
    if request.headers().has("x-panic-probe").unwrap_or(false) {
        panic!("panic on purpose");
    }
}

/// Does nothing in a deployed build.
#[cfg(not(feature = "panic-probe"))]
pub(super) const fn probe(_: &Request) {}
