//! DNS messages (RFC 1035) as `DoH` carries them (RFC 8484), read and written by the `domain` crate.

use std::net::IpAddr;

use domain::base::iana::{OptRcode, Rtype};
use domain::base::name::ToName;
use domain::base::opt::exterr::ExtendedError as WireExtendedError;
use domain::base::{Message, MessageBuilder, Name, ParsedName, Ttl};
use domain::rdata::{A, Aaaa, Cname, Soa};

use super::{ChainLink, ExtendedError, MAX_HOPS, Rcode, SeenAddress, sorted};
use crate::net::Hostname;

/// The largest message DNS has, 64 KiB less one (RFC 8484 6).
pub const MAX_MESSAGE_BYTES: usize = 65_535;

/// Advertised in the question; over HTTP it only says that EDNS is understood (RFC 6891 6.2.3).
const UDP_PAYLOAD: u16 = 1232;

/// Addresses of one name that are kept: a gateway has one for each region.
const MAX_ADDRESSES: usize = 64;

/// The longest extra text of an extended error that is kept, in characters.
const MAX_EXTRA_TEXT: usize = 200;

/// One answer in the guard's own terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The full response code, extended bits included (RFC 6891 6.1.3).
    pub rcode: Rcode,
    /// The TC bit.
    pub truncated: bool,
    /// CNAME records in the order of the chain from the question's name, one more than [`MAX_HOPS`] at most.
    pub chain: Vec<ChainLink>,
    /// The addresses of the chain's last name, sorted.
    pub addresses: Vec<SeenAddress>,
    /// From the SOA record in the authority section: the smaller of its TTL and minimum (RFC 2308 5), in seconds.
    pub negative_ttl_s: Option<u32>,
    /// Extended errors (RFC 8914).
    pub extended_errors: Vec<ExtendedError>,
}

impl Answer {
    /// Where the chain ends: the last target, or the name asked for.
    pub fn end<'a>(&'a self, asked: &'a Hostname) -> &'a Hostname {
        self.chain.last().map_or(asked, |link| &link.target)
    }
}

/// The question for A (`v6 = false`) or AAAA: id 0 so that equal questions are equal bytes (RFC 8484 4.1), RD set,
/// EDNS so that extended errors may come.
///
/// # Errors
/// Never for a name that fits the wire form; its fault otherwise.
pub fn question(name: &Hostname, v6: bool) -> Result<Vec<u8>, String> {
    let name: Name<Vec<u8>> = name.as_str().parse().map_err(|fault| format!("{fault}"))?;
    let mut message = MessageBuilder::new_vec();
    message.header_mut().set_rd(true);
    let mut questions = message.question();
    questions.push((&name, rtype(v6))).map_err(|fault| format!("{fault}"))?;
    let mut additional = questions.additional();
    additional
        .opt(|opt| {
            opt.set_udp_payload_size(UDP_PAYLOAD);
            Ok(())
        })
        .map_err(|fault| format!("{fault}"))?;
    Ok(additional.finish())
}

/// Reads the answer to the question for `name`.
///
/// # Errors
/// What is wrong with the message, for operators.
pub fn parse_answer(message: &[u8], name: &Hostname, v6: bool) -> Result<Answer, String> {
    if message.len() > MAX_MESSAGE_BYTES {
        return Err("longer than a DNS message can be".into());
    }
    let message = Message::from_slice(message).map_err(|_| "shorter than a DNS header")?;
    check_question(message, name, v6)?;
    let (cnames, addresses) = read_answers(message, v6).map_err(|fault| format!("answer section: {fault}"))?;
    let chain = follow(name, &cnames);
    let end = chain.last().map_or(name, |link| &link.target);
    let addresses = addresses.into_iter().filter(|(owner, _)| owner == end).map(|(_, seen)| seen);
    Ok(Answer {
        rcode: Rcode(OptRcode::to_int(message.opt_rcode())),
        truncated: message.header().tc(),
        addresses: sorted(addresses.take(MAX_ADDRESSES)),
        negative_ttl_s: negative_ttl(message)?,
        extended_errors: extended_errors(message),
        chain,
    })
}

const fn rtype(v6: bool) -> Rtype {
    if v6 { Rtype::AAAA } else { Rtype::A }
}

/// A response without any question is accepted where it carries an error only: some servers send FORMERR so.
fn check_question(message: &Message<[u8]>, name: &Hostname, v6: bool) -> Result<(), String> {
    if !message.header().qr() {
        return Err("a query, not a response".into());
    }
    let asked = message.sole_question().map_err(|fault| format!("question section: {fault}"))?;
    if asked.qtype() == rtype(v6) && host(asked.qname()).as_ref() == Ok(name) {
        Ok(())
    } else {
        Err("answers another question".into())
    }
}

type Addresses = Vec<(Hostname, SeenAddress)>;

