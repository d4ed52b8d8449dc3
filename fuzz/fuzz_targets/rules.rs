//! Arbitrary evidence, put together from arbitrary octets: the rules always come to a verdict where something failed, and it
//! claims nothing that no resolver said.
#![no_main]

use std::net::IpAddr;

use apim_origin_guard::diagnosis::{
    Evidence, Failure, RecordEvidence, Rejection, checks, diagnose, evidence_view, findings, remedies,
};
use apim_origin_guard::dns::{
    Absence, AbsenceKind, ChainLink, DnsFailure, ExtendedError, Lookup, Observation, Outcome, Rcode, SeenAddress, agree,
};
use apim_origin_guard::net::Hostname;
use apim_origin_guard::origin::Drift;
use apim_origin_guard::problem::{Category, Code, entry};
use apim_origin_guard::time::UnixMillis;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 8] = [
    "contoso.azure-api.net",
    "apimgmttm1.trafficmanager.net",
    "contoso-westeurope-01.regional.azure-api.net",
    "contoso-eastus-01.regional.azure-api.net",
    "contoso-ip.westeurope.cloudapp.azure.com",
    "apimgmths1.cloudapp.net",
    "api.example.com",
    "localhost",
];
const ADDRESSES: [&str; 6] = ["20.1.1.1", "20.2.2.2", "10.0.0.4", "127.0.0.1", "104.16.0.1", "2603:1020::17"];
const NUMBERS: [u16; 20] =
    [520, 521, 522, 523, 524, 525, 526, 1000, 1001, 1002, 1003, 1014, 1016, 1018, 1019, 1023, 1033, 1042, 1101, 0];
const AT: UnixMillis = UnixMillis(1_777_288_792_000);

fn name(u: &mut Unstructured<'_>) -> Result<Hostname> {
    Ok(u.choose(&NAMES)?.parse().expect("a host name"))
}

fn some<T>(u: &mut Unstructured<'_>, each: fn(&mut Unstructured<'_>) -> Result<T>) -> Result<Vec<T>> {
    let count = u.int_in_range(0..=3)?;
    (0..count).map(|_| each(u)).collect()
}

fn link(u: &mut Unstructured<'_>) -> Result<ChainLink> {
    Ok(ChainLink { name: name(u)?, ttl_s: u.arbitrary()?, target: name(u)? })
}

fn address(u: &mut Unstructured<'_>) -> Result<SeenAddress> {
    Ok(SeenAddress { address: u.choose(&ADDRESSES)?.parse().expect("an address"), ttl_s: u.arbitrary()? })
}

fn outcome(u: &mut Unstructured<'_>) -> Result<Outcome> {
    Ok(match u.int_in_range(0..=8)? {
        0 | 1 => Outcome::Known { addresses: vec![address(u)?, address(u)?] },
        2 => Outcome::Absent(Absence {
            kind: AbsenceKind::NameNotFound,
            at_name: name(u)?,
            negative_ttl_s: u.arbitrary()?,
        }),
        3 => Outcome::Absent(Absence { kind: AbsenceKind::NoAddress, at_name: name(u)?, negative_ttl_s: None }),
        4 => {
            Outcome::Unknown { failure: DnsFailure::Rcode { rcode: Rcode(u.int_in_range(1..=11)?), at_name: name(u)? } }
        }
        5 => Outcome::Unknown { failure: DnsFailure::Loop { at_name: name(u)? } },
        6 => Outcome::Unknown { failure: DnsFailure::TooManyHops },
        7 => Outcome::Unknown { failure: DnsFailure::HttpStatus { status: u.arbitrary()? } },
        _ => Outcome::Unknown { failure: DnsFailure::TimedOut },
    })
}

fn observation(u: &mut Unstructured<'_>) -> Result<Observation> {
    let extended_errors = match u.arbitrary::<Option<u8>>()? {
        Some(code) => vec![ExtendedError { code: u16::from(code % 30), text: String::new() }],
        None => Vec::new(),
    };
    Ok(Observation {
        resolver: (*u.choose(&["https://one.test", "https://two.test"])?).into(),
        at: AT,
        took_ms: u.arbitrary()?,
        outcome: outcome(u)?,
        chain: some(u, link)?,
        extended_errors,
        unanswered: None,
    })
}

