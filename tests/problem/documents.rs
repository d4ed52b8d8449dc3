//! Problem documents as clients and operators get them (contract section 4).

use std::path::PathBuf;
use std::{env, fs};

use crate::support::{BASE, NOW, everything, extension, header, marked_document, operator_document};
use apim_origin_guard::problem::{Code, Document, MediaType, entry, render};
use serde_json::Value;

/// One code for each shape: retryable DNS, the three faults that everyone mixes up, not retryable, Azure, admin.
const GOLDEN: [Code; 7] = [
    Code::OriginNameNotFound,
    Code::OriginAddressStale,
    Code::OriginResponseTimeout,
    Code::OriginCertificateInvalid,
    Code::ApimSubscriptionDisabled,
    Code::GuardConfigInvalid,
    Code::AdminUnauthenticated,
];

fn golden_document(code: Code) -> Document {
    match entry(code).status {
        401 | 500 => Document { operator: None, ..Document::new(code, BASE, NOW) },
        _ => operator_document(code),
    }
}

/// Set `UPDATE_GOLDEN=1` to write the files anew; the diff is the review.
#[test]
fn golden_documents() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/problem");
    let mut wrong = Vec::new();
    for code in GOLDEN {
        for media in MediaType::ALL {
            let document = golden_document(code);
            let public = document.clone().for_strangers();
            for (audience, document) in [("operator", &document), ("public", &public)] {
                if audience == "operator" && document.operator.is_none() {
                    continue;
                }
                let rendered = render(document, media);
                let head: String = rendered.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
                let now = format!("HTTP/1.1 {}\n{head}\n{}", rendered.status, rendered.body);
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
        is(
            "Content-Type",
            match media {
                MediaType::Json => "application/problem+json",
                MediaType::Html => "text/html; charset=utf-8",
                MediaType::Markdown => "text/markdown; charset=utf-8",
                MediaType::Text => "text/plain; charset=utf-8",
            },
        );
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
    let public = [
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "category",
        "retryable",
        "retry_after",
        "owner_action_required",
        "error_code",
        "ray_id",
        "timestamp",
        "incident",
        "since",
        "who_acts",
    ];
    let operator = ["evidence", "checks", "findings", "remedies"];
    let document = operator_document(Code::OriginNameNotFound);
    assert_eq!(members(&render(&document, MediaType::Json).body), [&public[..], &operator].concat());
    assert_eq!(members(&render(&document.for_strangers(), MediaType::Json).body), public);
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
        assert_eq!(json["status"], rendered.status, "{name}");
        assert_eq!(json["type"], format!("{BASE}{code}"), "{name}");
        assert_eq!(json["instance"], "urn:origin-guard:incident:01hw5f8k9z", "{name}");
        assert_eq!(json["timestamp"], "2026-04-27T11:19:52.566Z", "{name}");
        assert_eq!(json["retryable"], json.get("retry_after").is_some(), "{name}");
        let seconds = json.get("retry_after").map(ToString::to_string);
        assert_eq!(seconds.as_deref(), header(&rendered, "Retry-After"), "{name}");
        assert!(json.get("cloudflare_error").is_none(), "{name}");
    }
}

#[test]
fn what_does_not_apply_is_left_out() {
    let rendered = render(&Document::new(Code::AdminNotFound, BASE, NOW), MediaType::Json);
    let names = members(&rendered.body);
    for absent in ["instance", "incident", "since", "ray_id", "error_code", "retry_after", "evidence", "remedies"] {
        assert!(!names.contains(&absent), "{absent}");
    }
    for media in [MediaType::Html, MediaType::Markdown, MediaType::Text] {
        let body = render(&Document::new(Code::AdminNotFound, BASE, NOW), media).body;
        assert!(!body.contains("Incident") && !body.contains("Ray ID") && !body.contains("null"), "{body}");
    }
}

#[test]
fn a_document_may_bring_its_own_status_wait_and_headers() {
    let document = Document {
        status: Some(502),
        retry_after_s: Some(7),
        extra_headers: vec![("Allow", "GET, HEAD".into())],
        ..Document::new(Code::ApimStopped, BASE, NOW)
    };
    let rendered = render(&document, MediaType::Json);
    let json: Value = serde_json::from_str(&rendered.body).unwrap();
    assert_eq!((rendered.status, &json["status"]), (502, &502.into()));
    assert_eq!((header(&rendered, "Retry-After"), &json["retry_after"]), (Some("7"), &7.into()));
    assert_eq!(header(&rendered, "Allow"), Some("GET, HEAD"));

    let never = Document { retry_after_s: Some(7), ..Document::new(Code::OriginTlsFailed, BASE, NOW) };
    assert_eq!(header(&render(&never, MediaType::Json), "Retry-After"), None);
}

/// The marks stand for names, addresses and hops: in every operators' field of a document that is then shown to strangers.
#[test]
fn strangers_learn_nothing_of_the_origin() {
    let mark = "SECRETMARK";
    for code in Code::ALL {
        for media in MediaType::ALL {
            let document = marked_document(code, mark);
            let operator = render(&document, media);
            assert!(operator.body.matches(mark).count() >= 8, "the test marks what operators see: {code} {media:?}");
            let public = render(&document.for_strangers(), media);
            let head = format!("{:?}", public.headers);
            assert!(!public.body.contains(mark) && !head.contains(mark), "{code} {media:?}");
        }
    }
}

#[test]
fn what_strangers_read_names_no_azure_host_and_no_address() {
    for row in Code::ALL.map(entry) {
        let text = format!("{} {}", row.title, row.public_detail).to_lowercase();
        for word in ["azure-api", "trafficmanager", "cloudapp", "regional", "traffic manager", "hop", "<", "10."] {
            assert!(!text.contains(word), "{}: {word}", row.code);
        }
        assert!(row.title.len() <= 50 && !row.title.ends_with('.'), "{}", row.title);
        assert!(row.public_detail.ends_with('.') && row.public_detail.len() <= 250, "{}", row.public_detail);
    }
}

#[test]
fn all_forms_say_the_same() {
    for code in Code::ALL {
        let document = operator_document(code);
        for media in [MediaType::Html, MediaType::Markdown, MediaType::Text] {
            let body = render(&document, media).body.replace(['\\', '`'], "").replace("&lt;", "<").replace("&gt;", ">");
            let said = [
                entry(code).title,
                code.as_str(),
                document.detail.as_deref().unwrap(),
                "01hw5f8k9z",
                "8f1c2d3e4f5a6b7c",
                "2026-04-27T11:19:52.566Z",
                "no address to connect to",
                "40.71.32.102",
                "No good look-up for 2 hours.",
            ];
            for text in said {
                assert!(body.contains(text), "{code} {media:?}: {text}\n{body}");
            }
            for remedy in &document.operator.as_ref().unwrap().remedies {
                for command in remedy.command.iter().chain(&remedy.verify.command) {
                    let shown = command.replace(['\\', '`'], "");
                    let body = body.replace("&quot;", "\"").replace("&amp;", "&").replace("&#39;", "'");
                    assert!(body.contains(&shown), "{code} {media:?}: {shown}\n{body}");
                }
            }
        }
    }
}
