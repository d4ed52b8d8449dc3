//! The dimensions of the table, and how the world is arranged for each of their values.

use std::rc::Rc;

use apim_origin_guard::diagnosis::{Failure, Rejection};
use apim_origin_guard::ports::{HttpRequest, HttpResponse};

use crate::world::{Entry, GATEWAY, Manner, Script, StoreManner, Zone, chain, with, without};

pub(crate) const WEST: &str = "contoso-westeurope-01.regional.azure-api.net";
pub(crate) const EAST: &str = "contoso-eastus-01.regional.azure-api.net";
pub(crate) const TRAFFIC_MANAGER: &str = "apimgmttmvdvsx40imxehisceiicnxlfng4yxihlxoe6gq2zej.trafficmanager.net";
pub(crate) const COMPUTE: &str = "contoso-ip.westeurope.cloudapp.azure.com";
/// The gateway's chain in the west, the hops of which fail one by one.
pub(crate) const HOPS: [&str; 4] = [GATEWAY, TRAFFIC_MANAGER, WEST, COMPUTE];

pub(crate) const OLD: [u8; 4] = [172, 199, 17, 73];
pub(crate) const NEW: [u8; 4] = [20, 9, 9, 9];
pub(crate) const EASTERN: [u8; 4] = [20, 8, 8, 8];

/// What DNS has of the gateway's name, or how a resolver that is asked for it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dns {
    Known,
    KnownElsewhere,
    Moved,
    /// The name at this place of [`HOPS`] does not exist.
    NotFound(usize),
    /// The name at this place of [`HOPS`] has neither A nor AAAA.
    NoAddress(usize),
    /// SERVFAIL, with an extended error (RFC 8914) where there is one.
    ServerFails(Option<u16>),
    Refused,
    Loop,
    /// So many CNAME hops to an address.
    Chain(usize),
    Special([u8; 4]),
    /// This address, and no answer in time to the question for AAAA.
    Partly([u8; 4]),
    Truncated,
    TimesOut,
    Unreachable,
    Garbage,
    Html,
    Http(u16),
}

pub(crate) const DNS: [Dns; 40] = [
    Dns::Known,
    Dns::KnownElsewhere,
    Dns::Moved,
    Dns::NotFound(0),
    Dns::NotFound(1),
    Dns::NotFound(2),
    Dns::NotFound(3),
    Dns::NoAddress(0),
    Dns::NoAddress(3),
    Dns::ServerFails(None),
    Dns::ServerFails(Some(22)),
    Dns::ServerFails(Some(5)),
    Dns::ServerFails(Some(13)),
    Dns::ServerFails(Some(6)),
    Dns::ServerFails(Some(7)),
    Dns::ServerFails(Some(8)),
    Dns::ServerFails(Some(9)),
    Dns::ServerFails(Some(10)),
    Dns::ServerFails(Some(11)),
    Dns::ServerFails(Some(12)),
    Dns::Refused,
    Dns::Loop,
    Dns::Chain(16),
    Dns::Chain(17),
    Dns::Special([10, 0, 0, 4]),
    Dns::Special([100, 64, 0, 1]),
    Dns::Special([127, 0, 0, 1]),
    Dns::Special([169, 254, 1, 1]),
    Dns::Special([198, 18, 0, 1]),
    Dns::Partly(OLD),
    Dns::Partly(NEW),
    Dns::Partly([10, 0, 0, 4]),
    Dns::Truncated,
    Dns::TimesOut,
    Dns::Unreachable,
    Dns::Garbage,
    Dns::Html,
    Dns::Http(400),
    Dns::Http(429),
    Dns::Http(503),
];

impl Dns {
    pub(crate) fn manner(self) -> Manner {
        let at = |hop: usize, entry| Manner::Answers(with(west(OLD), HOPS[hop], entry));
        match self {
            Self::Known => Manner::Answers(west(OLD)),
            Self::KnownElsewhere => Manner::Answers(east()),
            Self::Moved => Manner::Answers(west(NEW)),
            Self::NotFound(hop) => Manner::Answers(without(west(OLD), HOPS[hop])),
            Self::NoAddress(hop) => at(hop, Entry::Empty),
            Self::ServerFails(error) => {
                at(3, Entry::Rcode(2, error.map(|code| (code, "words".into())).into_iter().collect()))
            }
            Self::Refused => at(3, Entry::Rcode(5, Vec::new())),
            Self::Loop => at(3, Entry::Alias(WEST.into())),
            Self::Chain(hops) => Manner::Answers(long(hops)),
            Self::Special(address) => Manner::Answers(west(address)),
            Self::Partly(address) => Manner::OnlyA(west(address)),
            Self::Truncated => Manner::Scripted(Script(Rc::new(|request| (0, Ok(truncated(request)))))),
            Self::TimesOut => Manner::TimesOut,
            Self::Unreachable => Manner::Refuses,
            Self::Garbage => Manner::Garbage,
            Self::Html => Manner::Html,
            Self::Http(status) => Manner::HttpStatus(status),
        }
    }
}

