//! Messages as servers send them, and what they are read as.

use std::net::Ipv6Addr;

use super::chain::extend;
use super::test_messages::Reply;
use super::{Answer, DnsFailure, MAX_HOPS, MAX_MESSAGE_BYTES, Rcode, SeenAddress, parse_answer};
use crate::net::Hostname;

const V4: [u8; 4] = [20, 1, 2, 3];

fn name(text: &str) -> Hostname {
    text.parse().unwrap()
}

fn read(reply: &Reply) -> Result<Answer, String> {
    let (asked, v6) = reply.asks_for();
    parse_answer(&reply.bytes(), &name(&asked), v6)
}

fn fault(reply: &Reply) -> String {
    parse_answer(&reply.bytes(), &name("a.test"), false).unwrap_err()
}

fn hops(answer: &Answer) -> Vec<(&str, u32, &str)> {
    answer.chain.iter().map(|link| (link.name.as_str(), link.ttl_s, link.target.as_str())).collect()
}

#[test]
fn the_chain_stands_in_order_whatever_the_order_of_the_records() {
    let reply = Reply::to("a.test", false)
        .address("d.test", 60, V4)
        .cname("c.test", 30, "d.test")
        .cname("a.test", 300, "b.test")
        .address("unrelated.test", 5, [20, 9, 9, 9])
        .cname("stray.test", 5, "a.test")
        .cname("b.test", 20, "c.test");
    let answer = read(&reply).unwrap();
    assert_eq!(hops(&answer), [("a.test", 300, "b.test"), ("b.test", 20, "c.test"), ("c.test", 30, "d.test")]);
    assert_eq!(answer.addresses, [SeenAddress { address: V4.into(), ttl_s: 60 }]);
}

#[test]
fn only_addresses_of_the_asked_family_and_class_at_the_end_of_the_chain_count() {
    let reply = |v6| {
        Reply::to("a.test", v6)
            .cname("a.test", 300, "b.test")
            .address("a.test", 60, [9, 9, 9, 9])
            .address("a.test", 60, Ipv6Addr::LOCALHOST)
            .chaos("b.test", [9, 9, 9, 9].into())
            .address("b.test", 60, V4)
            .address("b.test", 70, Ipv6Addr::UNSPECIFIED)
    };
    let addresses = |v6| read(&reply(v6)).unwrap().addresses;
    assert_eq!(addresses(false), [SeenAddress { address: V4.into(), ttl_s: 60 }]);
    assert_eq!(addresses(true), [SeenAddress { address: Ipv6Addr::UNSPECIFIED.into(), ttl_s: 70 }]);
}

#[test]
fn an_address_that_stands_twice_counts_once_with_the_smaller_lifetime() {
    let reply = Reply::to("a.test", false).address("a.test", 60, V4).address("a.test", 20, V4).address(
        "a.test",
        9,
        [20, 1, 2, 2],
    );
    let expected = [([20, 1, 2, 2], 9), (V4, 20)].map(|(it, ttl_s)| SeenAddress { address: it.into(), ttl_s });
    assert_eq!(read(&reply).unwrap().addresses, expected);
}

#[test]
fn names_compare_without_regard_to_case() {
    let reply = Reply::to("A.Test", false).cname("a.TEST", 300, "B.test").address("b.Test", 60, V4);
    let answer = parse_answer(&reply.bytes(), &name("a.test"), false).unwrap();
    assert_eq!((hops(&answer), answer.addresses.len()), (vec![("a.test", 300, "b.test")], 1));
}

#[test]
fn a_loop_ends_where_it_closes() {
    let reply = Reply::to("a.test", false).cname("b.test", 1, "a.test").cname("a.test", 1, "b.test");
    assert_eq!(hops(&read(&reply).unwrap()), [("a.test", 1, "b.test"), ("b.test", 1, "a.test")]);
}

