//! Remedies: for every verdict something to do, filled in from the evidence, and a test that tells when it worked.

use std::process::Command;
use std::sync::LazyLock;

use crate::support::{absent_evidence, host, known_evidence, verdict};
use apim_origin_guard::diagnosis::{Evidence, Remedy, remedies};
use apim_origin_guard::net::Hostname;
use apim_origin_guard::problem::{Code, WhoActs, entry};
use proptest::prelude::*;

const HOPS: [Option<&str>; 9] = [
    None,
    Some("secretmark.azure-api.net"),
    Some("apimgmttmx1.trafficmanager.net"),
    Some("secretmark-westeurope-01.regional.azure-api.net"),
    Some("apimgmthsx1.cloudapp.net"),
    Some("secretmark-ip.westeurope.cloudapp.azure.com"),
    Some("secretmark.privatelink.azure-api.net"),
    Some("own.trafficmanager.net"),
    Some("api.secretmark.com"),
];

fn evidences() -> [Evidence; 4] {
    [absent_evidence(), known_evidence(false), known_evidence(true), Evidence { lookup: None, ..absent_evidence() }]
}

fn all() -> Vec<(String, Vec<Remedy>)> {
    let (evidences, mut all) = (evidences(), Vec::new());
    for code in Code::ALL {
        for hop in HOPS {
            for (number, evidence) in evidences.iter().enumerate() {
                all.push((format!("{code} at {hop:?}, evidence {number}"), remedies(&verdict(code, hop), evidence)));
            }
        }
    }
    all
}

fn commands(remedy: &Remedy) -> impl Iterator<Item = &String> {
    remedy.command.iter().chain(&remedy.verify.command)
}

#[test]
fn every_verdict_has_a_remedy_and_every_remedy_a_test() {
    for (name, remedies) in all() {
        assert!(!remedies.is_empty(), "{name}");
        for remedy in remedies {
            assert!(!remedy.action.is_empty() && !remedy.verify.action.is_empty(), "{name}");
            assert_ne!(remedy.who, WhoActs::Nobody, "{name}: {}", remedy.action);
        }
    }
}

/// Whoever reads the document finds at the top what the one it names can do, where it names one.
#[test]
fn some_remedy_is_for_the_one_who_acts() {
    let evidence = known_evidence(true);
    for code in Code::ALL {
        let who = entry(code).who_acts;
        let found = HOPS.iter().flat_map(|hop| remedies(&verdict(code, *hop), &evidence));
        assert!(who == WhoActs::Nobody || found.map(|remedy| remedy.who).any(|acts| acts == who), "{code}");
    }
}

