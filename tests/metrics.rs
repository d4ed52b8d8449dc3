//! `GET /metrics`: whatever the names, records and findings are, the text can be read back and says what went in.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "test code"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use apim_origin_guard::azure::{
    ArmFault, Declared, DeclaredAddress, Direction, FaultKind, FaultRun, GatewayHost, Knowledge, Service,
};
use apim_origin_guard::config::AzureResource;
use apim_origin_guard::config::Severity;
use apim_origin_guard::diagnosis::{Finding, FindingCode};
use apim_origin_guard::metrics::{Numbers, OriginNumbers, expose, names};
use apim_origin_guard::net::Hostname;
use apim_origin_guard::origin::{Drift, EndedBy, Failed, Incident, Record, ResolverAnswer};
use apim_origin_guard::problem::Code;
use apim_origin_guard::time::UnixMillis;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const NOW: UnixMillis = UnixMillis(1_777_288_792_000);

type Labels = BTreeMap<String, String>;

/// The samples by family, of a text that the specification allows.
fn read(text: &str) -> BTreeMap<String, Vec<(Labels, u64)>> {
    let body = text.strip_suffix("# EOF\n").unwrap();
    let mut families: BTreeMap<String, Vec<(Labels, u64)>> = BTreeMap::new();
    let mut current = String::new();
    for line in body.lines() {
        if let Some(meta) = line.strip_prefix("# ") {
            let [kind, name, words] = meta.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{line:?}") };
            assert!(["HELP", "TYPE", "UNIT"].contains(&kind) && !words.contains(['\\', '"']), "{line:?}");
            if kind == "HELP" {
                assert!(families.insert(name.into(), Vec::new()).is_none(), "{name} twice");
                current = name.into();
            }
            assert_eq!(name, current);
        } else {
            let (name, rest) = line.split_at(line.find(['{', ' ']).unwrap());
            assert_eq!(name, current);
            let (labels, value) = read_sample(rest);
            let family = families.get_mut(name).unwrap();
            assert!(family.iter().all(|(other, _)| *other != labels), "the same labels twice: {line:?}");
            family.push((labels, value));
        }
    }
    families
}

fn read_sample(rest: &str) -> (Labels, u64) {
    let mut labels = Labels::new();
    let mut rest = rest;
    while let Some(label) = rest.strip_prefix(['{', ',']) {
        let (name, after) = label.split_once("=\"").unwrap();
        let mut chars = after.char_indices();
        let mut value = String::new();
        loop {
            match chars.next().unwrap() {
                (_, '\\') => value.push(match chars.next().unwrap().1 {
                    'n' => '\n',
                    c @ ('\\' | '"') => c,
                    c => panic!("{c:?} escaped"),
                }),
                (at, '"') => {
                    rest = &after[at + 1..];
                    break;
                }
                (_, c) => value.push(c),
            }
        }
        assert!(labels.insert(name.into(), value).is_none(), "{name} twice");
    }
    (labels, rest.trim_start_matches('}').strip_prefix(' ').unwrap().parse().unwrap())
}

fn answers() -> impl Strategy<Value = Vec<ResolverAnswer>> {
    let outcome = prop_oneof![select(&["known", "absent", "unknown"][..]).prop_map(str::to_owned), any::<String>()];
    let host = prop_oneof![Just("one.test".to_owned()), any::<String>()];
    vec((host, outcome).prop_map(|(resolver, outcome)| ResolverAnswer { resolver, outcome }), 0..5)
}

fn incidents() -> impl Strategy<Value = (Option<Incident>, Vec<Incident>)> {
    let incident = (select(&Code::ALL[..]), any::<u64>()).prop_map(|(code, at)| {
        let failed = Failed { at: UnixMillis(at), code, hop: None };
        Incident::begun_by("a", 0, &failed)
    });
    let ended = |incident: Incident| incident.ended(NOW, EndedBy::ClientAnswered);
    (proptest::option::of(incident.clone()), vec(incident.prop_map(ended), 0..5))
}

fn records() -> impl Strategy<Value = Record> {
    let drift = any::<u64>().prop_map(|at| Drift {
        at: UnixMillis(at),
        before: Vec::new(),
        after: Vec::new(),
        added: Vec::new(),
        not_seen: Vec::new(),
        hop: None,
        ttl_s: 0,
    });
    let hostname: Hostname = "contoso.azure-api.net".parse().unwrap();
    (answers(), incidents(), vec(drift, 0..3), any::<String>(), any::<u64>()).prop_map(
        move |(answers, (incident, past), drifts, outcome, at)| Record {
            answers,
            incident,
            past,
            drifts,
            outcome,
            observed_at: UnixMillis(at),
            ..Record::new(&hostname)
        },
    )
}

fn findings() -> impl Strategy<Value = Vec<Finding>> {
    let codes = [FindingCode::PinnedAddressRecord, FindingCode::ResolverTrouble, FindingCode::BackendRejectsGateway];
    let severities = [Severity::Info, Severity::Warning, Severity::Error];
    let finding = (select(codes.to_vec()), select(severities.to_vec()), any::<String>());
    vec(finding.prop_map(|(code, severity, title)| Finding { code, severity, title, evidence: String::new() }), 0..4)
}

