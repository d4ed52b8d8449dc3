//! What is stored reads back as it was written: every variant of every stored enum.
#![allow(clippy::unwrap_used, reason = "test code")]

use std::fmt::Debug;

use apim_origin_guard::diagnosis::{Failure, RecordEvidence, Rejection};
use apim_origin_guard::dns::{
    Absence, AbsenceKind, ChainLink, Consensus, DnsFailure, Outcome, Rcode, SeenAddress, Uncertainty,
};
use apim_origin_guard::json::{FromNode, ToValue, read};
use apim_origin_guard::net::Hostname;
use apim_origin_guard::origin::{EndedBy, HopKind};
use apim_origin_guard::time::UnixMillis;

fn read_back<T: FromNode + ToValue + PartialEq + Debug>(values: impl IntoIterator<Item = T>) {
    for value in values {
        let written = value.to_value().to_string();
        assert_eq!(read::<T>(&written), Some(value), "{written}");
    }
}

fn name() -> Hostname {
    "contoso.azure-api.net".parse().unwrap()
}

fn absence() -> Absence {
    Absence { kind: AbsenceKind::NameNotFound, at_name: name(), negative_ttl_s: None }
}

fn addresses() -> Vec<SeenAddress> {
    vec![SeenAddress { address: [20, 0, 0, 1].into(), ttl_s: 7 }]
}

fn chain() -> Vec<ChainLink> {
    vec![ChainLink { name: name(), ttl_s: 900, target: "regional.azure-api.net".parse().unwrap() }]
}

#[test]
fn words() {
    read_back([EndedBy::ClientAnswered, EndedBy::HealthAnswered]);
    read_back([Uncertainty::Disagreement, Uncertainty::SingleWitness, Uncertainty::NoAnswer]);
    read_back([AbsenceKind::NameNotFound, AbsenceKind::NoAddress]);
    read_back([Rejection::ConnectionLost, Rejection::Internal, Rejection::Other]);
    read_back([HopKind::Gateway, HopKind::TrafficManager, HopKind::Regional, HopKind::ComputeStv1]);
    read_back([HopKind::ComputeStv2, HopKind::PrivateLink, HopKind::OwnTrafficManager, HopKind::Unknown]);
    read_back((0..24).map(Rcode));
}

#[test]
fn what_the_resolvers_said() {
    let words = || "a \"quoted\" word\n".to_owned();
    let failures = [
        DnsFailure::TimedOut,
        DnsFailure::NotAwaited,
        DnsFailure::Unreachable { words: words() },
        DnsFailure::HttpStatus { status: 503 },
        DnsFailure::Malformed { words: words() },
        DnsFailure::Truncated,
        DnsFailure::Rcode { rcode: Rcode::REFUSED, at_name: name() },
        DnsFailure::Loop { at_name: name() },
        DnsFailure::TooManyHops,
    ];
    read_back([Outcome::Known { addresses: addresses() }, Outcome::Absent(absence())]);
    read_back(failures.map(|failure| Outcome::Unknown { failure }));
    read_back([
        Consensus::Known { addresses: addresses(), chain: chain(), ttl_s: 7 },
        Consensus::Absent { absence: Absence { negative_ttl_s: Some(60), ..absence() }, chain: chain() },
        Consensus::Unknown { reason: Uncertainty::NoAnswer },
    ]);
}

#[test]
fn what_happened_and_what_was_known() {
    let rejection = Rejection::Internal;
    read_back([Failure::Edge { status: 530, number: Some(1016) }, Failure::Edge { status: 530, number: None }]);
    read_back([Failure::Rejected { rejection }, Failure::TimedOut { after_ms: 30_000 }]);
    read_back([RecordEvidence::Empty, RecordEvidence::Unavailable, RecordEvidence::Unreadable]);
    let at = UnixMillis(1_777_288_792_566);
    read_back([RecordEvidence::Present {
        addresses: vec![[20, 0, 0, 1].into()],
        chain: chain(),
        at,
        places: Vec::new(),
        moved: None,
    }]);
}
