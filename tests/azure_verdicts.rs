//! What ARM's word makes of a failure: the bundles of the corpus, judged again with what ARM says added.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "test code"
)]

use std::fs;
use std::path::Path;

use apim_origin_guard::diagnosis::{checks, findings, remedies};
use apim_origin_guard::investigation::Bundle;
use apim_origin_guard::time::UnixMillis;
use serde_json::{Value, json};

const RESOURCE: &str = "/subscriptions/6f9619ff-8b86-d011-b42d-00c04fc964ff/resourceGroups/rg-apim/providers/Microsoft.ApiManagement/service/contoso";

/// The bundle `name`, with ARM's word of `age_s` seconds before.
fn with_azure(name: &str, age_s: u64, azure: &Value) -> Bundle {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bundles").join(name).with_extension("json");
    let mut bundle: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let evidence = bundle["evidence"].as_object_mut().unwrap();
    let at = evidence["at"].as_str().unwrap().parse::<UnixMillis>().unwrap();
    let mut said =
        json!({ "at": UnixMillis(at.0 - age_s * 1000).to_string(), "resource": RESOURCE, "instance": "present" });
    said.as_object_mut().unwrap().extend(azure.as_object().unwrap().clone());
    evidence.insert("azure".into(), said);
    Bundle::parse(&bundle.to_string()).unwrap()
}

/// Code and status of the verdict.
fn judged(name: &str, azure: &Value) -> (&'static str, u16) {
    let verdict = with_azure(name, 60, azure).judge_again().unwrap();
    (verdict.code.as_str(), verdict.status())
}

#[test]
fn a_state_of_the_instance_explains_the_failure_and_keeps_its_status() {
    let cases = [
        (json!({ "subscription_state": "Disabled" }), "apim_subscription_disabled"),
        (json!({ "subscription_state": "expired", "provisioning_state": "Stopped" }), "apim_subscription_disabled"),
        (json!({ "provisioning_state": "Stopped" }), "apim_stopped"),
        (json!({ "provisioning_state": "Updating" }), "apim_updating"),
        (json!({ "instance": "soft_deleted" }), "apim_soft_deleted"),
        (json!({ "instance": "gone" }), "apim_not_found"),
        (json!({ "public_network_access": "Disabled" }), "apim_public_access_disabled"),
        (json!({ "virtual_network_type": "Internal" }), "apim_internal_network"),
    ];
    for (azure, code) in cases {
        for (bundle, status) in
            [("connection_timeout", 503), ("compute_name_gone", 503), ("no_answer_524", 504), ("tls_failed", 502)]
        {
            assert_eq!(judged(bundle, &azure), (code, status), "{bundle} {azure}");
        }
    }
}

#[test]
fn a_well_instance_an_unknown_one_and_an_old_word_explain_nothing() {
    let well = json!({
        "provisioning_state": "Succeeded", "subscription_state": "Warned", "public_network_access": "Enabled",
        "virtual_network_type": "External",
    });
    assert_eq!(judged("gateway_name_gone", &well), ("origin_name_not_found", 503));
    assert_eq!(judged("gateway_name_gone", &json!({ "instance": "unknown" })), ("origin_name_not_found", 503));
    let stopped = json!({ "provisioning_state": "Stopped" });
    let old = with_azure("gateway_name_gone", 3600, &stopped).judge_again().unwrap();
    assert_eq!(old.code.as_str(), "origin_name_not_found");
    assert_eq!(
        judged("gateway_name_gone", &json!({ "provisioning_state": "SomethingNew" })).0,
        "origin_name_not_found"
    );
}

#[test]
fn a_name_without_instance_can_be_claimed_by_anyone() {
    let gone = json!({ "instance": "gone" });
    assert_eq!(judged("gateway_name_gone", &gone), ("origin_name_dangling", 503));
    assert_eq!(judged("gone_says_one_alone", &gone), ("origin_name_dangling", 503));
    // The gateway's own name is still there: it is not free.
    assert_eq!(judged("compute_name_gone", &gone), ("apim_not_found", 503));
    assert_eq!(judged("gateway_name_gone", &json!({ "instance": "soft_deleted" })).0, "apim_soft_deleted");
}

#[test]
fn a_name_that_comes_back_is_trusted_only_with_its_instance() {
    let abandoned = |instance: &str| json!({ "instance": instance, "abandoned_since": "2026-04-20T00:00:00.000Z" });
    for instance in ["gone", "unknown", "soft_deleted"] {
        assert_eq!(judged("connection_timeout", &abandoned(instance)).0, "origin_name_reclaimed", "{instance}");
    }
    assert_eq!(judged("connection_timeout", &abandoned("present")).0, "origin_connection_timeout");
    assert_eq!(judged("gateway_name_gone", &abandoned("gone")).0, "origin_name_dangling");
}

#[test]
fn a_proven_stale_address_is_the_nearer_cause_unless_there_is_no_gateway() {
    assert_eq!(judged("moved", &json!({ "provisioning_state": "Updating" })).0, "origin_address_stale");
    assert_eq!(judged("moved", &json!({ "subscription_state": "Disabled" })).0, "apim_subscription_disabled");
}

#[test]
fn what_is_wrong_at_cloudflare_is_not_explained_by_azure() {
    assert_eq!(judged("cloudflare_1033", &json!({ "provisioning_state": "Stopped" })).0, "cloudflare_tunnel_down");
}

#[test]
fn operators_see_it_as_check_finding_and_in_the_commands() {
    let bundle = with_azure("gateway_name_gone", 60, &json!({ "subscription_state": "Disabled" }));
    let verdict = bundle.judge_again().unwrap();
    let check = checks(&bundle.evidence).into_iter().find(|check| check.name == "azure").unwrap();
    assert!(check.detail.contains("the subscription is Disabled"), "{}", check.detail);
    assert!(findings(&bundle.evidence).iter().any(|it| it.evidence == check.detail));
    assert!(verdict.because.contains("contoso.azure-api.net") && verdict.because.contains("Disabled"));
    let commands: Vec<String> = remedies(&verdict, &bundle.evidence).into_iter().filter_map(|it| it.command).collect();
    assert!(commands[0].contains("6f9619ff-8b86-d011-b42d-00c04fc964ff"), "{commands:?}");
    assert!(commands.iter().all(|it| !it.contains("<resource-group>")), "{commands:?}");
}