fn declared(held: usize) -> Declared {
    let address = |last: usize| DeclaredAddress {
        network: IpAddr::from([20, 0, 0, u8::try_from(last).unwrap()]).into(),
        direction: Direction::Both,
        location: "westeurope".into(),
        first_seen_at: NOW,
        gone_since: (last < held).then_some(NOW),
    };
    Declared {
        at: NOW,
        addresses: (0..4).map(address).collect(),
        locations: vec!["westeurope".into()],
        caveats: Vec::new(),
    }
}

proptest! {
    #[test]
    fn whatever_is_in_it_the_text_reads_back(
        origins in proptest::collection::btree_map(any::<String>(), (any::<String>(), proptest::option::of(records()), findings()), 0..4),
        missing in proptest::collection::btree_set(any::<String>(), 0..3),
        (version, kv, faults) in (any::<String>(), any::<String>(), any::<usize>()),
    ) {
        let missing: Vec<String> = missing.into_iter().collect();
        let numbers = Numbers {
            version: &version,
            now: NOW,
            config_faults: faults,
            kv: &kv,
            missing: missing.clone(),
            origins: origins.iter().map(|(name, (hostname, record, findings))| OriginNumbers {
                name, hostname, state: "healthy", record: record.as_ref(), findings, refusals: None, azure: None,
            }).collect(),
        };
        let seen = read(&expose(&numbers));
        prop_assert_eq!(seen.keys().map(String::as_str).collect::<BTreeSet<_>>(), names().collect::<BTreeSet<_>>());
        let only = |name: &str| seen[name].iter().map(|(labels, value)| (labels.values().cloned().collect(), *value)).collect::<Vec<(Vec<_>, _)>>();
        prop_assert_eq!(only("origin_guard_build_info"), vec![(vec![version], 1)]);
        prop_assert_eq!(only("origin_guard_binding_missing"), missing.into_iter().map(|it| (vec![it], 1)).collect::<Vec<_>>());
        for (labels, _) in &seen["origin_guard_origin_info"] {
            prop_assert_eq!(&origins[&labels["origin"]].0, &labels["hostname"]);
        }
        for (name, (_, record, findings)) in &origins {
            let sum = |family: &str| seen[family].iter().filter(|(labels, _)| labels["origin"] == *name).map(|it| it.1).sum::<u64>();
            prop_assert_eq!(sum("origin_guard_findings"), findings.len() as u64);
            let kept = record.as_ref().map_or(0, |record| record.past.len() + usize::from(record.incident.is_some()));
            prop_assert_eq!(sum("origin_guard_incidents"), kept as u64);
        }
    }
}

fn knowledge() -> Knowledge {
    let resource =
        AzureResource { subscription_id: "s".into(), resource_group: "g".into(), service_name: "contoso".into() };
    let host = |host: &str, expires_at| GatewayHost { host: host.into(), expires_at, source: None, status: None };
    let fault = ArmFault {
        kind: FaultKind::SecretExpired,
        said: String::new(),
        path: String::new(),
        status: None,
        request_id: None,
        until: None,
    };
    let hosts =
        vec![host("a.example.com", Some(NOW.plus_s(90))), host("a.example.com", Some(NOW.plus_s(70))), host("b", None)];
    let service = Service {
        id: String::new(),
        etag: None,
        sku: "Basic".into(),
        provisioning_state: None,
        target_state: None,
        created_at: None,
        modified_at: None,
        platform_version: None,
        network_type: None,
        public_access: None,
        gateway_url: None,
        min_api_version: None,
        private_endpoints: 0,
        locations: Vec::new(),
        gateway_hosts: hosts,
    };
    Knowledge {
        declared: Some(declared(1)),
        read_at: NOW,
        fault: Some(FaultRun { fault, since: NOW, last_at: NOW }),
        service: Some(service),
        ..Knowledge::new(&resource)
    }
}

#[test]
fn what_azure_says_has_numbers_where_it_is_known() {
    let known = knowledge();
    let origin = |name, azure| OriginNumbers {
        name,
        hostname: "contoso.azure-api.net",
        state: "healthy",
        record: None,
        findings: &[],
        refusals: None,
        azure,
    };
    let numbers = Numbers {
        version: "1",
        now: NOW.plus_s(60),
        config_faults: 0,
        kv: "ok",
        missing: Vec::new(),
        origins: vec![origin("known", Some(&known)), origin("unknown", None)],
    };
    let seen = read(&expose(&numbers));
    let of = |family: &str, label: &str| {
        let samples = seen[family].iter().map(|(labels, value)| (labels.get(label).cloned(), *value));
        samples.collect::<Vec<_>>()
    };
    let with = |word: &str, value| (Some(word.to_owned()), value);
    assert_eq!(of("origin_guard_allowlist_entries", "status"), [with("declared", 3), with("held", 1)]);
    assert_eq!(of("origin_guard_allowlist_age_seconds", "origin"), [with("known", 60)]);
    assert_eq!(of("origin_guard_allowlist_caveats", "origin"), [with("known", 0)]);
    assert_eq!(of("origin_guard_azure_reading_age_seconds", "origin"), [with("known", 60)]);
    assert_eq!(of("origin_guard_azure_fault_age_seconds", "kind"), [with("azure_secret_expired", 60)]);
    assert_eq!(of("origin_guard_certificate_expires_in_seconds", "host"), [with("a.example.com", 10)]);
    assert_eq!(of("origin_guard_kv_writes_left", "key"), [with("azure", 8)]);
    assert_eq!(of("origin_guard_drift_events", "source"), [with("azure", 0)]);
}