#[test]
fn of_a_chain_without_end_one_hop_too_many_is_kept() {
    let endless = (0..1000).fold(Reply::to("0.test", false), |reply, n| {
        reply.cname(&format!("h{n}.test"), 1, &format!("h{}.test", n + 1))
    });
    let chain = read(&endless.cname("0.test", 1, "h0.test")).unwrap().chain;
    assert_eq!(chain.len(), MAX_HOPS + 1);
    assert_eq!(extend(&mut Vec::new(), chain), Err(DnsFailure::TooManyHops));
}

#[test]
fn a_chain_that_cannot_be_followed_is_an_error_where_it_matters() {
    let odd = Reply::to("a.test", false).cname("a.test", 1, r"b\010\.\\c.test");
    let words = fault(&odd);
    assert!(words.starts_with(r#"a.test is an alias of "b\010\.\\c.test": "#), "{words}");
    let forked = Reply::to("a.test", false).cname("a.test", 1, "b.test").cname("a.test", 1, "c.test");
    assert_eq!(fault(&forked), "a.test has two CNAME records (RFC 2181 10.1 allows one)");
    let elsewhere = Reply::to("a.test", false)
        .cname("other.test", 1, r"b\010.test")
        .cname(r"\000.test", 1, "b.test")
        .address("a.test", 60, V4);
    assert_eq!(read(&elsewhere).unwrap().addresses.len(), 1);
}

#[test]
fn a_cname_record_that_stands_twice_is_one_hop() {
    let reply = Reply::to("a.test", false).cname("a.test", 9, "b.test").cname("a.test", 5, "B.test");
    assert_eq!(hops(&read(&reply).unwrap()), [("a.test", 5, "b.test")]);
}

#[test]
fn the_negative_lifetime_is_the_smaller_of_ttl_and_minimum() {
    for (ttl, minimum, expected) in [(60, 300, 60), (300, 60, 60), (0x8000_0000, 60, 0), (60, u32::MAX, 0)] {
        let answer = read(&Reply::to("a.test", false).rcode(3).soa("test", ttl, minimum)).unwrap();
        assert_eq!((answer.rcode, answer.negative_ttl_s), (Rcode::NX_DOMAIN, Some(expected)));
    }
}

#[test]
fn only_the_zone_that_holds_the_end_of_the_chain_can_deny_it() {
    let at = |zone: &str| {
        read(&Reply::to("a.test", false).cname("a.test", 9, "b.example").soa(zone, 60, 60)).unwrap().negative_ttl_s
    };
    assert_eq!((at("test"), at("ample"), at("x.b.example")), (None, None, None));
    assert_eq!((at("example"), at("b.example"), at(".")), (Some(60), Some(60), Some(60)));
}

#[test]
fn a_referral_is_no_answer() {
    let referral = Reply::to("a.test", false).ns("test").without_recursion(false);
    assert!(fault(&referral).starts_with("a referral to other servers"), "{}", fault(&referral));
    for answer in [
        Reply::to("a.test", false).ns("test"),
        Reply::to("a.test", false).ns("test").without_recursion(true),
        Reply::to("a.test", false).ns("test").soa("test", 1, 1).without_recursion(false),
        Reply::to("a.test", false).without_recursion(false),
    ] {
        assert!(read(&answer).is_ok(), "{answer:?}");
    }
}

#[test]
fn a_lifetime_with_the_top_bit_set_counts_as_none() {
    let ttl_of = |ttl| read(&Reply::to("a.test", false).address("a.test", ttl, V4)).unwrap().addresses[0].ttl_s;
    assert_eq!([0x7fff_ffff, 0x8000_0000, u32::MAX].map(ttl_of), [0x7fff_ffff, 0, 0]);
}

#[test]
fn the_full_response_code_is_read() {
    let rcode = |reply: Reply| read(&reply).unwrap().rcode;
    assert_eq!(rcode(Reply::to("a.test", false).rcode(16)).to_string(), "BADVERS");
    assert_eq!(rcode(Reply::to("a.test", false).rcode(0xfff)), Rcode(0xfff));
    assert_eq!(rcode(Reply::to("a.test", false).rcode(5).opt_records(0)), Rcode::REFUSED);
}

#[test]
fn extended_errors_are_read_each_once() {
    let reply = Reply::to("a.test", false).rcode(2).ede(22, "no\u{7} reach\nable").ede(6, b"\xff").ede(6, b"\xff");
    let errors: Vec<String> = read(&reply).unwrap().extended_errors.iter().map(ToString::to_string).collect();
    assert_eq!(errors, ["22 (No Reachable Authority): no reachable", "6 (DNSSEC Bogus): \u{fffd}"]);
}

#[test]
fn the_truncation_bit_is_told() {
    assert!(read(&Reply::to("a.test", false).truncated()).unwrap().truncated);
}

#[test]
fn what_is_no_answer_to_the_question_is_refused() {
    assert_eq!(fault(&Reply::to("b.test", false)), "the answer to another question: b.test A");
    assert_eq!(fault(&Reply::to("a.test", true)), "the answer to another question: a.test AAAA");
    assert_eq!(fault(&Reply::to("a.test", false).not_a_response()), "not a response to a query");
    assert_eq!(fault(&Reply::to("a.test", false).opt_records(2)), "more than one OPT record (RFC 6891 6.1.1)");
    assert!(parse_answer(b"<!DOCTYPE html><title>Sign in</title>", &name("a.test"), false).is_err());
}

#[test]
fn an_update_is_no_answer_to_a_query() {
    let mut bytes = Reply::to("a.test", false).address("a.test", 60, V4).bytes();
    bytes[2] |= 5 << 3;
    assert_eq!(parse_answer(&bytes, &name("a.test"), false), Err("not a response to a query".into()));
}

#[test]
fn two_questions_or_none_are_refused() {
    for count in [0, 2] {
        let mut bytes = Reply::to("a.test", false).bytes();
        bytes[5] = count;
        assert!(parse_answer(&bytes, &name("a.test"), false).is_err(), "{count}");
    }
}

#[test]
fn a_message_that_is_cut_off_anywhere_is_refused() {
    let reply = Reply::to("a.test", false)
        .cname("a.test", 9, "b.test")
        .address("b.test", 60, V4)
        .soa("test", 1, 1)
        .ede(3, "stale");
    let bytes = reply.bytes();
    for length in 0..bytes.len() {
        assert!(parse_answer(&bytes[..length], &name("a.test"), false).is_err(), "{length} of {}", bytes.len());
    }
}

#[test]
fn the_longest_name_is_read_and_one_octet_more_is_not() {
    let labels = ["x".repeat(63), "y".repeat(63), "z".repeat(63), "w".repeat(61)];
    let longest = name(&labels.join("."));
    let reply = Reply::to("a.test", false).cname("a.test", 1, longest.as_str()).address(longest.as_str(), 1, V4);
    let answer = read(&reply).unwrap();
    assert_eq!((answer.chain[0].target.clone(), answer.addresses.len()), (longest.clone(), 1));
    let mut bytes = Reply::to(longest.as_str(), false).bytes();
    let last_label = 12 + 3 * 64;
    bytes[last_label] = 62;
    bytes.insert(last_label + 1, b'w');
    assert_eq!(parse_answer(&bytes, &longest, false), Err("long domain name".into()));
}

#[test]
fn the_largest_message_is_read_and_no_octet_more() {
    let full = (0..4092u32).fold(Reply::to("a.test", false), |reply, n| {
        reply.address("a.test", 60, std::net::Ipv4Addr::from(0x1400_0000 + n))
    });
    let mut bytes = full.bytes();
    assert_eq!(parse_answer(&bytes, &name("a.test"), false).map(|answer| answer.addresses.len()), Ok(64));
    bytes.resize(MAX_MESSAGE_BYTES, 0);
    assert!(parse_answer(&bytes, &name("a.test"), false).is_ok(), "octets behind the message do not matter");
    bytes.push(0);
    assert!(parse_answer(&bytes, &name("a.test"), false).is_err());
}
