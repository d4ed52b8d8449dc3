//! `GET /allowlist`: parameters, conditions, header fields, and the answers where there is no list.

use apim_origin_guard::admin::{AdminRequest, Guard, answer};
use apim_origin_guard::allowlist::FORMATS;
use apim_origin_guard::azure::{Caveat, Declared, Direction, Existence, Knowledge, knowledge_key};
use apim_origin_guard::problem::Rendered;
use serde_json::{Value, json};

use crate::support::{ONE, StoreManner, TOKEN, TWO, World};
use crate::worlds::{address, both, declared};

const AZURE: &str = r#""azure":{"subscription_id":"11111111-2222-3333-4444-555555555555","resource_group":"rg","service_name":"contoso"}"#;

fn world_of(origins: &str) -> World {
    World::configured(&format!(
        r#"{{"origins":[{origins}],"dns":{{"resolvers":["{ONE}","{TWO}"]}},
        "azure":{{"tenant_id":"11111111-2222-3333-4444-555555555555","client_id":"11111111-2222-3333-4444-555555555555"}}}}"#
    ))
}

fn origin(name: &str, azure: &str) -> String {
    let more = if azure.is_empty() { String::new() } else { format!(",{azure}") };
    format!(r#"{{"hostname":"{name}.azure-api.net","serves":["{name}.example.com"]{more}}}"#)
}

fn world() -> World {
    let world = world_of(&origin("contoso", AZURE));
    tell(&world, "contoso", &declared(vec![both("20.1.0.1/32"), address("20.2.0.0/31", Direction::Outbound)]));
    world
}

fn tell(world: &World, origin: &str, declared: &Declared) {
    know(world, origin, |known| known.declared = Some(declared.clone()));
}

/// What is kept of Azure's word, and a new isolate.
fn know(world: &World, origin: &str, change: impl FnOnce(&mut Knowledge)) {
    let resource = world.config().origins.iter().find(|one| one.name == origin).unwrap().azure.clone().unwrap();
    let mut known = Knowledge::new(&resource);
    known.presence.existence = Existence::Present;
    change(&mut known);
    world.store.borrow_mut().insert(knowledge_key(origin), known.to_json());
    world.forget();
}

fn ask(world: &World, query: &str, change: impl FnOnce(&mut AdminRequest)) -> Rendered {
    let mut request = AdminRequest {
        method: "GET".into(),
        path: "/allowlist".into(),
        query: query.into(),
        authorization: Some(format!("Bearer {TOKEN}")),
        ..AdminRequest::default()
    };
    change(&mut request);
    let guard = Guard { scene: world.scene(), loaded: &world.loaded };
    world.run(answer(&guard, &request))
}

fn get(world: &World, query: &str) -> Rendered {
    ask(world, query, |_| {})
}

fn field<'a>(answer: &'a Rendered, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|header| header.0 == name).map(|header| header.1.as_str())
}

fn body(answer: &Rendered) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

