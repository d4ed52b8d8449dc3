//! Answers for the tests of this module, built by the `domain` crate.

use domain::base::iana::{Class, Rcode};
use domain::base::message_builder::AnswerBuilder;
use domain::base::opt::exterr::ExtendedError;
use domain::base::{MessageBuilder, Name, Record, Serial, Ttl};
use domain::rdata::{A, Aaaa, Cname, Soa};

use super::wire::question;
use crate::net::Hostname;

pub(super) fn name(text: &str) -> Hostname {
    text.parse().unwrap()
}

fn wire_name(text: &str) -> Name<Vec<u8>> {
    text.parse().unwrap()
}

/// An answer in the making. Records stand in the order they were added.
pub(super) struct Reply {
    answers: AnswerBuilder<Vec<u8>>,
    rcode: u8,
    soa: Option<(String, u32, u32)>,
    ede: Vec<(u16, String)>,
    query: bool,
}

impl Reply {
    pub(super) fn to(asked: &str, v6: bool) -> Self {
        let asked = domain::base::Message::from_octets(question(&name(asked), v6).unwrap()).unwrap();
        let answers = MessageBuilder::new_vec().start_answer(&asked, Rcode::NOERROR).unwrap();
        Self { answers, rcode: 0, soa: None, ede: Vec::new(), query: false }
    }

    pub(super) fn a(mut self, owner: &str, ttl: u32, address: [u8; 4]) -> Self {
        self.answers.push((wire_name(owner), Class::IN, Ttl::from_secs(ttl), A::new(address.into()))).unwrap();
        self
    }

    pub(super) fn aaaa(mut self, owner: &str, ttl: u32, address: &str) -> Self {
        self.answers
            .push((wire_name(owner), Class::IN, Ttl::from_secs(ttl), Aaaa::new(address.parse().unwrap())))
            .unwrap();
        self
    }

    pub(super) fn cname(mut self, owner: &str, ttl: u32, target: &str) -> Self {
        self.answers
            .push(Record::new(wire_name(owner), Class::IN, Ttl::from_secs(ttl), Cname::new(wire_name(target))))
            .unwrap();
        self
    }

    pub(super) fn rcode(mut self, rcode: u8) -> Self {
        self.rcode = rcode;
        self
    }

    pub(super) fn soa(mut self, zone: &str, ttl: u32, minimum: u32) -> Self {
        self.soa = Some((zone.into(), ttl, minimum));
        self
    }

    pub(super) fn ede(mut self, code: u16, text: &str) -> Self {
        self.ede.push((code, text.into()));
        self
    }

    pub(super) fn query(mut self) -> Self {
        self.query = true;
        self
    }

    pub(super) fn truncated(mut self) -> Self {
        self.answers.header_mut().set_tc(true);
        self
    }

    pub(super) fn bytes(mut self) -> Vec<u8> {
        self.answers.header_mut().set_rcode(Rcode::checked_from_int(self.rcode).unwrap());
        self.answers.header_mut().set_qr(!self.query);
        let mut authority = self.answers.authority();
        if let Some((zone, ttl, minimum)) = &self.soa {
            let (zone, ttl, minimum) = (wire_name(zone), Ttl::from_secs(*ttl), Ttl::from_secs(*minimum));
            let hour = Ttl::from_secs(3600);
            let soa = Soa::new(wire_name("ns.test"), wire_name("admin.test"), Serial(1), hour, hour, hour, minimum);
            authority.push((zone, Class::IN, ttl, soa)).unwrap();
        }
        let mut additional = authority.additional();
        additional
            .opt(|opt| {
                for (code, text) in &self.ede {
                    opt.push(&ExtendedError::<Vec<u8>>::new_with_str((*code).into(), text).unwrap())?;
                }
                Ok(())
            })
            .unwrap();
        additional.finish()
    }
}
