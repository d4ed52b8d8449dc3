//! Names other than the gateway's own: `route = "zone"`, and a host name of the customer's. What the edge must have used is
//! compared with what the gateway's name leads to.

use std::rc::Rc;

use apim_origin_guard::config::Origin;
use apim_origin_guard::diagnosis::{Failure, FindingCode, findings};
use apim_origin_guard::investigation::{Investigation, Question, investigate};
use apim_origin_guard::net::Hostname;
use apim_origin_guard::ports::{FetchFailure, HttpRequest, HttpResponse};
use apim_origin_guard::problem::{Code, MediaType};
use apim_origin_guard::refresh::refresh_origin;

use crate::dimensions::{COMPUTE, HOPS, NEW, OLD, TRAFFIC_MANAGER};
use crate::play::answer;
use crate::world::reply::Reply;
use crate::world::{Entry, GATEWAY, Manner, Script, World, Zone, chain};

/// The zone's own record, or the customer's own name of the gateway.
const OWN: &str = "api.example.com";
/// One of Cloudflare's proxy.
const PROXY: [u8; 4] = [104, 16, 1, 1];

const ZONE: &str = r#"{"origins":[{"hostname":"contoso.azure-api.net","route":"zone","serves":["api.example.com"]}],
    "dns":{"resolvers":["https://one.test/dns-query","https://two.test/dns-query"]}}"#;
const CUSTOM: &str = r#"{"origins":[{"hostname":"api.example.com","name":"contoso",
        "azure":{"subscription_id":"00000000-0000-0000-0000-000000000001","resource_group":"rg","service_name":"contoso"}}],
    "azure":{"tenant_id":"00000000-0000-0000-0000-000000000002","client_id":"00000000-0000-0000-0000-000000000003"},
    "dns":{"resolvers":["https://one.test/dns-query","https://two.test/dns-query"]}}"#;
/// The same without a word of what the gateway is called.
const CUSTOM_ALONE: &str = r#"{"origins":[{"hostname":"api.example.com","name":"contoso"}],
    "dns":{"resolvers":["https://one.test/dns-query","https://two.test/dns-query"]}}"#;

/// What the own name has.
#[derive(Debug, Clone, Copy)]
enum Own {
    /// A CNAME of the gateway's name.
    Follows,
    /// An address and no CNAME: an address record or a flattened CNAME, which look the same.
    Address([u8; 4]),
    Nothing,
    /// A CNAME of another name.
    Elsewhere,
}

fn dns(own: Own, gateway: [u8; 4]) -> Zone {
    let mut zone = chain(&HOPS, gateway);
    let entry = match own {
        Own::Follows => Entry::Alias(GATEWAY.into()),
        Own::Address(address) => Entry::V4(vec![address]),
        Own::Nothing => return zone,
        Own::Elsewhere => Entry::Alias("old.westeurope.cloudapp.azure.com".into()),
    };
    zone.insert("old.westeurope.cloudapp.azure.com".into(), Entry::V4(vec![NEW]));
    zone.insert(OWN.into(), entry);
    zone
}

fn fail(world: &World, number: u16) -> Investigation {
    let origin = &world.config().origins[0];
    let edge_name: Hostname = OWN.parse().unwrap();
    let failure = Failure::Edge { status: if number < 1000 { number } else { 530 }, number: Some(number) };
    let question =
        Question { origin, failure: Some(failure), edge_name: &edge_name, budget_ms: 2_500, seen_from: None };
    let mut found = world.run(investigate(&world.scene(), &question));
    found.join(&world.scene(), question.origin);
    found
}

fn world(guard: &str, own: Own) -> World {
    let world = World::configured(guard);
    world.both(&Manner::Answers(dns(own, OLD)));
    world
}

fn pinned(found: &Investigation) -> bool {
    findings(&found.evidence).iter().any(|finding| finding.code == FindingCode::PinnedAddressRecord)
}

/// The own name, Cloudflare's number, the code and whether `pinned_address_record` is found.
type Row = (Own, u16, Code, bool);

fn judge(guard: &str, rows: &[Row]) {
    for (own, number, code, is_pinned) in rows {
        let found = fail(&world(guard, *own), *number);
        let verdict = found.verdict.as_ref().unwrap();
        assert_eq!((verdict.code, pinned(&found)), (*code, *is_pinned), "{own:?} {number}: {}", verdict.because);
        for media in MediaType::ALL {
            let body = answer(&found, false, media).body;
            for secret in ["contoso", "172.199.17.73", "20.9.9.9", "104.16.1.1", TRAFFIC_MANAGER, COMPUTE] {
                assert!(!body.contains(secret), "{own:?} {number}: {secret} in {body}");
            }
        }
    }
}