/// CNAME and address records by owner. Other records, and records of names that are no host names, do not count.
fn read_answers(message: &Message<[u8]>, v6: bool) -> Result<(Vec<ChainLink>, Addresses), String> {
    let (mut cnames, mut addresses) = (Vec::new(), Addresses::new());
    for record in message.answer().map_err(|fault| fault.to_string())? {
        let record = record.map_err(|fault| fault.to_string())?;
        let Ok(owner) = host(&record.owner()) else { continue };
        let ttl_s = seconds(record.ttl());
        if let Some(cname) = record.to_record::<Cname<ParsedName<_>>>().map_err(|fault| fault.to_string())? {
            let target = host(cname.data().cname())?;
            cnames.push(ChainLink { name: owner, ttl_s, target });
        } else if let Some(address) = address(&record, v6)? {
            addresses.push((owner, SeenAddress { address, ttl_s }));
        }
    }
    Ok((cnames, addresses))
}

fn address(record: &domain::base::ParsedRecord<'_, [u8]>, v6: bool) -> Result<Option<IpAddr>, String> {
    let address = if v6 {
        record.to_record::<Aaaa>().map(|it| it.map(|it| IpAddr::V6(it.data().addr())))
    } else {
        record.to_record::<A>().map(|it| it.map(|it| IpAddr::V4(it.data().addr())))
    };
    address.map_err(|fault| fault.to_string())
}

/// The chain from `name`, cut off behind [`MAX_HOPS`] so that a loop ends.
fn follow(name: &Hostname, cnames: &[ChainLink]) -> Vec<ChainLink> {
    let alias = |name: &Hostname| cnames.iter().find(|link| link.name == *name);
    std::iter::successors(alias(name), |link| alias(&link.target)).take(MAX_HOPS.saturating_add(1)).cloned().collect()
}

/// RFC 2181 8: a value with the top bit set counts as 0.
fn seconds(ttl: Ttl) -> u32 {
    i32::try_from(ttl.as_secs()).map_or(0, i32::unsigned_abs)
}

fn negative_ttl(message: &Message<[u8]>) -> Result<Option<u32>, String> {
    let section = message.authority().map_err(|fault| format!("authority section: {fault}"))?;
    for record in section.limit_to::<Soa<ParsedName<_>>>() {
        let record = record.map_err(|fault| format!("authority section: {fault}"))?;
        return Ok(Some(seconds(record.ttl()).min(seconds(record.data().minimum()))));
    }
    Ok(None)
}

fn extended_errors(message: &Message<[u8]>) -> Vec<ExtendedError> {
    let Some(opt) = message.opt() else { return Vec::new() };
    let options = opt.opt().iter::<WireExtendedError<_>>().filter_map(Result::ok);
    options
        .take(8)
        .map(|option| ExtendedError { code: option.code().to_int(), text: extra_text(option.text_slice()) })
        .collect()
}

/// EXTRA-TEXT is for people and may hold anything: only printable characters are kept.
fn extra_text(text: Option<&[u8]>) -> String {
    let text = String::from_utf8_lossy(text.unwrap_or_default());
    text.chars().filter(|c| !c.is_control()).take(MAX_EXTRA_TEXT).collect()
}

