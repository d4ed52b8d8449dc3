//! Arbitrary text as the `GUARD` variable: reading never fails, and says what is wrong where no origin comes of it.
#![no_main]

use apim_origin_guard::config::load;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let loaded = load(Some(text));
    assert!(!loaded.config.origins.is_empty() || !loaded.faults.is_empty());
});
