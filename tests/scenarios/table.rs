//! The table itself: every cell is played, and what is seen of it is compared with the contract.

use std::net::Ipv4Addr;

use apim_origin_guard::dns::Consensus;
use apim_origin_guard::problem::{MediaType, Rendered};
use serde_json::Value;

use crate::cells::{Cell, cells};
use crate::dimensions::{Before, EASTERN, Edge, HOPS, NEW, OLD};
use crate::oracle::{Expected, Says, expected, heard, tells};
use crate::play::{Played, play, works};

#[test]
fn every_cell_is_as_the_contract_has_it() {
    let cells = cells();
    let wrong: Vec<String> = cells.iter().flat_map(judge).collect();
    assert!(
        wrong.is_empty(),
        "{} faults in {} cells:\n{}",
        wrong.len(),
        cells.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
}

/// What is wrong with a cell.
fn judge(cell: &Cell) -> Vec<String> {
    let (played, expected) = (play(cell), expected(cell));
    let mut faults = Vec::new();
    let mut check = |what: &str, right: bool, seen: &dyn std::fmt::Debug| {
        if !right {
            faults.push(format!("{cell}\n    {what}: {seen:?}, expected {expected:?}"));
        }
    };
    let (stranger, operator) = (played.answer(false, MediaType::Json), played.answer(true, MediaType::Json));
    let (public, shown) = (json(&stranger), json(&operator));
    check("code", public["code"] == expected.code && shown["code"] == expected.code, &public["code"]);
    check("X-Origin-Guard", header(&stranger, "X-Origin-Guard") == Some(expected.code), &stranger.headers);
    check("status", stranger.status == expected.status && public["status"] == expected.status, &stranger.status);
    let retry_after = header(&stranger, "Retry-After").map(str::to_owned);
    check("Retry-After", retry_after == expected.retry_after.map(|seconds| seconds.to_string()), &retry_after);
    check("retryable", public["retryable"] == expected.retry_after.is_some(), &public["retryable"]);
    check("error_code", public.get("error_code").and_then(Value::as_u64) == number(cell.edge), &public["error_code"]);
    let hop = shown["evidence"]["failed_hop"]["name"].as_str();
    check("failed hop", hop == expected.failed_hop, &hop);
    check("writes", played.writes == expected.writes, &played.writes);
    check("a second failure writes nothing", played.more_writes == 0, &played.more_writes);
    check("at most 8 DNS questions", played.questions <= 8, &played.questions);
    check("within the budget", played.took_ms <= 2_500, &played.took_ms);
    check("outcome", word(&played) == expected.outcome, &word(&played));
    let claims = beyond_evidence(cell, &expected);
    check("no claim beyond the evidence", claims.is_empty(), &claims);
    check("checks say why", explained(&shown), &shown["checks"]);
    check("remedies", shown["remedies"].as_array().is_some_and(|remedies| !remedies.is_empty()), &shown["remedies"]);
    let leaks = leaks(&played);
    check("strangers learn nothing", leaks.is_empty(), &leaks);
    let lost = lost(cell, &played);
    check("nothing is removed", lost.is_none(), &lost);
    let stored = stored_outcome(cell, &played, &expected);
    check("the record says what is known", stored.is_none(), &stored);
    faults
}

fn json(rendered: &Rendered) -> Value {
    serde_json::from_str(&rendered.body).unwrap()
}

fn header<'a>(rendered: &'a Rendered, name: &str) -> Option<&'a str> {
    rendered.headers.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str())
}

const fn number(edge: Edge) -> Option<u64> {
    match edge {
        Edge::Number(number) => Some(number as u64),
        _ => None,
    }
}

fn word(played: &Played) -> &'static str {
    match played.found.evidence.lookup.as_ref().map(|lookup| &lookup.consensus) {
        Some(Consensus::Known { .. }) => "known",
        Some(Consensus::Absent { .. }) => "absent",
        Some(Consensus::Unknown { .. }) | None => "unknown",
    }
}