#[test]
fn what_the_evidence_knows_is_filled_in() {
    for (name, remedies) in all() {
        for remedy in &remedies {
            let texts = [Some(&remedy.action), remedy.command.as_ref(), remedy.verify.command.as_ref()];
            for text in texts.into_iter().flatten() {
                assert!(!text.contains("<hostname>") && !text.contains("<service-name>"), "{name}: {text}");
            }
        }
    }
    let found = remedies(&verdict(Code::OriginNameNotFound, Some("api.secretmark.com")), &absent_evidence());
    let first = found.first().unwrap();
    assert!(first.action.contains("`api.secretmark.com`"), "{}", first.action);
    assert!(first.command.as_ref().unwrap().contains(r#""content":"secretmark.azure-api.net""#));
    assert_eq!(
        first.verify.command.as_deref(),
        Some("dig +noall +comments +answer 'secretmark.azure-api.net' A @1.1.1.1")
    );
}

#[test]
fn a_stale_address_names_the_present_ones() {
    let found = remedies(&verdict(Code::OriginAddressStale, None), &known_evidence(true));
    assert!(found[0].action.starts_with("If `api.example.com` has A or AAAA records"), "{}", found[0].action);
    assert!(found.iter().any(|remedy| remedy.action.contains("leads to 20.66.77.99 now")));
}

/// The hop at which the name fails decides what comes first.
#[test]
fn the_failed_hop_decides() {
    let first = |hop| remedies(&verdict(Code::OriginNameNotFound, Some(hop)), &absent_evidence()).swap_remove(0);
    assert!(first("secretmark.azure-api.net").action.starts_with("Check that the API Management service exists"));
    for behind in ["apimgmttmx1.trafficmanager.net", "secretmark-ip.westeurope.cloudapp.azure.com"] {
        assert!(first(behind).action.starts_with("Check the state of the Azure subscription"), "{behind}");
    }
    assert!(first("own.trafficmanager.net").action.starts_with("Check that your Traffic Manager profile"));
    assert!(first("secretmark.privatelink.azure-api.net").action.starts_with("If the gateway is meant to be open"));
}

#[test]
fn the_route_decides_who_mends_a_stale_address() {
    let first =
        |evidence: &Evidence| remedies(&verdict(Code::OriginAddressStale, None), evidence).swap_remove(0).action;
    assert!(first(&known_evidence(true)).starts_with("If `api.example.com` has A or AAAA records"));
    let own =
        Evidence { hostname: host("api.example.com"), edge_name: host("api.example.com"), ..known_evidence(false) };
    assert!(first(&own).starts_with("Set `origins[].hostname` to the gateway's default name"));
    assert!(first(&known_evidence(false)).starts_with("`secretmark.azure-api.net` leads to 20.66.77.99 now."));
}

/// A pinned record behind the proxy is hidden from the guard, and looks like any other connection failure.
#[test]
fn in_zone_route_the_record_is_looked_at_wherever_it_may_be_at_fault() {
    for code in [
        Code::OriginConnectionRefused,
        Code::OriginConnectionTimeout,
        Code::OriginUnreachable,
        Code::OriginTlsFailed,
        Code::OriginCertificateInvalid,
        Code::OriginDnsDisagreement,
    ] {
        let has = |zone| {
            let found = remedies(&verdict(code, None), &known_evidence(zone));
            found.iter().any(|remedy| {
                remedy.command.as_ref().or(remedy.verify.command.as_ref()).is_some_and(|it| it.contains("/dns_records"))
                    && remedy.action.contains("`api.example.com`")
            })
        };
        assert!(has(true) && !has(false), "{code}");
    }
}

/// The certificate is that of the name the gateway is called by, at the address the gateway has now.
#[test]
fn the_certificate_is_checked_for_the_name_in_use() {
    let command = |zone| {
        let found = remedies(&verdict(Code::OriginCertificateInvalid, None), &known_evidence(zone));
        found.into_iter().find_map(|remedy| remedy.verify.command.filter(|it| it.contains("openssl"))).unwrap()
    };
    let zone =
        "-connect 'secretmark.azure-api.net:443' -servername 'api.example.com' -verify_hostname 'api.example.com'";
    assert!(command(true).contains(zone), "{}", command(true));
    assert!(command(false).contains("-servername 'secretmark.azure-api.net'"), "{}", command(false));
}

/// Two traps of the Azure CLI: `account list` hides what is not enabled, and `apim update` drops the managed identity.
#[test]
fn commands_do_what_they_are_for() {
    for (name, remedies) in all() {
        for command in remedies.iter().flat_map(commands) {
            assert!(!command.contains("az account list") || command.contains(" --all "), "{name}: {command}");
            assert!(!command.contains("az apim update"), "{name}: {command}");
        }
    }
}

/// In another cloud the gateway's name is not rewritten to the public one.
#[test]
fn sovereign_clouds_keep_their_suffix() {
    let evidence = Evidence { hostname: host("secretmark.azure-api.us"), ..known_evidence(true) };
    let found = remedies(&verdict(Code::OriginTlsFailed, None), &evidence);
    assert!(
        found.iter().any(|remedy| remedy.action.contains("default name, `secretmark.azure-api.us`, with")),
        "{found:?}"
    );
}

/// Every placeholder that is left stands in quotes: pasted as it is, a shell takes it as a word, not as a redirection.
#[test]
fn commands_are_shell_safe() {
    let mut seen = std::collections::BTreeSet::new();
    for (_, remedies) in all() {
        seen.extend(remedies.iter().flat_map(commands).cloned());
    }
    assert!(seen.len() > 50);
    for command in seen {
        let parsed = Command::new("sh").args(["-n", "-c", &command]).output().unwrap();
        assert!(parsed.status.success(), "{command}: {}", String::from_utf8_lossy(&parsed.stderr));
        let bare = outside_quotes(&command);
        assert!(!bare.contains(['<', '>', '&', ';', '$', '(', '*', '?', '[', '{', '!', '\n']), "{command}: {bare}");
        let tools = ["dig ", "curl ", "az ", "npx wrangler ", "echo | openssl ", "cloudflared "];
        assert!(tools.iter().any(|tool| command.starts_with(tool)), "{command}");
    }
}

/// What a POSIX shell sees unquoted.
fn outside_quotes(command: &str) -> String {
    let (mut quote, mut bare) = (None, String::new());
    for c in command.chars() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (None, c) => bare.push(c),
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
        }
    }
    assert_eq!(quote, None, "{command}");
    bare
}

static ABSENT: LazyLock<Evidence> = LazyLock::new(absent_evidence);

proptest! {
    /// Whatever name DNS brings: it cannot leave its quotes.
    #[test]
    fn no_name_breaks_out_of_a_command(name in "[ -~]{1,40}|[a-z0-9_.-]{1,60}") {
        let Ok(hop) = name.parse::<Hostname>() else { return Ok(()) };
        let evidence = Evidence { hostname: hop.clone(), ..ABSENT.clone() };
        for code in [Code::OriginNameNotFound, Code::OriginAddressStale, Code::OriginNameDangling] {
            for remedy in remedies(&verdict(code, Some(hop.as_str())), &evidence) {
                for command in commands(&remedy) {
                    outside_quotes(command);
                }
            }
        }
    }
}
