//! Arbitrary text as `Accept`: there is always an answer, and the same one each time.
#![no_main]

use apim_origin_guard::problem::negotiate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|header: &str| {
    assert_eq!(negotiate(Some(header)), negotiate(Some(header)));
});
