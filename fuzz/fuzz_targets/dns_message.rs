//! Arbitrary octets, read as the answer to either question about the name that the seeds answer.
//!
//! `cargo +nightly fuzz run dns_message fuzz/corpus/dns_message fuzz/seeds/dns_message`
#![no_main]

#[path = "../../src/dns/invariants.rs"]
mod invariants;

use apim_origin_guard::dns::{Answer, MAX_HOPS, parse_answer};
use invariants::assert_invariants;
use libfuzzer_sys::fuzz_target;

const ASKED: &str = "contoso.azure-api.net";

fuzz_target!(|octets: &[u8]| {
    let name = ASKED.parse().expect("a host name");
    for v6 in [false, true] {
        if let Ok(answer) = parse_answer(octets, &name, v6) {
            assert_invariants(&answer, ASKED, v6);
        }
    }
});