fn cidrs(answer: &Rendered) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    body(answer)["entries"].as_array().unwrap().iter().map(|entry| entry["cidr"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn json_is_the_default_with_every_member_of_the_contract() {
    let answer = get(&world(), "");
    assert_eq!(field(&answer, "Content-Type"), Some("application/json"));
    let expected = json!({
        "entries": [
            { "cidr": "20.1.0.1/32", "evidence": "declared", "direction": "both", "location": "westeurope",
              "first_seen_at": "2026-04-15T21:33:12.000Z", "gone_since": null },
            { "cidr": "20.2.0.0/31", "evidence": "declared", "direction": "outbound", "location": "westeurope",
              "first_seen_at": "2026-04-15T21:33:12.000Z", "gone_since": null },
        ],
        "made_at": "2026-04-15T21:33:12.000Z",
        "from": "ARM, service /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/\
                 Microsoft.ApiManagement/service/contoso",
        "caveats": [],
    });
    assert_eq!(body(&answer), expected);
}

#[test]
fn every_format_is_a_file_with_its_type_name_and_tag() {
    let world = world();
    for format in FORMATS {
        let answer = get(&world, &format!("format={}", format.name));
        assert_eq!(answer.status, 200, "{}: {}", format.name, answer.body);
        assert_eq!(field(&answer, "Content-Type"), Some(format.media_type));
        let name = format!("inline; filename=\"{}\"", format.file_name);
        assert_eq!(field(&answer, "Content-Disposition"), Some(name.as_str()));
        assert_eq!(field(&answer, "Cache-Control"), Some("private, no-cache"));
        let tag = field(&answer, "ETag").unwrap();
        assert_eq!(get(&world, &format!("format={}", format.name)), answer, "the same set is the same answer");
        let again = ask(&world, &format!("format={}", format.name), |request| request.if_none_match = Some(tag.into()));
        assert_eq!((again.status, again.body.as_str(), field(&again, "ETag")), (304, "", Some(tag)));
    }
}

#[test]
fn another_set_has_another_tag() {
    let world = world();
    let before = get(&world, "format=nginx");
    tell(&world, "contoso", &declared(vec![both("20.1.0.9/32")]));
    let tag = field(&before, "ETag").unwrap().to_owned();
    let after = ask(&world, "format=nginx", |request| request.if_none_match = Some(tag));
    assert_eq!(after.status, 200);
    assert!(after.body.contains("allow 20.1.0.9/32;"));
}

#[test]
fn direction_and_family_narrow_it() {
    let world = world();
    tell(
        &world,
        "contoso",
        &declared(vec![
            address("20.1.0.1/32", Direction::Inbound),
            address("20.2.0.0/31", Direction::Outbound),
            both("2603::1/128"),
        ]),
    );
    assert_eq!(cidrs(&get(&world, "direction=all")).len(), 3);
    assert_eq!(cidrs(&get(&world, "direction=inbound")), ["20.1.0.1/32", "2603::1/128"]);
    assert_eq!(cidrs(&get(&world, "direction=outbound")), ["20.2.0.0/31", "2603::1/128"]);
    assert_eq!(cidrs(&get(&world, "direction=outbound&family=ipv4")), ["20.2.0.0/31"]);
    assert!(get(&world, "format=aws-prefix-list&family=ipv6").body.contains("\"AddressFamily\": \"IPv6\""));
}

fn assert_problem(answer: &Rendered, status: u16, code: &str, words: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(body(answer)["code"], code);
    let detail = body(answer)["detail"].as_str().unwrap().to_owned();
    for word in words {
        assert!(detail.contains(word), "{word} is not in: {detail}");
    }
}

#[test]
fn a_wrong_parameter_lists_the_right_ones() {
    let world = world();
    assert_problem(
        &get(&world, "format=yaml"),
        400,
        "admin_bad_request",
        &["json, txt, csv, nginx", "nftables", "\"yaml\""],
    );
    assert_problem(&get(&world, "evidence=x"), 400, "admin_bad_request", &["declared, observed"]);
    assert_problem(&get(&world, "direction=both"), 400, "admin_bad_request", &["all, inbound, outbound"]);
    assert_problem(&get(&world, "family=6"), 400, "admin_bad_request", &["all, ipv4, ipv6"]);
    assert_problem(&get(&world, "origin=x%0Ay"), 400, "admin_bad_request", &["\"xy\"", "contoso"]);
}

#[test]
fn nothing_declared_is_409_and_says_what_to_do() {
    let unknown = |world: &World, words: &[&str]| {
        for query in ["", "format=nginx", "format=csv&direction=outbound"] {
            assert_problem(&get(world, query), 409, "allowlist_unknown", words);
        }
    };
    unknown(&World::new(), &["contoso: set origins[].azure", "evidence=observed"]);
    let mut world = world_of(&origin("contoso", AZURE));
    unknown(&world, &["Azure has not been asked yet: POST /refresh"]);
    know(&world, "contoso", |_| ());
    unknown(&world, &["Azure declares no address of the instance.", "evidence=observed"]);
    let detail = "an instance of the Consumption tier has none of its own";
    know(&world, "contoso", |known| known.undeclared = vec![Caveat { code: "tier".into(), detail: detail.into() }]);
    unknown(&world, &[detail]);
    world.store.borrow_mut().insert("azure/contoso".into(), "{ damaged".into());
    world.forget();
    unknown(&world, &["what is stored of Azure's word cannot be read"]);
    world.store.borrow_mut().clear();
    world.secrets = apim_origin_guard::secrets::Secrets::new([("GUARD_ADMIN_TOKEN".into(), TOKEN.into())], true);
    unknown(&world, &["AZURE_CLIENT_SECRET is not set"]);
}

#[test]
fn what_azure_declared_for_another_resource_is_not_this_ones() {
    let other = world_of(&origin("contoso", &AZURE.replace("\"rg\"", "\"rg2\"")));
    tell(&other, "contoso", &declared(vec![both("20.1.0.1/32")]));
    let world = world_of(&origin("contoso", AZURE));
    *world.store.borrow_mut() = other.store.borrow().clone();
    assert_eq!(get(&world, "").status, 409);
}

#[test]
fn an_instance_that_is_gone_is_a_caveat() {
    let world = world();
    know(&world, "contoso", |known| {
        known.declared = Some(declared(vec![both("20.1.0.1/32")]));
        known.presence.existence = Existence::Gone;
    });
    let answer = get(&world, "");
    assert_eq!(cidrs(&answer), ["20.1.0.1/32"]);
    assert_eq!(body(&answer)["caveats"][0]["code"], "instance_not_found");
}

#[test]
fn behind_a_nat_gateway_there_is_no_outbound_list_and_the_answer_says_why() {
    let world = world();
    let detail = "westeurope: the subnet has the NAT gateway nat-1: backends on the Internet see its addresses";
    let mut inbound = declared(vec![address("20.1.0.1/32", Direction::Inbound)]);
    inbound.caveats = vec![Caveat { code: "egress_is_nat_gateway".into(), detail: detail.into() }];
    tell(&world, "contoso", &inbound);
    assert_problem(&get(&world, "format=nginx&direction=outbound"), 409, "allowlist_unknown", &[detail]);
}

#[test]
fn a_direction_that_nothing_has_is_409_and_no_empty_list() {
    let world = world();
    tell(&world, "contoso", &declared(vec![address("20.1.0.1/32", Direction::Inbound)]));
    for query in ["direction=outbound", "format=nginx&direction=outbound", "family=ipv6", "format=storage&family=ipv6"]
    {
        assert_problem(&get(&world, query), 409, "allowlist_unknown", &["None of the 1 addresses"]);
    }
    tell(&world, "contoso", &declared(vec![both("2603::1/128")]));
    assert_problem(&get(&world, "format=sql"), 409, "allowlist_unknown", &["IPv4 only: 2603::1/128"]);
}

#[test]
fn kv_that_does_not_answer_is_503_and_not_unknown() {
    let world = world();
    world.store_manner.set(StoreManner::Down);
    assert_problem(&get(&world, "format=nginx"), 503, "guard_internal_error", &["contoso"]);
    world.store_manner.set(StoreManner::Missing);
    assert_problem(&get(&world, "format=nginx"), 409, "allowlist_unknown", &["has not been asked yet"]);
}

fn look(world: &World) {
    let request = |query: &str| AdminRequest {
        method: "POST".into(),
        path: "/refresh".into(),
        query: query.into(),
        authorization: Some(format!("Bearer {TOKEN}")),
        ..AdminRequest::default()
    };
    let guard = Guard { scene: world.scene(), loaded: &world.loaded };
    assert_eq!(world.run(answer(&guard, &request(""))).status, 200);
}

#[test]
fn observed_addresses_are_given_only_where_they_are_asked_for() {
    let world = World::new();
    look(&world);
    assert_eq!(get(&world, "").status, 409);
    let seen = get(&world, "evidence=observed");
    assert_eq!(cidrs(&seen), ["172.199.17.73/32"]);
    assert_eq!(body(&seen)["entries"][0]["evidence"], "observed");
    assert_eq!(body(&seen)["entries"][0]["direction"], "inbound");
    assert_eq!(body(&seen)["from"], "DNS, contoso.azure-api.net");
    assert_problem(&get(&world, "evidence=observed&direction=outbound"), 409, "allowlist_unknown", &["None of the 1"]);
    let nginx = get(&world, "evidence=observed&format=nginx");
    assert!(nginx.body.contains("1 of them only seen in DNS"), "{}", nginx.body);
}

#[test]
fn a_later_look_that_sees_the_same_gives_the_same_answer() {
    let world = World::new();
    look(&world);
    let first = get(&world, "evidence=observed&format=txt");
    world.pass_s(3 * 60 * 60);
    look(&world);
    assert_eq!(get(&world, "evidence=observed&format=txt"), first);
}

#[test]
fn an_origin_that_could_not_be_found_out_makes_no_list_shorter() {
    let second = AZURE.replace("contoso", "fabrikam");
    let world = world_of(&format!("{},{}", origin("contoso", AZURE), origin("fabrikam", &second)));
    tell(&world, "contoso", &declared(vec![both("20.1.0.1/32")]));
    assert_problem(&get(&world, ""), 409, "allowlist_unknown", &["fabrikam", "origin= asks for one"]);
    assert_eq!(cidrs(&get(&world, "origin=contoso")), ["20.1.0.1/32"]);
    tell(&world, "fabrikam", &declared(vec![both("20.3.0.1/32")]));
    assert_eq!(cidrs(&get(&world, "")), ["20.1.0.1/32", "20.3.0.1/32"]);
    assert_eq!(cidrs(&get(&world, "origin=fabrikam")), ["20.3.0.1/32"]);
}

#[test]
fn an_origin_that_azure_is_not_asked_about_is_a_caveat() {
    let world = world_of(&format!("{},{}", origin("contoso", AZURE), origin("other", "")));
    tell(&world, "contoso", &declared(vec![both("20.1.0.1/32")]));
    let answer = get(&world, "");
    assert_eq!(cidrs(&answer), ["20.1.0.1/32"]);
    assert_eq!(body(&answer)["caveats"][0]["code"], "origin_not_declared");
    let csv = get(&world, "format=csv");
    assert!(field(&csv, "X-Origin-Guard-Caveat").unwrap().contains("other has no azure section"));
}

#[test]
fn formats_without_comments_say_in_header_fields_what_they_are_made_of() {
    let world = world();
    let mut held = declared(vec![both("20.1.0.1/32"), both("2603::1/128")]);
    held.addresses[0].gone_since = Some(crate::worlds::before(10));
    tell(&world, "contoso", &held);
    let answer = get(&world, "format=key-vault");
    assert!(field(&answer, "X-Origin-Guard-From").unwrap().starts_with("ARM, service /subscriptions/"));
    assert_eq!(field(&answer, "X-Origin-Guard-Made-At"), Some("2026-04-27T11:19:42.000Z"));
    assert_eq!(field(&answer, "X-Origin-Guard-Confirmed-At"), Some("2026-04-27T11:18:52.000Z"));
    assert_eq!(field(&answer, "X-Origin-Guard-Held"), Some("20.1.0.1/32, gone since 2026-04-27T11:19:42.000Z"));
    assert_eq!(field(&answer, "X-Origin-Guard-Notice"), Some("Left out, since it takes IPv4 only: 2603::1/128."));
}

#[test]
fn a_stranger_gets_nothing_whatever_is_asked() {
    let world = world();
    for query in ["", "format=nginx", "format=nonsense"] {
        let answer = ask(&world, query, |request| request.authorization = None);
        assert_eq!(answer.status, 401);
        assert!(!answer.body.contains("20.1.0.1"));
    }
    let posted = ask(&world, "", |request| request.method = "POST".into());
    assert_eq!((posted.status, field(&posted, "Allow")), (405, Some("GET, HEAD, OPTIONS")));
}
