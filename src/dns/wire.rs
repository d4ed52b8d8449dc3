//! DNS messages (RFC 1035) as `DoH` carries them (RFC 8484). The message format itself is the `domain` crate's.
//!
//! Whatever a hostile message holds, each section is walked a fixed number of times and nothing is kept beyond its
//! 65,535 octets.

use std::net::IpAddr;

use domain::base::iana::{Class, Opcode, OptRcode};
use domain::base::opt::{ExtendedError as ErrorOption, Opt, OptRecord};
use domain::base::{Message, Name, ParseRecordData};
use domain::rdata::{A, Aaaa, Ns, Soa};

use super::aliases::chain_from;
use super::chain::end_of;
use super::extended_error::keep_distinct;
use super::question::{record_type, wire_name};
use super::records::{Section, WireName, records, ttl_s, words};
use super::{ChainLink, ExtendedError, Rcode, SeenAddress};
use crate::net::Hostname;

/// The largest message DNS has, 64 KiB less one (RFC 8484 6).
pub const MAX_MESSAGE_BYTES: usize = 65_535;

/// The most addresses of one family that are kept: a gateway has one for each region.
const MAX_ADDRESSES: usize = 64;

/// One answer in the guard's own terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The full response code, extended bits included (RFC 6891 6.1.3).
    pub rcode: Rcode,
    /// The TC bit.
    pub truncated: bool,
    /// CNAME records in the order of the chain from the question's name, whatever their order in the message; at most
    /// 17, so that a chain of more than 16 hops and one that returns to its beginning can be told.
    pub chain: Vec<ChainLink>,
    /// The addresses of the chain's last name, sorted, each once with its smallest TTL, 64 at most.
    pub addresses: Vec<SeenAddress>,
    /// From the SOA record in the authority section, if its zone holds the chain's last name: the smaller of its TTL
    /// and minimum (RFC 2308 5).
    pub negative_ttl_s: Option<u32>,
    /// Extended errors (RFC 8914), each once, 8 at most.
    pub extended_errors: Vec<ExtendedError>,
}

/// Reads the answer to the question for `name`. Records that have nothing to do with it are ignored.
///
/// # Errors
/// What is wrong with the message, for operators: it is no response, is cut off, answers another question, is a
/// referral, or its chain passes through something that is no host name.
pub fn parse_answer(message: &[u8], name: &Hostname, v6: bool) -> Result<Answer, String> {
    let message = checked(message, name, v6)?;
    let (_, answer, authority, additional) = message.sections().map_err(words)?;
    let chain = chain_from(name, answer)?;
    let end = wire_name(end_of(&chain, name)).ok_or("a name longer than 255 octets")?;
    let addresses = addresses_of(&end, answer, v6)?;
    let negative_ttl_s = negative_ttl(&end, authority)?;
    let opt = opt_record(additional)?;
    let rcode = opt.as_ref().map_or_else(|| message.header().rcode().into(), |opt| opt.rcode(message.header()));
    let told = rcode != OptRcode::NOERROR || negative_ttl_s.is_some() || !chain.is_empty() || !addresses.is_empty();
    if !told && is_referral(message, authority)? {
        return Err("a referral to other servers: this server does not resolve names for others".into());
    }
    Ok(Answer {
        rcode: Rcode(rcode.to_int()),
        truncated: message.header().tc(),
        chain,
        addresses,
        negative_ttl_s,
        extended_errors: opt.as_ref().map(extended_errors).unwrap_or_default(),
    })
}

/// A response to exactly this question. The id is not looked at: HTTP has already paired answer and question.
fn checked<'a>(message: &'a [u8], name: &Hostname, v6: bool) -> Result<&'a Message<[u8]>, String> {
    if message.len() > MAX_MESSAGE_BYTES {
        return Err(format!("{} octets, more than a DNS message can have", message.len()));
    }
    let message = Message::from_slice(message).map_err(words)?;
    if !message.header().qr() || message.header().opcode() != Opcode::QUERY {
        return Err("not a response to a query".into());
    }
    let question = message.sole_question().map_err(words)?;
    let expected = (record_type(v6), Class::IN);
    if (question.qtype(), question.qclass()) != expected || wire_name(name).is_none_or(|name| *question.qname() != name)
    {
        return Err(format!("the answer to another question: {} {}", question.qname(), question.qtype()));
    }
    Ok(message)
}

fn addresses_of(end: &Name<Vec<u8>>, section: Section<'_>, v6: bool) -> Result<Vec<SeenAddress>, String> {
    if v6 {
        addresses(end, section, |data: &Aaaa| data.addr().into())
    } else {
        addresses(end, section, |data: &A| data.addr().into())
    }
}

fn addresses<'a, D: ParseRecordData<'a, [u8]>>(
    end: &Name<Vec<u8>>,
    section: Section<'a>,
    address: impl Fn(&D) -> IpAddr,
) -> Result<Vec<SeenAddress>, String> {
    let mut seen = Vec::new();
    for record in records::<D>(section) {
        let record = record?;
        if record.owner() == end {
            SeenAddress { address: address(record.data()), ttl_s: ttl_s(record.ttl()) }.insert_into(&mut seen);
            // Here and not at the end, so that the list stays short.
            seen.truncate(MAX_ADDRESSES);
        }
    }
    Ok(seen)
}

/// Of the first SOA record: a negative answer has one (RFC 2308 3).
fn negative_ttl(end: &Name<Vec<u8>>, authority: Section<'_>) -> Result<Option<u32>, String> {
    let soa = records::<Soa<WireName<'_>>>(authority).next().transpose()?;
    let soa = soa.filter(|soa| end.ends_with(soa.owner()));
    Ok(soa.map(|soa| ttl_s(soa.ttl()).min(ttl_s(soa.data().minimum()))))
}

/// NS records without SOA from a server that neither owns the zone nor recurses (RFC 2308 2.2): it knows nothing.
fn is_referral(message: &Message<[u8]>, authority: Section<'_>) -> Result<bool, String> {
    let has_servers = records::<Ns<WireName<'_>>>(authority).next().transpose()?.is_some();
    Ok(has_servers && !message.header().aa() && !message.header().ra())
}

fn opt_record(additional: Section<'_>) -> Result<Option<OptRecord<&[u8]>>, String> {
    let mut found = None;
    for record in additional.limit_to::<Opt<_>>() {
        if found.replace(OptRecord::from(record.map_err(words)?)).is_some() {
            return Err("more than one OPT record (RFC 6891 6.1.1)".into());
        }
    }
    Ok(found)
}

fn extended_errors(opt: &OptRecord<&[u8]>) -> Vec<ExtendedError> {
    let mut errors = Vec::new();
    let options = opt.opt().iter::<ErrorOption<_>>().filter_map(Result::ok);
    keep_distinct(
        &mut errors,
        options.map(|option| ExtendedError::from_wire(option.code().to_int(), option.text_slice().unwrap_or_default())),
    );
    errors
}
