//! The question that is asked.

use domain::base::iana::Rtype;
use domain::base::{MessageBuilder, Name};

use crate::net::Hostname;

/// What a server may send by UDP to the resolver; `DoH` itself has no such limit. 1,232 is DNS Flag Day 2020's value.
const UDP_PAYLOAD_BYTES: u16 = 1232;

/// The question for A (`v6 = false`) or AAAA, id 0 (RFC 8484 4.1), RD set, EDNS so that extended errors may come.
pub fn question(name: &Hostname, v6: bool) -> Vec<u8> {
    // Cannot fail: every `Hostname` is a name of at most 255 octets, and a vector has room.
    compose(name, v6).unwrap_or_default()
}

fn compose(name: &Hostname, v6: bool) -> Option<Vec<u8>> {
    let mut message = MessageBuilder::new_vec().question();
    message.header_mut().set_rd(true);
    message.push((wire_name(name)?, record_type(v6))).ok()?;
    let mut message = message.additional();
    let edns = message.opt(|opt| {
        opt.set_udp_payload_size(UDP_PAYLOAD_BYTES);
        Ok(())
    });
    edns.ok().map(|()| message.finish())
}

/// In wire format; `None` never comes, as a [`Hostname`] has 253 octets at most.
pub(super) fn wire_name(name: &Hostname) -> Option<Name<Vec<u8>>> {
    name.as_str().parse().ok()
}

/// A, or AAAA where `v6`.
pub(super) const fn record_type(v6: bool) -> Rtype {
    if v6 { Rtype::AAAA } else { Rtype::A }
}

/// `A`, `AAAA`, any other as `TYPE` and its number (RFC 3597 5).
pub(super) fn type_name(record_type: Rtype) -> String {
    match record_type {
        Rtype::A => "A".into(),
        Rtype::AAAA => "AAAA".into(),
        other => format!("TYPE{}", other.to_int()),
    }
}

#[cfg(test)]
mod tests {
    use domain::base::Message;
    use domain::base::iana::Class;

    use super::*;

    #[test]
    fn one_question_with_id_0_that_wants_recursion_and_extended_errors_but_no_signatures() {
        let octets = question(&"Contoso.Azure-API.net".parse().unwrap(), true);
        let message = Message::from_slice(&octets).unwrap();
        let (header, opt) = (message.header(), message.opt().unwrap());
        assert_eq!((header.id(), header.qr(), header.rd(), header.cd()), (0, false, true, false));
        assert_eq!((opt.udp_payload_size(), opt.version(), opt.dnssec_ok()), (1232, 0, false));
        let asked = message.sole_question().unwrap();
        assert_eq!((asked.qtype(), asked.qclass()), (Rtype::AAAA, Class::IN));
        assert_eq!(asked.qname().to_string(), "contoso.azure-api.net");
    }

    #[test]
    fn a_type_that_is_not_asked_for_is_told_by_its_number() {
        assert_eq!([Rtype::A, Rtype::AAAA, Rtype::MX].map(type_name), ["A", "AAAA", "TYPE15"]);
    }

    #[test]
    fn the_longest_name_has_a_question() {
        let labels = ["x".repeat(63), "y".repeat(63), "z".repeat(63), "w".repeat(61)];
        let longest: Hostname = labels.join(".").parse().unwrap();
        let octets = question(&longest, false);
        assert_eq!(
            Message::from_slice(&octets).unwrap().sole_question().unwrap().qname().to_string(),
            longest.as_str()
        );
    }
}