fn lookup(u: &mut Unstructured<'_>) -> Result<Option<Lookup>> {
    if u.ratio(1, 8)? {
        return Ok(None);
    }
    let observations = some(u, observation)?;
    Ok(Some(Lookup { at: AT, name: name(u)?, consensus: agree(&observations), observations }))
}

fn failure(u: &mut Unstructured<'_>) -> Result<Option<Failure>> {
    Ok(Some(match u.int_in_range(0..=6)? {
        0 => return Ok(None),
        1 => Failure::Edge { status: 530, number: None },
        2 => {
            let rejections = [Rejection::ConnectionLost, Rejection::Internal, Rejection::Other];
            Failure::Rejected { rejection: *u.choose(&rejections)? }
        }
        3 => Failure::TimedOut { after_ms: 110_000 },
        _ => Failure::Edge { status: u.int_in_range(400..=530)?, number: Some(*u.choose(&NUMBERS)?) },
    }))
}

fn bare(u: &mut Unstructured<'_>) -> Result<Vec<IpAddr>> {
    Ok(some(u, address)?.into_iter().map(|seen| seen.address).collect())
}

fn drift(u: &mut Unstructured<'_>) -> Result<Drift> {
    Ok(Drift { at: AT, before: bare(u)?, after: bare(u)?, added: Vec::new(), not_seen: Vec::new(), hop: None, ttl_s: 60 })
}

fn record(u: &mut Unstructured<'_>) -> Result<RecordEvidence> {
    Ok(match u.int_in_range(0..=4)? {
        0 => RecordEvidence::Empty,
        1 => RecordEvidence::Unavailable,
        2 => RecordEvidence::Unreadable,
        _ => {
            let moved = if u.arbitrary()? { Some(drift(u)?) } else { None };
            RecordEvidence::Present { addresses: bare(u)?, chain: some(u, link)?, at: AT, places: Vec::new(), moved }
        }
    })
}

fn evidence(u: &mut Unstructured<'_>) -> Result<Evidence> {
    Ok(Evidence {
        at: AT,
        hostname: name(u)?,
        edge_name: name(u)?,
        expect_suffixes: vec!["azure-api.net".parse().expect("a host name")],
        failure: failure(u)?,
        lookup: lookup(u)?,
        counterpart: lookup(u)?,
        record: record(u)?,
        azure: None,
        seen_from: None,
    })
}

/// Whether an observation says what the code claims.
fn backed(code: Code, evidence: &Evidence) -> bool {
    let seen = evidence.lookup.iter().flat_map(|lookup| &lookup.observations).collect::<Vec<_>>();
    let any = |by: &dyn Fn(&Outcome) -> bool| seen.iter().any(|it| by(&it.outcome));
    let absent = |kind| any(&|it| matches!(it, Outcome::Absent(absence) if absence.kind == kind));
    match code {
        Code::OriginNameNotFound => absent(AbsenceKind::NameNotFound),
        Code::OriginNameHasNoAddress => absent(AbsenceKind::NoAddress),
        Code::OriginDnsServerFailure => any(&|it| matches!(it, Outcome::Unknown { failure: DnsFailure::Rcode { .. } })),
        Code::OriginDnssecInvalid => {
            seen.iter().any(|it| it.extended_errors.iter().any(|error| (6..=12).contains(&error.code)))
        }
        Code::OriginChainInvalid => {
            any(&|it| matches!(it, Outcome::Unknown { failure: DnsFailure::Loop { .. } | DnsFailure::TooManyHops }))
        }
        Code::OriginAddressNotPublic | Code::OriginDnsDisagreement | Code::OriginAddressStale => {
            any(&|it| matches!(it, Outcome::Known { .. }))
        }
        _ => true,
    }
}

fuzz_target!(|octets: &[u8]| {
    let Ok(evidence) = evidence(&mut Unstructured::new(octets)) else { return };
    let verdict = diagnose(&evidence);
    assert_eq!(verdict.is_some(), evidence.failure.is_some());
    evidence_view(&evidence, verdict.as_ref());
    assert!(checks(&evidence).iter().all(|check| !check.detail.is_empty()));
    findings(&evidence);
    if let Some(verdict) = verdict {
        assert!(verdict.failed_hop.is_none() || entry(verdict.code).category == Category::Dns, "{verdict:?}");
        assert!(backed(verdict.code, &evidence), "{verdict:?} on {evidence:?}");
        assert!(!verdict.because.is_empty());
        assert!(!remedies(&verdict, &evidence).is_empty());
    }
});
