//! DNS answers out of a [`Zone`], as a recursive resolver gives them.

use apim_origin_guard::dns::MAX_HOPS;
use domain::base::iana::{Class, Rcode, Rtype};
use domain::base::message_builder::AnswerBuilder;
use domain::base::opt::exterr::ExtendedError;
use domain::base::{Message, MessageBuilder, Name, Serial, Ttl};
use domain::rdata::{A, Cname, Soa};

use super::{Entry, Zone};

const TTL: Ttl = Ttl::from_secs(60);
const NEGATIVE: Ttl = Ttl::from_secs(45);

pub struct Reply;

impl Reply {
    /// Whether the question is for A.
    pub fn asks_a(question: &[u8]) -> bool {
        Message::from_octets(question).unwrap().sole_question().unwrap().qtype() == Rtype::A
    }

    /// The whole chain from the question's name, and what is at its end.
    pub fn from_zone(zone: &Zone, question: &[u8]) -> Vec<u8> {
        let question = Message::from_octets(question).unwrap();
        let asked = question.sole_question().unwrap();
        let mut answers = MessageBuilder::new_vec().start_answer(&question, Rcode::NOERROR).unwrap();
        let mut name = asked.qname().to_string().to_lowercase();
        for _ in 0..MAX_HOPS + 4 {
            match zone.get(&name) {
                Some(Entry::Alias(target)) => {
                    push_cname(&mut answers, &name, target);
                    name.clone_from(target);
                }
                Some(Entry::V4(addresses)) if asked.qtype() == Rtype::A => {
                    for address in addresses {
                        answers.push((wire(&name), Class::IN, TTL, A::new((*address).into()))).unwrap();
                    }
                    return finish(answers, Rcode::NOERROR, false, &[]);
                }
                Some(Entry::V4(_) | Entry::Empty) => return finish(answers, Rcode::NOERROR, true, &[]),
                Some(Entry::Rcode(rcode, errors)) => {
                    return finish(answers, Rcode::checked_from_int(*rcode).unwrap(), false, errors);
                }
                None => return finish(answers, Rcode::NXDOMAIN, true, &[]),
            }
        }
        finish(answers, Rcode::NOERROR, false, &[])
    }
}

fn wire(name: &str) -> Name<Vec<u8>> {
    name.parse().unwrap()
}

fn push_cname(answers: &mut AnswerBuilder<Vec<u8>>, owner: &str, target: &str) {
    answers.push((wire(owner), Class::IN, TTL, Cname::new(wire(target)))).unwrap();
}

fn finish(mut answers: AnswerBuilder<Vec<u8>>, rcode: Rcode, negative: bool, errors: &[(u16, String)]) -> Vec<u8> {
    answers.header_mut().set_rcode(rcode);
    let mut authority = answers.authority();
    if negative {
        let soa = Soa::new(wire("ns.test"), wire("admin.test"), Serial(1), TTL, TTL, TTL, NEGATIVE);
        authority.push((wire("."), Class::IN, TTL, soa)).unwrap();
    }
    let mut additional = authority.additional();
    additional
        .opt(|opt| {
            for (code, text) in errors {
                opt.push(&ExtendedError::<Vec<u8>>::new_with_str((*code).into(), text).unwrap())?;
            }
            Ok(())
        })
        .unwrap();
    additional.finish()
}
