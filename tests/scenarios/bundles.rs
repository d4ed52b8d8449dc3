//! `tests/bundles/`: what the verdicts of chosen cells rest on, kept as bundles. They are the regression suite of the rules: a
//! later version judges them as the one that made them did, or the difference is reviewed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use apim_origin_guard::diagnosis::remedies;
use apim_origin_guard::investigation::{Bundle, BundleFault};
use apim_origin_guard::problem::Code;
use serde_json::Value;

use crate::addresses::stale_by_comparison;
use crate::cells::Cell;
use crate::dimensions::{Before, Dns, Edge, Others};
use crate::play::{origin, play};
use crate::world::StoreManner;

/// Members that an older guard did not write: those with a default.
const LATER_MEMBERS: [&str; 9] =
    ["last_at", "count", "hop", "changes", "ended", "counterpart", "seen_from", "unanswered", "moved"];
/// The bundle without them.
const OLDER_FORM: &str = "older_form";

/// Name, state of DNS, answer of the edge, record, other resolver.
const CHOSEN: [(&str, Dns, Edge, Before, Others); 38] = [
    ("gateway_name_gone", Dns::NotFound(0), Edge::Number(1016), Before::West(Dns::Known), Others::Agree),
    ("traffic_manager_gone", Dns::NotFound(1), Edge::Number(1016), Before::West(Dns::Known), Others::Agree),
    ("regional_name_gone", Dns::NotFound(2), Edge::Number(1001), Before::Nothing, Others::Agree),
    ("compute_name_gone", Dns::NotFound(3), Edge::Empty530, Before::West(Dns::Known), Others::Agree),
    ("gone_says_one_alone", Dns::NotFound(0), Edge::Number(1016), Before::Nothing, Others::SecondSilent),
    ("gone_and_lost", Dns::NotFound(3), Edge::Lost, Before::West(Dns::Known), Others::Agree),
    ("gone_says_one_and_lost", Dns::NotFound(3), Edge::Lost, Before::West(Dns::Known), Others::SecondFails),
    ("gone_and_internal", Dns::NotFound(0), Edge::Internal, Before::Nothing, Others::SecondSilent),
    ("no_address_at_compute", Dns::NoAddress(3), Edge::Number(1016), Before::East, Others::Agree),
    ("no_address_at_gateway", Dns::NoAddress(0), Edge::Number(1023), Before::Nothing, Others::NotConfigured),
    ("server_failure", Dns::ServerFails(None), Edge::Number(1016), Before::Nothing, Others::Agree),
    (
        "server_failure_with_words",
        Dns::ServerFails(Some(22)),
        Edge::Number(1016),
        Before::West(Dns::Known),
        Others::Agree,
    ),
    ("refused", Dns::Refused, Edge::Number(1018), Before::Nothing, Others::SecondSilent),
    ("dnssec_bogus", Dns::ServerFails(Some(6)), Edge::Number(1016), Before::West(Dns::Known), Others::Agree),
    ("dnssec_expired", Dns::ServerFails(Some(7)), Edge::Number(1016), Before::Nothing, Others::FirstSilent),
    ("loop", Dns::Loop, Edge::Number(1016), Before::West(Dns::Known), Others::Agree),
    ("seventeen_hops", Dns::Chain(17), Edge::Number(1016), Before::Nothing, Others::Agree),
    ("private_address", Dns::Special([10, 0, 0, 4]), Edge::Number(1016), Before::West(Dns::Known), Others::Agree),
    ("private_address_and_timeout", Dns::Special([10, 0, 0, 4]), Edge::Number(522), Before::Nothing, Others::Agree),
    ("edge_alone_cannot_resolve", Dns::Known, Edge::Number(1016), Before::West(Dns::Known), Others::Agree),
    ("resolvers_contradict", Dns::Known, Edge::Number(1016), Before::Nothing, Others::Contradict),
    ("no_resolver_answers", Dns::TimesOut, Edge::Number(1016), Before::West(Dns::Known), Others::Agree),
    ("only_garbage", Dns::Garbage, Edge::Empty530, Before::Nothing, Others::Agree),
    ("connection_refused", Dns::Known, Edge::Number(521), Before::West(Dns::Known), Others::Agree),
    ("connection_timeout", Dns::Known, Edge::Number(522), Before::Nothing, Others::Agree),
    ("connection_timeout_elsewhere", Dns::KnownElsewhere, Edge::Number(522), Before::West(Dns::Known), Others::Agree),
    ("unreachable", Dns::Known, Edge::Number(523), Before::West(Dns::Known), Others::SecondSilent),
    ("lost", Dns::Known, Edge::Lost, Before::West(Dns::Known), Others::Agree),
    ("lost_and_nothing_known", Dns::Http(503), Edge::Lost, Before::Nothing, Others::Agree),
    ("moved", Dns::Moved, Edge::Number(522), Before::West(Dns::Known), Others::Agree),
    ("moved_says_one_of_two_places", Dns::Moved, Edge::Number(526), Before::West(Dns::Known), Others::SeeElsewhere),
    ("no_head_in_time", Dns::Known, Edge::TimedOut, Before::West(Dns::Known), Others::Agree),
    ("no_answer_524", Dns::Known, Edge::Number(524), Before::Nothing, Others::Agree),
    ("answer_not_understood", Dns::Known, Edge::Number(520), Before::Nothing, Others::Agree),
    ("tls_failed", Dns::Known, Edge::Number(525), Before::West(Dns::Known), Others::Agree),
    ("certificate_invalid", Dns::Known, Edge::Number(526), Before::West(Dns::Known), Others::Agree),
    ("record_unreadable", Dns::Moved, Edge::Number(522), Before::Damaged, Others::Agree),
    ("unknown_number", Dns::Known, Edge::Number(1099), Before::Nothing, Others::Agree),
];

