//! What these tests share: investigations in a world of scripted resolvers, and the documents made from them.

use apim_origin_guard::config::Severity;
use apim_origin_guard::diagnosis::{Evidence, Failure, Finding, FindingCode, Remedy, Verdict, Verify};
use apim_origin_guard::investigation::{Audience, Investigation, Question, investigate, problem_document};
use apim_origin_guard::net::Hostname;
use apim_origin_guard::origin::Hop;
use apim_origin_guard::problem::{
    Category, Check, Code, Document, MediaType, OperatorPart, Rendered, WhoActs, entry, render,
};
use apim_origin_guard::refresh::refresh_origin;
use apim_origin_guard::time::UnixMillis;

use crate::world::{Manner, World, Zone, chain, without};

pub(crate) const BASE: &str = "/__guard/problems/";
pub(crate) const NOW: UnixMillis = UnixMillis(1_777_288_792_566);
/// The last name of the chain in these tests.
pub(crate) const COMPUTE: &str = "secretmark-ip.westeurope.cloudapp.azure.com";
/// What only operators may read; each is in the names and addresses of [`zone`].
pub(crate) const SECRETS: [&str; 6] = ["secretmark", "trafficmanager", "cloudapp", "regional.", "20.66.77", "one.test"];

pub(crate) fn host(name: &str) -> Hostname {
    name.parse().unwrap()
}

/// The chain of azure.md 2.1, ending at this address.
pub(crate) fn zone(last: u8) -> Zone {
    let names = [
        "secretmark.azure-api.net",
        "apimgmttmsecretmark.trafficmanager.net",
        "secretmark-westeurope-01.regional.azure-api.net",
        COMPUTE,
    ];
    chain(&names, [20, 66, 77, last])
}

fn failure(code: Code) -> Failure {
    let number = match code {
        Code::OriginResponseTimeout => 524,
        Code::OriginCertificateInvalid => 526,
        _ if entry(code).category == Category::Dns => 1016,
        _ => 522,
    };
    Failure::Edge { status: if number == 1016 { 530 } else { number }, number: Some(number) }
}

/// An investigation that ends in `code`: by the rules where they know how, else by decree (what ARM says is not asked).
pub(crate) fn found(code: Code) -> Investigation {
    let world = World::configured(
        r#"{"origins":[{"hostname":"secretmark.azure-api.net"}],
            "dns":{"resolvers":["https://one.test/dns-query","https://two.test/dns-query"]}}"#,
    );
    let (scene, origin) = (world.scene(), &world.config().origins[0]);
    world.both(&Manner::Answers(zone(88)));
    world.run(refresh_origin(&scene, origin));
    world.pass_s(7_200);
    let is_dns = entry(code).category == Category::Dns;
    world.both(&Manner::Answers(match code {
        _ if is_dns => without(zone(88), COMPUTE),
        Code::OriginAddressStale => zone(99),
        _ => zone(88),
    }));
    let question = Question {
        origin,
        failure: Some(failure(code)),
        edge_name: &origin.hostname,
        budget_ms: 2_500,
        seen_from: Some("AMS"),
    };
    let mut found = world.run(investigate(&scene, &question));
    found.join(&scene, origin);
    if let Some(verdict) = &mut found.verdict {
        verdict.code = code;
    }
    found
}

pub(crate) fn document(found: &Investigation, operator: bool) -> Document {
    let audience = Audience { operator, type_base: BASE.to_owned(), ray_id: Some("8f1c2d3e4f5a6b7c".to_owned()) };
    problem_document(found, &audience)
}

/// The evidence of a failure with a name that is gone, or with one that resolves.
pub(crate) fn absent_evidence() -> Evidence {
    found(Code::OriginNameNotFound).evidence
}

pub(crate) fn known_evidence(zone_route: bool) -> Evidence {
    let evidence = found(Code::OriginAddressStale).evidence;
    let edge_name = if zone_route { host("api.example.com") } else { evidence.hostname.clone() };
    Evidence { edge_name, ..evidence }
}

pub(crate) fn verdict(code: Code, failed_hop: Option<&str>) -> Verdict {
    let failed_hop = failed_hop.map(|name| Hop::of(&host(name)));
    Verdict { code, error_code: Some(1016), failed_hop, because: "both resolvers say so".into(), explains: None }
}

/// A document with `text` in every field that may come from outside.
pub(crate) fn marked_document(code: Code, text: &str) -> Document {
    let owned = || text.to_owned();
    let remedy = Remedy {
        who: WhoActs::ApiOwner,
        action: owned(),
        command: Some(owned()),
        verify: Verify { action: owned(), command: Some(owned()) },
    };
    let finding = Finding {
        code: FindingCode::PinnedAddressRecord,
        severity: Severity::Error,
        title: owned(),
        evidence: owned(),
    };
    let operator = OperatorPart {
        evidence: serde_json::json!({ text: { "list": [text, { text: text }], "text": text } }),
        checks: vec![Check::fail("name", text, 1)],
        findings: vec![finding],
        remedies: vec![remedy],
    };
    Document {
        detail: Some(owned()),
        incident: Some(owned()),
        ray_id: Some(owned()),
        operator: Some(operator),
        ..Document::new(code, BASE, NOW)
    }
}

/// Every code in every form, for both audiences: a name for messages, the form and the answer.
pub(crate) fn everything() -> Vec<(String, MediaType, Rendered)> {
    let mut all = Vec::new();
    for code in Code::ALL {
        let found = found(code);
        for operator in [true, false] {
            let document = document(&found, operator);
            for media in MediaType::ALL {
                all.push((format!("{code} {media:?}, operator: {operator}"), media, render(&document, media)));
            }
        }
    }
    all
}

/// The only field of this name.
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