/// "compare what the edge must have used with what the gateway name resolves to now"
#[test]
fn in_zone_route_the_zones_record_is_compared_with_the_gateway() {
    judge(
        ZONE,
        &[
            (Own::Follows, 522, Code::OriginConnectionTimeout, false),
            (Own::Address(NEW), 521, Code::OriginAddressStale, true),
            (Own::Address(NEW), 522, Code::OriginAddressStale, true),
            (Own::Address(NEW), 523, Code::OriginAddressStale, true),
            (Own::Address(NEW), 525, Code::OriginAddressStale, true),
            (Own::Address(NEW), 526, Code::OriginAddressStale, true),
            (Own::Address(NEW), 520, Code::OriginResponseInvalid, true),
            (Own::Address(NEW), 524, Code::OriginResponseTimeout, true),
            (Own::Elsewhere, 522, Code::OriginAddressStale, true),
            // It has the gateway's address at present: pinned, or flattened and well.
            (Own::Address(OLD), 522, Code::OriginConnectionTimeout, true),
            // Proxied: the address behind it is not seen, so nothing is said of it.
            (Own::Address(PROXY), 522, Code::OriginConnectionTimeout, false),
            (Own::Nothing, 522, Code::OriginConnectionTimeout, false),
        ],
    );
}

#[test]
fn a_name_of_the_customers_is_compared_with_the_gateway_that_azure_names() {
    judge(
        CUSTOM,
        &[
            (Own::Follows, 522, Code::OriginConnectionTimeout, false),
            (Own::Address(NEW), 521, Code::OriginAddressStale, true),
            (Own::Address(NEW), 522, Code::OriginAddressStale, true),
            (Own::Address(NEW), 526, Code::OriginAddressStale, true),
            (Own::Elsewhere, 525, Code::OriginAddressStale, true),
            (Own::Address(OLD), 522, Code::OriginConnectionTimeout, true),
            (Own::Address(PROXY), 522, Code::OriginConnectionTimeout, false),
            (Own::Nothing, 1016, Code::OriginNameNotFound, false),
            (Own::Address(NEW), 1016, Code::OriginDnsDisagreement, true),
        ],
    );
}

#[test]
fn without_a_gateway_to_compare_with_an_address_record_is_found_and_blamed_for_nothing() {
    judge(
        CUSTOM_ALONE,
        &[
            (Own::Follows, 522, Code::OriginConnectionTimeout, false),
            (Own::Address(NEW), 522, Code::OriginConnectionTimeout, true),
            (Own::Address(OLD), 525, Code::OriginTlsFailed, true),
        ],
    );
}

/// Answers for A; for AAAA the connection is lost.
fn only_a(zone: Zone) -> Manner {
    let headers = vec![("content-type".into(), "application/dns-message".into())];
    let answer = move |request: &HttpRequest| {
        let body = Reply::asks_a(&request.body).then(|| Reply::from_zone(&zone, &request.body));
        let response = body.map(|body| HttpResponse { status: 200, headers: headers.clone(), body });
        (0, response.ok_or(FetchFailure::ConnectionLost))
    };
    Manner::Scripted(Script(Rc::new(answer)))
}

/// What a resolver gave of one family alone is no proof that the other has nothing.
#[test]
fn half_an_answer_blames_no_address() {
    for guard in [ZONE, CUSTOM] {
        let world = World::configured(guard);
        world.both(&only_a(dns(Own::Address(NEW), OLD)));
        let found = fail(&world, 522);
        assert_eq!(found.verdict.unwrap().code, Code::OriginConnectionTimeout);
    }
}

/// Investigations that end in `origin_address_stale` by comparison of two names.
pub(crate) fn stale_by_comparison() -> [(&'static str, Investigation, Origin); 2] {
    [("zone_record_pinned", ZONE), ("own_name_pinned", CUSTOM)].map(|(name, guard)| {
        let world = world(guard, Own::Address(NEW));
        (name, fail(&world, 522), world.config().origins[0].clone())
    })
}

/// Pinned record, flattened CNAME, lag within the TTL: what is said differs as far as it can be told.
#[test]
fn the_words_tell_a_lag_from_what_does_not_follow() {
    let because = |world: &World| fail(world, 522).verdict.unwrap().because;
    assert!(
        because(&world(ZONE, Own::Address(NEW)))
            .contains("an address record, or a flattened CNAME that has not followed")
    );
    assert!(because(&world(ZONE, Own::Elsewhere)).contains("the CNAME leads somewhere else"));

    let world = world(ZONE, Own::Address(OLD));
    world.run(refresh_origin(&world.scene(), &world.config().origins[0]));
    world.pass_s(30);
    world.forget();
    world.both(&Manner::Answers(dns(Own::Address(OLD), NEW)));
    let lagging = because(&world);
    assert!(lagging.contains("until a moment ago") && lagging.contains("60 s more at most"), "{lagging}");
    world.pass_s(600);
    world.forget();
    let overdue = because(&world);
    assert!(overdue.contains("an address record, or a flattened CNAME that has not followed"), "{overdue}");
}
