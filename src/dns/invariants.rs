//! What holds of every answer that was read, whatever octets it was read from. Also part of the fuzz target
//! `dns_message`.

use std::collections::BTreeSet;

use super::{Answer, MAX_HOPS};

/// Asserts them of what a message was read as.
pub(super) fn assert_invariants(answer: &Answer, asked: &str, v6: bool) {
    assert_chain(answer, asked);
    assert!(answer.addresses.iter().all(|seen| seen.address.is_ipv6() == v6), "the asked family only");
    assert!(answer.addresses.is_sorted_by(|one, next| one.address < next.address), "sorted, each once");
    assert!(answer.addresses.len() <= 64, "bounded");
    assert!(lifetimes(answer).all(|ttl_s| ttl_s <= i32::MAX.unsigned_abs()), "31 bits");
    assert!(answer.rcode.0 < 1 << 12, "12 bits");
    assert_errors(answer);
}

fn assert_chain(answer: &Answer, asked: &str) {
    let names: Vec<&str> = answer.chain.iter().map(|link| link.name.as_str()).collect();
    let targets: Vec<&str> = answer.chain.iter().map(|link| link.target.as_str()).collect();
    assert!(names.len() <= MAX_HOPS + 1, "bounded");
    assert!(names.iter().eq([asked].iter().chain(&targets).take(names.len())), "hop by hop from {asked}: {names:?}");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "no hop twice");
}

fn lifetimes(answer: &Answer) -> impl Iterator<Item = u32> {
    let links = answer.chain.iter().map(|link| link.ttl_s);
    links.chain(answer.addresses.iter().map(|seen| seen.ttl_s)).chain(answer.negative_ttl_s)
}

fn assert_errors(answer: &Answer) {
    assert!(answer.extended_errors.len() <= 8, "bounded");
    for error in &answer.extended_errors {
        assert!(error.text.chars().count() <= 200 && !error.text.contains(char::is_control), "{error:?}");
    }
}
