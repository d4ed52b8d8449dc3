//! Messages that no honest server sends.

use domain::base::iana::Rtype;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::invariants::assert_invariants;
use super::test_messages::Reply;
use super::{Answer, parse_answer};
use crate::net::Hostname;

const ASKED: &str = "a.test";

/// Reads the message as the answer to both questions about [`ASKED`].
fn read(message: &[u8]) -> Vec<Result<Answer, String>> {
    let asked: Hostname = ASKED.parse().unwrap();
    let each = [false, true].into_iter().map(|v6| (v6, parse_answer(message, &asked, v6)));
    each.map(|(v6, answer)| answer.inspect(|answer| assert_invariants(answer, ASKED, v6))).collect()
}

/// A header with these counts, the question, and `rest`.
fn raw(answers: u16, rest: &[u8]) -> Vec<u8> {
    let mut message = Reply::to(ASKED, false).opt_records(0).bytes();
    message[6..8].copy_from_slice(&answers.to_be_bytes());
    message.extend_from_slice(rest);
    message
}

/// A record with this owner and data in wire format.
fn raw_record(owner: &[u8], rtype: Rtype, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [owner, &rtype.to_int().to_be_bytes(), &[0, 1, 0, 0, 0, 60], &length.to_be_bytes(), data].concat()
}

fn pointer(to: usize) -> [u8; 2] {
    (0xc000 | u16::try_from(to).unwrap()).to_be_bytes()
}

/// Where the first record begins, and the question's name.
const FIRST: usize = 12 + 8 + 4;
const QNAME: usize = 12;

#[test]
fn a_compression_pointer_goes_back_or_the_message_is_refused() {
    for to in [FIRST, FIRST + 1, FIRST + 40, 0x3fff] {
        let record = raw_record(&pointer(to), Rtype::A, &[1, 2, 3, 4]);
        assert!(read(&raw(1, &record)).iter().all(Result::is_err), "{to}");
    }
    let back = raw_record(&pointer(QNAME), Rtype::A, &[1, 2, 3, 4]);
    assert_eq!(read(&raw(1, &back))[0].as_ref().map(|answer| answer.addresses.len()), Ok(1));
}

#[test]
fn two_pointers_that_chase_each_other_are_refused() {
    let rings = [raw_record(&pointer(FIRST + 12), Rtype::CNAME, &pointer(FIRST)), pointer(FIRST).to_vec()];
    assert!(read(&raw(2, &rings.concat())).iter().all(Result::is_err));
}

#[test]
fn names_that_grow_by_pointers_end_at_255_octets() {
    // Each record's data is a label and a pointer to the data before: names of 2, 4, 6 … labels' length.
    let step = 12 + 2 + 4;
    let data_at = |n: usize| FIRST + 14 + n * step;
    let records: Vec<u8> = (0..400)
        .flat_map(|n| {
            let before = if n == 0 { QNAME } else { data_at(n - 1) };
            raw_record(&pointer(QNAME), Rtype::CNAME, &[&[1, b'x'], &pointer(before)[..]].concat())
        })
        .collect();
    let words = read(&raw(400, &records))[0].clone().unwrap_err();
    assert!(words.contains("long domain name"), "{words}");
}

#[test]
fn a_message_full_of_aliases_with_the_longest_names_is_read_to_its_end() {
    // One name of 253 octets, then as many aliases as fit, each of them of a name that ends in it.
    let label = |length: u8| [vec![length], vec![b'x'; length.into()]].concat();
    let long = [label(63), label(63), label(63), label(58), vec![0]].concat();
    let aliases = (0..2500u16).flat_map(|n| {
        let owner = [&[1, b'a' + u8::try_from(n % 26).unwrap()], &pointer(FIRST + 12)[..]].concat();
        raw_record(&owner, Rtype::CNAME, &pointer(QNAME))
    });
    let first = raw_record(&pointer(QNAME), Rtype::NULL, &long);
    let records: Vec<u8> = first.into_iter().chain(aliases).collect();
    assert_eq!(read(&raw(2501, &records))[0].as_ref().map(|answer| answer.chain.len()), Ok(0));
}