/// A name of the message as a host name. The presentation form escapes anything that host names do not have.
fn host(name: &impl ToName) -> Result<Hostname, String> {
    let text = name.to_name::<Vec<u8>>().to_string();
    text.parse().map_err(|fault| format!("{text:?} is no host name: {fault}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::test_messages::{Reply, name};

    #[test]
    fn a_question_is_the_same_bytes_every_time_and_asks_for_edns() {
        let bytes = question(&name("contoso.azure-api.net"), true).unwrap();
        assert_eq!(bytes, question(&name("Contoso.Azure-API.net."), true).unwrap());
        let message = Message::from_octets(bytes).unwrap();
        assert_eq!(message.header().id(), 0);
        assert!(message.header().rd() && !message.header().qr());
        assert_eq!(message.sole_question().unwrap().qtype(), Rtype::AAAA);
        assert_eq!(message.opt().unwrap().udp_payload_size(), UDP_PAYLOAD);
    }

    #[test]
    fn the_chain_stands_in_order_whatever_the_order_of_the_records() {
        let reply = Reply::to("a.test", false)
            .a("d.test", 60, [20, 1, 2, 3])
            .cname("c.test", 30, "d.test")
            .cname("a.test", 300, "b.test")
            .a("unrelated.test", 5, [20, 9, 9, 9])
            .cname("b.test", 20, "c.test");
        let answer = parse_answer(&reply.bytes(), &name("a.test"), false).unwrap();
        let hops: Vec<_> =
            answer.chain.iter().map(|link| (link.name.as_str(), link.ttl_s, link.target.as_str())).collect();
        assert_eq!(hops, [("a.test", 300, "b.test"), ("b.test", 20, "c.test"), ("c.test", 30, "d.test")]);
        assert_eq!(answer.addresses, [SeenAddress { address: [20, 1, 2, 3].into(), ttl_s: 60 }]);
    }

    #[test]
    fn names_compare_without_case_and_owners_of_another_case_join_the_chain() {
        let reply = Reply::to("A.Test", false).cname("a.TEST", 300, "B.test").a("b.Test", 60, [20, 1, 2, 3]);
        assert_eq!(parse_answer(&reply.bytes(), &name("a.test"), false).unwrap().addresses.len(), 1);
    }

    #[test]
    fn a_loop_is_cut_off() {
        let reply = Reply::to("a.test", false).cname("a.test", 1, "b.test").cname("b.test", 1, "a.test");
        assert_eq!(parse_answer(&reply.bytes(), &name("a.test"), false).unwrap().chain.len(), MAX_HOPS + 1);
    }

    #[test]
    fn the_negative_lifetime_is_the_smaller_of_ttl_and_minimum() {
        for (ttl, minimum, expected) in [(60, 300, 60), (300, 60, 60)] {
            let reply = Reply::to("a.test", false).rcode(3).soa("test", ttl, minimum);
            let answer = parse_answer(&reply.bytes(), &name("a.test"), false).unwrap();
            assert_eq!((answer.rcode, answer.negative_ttl_s), (Rcode::NX_DOMAIN, Some(expected)));
        }
    }

    #[test]
    fn a_lifetime_with_the_top_bit_set_counts_as_none() {
        let reply = Reply::to("a.test", false).a("a.test", 0x8000_0001, [20, 1, 2, 3]);
        assert_eq!(parse_answer(&reply.bytes(), &name("a.test"), false).unwrap().addresses[0].ttl_s, 0);
    }

    #[test]
    fn extended_errors_are_read_and_cleaned() {
        let reply = Reply::to("a.test", false).rcode(2).ede(22, "no\u{7} reach\nable").ede(6, &"x".repeat(900));
        let answer = parse_answer(&reply.bytes(), &name("a.test"), false).unwrap();
        assert_eq!(answer.extended_errors[0], ExtendedError { code: 22, text: "no reachable".into() });
        assert!(answer.extended_errors[1].is_dnssec());
        assert_eq!(answer.extended_errors[1].text.len(), MAX_EXTRA_TEXT);
    }

    #[test]
    fn what_answers_something_else_is_refused() {
        let fault = |reply: Reply| parse_answer(&reply.bytes(), &name("a.test"), false).unwrap_err();
        assert_eq!(fault(Reply::to("b.test", false)), "answers another question");
        assert_eq!(fault(Reply::to("a.test", true)), "answers another question");
        assert_eq!(fault(Reply::to("a.test", false).query()), "a query, not a response");
        assert_eq!(parse_answer(&[], &name("a.test"), false).unwrap_err(), "shorter than a DNS header");
        assert!(parse_answer(&[0; 70_000], &name("a.test"), false).is_err());
    }

    #[test]
    fn a_compression_pointer_to_itself_is_an_error() {
        let mut bytes = Reply::to("a.test", false).bytes();
        // Header and question, then one record whose owner points to itself.
        bytes.truncate(24);
        bytes[6..12].copy_from_slice(&[0, 1, 0, 0, 0, 0]);
        let at = u16::try_from(bytes.len()).unwrap();
        bytes.extend_from_slice(&(0xC000 | at).to_be_bytes());
        bytes.extend_from_slice(&[0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 1, 2, 3, 4]);
        assert!(parse_answer(&bytes, &name("a.test"), false).is_err());
    }

    #[test]
    fn the_longest_name_goes_both_ways() {
        let long = name(&[["x".repeat(63), "y".repeat(63), "z".repeat(63)].join("."), "w".repeat(61)].join("."));
        assert_eq!(long.as_str().len(), 253);
        assert!(question(&long, false).is_ok());
        let reply = Reply::to(long.as_str(), false).a(long.as_str(), 1, [20, 1, 2, 3]);
        assert_eq!(parse_answer(&reply.bytes(), &long, false).unwrap().addresses.len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
            let _ = parse_answer(&bytes, &name("a.test"), false);
        }

        #[test]
        fn a_damaged_answer_never_panics_and_stays_within_bounds(at in 0usize..200, byte: u8, v6: bool) {
            let reply = Reply::to("a.test", v6).cname("a.test", 300, "b.test").a("b.test", 60, [20, 1, 2, 3]).ede(22, "x");
            let mut bytes = reply.bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(answer) = parse_answer(&bytes, &name("a.test"), v6) {
                proptest::prop_assert!(answer.chain.len() <= MAX_HOPS + 1);
                proptest::prop_assert!(answer.addresses.iter().all(|seen| seen.address.is_ipv6() == v6));
            }
        }
    }
}
