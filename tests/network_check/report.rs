//! The forms of the report.

use apim_origin_guard::config::Severity;
use apim_origin_guard::network_check::{CATALOGUE, Report, render, sarif};
use apim_origin_guard::problem::MediaType;
use serde_json::{Value, json};

use crate::world::{World, classic, entry, id};

/// Something of each severity, a list of what is concerned, and something not checked.
fn world() -> World {
    classic("Premium", "External")
        .routes(&[("0.0.0.0/0", "VirtualAppliance"), ("104.214.19.224/32", "Internet")])
        .tags()
        .entries(&[entry("Metrics", "<b>m</b>", true, "failure", "timed *out*")])
}

fn json_of(report: &Report) -> Value {
    serde_json::from_str(&render(report, MediaType::Json).body).unwrap()
}

fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn json_has_the_members_of_the_contract() {
    let report = json_of(&world().report());
    assert_eq!(names(&report), ["checked", "findings", "not_checked", "summary"]);
    let finding = &report["findings"][0];
    assert_eq!(names(finding), ["code", "consequence", "evidence", "remedies", "severity", "subject", "title"]);
    assert_eq!(finding["code"], "client_route_missing");
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["subject"], id("Microsoft.Network/routeTables/rt"));
    assert_eq!(finding["evidence"]["not_routed"].as_array().unwrap().len(), 15);
    assert!(
        finding["evidence"]["found"][0].as_str().unwrap().contains("route r0: 0.0.0.0/0 to VirtualAppliance 10.0.9.4")
    );
    assert_eq!(names(&report["not_checked"][0]), ["check", "fetch", "reason"]);
}

#[test]
fn remedies_have_a_command_a_snippet_and_a_test() {
    let report = json_of(&world().report());
    let remedy = &report["findings"][0]["remedies"][0];
    assert_eq!(names(remedy), ["action", "command", "snippet", "verify", "who"]);
    assert!(remedy["command"].as_str().unwrap().contains("for prefix in 173.245.48.0/20 "));
    assert_eq!(remedy["snippet"]["language"], "bicep");
    assert!(remedy["snippet"]["code"].as_str().unwrap().contains("nextHopType: 'Internet'"));
    assert!(remedy["verify"]["command"].as_str().unwrap().starts_with("az network route-table route list"));
}

#[test]
fn the_gravest_come_first() {
    let report = world().report();
    let severities: Vec<Severity> = report.findings.iter().map(|finding| finding.severity).collect();
    assert!(severities.is_sorted_by(|a, b| a >= b), "{severities:?}");
    assert_eq!([Severity::Error, Severity::Warning, Severity::Info].map(|severity| report.count(severity)), [1, 2, 1]);
}

#[test]
fn the_coverage_is_counted_and_listed() {
    let report = world().report();
    let finding = report.findings.iter().find(|finding| finding.code.name == "control_plane_route_partial").unwrap();
    let said = &finding.found[0];
    // One of 36 addresses is routed; the prefix it is in is not covered as a whole.
    assert!(
        said.starts_with("5 of 5 IPv4 prefixes (35 of 36 addresses) of the tag ApiManagement (change number 70)"),
        "{said}"
    );
    assert!(said.contains("route r1: 104.214.19.224/32 to Internet"), "{said}");
    assert_eq!(finding.listed.len(), 5);
}

#[test]
fn sarif_has_what_its_schema_requires() {
    let world = world();
    let log: Value = serde_json::from_str(&sarif(&world.report())).unwrap();
    assert_eq!(names(&log), ["$schema", "runs", "version"]);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "network-check");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), CATALOGUE.len());
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    for (finding, result) in world.report().findings.iter().zip(run["results"].as_array().unwrap()) {
        assert_eq!(result["ruleId"], finding.code.name);
        assert_eq!(rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()]["id"], finding.code.name);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        assert_eq!(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], finding.subject);
    }
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notes.len(), world.report().not_checked.len());
}

#[test]
fn sarif_names_the_file_of_a_resource() {
    let mut documents = world().read();
    for document in &mut documents {
        document.source = "net docs/all.json".into();
    }
    let report = apim_origin_guard::network_check::check(&documents, crate::world::now());
    let log: Value = serde_json::from_str(&sarif(&report)).unwrap();
    assert_eq!(
        log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "net%20docs/all.json"
    );
}

#[test]
fn html_shows_what_documents_say_and_obeys_nothing_of_it() {
    let page = render(&world().report(), MediaType::Html).body;
    assert!(page.contains("&lt;b&gt;m&lt;/b&gt;") && !page.contains("<b>m</b>"));
    let document = scraper::Html::parse_document(&page);
    assert_eq!(document.errors, Vec::<String>::new());
    for code in ["client_route_missing", "control_plane_route_partial", "dependency_failing_optional"] {
        assert!(page.contains(code), "{code}");
    }
}

#[test]
fn markdown_marks_code_by_its_language() {
    let page = render(&world().report(), MediaType::Markdown).body;
    assert!(page.contains("    ```bicep\n") && page.contains("    ```sh\n"), "{page}");
    assert!(page.contains("timed \\*out\\*"));
}

#[test]
fn text_has_no_control_characters() {
    let mut world = world();
    world.set("service", |service| service["location"] = json!("West\u{1b}[31m Europe\u{202e}"));
    let page = render(&world.report(), MediaType::Text).body;
    assert!(page.chars().all(|c| c == '\n' || !c.is_control()), "{page}");
    assert!(!page.contains('\u{202e}'));
}

#[test]
fn a_page_tells_checks_that_lack_the_same_together() {
    let report = world().without("table").report();
    let page = render(&report, MediaType::Text).body;
    let fetch = "az network route-table show --ids";
    assert_eq!(page.matches(fetch).count(), 1, "{page}");
}

#[test]
fn a_report_is_not_stored_by_anyone() {
    let rendered = render(&world().report(), MediaType::Json);
    assert_eq!(rendered.status, 200);
    assert!(rendered.headers.contains(&("Cache-Control", "no-store".to_owned())));
    assert!(rendered.headers.contains(&("Content-Type", "application/json".to_owned())));
}
