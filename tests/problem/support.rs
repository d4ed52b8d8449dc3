//! What the tests of problem documents share: full documents, and readers of the four forms.

use apim_origin_guard::config::Severity;
use apim_origin_guard::diagnosis::{
    Evidence, Failure, Finding, FindingCode, Hop, RecordEvidence, Remedy, Verdict, Verify, remedies,
};
use apim_origin_guard::dns::{Absence, AbsenceKind, ChainLink, Consensus, Lookup, Observation, Outcome, SeenAddress};
use apim_origin_guard::net::Hostname;
use apim_origin_guard::problem::{
    Category, Check, CheckResult, Code, Document, MediaType, OperatorPart, Rendered, WhoActs, entry, render,
};
use apim_origin_guard::time::UnixMillis;

pub(crate) const BASE: &str = "/__guard/problems/";
pub(crate) const NOW: UnixMillis = UnixMillis(1_777_288_792_566);
pub(crate) const SINCE: UnixMillis = UnixMillis(1_777_288_700_000);

pub(crate) fn host(name: &str) -> Hostname {
    name.parse().unwrap()
}

/// The chain of the incident: gateway name, Traffic Manager, regional name, compute name.
pub(crate) fn chain() -> Vec<ChainLink> {
    let names = [
        "contoso.azure-api.net",
        "apimgmttmx1.trafficmanager.net",
        "contoso-westeurope-01.regional.azure-api.net",
        "contoso-ip.westeurope.cloudapp.azure.com",
    ];
    names.windows(2).map(|pair| ChainLink { name: host(pair[0]), ttl_s: 300, target: host(pair[1]) }).collect()
}

fn lookup(consensus: Consensus, outcome: Outcome) -> Lookup {
    let observation = Observation {
        resolver: "https://cloudflare-dns.com/dns-query".into(),
        at: NOW,
        took_ms: 12,
        outcome,
        chain: chain(),
        extended_errors: Vec::new(),
        unanswered: None,
    };
    Lookup { at: NOW, name: host("contoso.azure-api.net"), observations: vec![observation], consensus }
}

/// The name ends at its compute name.
pub(crate) fn absent_evidence() -> Evidence {
    let at_name = host("contoso-ip.westeurope.cloudapp.azure.com");
    let absence = Absence { kind: AbsenceKind::NameNotFound, at_name, negative_ttl_s: Some(60) };
    let consensus = Consensus::Absent { absence: absence.clone(), chain: chain() };
    evidence(Some(lookup(consensus, Outcome::Absent(absence))), false)
}

/// The name resolves, to two addresses.
pub(crate) fn known_evidence(zone_route: bool) -> Evidence {
    let seen = |address: &str| SeenAddress { address: address.parse().unwrap(), ttl_s: 60 };
    let addresses = vec![seen("20.1.2.3"), seen("20.1.2.4")];
    let consensus = Consensus::Known { addresses, chain: chain(), ttl_s: 60 };
    evidence(Some(lookup(consensus, Outcome::Known { addresses: Vec::new() })), zone_route)
}

pub(crate) fn evidence(lookup: Option<Lookup>, zone_route: bool) -> Evidence {
    Evidence {
        at: NOW,
        hostname: host("contoso.azure-api.net"),
        edge_name: host(if zone_route { "api.example.com" } else { "contoso.azure-api.net" }),
        expect_suffixes: vec![host("azure-api.net")],
        failure: Some(Failure::Edge { status: 530, number: Some(1016) }),
        lookup,
        record: RecordEvidence::Present { addresses: vec!["40.71.32.102".parse().unwrap()], chain: chain(), at: SINCE },
    }
}

pub(crate) fn verdict(code: Code, failed_hop: Option<&str>) -> Verdict {
    let failed_hop = failed_hop.map(|name| Hop::of(&host(name)));
    Verdict { code, error_code: Some(1016), failed_hop, because: "both resolvers say so".into() }
}

