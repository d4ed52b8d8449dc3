//! Answers for tests, built and compressed by the `domain` crate. Also part of `tests/dns_flows.rs`, so it names
//! nothing of this crate.
#![allow(dead_code, reason = "the unit tests and the flow tests use a part each")]

use std::net::{IpAddr, Ipv4Addr};

use domain::base::header::Flags;
use domain::base::iana::{Class, OptRcode, OptionCode, Rtype};
use domain::base::message_builder::TreeCompressor;
use domain::base::opt::UnknownOptData;
use domain::base::{Message, MessageBuilder, Name, Record, Serial, Ttl};
use domain::rdata::{A, Aaaa, Cname, Ns, Soa, ZoneRecordData};

pub(super) type WireRecord = Record<Name<Vec<u8>>, ZoneRecordData<Vec<u8>, Name<Vec<u8>>>>;

/// An answer in the making. Records stand in the order they are added.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    asked: (String, Rtype),
    flags: Flags,
    rcode: u16,
    pub(super) answers: Vec<WireRecord>,
    authority: Vec<WireRecord>,
    opt_records: usize,
    errors: Vec<(u16, Vec<u8>)>,
}

impl Reply {
    pub(super) fn to(asked: &str, v6: bool) -> Self {
        Self {
            asked: (asked.into(), if v6 { Rtype::AAAA } else { Rtype::A }),
            flags: Flags { qr: true, ra: true, ..Flags::new() },
            rcode: 0,
            answers: Vec::new(),
            authority: Vec::new(),
            opt_records: 1,
            errors: Vec::new(),
        }
    }

    /// To the question in these octets.
    pub(super) fn to_question(octets: &[u8]) -> Self {
        let question = Message::from_slice(octets).unwrap().sole_question().unwrap();
        Self::to(&question.qname().to_string(), question.qtype() == Rtype::AAAA)
    }

    pub(super) fn asks_for(&self) -> (String, bool) {
        (self.asked.0.to_lowercase(), self.asked.1 == Rtype::AAAA)
    }

    pub(super) fn cname(mut self, owner: &str, ttl: u32, target: &str) -> Self {
        self.answers.push(record(owner, ttl, Cname::new(name(target)).into()));
        self
    }

    pub(super) fn address(mut self, owner: &str, ttl: u32, address: impl Into<IpAddr>) -> Self {
        let data = match address.into() {
            IpAddr::V4(v4) => A::new(v4).into(),
            IpAddr::V6(v6) => Aaaa::new(v6).into(),
        };
        self.answers.push(record(owner, ttl, data));
        self
    }

    /// An A record of the class CHAOS.
    pub(super) fn chaos(mut self, owner: &str, address: Ipv4Addr) -> Self {
        self.answers.push(Record::new(name(owner), Class::CH, Ttl::from_secs(1), A::new(address).into()));
        self
    }

    pub(super) fn soa(mut self, zone: &str, ttl: u32, minimum: u32) -> Self {
        let hour = Ttl::HOUR;
        let (server, mailbox, minimum) = (name("ns.test"), name("admin.test"), Ttl::from_secs(minimum));
        let soa = Soa::new(server, mailbox, Serial(1), hour, hour, hour, minimum);
        self.authority.push(record(zone, ttl, soa.into()));
        self
    }

    /// A name server of `zone` in the authority section.
    pub(super) fn ns(mut self, zone: &str) -> Self {
        self.authority.push(record(zone, 60, Ns::new(name("ns.test")).into()));
        self
    }

    pub(super) fn rcode(mut self, rcode: u16) -> Self {
        self.rcode = rcode;
        self
    }

    pub(super) fn ede(mut self, code: u16, text: impl AsRef<[u8]>) -> Self {
        self.errors.push((code, text.as_ref().to_vec()));
        self
    }

    pub(super) fn opt_records(mut self, count: usize) -> Self {
        self.opt_records = count;
        self
    }

    pub(super) fn not_a_response(mut self) -> Self {
        self.flags.qr = false;
        self
    }

    pub(super) fn truncated(mut self) -> Self {
        self.flags.tc = true;
        self
    }

    /// From a server that does not recurse, authoritative for the name or not.
    pub(super) fn without_recursion(mut self, authoritative: bool) -> Self {
        (self.flags.ra, self.flags.aa) = (false, authoritative);
        self
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut message = MessageBuilder::from_target(TreeCompressor::new(Vec::new())).unwrap();
        let header = message.header_mut();
        header.set_flags(self.flags);
        header.set_rcode(OptRcode::masked_from_int(self.rcode).rcode());
        let mut message = message.question();
        message.push((name(&self.asked.0), self.asked.1)).unwrap();
        let mut message = message.answer();
        self.answers.iter().for_each(|record| message.push(record).unwrap());
        let mut message = message.authority();
        self.authority.iter().for_each(|record| message.push(record).unwrap());
        let mut message = message.additional();
        for _ in 0..self.opt_records {
            let pushed = message.opt(|opt| {
                opt.set_rcode(OptRcode::masked_from_int(self.rcode));
                self.errors.iter().try_for_each(|(code, text)| opt.push(&error_option(*code, text)))
            });
            pushed.unwrap();
        }
        message.finish().into_target()
    }
}

pub(super) fn record(owner: &str, ttl: u32, data: ZoneRecordData<Vec<u8>, Name<Vec<u8>>>) -> WireRecord {
    Record::new(name(owner), Class::IN, Ttl::from_secs(ttl), data)
}

fn name(text: &str) -> Name<Vec<u8>> {
    text.parse().unwrap()
}

/// From octets, as the text need not be UTF-8.
fn error_option(code: u16, text: &[u8]) -> UnknownOptData<Vec<u8>> {
    UnknownOptData::new(OptionCode::EXTENDED_ERROR, [&code.to_be_bytes(), text].concat()).unwrap()
}