fn west(address: [u8; 4]) -> Zone {
    chain(&HOPS, address)
}

fn east() -> Zone {
    chain(&[GATEWAY, TRAFFIC_MANAGER, EAST, "contoso-ip.eastus.cloudapp.azure.com"], EASTERN)
}

fn long(hops: usize) -> Zone {
    let names: Vec<String> = (1..=hops).map(|hop| format!("contoso-{hop}.azure-api.net")).collect();
    let names: Vec<&str> = std::iter::once(GATEWAY).chain(names.iter().map(String::as_str)).collect();
    chain(&names, OLD)
}

/// The question itself with the bits QR and TC (RFC 1035 4.1.1).
fn truncated(request: &HttpRequest) -> HttpResponse {
    let mut body = request.body.clone();
    body[2] |= 0b1000_0010;
    HttpResponse { status: 200, headers: vec![("content-type".into(), "application/dns-message".into())], body }
}

/// What the edge or the runtime did with the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    Number(u16),
    /// A 530 that gives no number.
    Empty530,
    /// `timeout_ms` passed.
    TimedOut,
    Lost,
    Internal,
    Other,
}

pub(crate) const EDGE: [Edge; 25] = [
    Edge::Number(1001),
    Edge::Number(1016),
    Edge::Number(1018),
    Edge::Number(1023),
    Edge::Empty530,
    Edge::Number(520),
    Edge::Number(521),
    Edge::Number(522),
    Edge::Number(523),
    Edge::Number(524),
    Edge::Number(525),
    Edge::Number(526),
    Edge::Number(1000),
    Edge::Number(1002),
    Edge::Number(1003),
    Edge::Number(1014),
    Edge::Number(1019),
    Edge::Number(1033),
    Edge::Number(1042),
    Edge::Number(1099),
    Edge::Number(1101),
    Edge::TimedOut,
    Edge::Lost,
    Edge::Internal,
    Edge::Other,
];

impl Edge {
    pub(crate) fn failure(self) -> Failure {
        let rejected = |rejection| Failure::Rejected { rejection };
        match self {
            Self::Number(number) => {
                Failure::Edge { status: if number < 1000 { number } else { 530 }, number: Some(number) }
            }
            Self::Empty530 => Failure::Edge { status: 530, number: None },
            Self::TimedOut => Failure::TimedOut { after_ms: 110_000 },
            Self::Lost => rejected(Rejection::ConnectionLost),
            Self::Internal => rejected(Rejection::Internal),
            Self::Other => rejected(Rejection::Other),
        }
    }
}

/// What was stored of the origin before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    Nothing,
    West(Dns),
    East,
    Damaged,
    NewerSchema,
}

pub(crate) const BEFORE: [Before; 6] = [
    Before::Nothing,
    Before::West(Dns::Known),
    Before::West(Dns::Moved),
    Before::East,
    Before::Damaged,
    Before::NewerSchema,
];

/// How many resolvers there are, and what the other one says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// The same.
    Agree,
    /// Nothing in time; it is the second.
    SecondSilent,
    /// Nothing in time; it is the first.
    FirstSilent,
    /// An HTTP error.
    SecondFails,
    /// The opposite: that there is no such name, or that there are addresses.
    Contradict,
    /// Another region's addresses.
    SeeElsewhere,
    /// There is no other one.
    NotConfigured,
}

pub(crate) const OTHERS: [Others; 7] = [
    Others::Agree,
    Others::SecondSilent,
    Others::FirstSilent,
    Others::SecondFails,
    Others::Contradict,
    Others::SeeElsewhere,
    Others::NotConfigured,
];

impl Others {
    /// What each configured resolver sees, where the one in question sees `dns`.
    pub(crate) fn resolvers(self, dns: Dns) -> Vec<Dns> {
        match self {
            Self::Agree => vec![dns, dns],
            Self::SecondSilent => vec![dns, Dns::TimesOut],
            Self::FirstSilent => vec![Dns::TimesOut, dns],
            Self::SecondFails => vec![dns, Dns::Http(503)],
            Self::Contradict if dns.has_addresses() => vec![dns, Dns::NotFound(0)],
            Self::Contradict => vec![dns, Dns::Known],
            Self::SeeElsewhere if dns == Dns::KnownElsewhere => vec![dns, Dns::Known],
            Self::SeeElsewhere => vec![dns, Dns::KnownElsewhere],
            Self::NotConfigured => vec![dns],
        }
    }
}

impl Dns {
    const fn has_addresses(self) -> bool {
        matches!(
            self,
            Self::Known | Self::KnownElsewhere | Self::Moved | Self::Special(_) | Self::Partly(_) | Self::Chain(..=16)
        )
    }
}

pub(crate) const STORE: [StoreManner; 6] = [
    StoreManner::Good,
    StoreManner::Down,
    StoreManner::Hangs,
    StoreManner::Missing,
    StoreManner::LosesWrites,
    StoreManner::LosesAnswers,
];