/// Cloudflare's numbers about the set-up.
const SET_UP: [u16; 7] = [1000, 1002, 1003, 1014, 1019, 1033, 1042];

/// Codes of a failed request that ARM has no part in.
const WITHOUT_ARM: [Code; 23] = [
    Code::OriginNameNotFound,
    Code::OriginNameHasNoAddress,
    Code::OriginDnsServerFailure,
    Code::OriginDnssecInvalid,
    Code::OriginChainInvalid,
    Code::OriginAddressNotPublic,
    Code::OriginDnsDisagreement,
    Code::OriginDnsUnconfirmed,
    Code::OriginConnectionRefused,
    Code::OriginConnectionTimeout,
    Code::OriginUnreachable,
    Code::OriginAddressStale,
    Code::OriginResponseTimeout,
    Code::OriginResponseInvalid,
    Code::OriginTlsFailed,
    Code::OriginCertificateInvalid,
    Code::CloudflareDirectIp,
    Code::CloudflareProhibitedAddress,
    Code::CloudflareCnameCrossAccount,
    Code::CloudflareWorkerLoop,
    Code::CloudflareSameZoneWorker,
    Code::CloudflareTunnelDown,
    Code::CloudflareErrorUnrecognised,
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bundles")
}

fn bundle_of(dns: Dns, edge: Edge, before: Before, others: Others) -> Bundle {
    let cell = Cell { dns, edge, before, others, store: StoreManner::Good };
    Bundle::of(&play(&cell).found, &origin()).unwrap()
}

fn made() -> Vec<(String, String)> {
    let chosen =
        CHOSEN.map(|(name, dns, edge, before, others)| (name.to_owned(), bundle_of(dns, edge, before, others)));
    let set_up = SET_UP.map(|number| {
        (format!("cloudflare_{number}"), bundle_of(Dns::Known, Edge::Number(number), Before::Nothing, Others::Agree))
    });
    let compared =
        stale_by_comparison().map(|(name, found, origin)| (name.to_owned(), Bundle::of(&found, &origin).unwrap()));
    let all = chosen.into_iter().chain(set_up).chain(compared);
    let mut texts: Vec<(String, String)> = all.map(|(name, bundle)| (name, pretty(&bundle.to_json()))).collect();
    let mut older: Value = serde_json::from_str(&texts[0].1).unwrap();
    leave_out(&mut older);
    texts.push((OLDER_FORM.into(), pretty(&older.to_string())));
    texts
}

fn pretty(json: &str) -> String {
    let value: Value = serde_json::from_str(json).unwrap();
    serde_json::to_string_pretty(&value).unwrap() + "\n"
}

fn leave_out(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !LATER_MEMBERS.contains(&name.as_str()));
            members.values_mut().for_each(leave_out);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out),
        _ => {}
    }
}

fn stored() -> Vec<(String, String)> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let read =
        |path: PathBuf| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap());
    let mut all: Vec<_> = entries.map(read).collect();
    all.sort();
    all
}

/// `UPDATE_GOLDEN=1` adds what is missing. A bundle that is there is never written over: it is of its time.
#[test]
fn the_corpus_has_the_chosen_cells() {
    for (name, text) in made() {
        assert!(!text.contains("dns-query"), "{name}: of a resolver's URL scheme and host alone are kept");
        let path = folder().join(format!("{name}.json"));
        if env::var_os("UPDATE_GOLDEN").is_some() && !path.exists() {
            fs::write(&path, &text).unwrap();
        }
        assert!(path.exists(), "{name}.json is missing: UPDATE_GOLDEN=1 writes it");
    }
}

#[test]
fn every_bundle_is_judged_as_it_was() {
    let stored = stored();
    assert!(stored.len() >= 25, "{}", stored.len());
    for (name, text) in &stored {
        let bundle = Bundle::parse(text).unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
        let again = bundle.judge_again().unwrap();
        assert!(again.agrees_with(&bundle.verdict), "{name}: {again:?} instead of {:?}", bundle.verdict);
        assert_eq!(Bundle::parse(&bundle.to_json()).as_ref(), Ok(&bundle), "{name}");
        assert!(!remedies(&bundle.verdict, &bundle.evidence).is_empty(), "{name}");
    }
}

#[test]
fn every_code_that_needs_no_arm_has_a_bundle() {
    let covered: BTreeSet<Code> = stored().iter().map(|(_, text)| Bundle::parse(text).unwrap().verdict.code).collect();
    assert_eq!(covered, WITHOUT_ARM.into());
}

#[test]
fn an_older_form_has_none_of_the_later_members_and_is_judged_the_same() {
    let (_, older) = stored().into_iter().find(|(name, _)| name == OLDER_FORM).unwrap();
    for member in LATER_MEMBERS {
        assert!(!older.contains(&format!("\"{member}\":")), "{member}");
    }
    let (_, today) = stored().into_iter().find(|(name, _)| name == CHOSEN[0].0).unwrap();
    assert_eq!(Bundle::parse(&older).unwrap().judge_again(), Bundle::parse(&today).unwrap().judge_again());
}

#[test]
fn a_bundle_of_a_newer_form_is_told_from_what_is_none() {
    let (_, text) = stored().remove(0);
    let newer = text.replace("\"bundle\": 1", "\"bundle\": 2");
    assert_eq!(Bundle::parse(&newer), Err(BundleFault::NewerSchema(2)));
    for damaged in ["", "{}", "[]", "null", "\"bundle\"", r#"{"bundle":0}"#, r#"{"bundle":1}"#, &text[..text.len() / 2]]
    {
        assert_eq!(Bundle::parse(damaged), Err(BundleFault::NotABundle), "{damaged}");
    }
}