/// What an operator gets for `code`: of a name that ends at its compute name, or of an address that nobody answers at.
pub(crate) fn operator_document(code: Code) -> Document {
    let is_dns = entry(code).category == Category::Dns;
    let (evidence, failed_hop, detail) = if is_dns {
        (absent_evidence(), Some("contoso-ip.westeurope.cloudapp.azure.com"), "The compute name does not exist.")
    } else {
        (known_evidence(true), None, "40.71.32.102 is not among the present addresses.")
    };
    let verdict = verdict(code, failed_hop);
    let value = serde_json::json!({
        "hostname": evidence.hostname,
        "failed_hop": verdict.failed_hop,
        "chain": chain(),
        "last_good": { "addresses": ["40.71.32.102"], "at": SINCE },
        "addresses": if is_dns { vec![] } else { vec!["20.1.2.3", "20.1.2.4"] },
    });
    let checks = vec![
        check("name", CheckResult::Fail, "NXDOMAIN from 2 of 2 resolvers", 12),
        check("tcp", CheckResult::Skip, "no address to connect to", 0),
    ];
    let finding = Finding {
        code: FindingCode::LookupOverdue,
        severity: Severity::Warning,
        title: "No good look-up for 2 hours.".into(),
        evidence: "The last one was at 2026-04-27T09:18:20Z.".into(),
    };
    let operator =
        OperatorPart { evidence: value, checks, findings: vec![finding], remedies: remedies(&verdict, &evidence) };
    Document {
        incident: Some("01hw5f8k9z".into()),
        since: Some(SINCE),
        error_code: Some(if is_dns { 1016 } else { 522 }),
        ray_id: Some("8f1c2d3e4f5a6b7c".into()),
        detail: Some(detail.into()),
        operator: Some(operator),
        ..Document::new(code, BASE, NOW)
    }
}

fn check(name: &'static str, result: CheckResult, detail: &str, took_ms: u32) -> Check {
    Check { name, result, detail: detail.into(), took_ms }
}

/// A document that carries `mark` in every field that is for operators only.
pub(crate) fn marked_document(code: Code, mark: &str) -> Document {
    let text = || mark.to_owned();
    let remedy = Remedy {
        who: WhoActs::ApiOwner,
        action: text(),
        command: Some(text()),
        verify: Verify { action: text(), command: Some(text()) },
    };
    let finding =
        Finding { code: FindingCode::PinnedAddressRecord, severity: Severity::Error, title: text(), evidence: text() };
    let operator = OperatorPart {
        evidence: serde_json::json!({ mark: { "list": [mark, { mark: mark }], "text": mark } }),
        checks: vec![check("name", CheckResult::Fail, mark, 1)],
        findings: vec![finding],
        remedies: vec![remedy],
    };
    Document { detail: Some(text()), operator: Some(operator), ..operator_document(code) }
}

/// Every code in every form, for both audiences: a name for messages, and the answer.
pub(crate) fn everything() -> Vec<(String, MediaType, Rendered)> {
    let mut all = Vec::new();
    for code in Code::ALL {
        for media in MediaType::ALL {
            let operator = operator_document(code);
            all.push((format!("{code} operator {media:?}"), media, render(&operator, media)));
            let public = operator.for_strangers();
            all.push((format!("{code} public {media:?}"), media, render(&public, media)));
        }
    }
    all
}

pub(crate) fn header<'a>(rendered: &'a Rendered, name: &str) -> Option<&'a str> {
    let mut found = rendered.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
    let first = found.next().map(|(_, value)| value.as_str());
    assert!(found.next().is_none(), "{name} twice");
    first
}

pub(crate) fn extension(media: MediaType) -> &'static str {
    match media {
        MediaType::Json => "json",
        MediaType::Html => "html",
        MediaType::Markdown => "md",
        MediaType::Text => "txt",
    }
}
