//! Arbitrary text as a bundle, as `POST /replay` takes it: what is read is written and read again as the same, and whatever
//! evidence it holds is judged and shown. Seeds: `tests/bundles/`.
#![no_main]

use apim_origin_guard::diagnosis::{checks, evidence_view, findings, remedies, verdict_view};
use apim_origin_guard::investigation::Bundle;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(bundle) = Bundle::parse(text) else { return };
    assert_eq!(Bundle::parse(&bundle.to_json()).as_ref(), Ok(&bundle));
    let again = bundle.judge_again();
    assert_eq!(again.is_some(), bundle.evidence.failure.is_some());
    for verdict in again.iter().chain([&bundle.verdict]) {
        assert!(!remedies(verdict, &bundle.evidence).is_empty());
        verdict_view(verdict);
    }
    evidence_view(&bundle.evidence, again.as_ref());
    assert!(checks(&bundle.evidence).iter().all(|check| !check.detail.is_empty()));
    findings(&bundle.evidence);
});
