//! Problem documents as clients and operators get them (contract section 4).

use std::path::PathBuf;
use std::{env, fs};

use apim_origin_guard::problem::{Code, Document, MediaType, entry, render};
use serde_json::Value;

use crate::support::{BASE, NOW, SECRETS, document, everything, extension, found, header};

/// Each shape once: DNS, a stale address, no answer, not retryable, Azure's own state; and two without an incident.
const GOLDEN: [Code; 7] = [
    Code::OriginNameNotFound,
    Code::OriginAddressStale,
    Code::OriginResponseTimeout,
    Code::OriginCertificateInvalid,
    Code::ApimSubscriptionDisabled,
    Code::GuardConfigInvalid,
    Code::AdminUnauthenticated,
];

fn golden_documents(code: Code) -> Vec<(&'static str, Document)> {
    if matches!(entry(code).status, 401 | 500) {
        return vec![("public", Document::new(code, BASE, NOW))];
    }
    let found = found(code);
    vec![("operator", document(&found, true)), ("public", document(&found, false))]
}

/// Set `UPDATE_GOLDEN=1` to write the files anew; the diff is the review.
#[test]
fn documents_are_as_reviewed() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/problem");
    let mut wrong = Vec::new();
    for code in GOLDEN {
        for (audience, document) in golden_documents(code) {
            for media in MediaType::ALL {
                let rendered = render(&document, media);
                let head: Vec<_> = rendered.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                let now = format!("HTTP/1.1 {}\n{}\n\n{}", rendered.status, head.join("\n"), rendered.body);
                let path = folder.join(format!("{code}.{audience}.{}", extension(media)));
                if env::var_os("UPDATE_GOLDEN").is_some() {
                    fs::create_dir_all(&folder).unwrap();
                    fs::write(&path, &now).unwrap();
                }
                if fs::read_to_string(&path).ok().as_deref() != Some(&now) {
                    wrong.push(path);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "differ from what is rendered (UPDATE_GOLDEN=1 writes them): {wrong:#?}");
}

#[test]
fn every_code_in_every_form_has_the_headers_of_the_contract() {
    for (name, media, rendered) in everything() {
        let is = |field: &str, value: &str| assert_eq!(header(&rendered, field), Some(value), "{name} {field}");
        is("Cache-Control", "no-store");
        is("Vary", "Accept");
        is("X-Content-Type-Options", "nosniff");
        let content_type = match media {
            MediaType::Json => "application/problem+json",
            MediaType::Html => "text/html; charset=utf-8",
            MediaType::Markdown => "text/markdown; charset=utf-8",
            MediaType::Text => "text/plain; charset=utf-8",
        };
        is("Content-Type", content_type);
        let code: Code = header(&rendered, "X-Origin-Guard").unwrap().parse().unwrap();
        assert_eq!(rendered.status, entry(code).status, "{name}");
        let retry_after = entry(code).retry_after_s.map(|seconds| seconds.to_string());
        assert_eq!(header(&rendered, "Retry-After"), retry_after.as_deref(), "{name}");
        assert_eq!(header(&rendered, "WWW-Authenticate").is_some(), rendered.status == 401, "{name}");
        assert_eq!(header(&rendered, "Content-Security-Policy").is_some(), media == MediaType::Html, "{name}");
        for (field, value) in &rendered.headers {
            assert!(value.bytes().all(|b| (0x20..0x7f).contains(&b)), "{name} {field}");
        }
    }
}

#[test]
fn the_members_are_those_of_the_contract_in_its_order() {
    let standard = ["type", "title", "status", "detail", "instance"];
    let own = ["code", "category", "retryable", "retry_after", "owner_action_required"];
    let more = ["error_code", "ray_id", "timestamp", "incident", "since", "who_acts"];
    let operator = ["evidence", "checks", "findings", "remedies"];
    let public = [&standard[..], &own, &more].concat();
    let found = found(Code::OriginNameNotFound);
    assert_eq!(members(&render(&document(&found, false), MediaType::Json).body), public);
    assert_eq!(members(&render(&document(&found, true), MediaType::Json).body), [&public[..], &operator].concat());
}

/// The names of the outermost members in the order written: they are indented by two spaces.
fn members(json: &str) -> Vec<&str> {
    let outer = json.lines().filter_map(|line| line.strip_prefix("  \""));
    outer.map(|line| line.split('"').next().unwrap()).collect()
}

#[test]
fn every_json_document_is_consistent_with_its_headers() {
    for (name, _, rendered) in everything().into_iter().filter(|(_, media, _)| *media == MediaType::Json) {
        let json: Value = serde_json::from_str(&rendered.body).unwrap();
        let code = json["code"].as_str().unwrap();
        assert_eq!(header(&rendered, "X-Origin-Guard"), Some(code), "{name}");
        assert_eq!(json["status"], rendered.status, "{name}");
        assert_eq!(json["type"], format!("{BASE}{code}"), "{name}");
        let incident = json["incident"].as_str().unwrap();
        assert_eq!(json["instance"], format!("urn:origin-guard:incident:{incident}"), "{name}");
        assert_eq!(json["retryable"], json.get("retry_after").is_some(), "{name}");
        let seconds = json.get("retry_after").map(ToString::to_string);
        assert_eq!(seconds.as_deref(), header(&rendered, "Retry-After"), "{name}");
        assert!(json.get("cloudflare_error").is_none(), "{name}");
    }
}

#[test]
fn what_does_not_apply_is_left_out() {
    let document = Document::new(Code::AdminNotFound, BASE, NOW);
    let json = render(&document, MediaType::Json).body;
    for absent in ["instance", "incident", "since", "ray_id", "error_code", "retry_after", "evidence", "remedies"] {
        assert!(!members(&json).contains(&absent), "{absent}");
    }
    for media in [MediaType::Html, MediaType::Markdown, MediaType::Text] {
        let body = render(&document, media).body;
        assert!(!body.contains("Incident") && !body.contains("Ray ID") && !body.contains("null"), "{body}");
    }
}

#[test]
fn a_document_may_bring_its_own_status_and_wait() {
    let new = |code| Document::new(code, BASE, NOW);
    let document = Document { status: Some(502), retry_after_s: Some(7), ..new(Code::ApimStopped) };
    let rendered = render(&document, MediaType::Json);
    let json: Value = serde_json::from_str(&rendered.body).unwrap();
    assert_eq!((rendered.status, &json["status"]), (502, &502.into()));
    assert_eq!((header(&rendered, "Retry-After"), &json["retry_after"]), (Some("7"), &7.into()));

    let never = Document { retry_after_s: Some(7), ..new(Code::OriginTlsFailed) };
    assert_eq!(header(&render(&never, MediaType::Json), "Retry-After"), None);
}

/// The whole way from the investigation: what operators read, strangers do not, in body or header, in any form.
#[test]
fn strangers_learn_nothing_of_the_origin() {
    for code in Code::ALL {
        let found = found(code);
        for media in MediaType::ALL {
            let operator = render(&document(&found, true), media);
            assert!(operator.body.contains("secretmark"), "the test marks what operators see: {code} {media:?}");
            let public = render(&document(&found, false), media);
            let all = format!("{}{:?}", public.body, public.headers).to_lowercase();
            for secret in SECRETS {
                assert!(!all.contains(secret), "{code} {media:?}: {secret}");
            }
        }
    }
}

#[test]
fn the_catalogue_speaks_to_clients() {
    for row in Code::ALL.map(entry) {
        let text = format!("{} {}", row.title, row.public_detail).to_lowercase();
        for word in ["azure-api", "trafficmanager", "cloudapp", "traffic manager", " hop", "<", "arm "] {
            assert!(!text.contains(word), "{}: {word}", row.code);
        }
        assert!((5..=50).contains(&row.title.len()) && !row.title.ends_with('.'), "{}", row.title);
        assert!(row.public_detail.ends_with('.'), "{}", row.public_detail);
        assert!((20..=250).contains(&row.public_detail.len()), "{}", row.public_detail);
    }
}

#[test]
fn all_forms_say_the_same() {
    for code in Code::ALL {
        let document = document(&found(code), true);
        let part = document.operator.as_ref().unwrap();
        let mut said = vec![entry(code).title, entry(code).public_detail, code.as_str()];
        said.extend(document.incident.as_deref());
        said.extend(document.ray_id.as_deref());
        said.extend(part.checks.iter().map(|check| check.detail.as_str()));
        said.extend(part.findings.iter().map(|finding| finding.title.as_str()));
        for remedy in &part.remedies {
            said.extend([remedy.action.as_str(), &remedy.verify.action]);
            said.extend(remedy.command.as_deref());
            said.extend(remedy.verify.command.as_deref());
        }
        let mut times = vec![document.timestamp.to_string()];
        times.extend(document.since.map(|at| at.to_string()));
        said.extend(times.iter().map(String::as_str));
        for media in [MediaType::Html, MediaType::Markdown, MediaType::Text] {
            let body = plain(&render(&document, media).body);
            for text in &said {
                assert!(body.contains(&plain(text)), "{code} {media:?}: {text}\n{body}");
            }
        }
    }
}

/// Without the marks of any form.
fn plain(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    text.replace("<code>", "").replace("</code>", "").replace(['\\', '`'], "")
}