/// What the code claims although nobody said it. Independent of the oracle's order of rows.
fn beyond_evidence(cell: &Cell, expected: &Expected) -> Vec<&'static str> {
    let heard = heard(cell);
    let said = |by: &dyn Fn(&Says) -> bool| heard.iter().any(by);
    let backed = match expected.code {
        "origin_name_not_found" => said(&|says| matches!(says, Says::NxDomain(_))),
        "origin_name_has_no_address" => said(&|says| matches!(says, Says::NoData(_))),
        "origin_dns_server_failure" => said(&|says| matches!(says, Says::ServerFailure(_))),
        "origin_dnssec_invalid" => said(&|says| matches!(says, Says::Bogus(_))),
        "origin_chain_invalid" => said(&|says| matches!(says, Says::Loop(_) | Says::TooLong)),
        "origin_address_not_public" => said(&|says| matches!(says, Says::Addresses { public: false, .. })),
        "origin_dns_disagreement" => said(&|says| matches!(says, Says::Addresses { .. })),
        "origin_address_stale" => said(&|says| matches!(says, Says::Addresses { .. })) && tells(cell.store),
        _ => true,
    };
    // A witness alone is believed only beside the edge or the runtime that could not resolve the name either.
    let alone = expected.outcome == "unknown"
        && matches!(expected.code, "origin_name_not_found" | "origin_name_has_no_address");
    let beside = matches!(cell.edge, Edge::Number(1001 | 1016 | 1018 | 1023) | Edge::Empty530 | Edge::Internal);
    let mut claims = Vec::new();
    claims.extend((!backed).then_some("nobody said so"));
    claims.extend((alone && !beside).then_some("one witness alone"));
    claims
}

fn explained(shown: &Value) -> bool {
    let said = |check: &Value| check["detail"].as_str().is_some_and(|detail| !detail.is_empty());
    shown["checks"].as_array().is_some_and(|checks| checks.iter().all(said) && checks.len() >= 6)
}

/// Names, addresses and hops in what strangers get, in any form.
fn leaks(played: &Played) -> Vec<String> {
    let addresses = [OLD, NEW, EASTERN].map(|address| Ipv4Addr::from(address).to_string());
    let seen = played.found.evidence.lookup.iter().flat_map(|lookup| lookup.consensus.addresses());
    let parts = ["contoso", "azure-api", "trafficmanager", "cloudapp", "regional.", "one.test", "two.test", "ams"];
    let mut secrets: Vec<String> = addresses.into_iter().chain(seen.map(|it| it.address.to_string())).collect();
    secrets.extend(parts.into_iter().chain(HOPS).map(str::to_owned));
    let mut found = Vec::new();
    for media in MediaType::ALL {
        let answer = played.answer(false, media);
        let all = format!("{} {:?}", answer.body, answer.headers).to_lowercase();
        let words = |secret: &&String| {
            if *secret == "ams" {
                all.split(|c: char| !c.is_alphanumeric()).any(|word| word == "ams")
            } else {
                all.contains(secret.as_str())
            }
        };
        found.extend(secrets.iter().filter(words).map(|secret| format!("{secret} as {media:?}")));
    }
    found
}

/// What the record knew and does not know any more.
fn lost(cell: &Cell, played: &Played) -> Option<String> {
    let (before, after) = (played.record(0)?, played.record(1));
    let kept = match cell.before {
        Before::Damaged | Before::NewerSchema => after == Some(before),
        Before::Nothing | Before::West(_) | Before::East => {
            let after: Value = serde_json::from_str(after.unwrap_or("null")).unwrap();
            let before: Value = serde_json::from_str(before).unwrap();
            let unsure = word(played) != "known";
            let place = &before["last_good"]["places"][0]["regional"];
            let places = after["last_good"]["places"].as_array().cloned().unwrap_or_default();
            let same = after["last_good"]["addresses"] == before["last_good"]["addresses"];
            (!unsure || same) && places.iter().any(|known| known["regional"] == *place)
        }
    };
    (!kept).then(|| format!("{before} became {after:?}"))
}

/// What the stored record has of the look-up and of the incident.
fn stored_outcome(cell: &Cell, played: &Played, expected: &Expected) -> Option<String> {
    let readable = !matches!(cell.before, Before::Damaged | Before::NewerSchema);
    if !works(cell.store) || !readable {
        return None;
    }
    let Some(record) = played.record(1) else { return Some("nothing is stored".into()) };
    let record: Value = serde_json::from_str(record).unwrap();
    let incident = &record["incident"];
    let id = incident["id"].as_str().unwrap_or_default();
    let right = record["outcome"] == expected.outcome
        && incident["code"] == expected.code
        && incident["hop"].as_str() == expected.failed_hop
        && played.stored[1].len() == 2
        && played.stored[1].contains_key(&format!("incident/{id}"));
    (!right).then(|| record.to_string())
}