#[test]
fn counts_that_promise_more_than_there_is_are_refused() {
    assert!(read(&raw(u16::MAX, &raw_record(&pointer(QNAME), Rtype::A, &[1, 2, 3, 4]))).iter().all(Result::is_err));
}

#[test]
fn an_address_of_another_length_is_refused() {
    for length in [0, 3, 5, 16] {
        let record = raw_record(&pointer(QNAME), Rtype::A, &vec![1; length]);
        assert!(read(&raw(1, &record))[0].is_err(), "{length}");
    }
}

#[test]
fn thousands_of_extended_errors_are_cut_down() {
    let reply = (0..9000u16).fold(Reply::to(ASKED, false).rcode(2), |reply, code| reply.ede(code, ""));
    assert_eq!(read(&reply.bytes())[0].as_ref().map(|answer| answer.extended_errors.len()), Ok(8));
    let reply = Reply::to(ASKED, false).rcode(2).ede(22, vec![b'x'; 60_000]);
    assert_eq!(read(&reply.bytes())[0].as_ref().map(|answer| answer.extended_errors[0].text.len()), Ok(200));
}

fn valid() -> Reply {
    Reply::to(ASKED, false)
        .cname("b.test", 60, "c.example")
        .cname(ASKED, 300, "b.test")
        .address("c.example", 60, [20, 1, 2, 3])
        .soa("example", 60, 30)
        .ede(22, "no reachable authority")
}

proptest! {
    #[test]
    fn arbitrary_octets_never_panic(octets in vec(any::<u8>(), 0..600)) {
        read(&octets);
    }

    #[test]
    fn arbitrary_octets_behind_the_question_never_panic(answers: u16, octets in vec(any::<u8>(), 0..600)) {
        read(&raw(answers % 8, &octets));
    }

    #[test]
    fn a_damaged_answer_never_panics(damage in vec((any::<Index>(), any::<u8>()), 1..6), cut: Option<Index>) {
        let mut octets = valid().bytes();
        for (at, octet) in damage {
            *at.get_mut(&mut octets) = octet;
        }
        let length = cut.map_or(octets.len(), |at| at.index(octets.len()));
        read(&octets[..length]);
    }

    #[test]
    fn what_was_built_is_read_back_whatever_the_order(
        ttls in vec(0u32..=0x7fff_ffff, 1..15),
        addresses in proptest::collection::btree_map(any::<u32>(), 0u32..=0x7fff_ffff, 0..20),
        order in any::<Index>(),
        rcode in 0u16..4096,
    ) {
        let hop = |n: usize| if n == 0 { ASKED.to_owned() } else { format!("Hop{n}.Test") };
        let chained = ttls.iter().enumerate().fold(Reply::to(ASKED, false).rcode(rcode), |reply, (n, ttl)| {
            reply.cname(&hop(n), *ttl, &hop(n.saturating_add(1))).address(&hop(n), 5, [9, 9, 9, 9]).cname("stray.test", *ttl, &hop(n))
        });
        let mut reply = addresses.iter().fold(chained, |reply, (address, ttl)| {
            reply.address(&hop(ttls.len()), *ttl, address.to_be_bytes())
        });
        let middle = order.index(reply.answers.len());
        reply.answers.rotate_left(middle);
        reply.answers.reverse();
        let answer = read(&reply.bytes()).remove(0).unwrap();
        let seen: Vec<_> = answer.addresses.iter().map(|seen| (seen.address, seen.ttl_s)).collect();
        let built: Vec<_> = addresses.iter().map(|(it, ttl)| (it.to_be_bytes().into(), *ttl)).collect();
        prop_assert_eq!(seen, built);
        prop_assert_eq!(answer.chain.iter().map(|link| link.ttl_s).collect::<Vec<_>>(), ttls);
        prop_assert_eq!(answer.rcode.0, rcode);
    }
}
