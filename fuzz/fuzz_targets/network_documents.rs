//! Arbitrary octets as documents of the network check: there is always an answer, which accounts for every code, in every
//! form.
#![no_main]

use apim_origin_guard::network_check::{CATALOGUE, check, read, render, sarif};
use apim_origin_guard::problem::MediaType;
use apim_origin_guard::time::UnixMillis;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let (documents, faults) = read("fuzz", octets);
    let report = check(&documents, UnixMillis(1_795_608_000_000));
    assert_eq!(report.checked.len() + report.not_checked.len(), CATALOGUE.len());
    assert!(faults.len() <= 20);
    for media in MediaType::ALL {
        assert!(!render(&report, media).body.is_empty());
    }
    assert!(sarif(&report).starts_with('{'));
});
