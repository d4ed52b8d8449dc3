//! Tokens of Cloudflare Access: which open the admin interface, which do not, and what the team's keys cost.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "test code"
)]

mod support;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::OnceLock;

use apim_origin_guard::admin::{AdminRequest, Guard, answer};
use apim_origin_guard::ports::{FetchFailure, HttpResponse};
use apim_origin_guard::problem::Rendered;
use apim_origin_guard::secrets::Secrets;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use hmac::{Hmac, Mac as _};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::Sha256;
use support::rsa::{E, Key, OTHER, RFC_7515, sign, verify};
use support::{GATEWAY, Manner, START, Script, TOKEN, World};

const TEAM: &str = "https://contoso.cloudflareaccess.com";
const AUDIENCE: &str = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";

/// The team's endpoint: which keys it has now, or how it fails; and how often it was asked.
#[derive(Clone)]
struct Team {
    says: Rc<RefCell<Result<HttpResponse, FetchFailure>>>,
    asked: Rc<Cell<usize>>,
    takes_ms: Rc<Cell<u32>>,
}

impl Team {
    fn has(&self, keys: &[Key]) {
        let keys: Vec<Value> = keys.iter().map(jwk).collect();
        self.answers(200, &json!({ "keys": keys, "public_certs": [] }).to_string());
    }

    fn answers(&self, status: u16, body: &str) {
        *self.says.borrow_mut() = Ok(HttpResponse { status, headers: Vec::new(), body: body.into() });
    }

    fn fails(&self) {
        *self.says.borrow_mut() = Err(FetchFailure::ConnectionLost);
    }
}

fn jwk(key: &Key) -> Value {
    json!({ "kid": key.kid, "kty": "RSA", "alg": "RS256", "use": "sig", "e": E, "n": key.n })
}

/// A guard with Access alone.
fn world() -> (World, Team) {
    let guard = json!({
        "origins": [{ "hostname": GATEWAY }],
        "admin": { "access": { "team_domain": "contoso.cloudflareaccess.com", "audience": AUDIENCE } },
    });
    let mut world = World::configured(&guard.to_string());
    world.secrets = Secrets::default();
    let team = Team {
        says: Rc::new(RefCell::new(Err(FetchFailure::TimedOut))),
        asked: Rc::default(),
        takes_ms: Rc::new(Cell::new(40)),
    };
    team.has(&[RFC_7515]);
    let script = team.clone();
    let script = Script(Rc::new(move |_| {
        script.asked.set(script.asked.get() + 1);
        (script.takes_ms.get(), script.says.borrow().clone())
    }));
    world.one(&format!("{TEAM}/cdn-cgi/access/certs"), Manner::Scripted(script));
    (world, team)
}

fn seconds(after_start: i64) -> Value {
    (i64::try_from(START.0 / 1000).unwrap() + after_start).into()
}

/// What Access says of a person.
fn claims() -> Value {
    json!({
        "aud": [AUDIENCE], "email": "user@example.com", "exp": seconds(3600), "iat": seconds(0), "nbf": seconds(0),
        "iss": TEAM, "type": "app", "identity_nonce": "6ei69kawdKzMIAPF",
        "sub": "7335d417-61da-459d-899c-0a01c76a2f94", "country": "US",
    })
}

fn changed(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn header(kid: &str) -> Value {
    json!({ "alg": "RS256", "kid": kid, "typ": "JWT" })
}

fn part(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn signed(key: &Key, header: &str, claims: &str) -> String {
    let signed = format!("{}.{}", part(header), part(claims));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(sign(key, signed.as_bytes())))
}

fn token(claims: &Value) -> String {
    signed(&RFC_7515, &header(RFC_7515.kid).to_string(), &claims.to_string())
}

fn request(token: &str) -> AdminRequest {
    AdminRequest {
        method: "GET".into(),
        path: "/status".into(),
        access_assertion: Some(token.into()),
        own_origin: "https://api.example.com".into(),
        ..AdminRequest::default()
    }
}

fn ask(world: &World, request: &AdminRequest) -> Rendered {
    let guard = Guard { scene: world.scene(), loaded: &world.loaded };
    world.run(answer(&guard, request))
}

fn status(world: &World, token: &str) -> u16 {
    ask(world, &request(token)).status
}

fn refused(world: &World, token: &str, words: &str) {
    let answer = ask(world, &request(token));
    assert_eq!(answer.status, 401, "{words}: {}", answer.body);
    assert!(answer.body.contains(words), "{words}: {}", answer.body);
    for piece in token.split('.').filter(|piece| piece.len() > 8) {
        assert!(!answer.body.contains(piece), "{words}: the token is repeated");
    }
}

/// The signature that the RFC prints, and no other one.
#[test]
fn the_arithmetic_is_that_of_rfc_7515() {
    let signed = b"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let printed = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let signature = sign(&RFC_7515, signed);
    assert_eq!(URL_SAFE_NO_PAD.encode(&signature), printed);
    assert!(verify(RFC_7515.n, E, signed, &signature));
    assert!(!verify(OTHER.n, E, signed, &signature) && !verify(RFC_7515.n, E, b"other", &signature));
}

#[test]
fn a_person_comes_in_by_header_or_cookie() {
    let (world, _) = world();
    let token = token(&claims());
    assert_eq!(status(&world, &token), 200);
    let by_cookie =
        AdminRequest { access_assertion: None, cookie: Some(format!("a=b; CF_Authorization={token}")), ..request("") };
    assert_eq!(ask(&world, &by_cookie).status, 200);
    let both = AdminRequest { access_assertion: Some("forged".into()), ..by_cookie };
    assert_eq!(ask(&world, &both).status, 401, "the header field decides");
}

/// As documented: `common_name`, an empty `sub`, no `email`, no `nbf`.
#[test]
fn a_service_token_comes_in() {
    let (world, _) = world();
    let claims = json!({
        "type": "app", "aud": AUDIENCE, "exp": seconds(600), "iss": TEAM, "iat": seconds(0), "sub": "",
        "common_name": "e367826f93b8d71185e03fe518aff3b4.access",
    });
    assert_eq!(status(&world, &token(&claims)), 200);
}

#[test]
fn every_fault_has_words_of_its_own() {
    let (world, team) = world();
    let one = |claims: Value, words: &str| refused(&world, &token(&claims), words);
    one(changed("exp", seconds(0)), "has expired");
    one(changed("nbf", seconds(31)), "not valid yet");
    one(changed("aud", json!(["b".repeat(64)])), "another application");
    one(changed("aud", json!([])), "another application");
    one(changed("iss", json!("https://evil.cloudflareaccess.com")), "another team");
    one(changed("iss", json!("http://contoso.cloudflareaccess.com")), "another team");
    one(changed("iss", json!("https://contoso.cloudflareaccess.com/")), "another team");
    one(changed("type", json!("org")), "none for an application");
    assert_eq!(team.asked.get(), 0, "what the token says of itself costs no fetch");
    let forged = signed(&OTHER, &header(RFC_7515.kid).to_string(), &claims().to_string());
    refused(&world, &forged, "signature");
    refused(&world, &signed(&OTHER, &header(OTHER.kid).to_string(), &claims().to_string()), "signing key");
}

#[test]
fn a_clock_may_be_behind_by_thirty_seconds_and_a_token_ends_when_it_says() {
    let (world, _) = world();
    assert_eq!(status(&world, &token(&changed("exp", seconds(1)))), 200);
    assert_eq!(status(&world, &token(&changed("nbf", seconds(30)))), 200);
}

#[test]
fn only_rs256_counts() {
    let (world, team) = world();
    let with = |alg: &str| json!({ "alg": alg, "kid": RFC_7515.kid }).to_string();
    for alg in ["none", "None", "RS384", "RS512", "PS256", "ES256", "HS256", "rs256", "RS256 ", ""] {
        refused(&world, &signed(&RFC_7515, &with(alg), &claims().to_string()), "RS256");
    }
    let unsigned = format!("{}.{}.", part(&with("none")), part(&claims().to_string()));
    assert_eq!(status(&world, &unsigned), 401);
    let signed_part = format!("{}.{}", part(&with("HS256")), part(&claims().to_string()));
    let mut mac = Hmac::<Sha256>::new_from_slice(RFC_7515.n.as_bytes()).unwrap();
    mac.update(signed_part.as_bytes());
    let by_public_key = format!("{signed_part}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
    refused(&world, &by_public_key, "RS256");
    let critical = r#"{"alg":"RS256","kid":"rfc-7515","crit":["b64"],"b64":false}"#;
    refused(&world, &signed(&RFC_7515, critical, &claims().to_string()), "RS256");
    assert_eq!(team.asked.get(), 0);
}

#[test]
fn what_is_no_token_is_none() {
    let (world, team) = world();
    let good = token(&claims());
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, mac) = (parts[0], parts[1], parts[2]);
    let repeated = claims().to_string().replacen('{', r#"{"aud":["x"],"#, 1);
    let strange = [
        String::new(),
        ".".into(),
        "..".into(),
        "a.b.c".into(),
        format!("{head}.{body}"),
        format!("{good}.x"),
        format!(".{good}"),
        format!("{good}="),
        format!("{good}\n"),
        format!("{head}.{body}."),
        format!("{head}..{mac}"),
        format!("{head}.{body}.{mac}A+/"),
        format!("{}.{body}.{mac}", part("[1]")),
        format!("{}.{body}.{mac}", part("{")),
        format!("{}.{body}.{mac}", URL_SAFE_NO_PAD.encode([0xff, 0xfe])),
        signed(&RFC_7515, r#"{"alg":"RS256"}"#, &claims().to_string()),
        signed(&RFC_7515, r#"{"alg":"RS256","kid":7}"#, &claims().to_string()),
        signed(&RFC_7515, r#"{"alg":"RS256","kid":""}"#, &claims().to_string()),
        signed(&RFC_7515, &json!({"alg": "RS256", "kid": "k".repeat(129)}).to_string(), &claims().to_string()),
        signed(&RFC_7515, r#"{"alg":"none","alg":"RS256","kid":"rfc-7515"}"#, &claims().to_string()),
        signed(&RFC_7515, &header(RFC_7515.kid).to_string(), &repeated),
        signed(&RFC_7515, &header(RFC_7515.kid).to_string(), "[]"),
        signed(&RFC_7515, &header(RFC_7515.kid).to_string(), &"[".repeat(3000)),
        token(&changed("exp", Value::Null)),
        token(&changed("exp", json!("4102444800"))),
        token(&changed("exp", json!(-1))),
        token(&changed("exp", json!(1e300))),
        token(&changed("nbf", json!("now"))),
        token(&changed("aud", json!({ "a": AUDIENCE }))),
        token(&changed("aud", json!([AUDIENCE, 7]))),
        token(&changed("aud", json!(vec![AUDIENCE; 21]))),
        token(&changed("iss", json!(["x"]))),
        token(&changed("type", json!(1))),
        token(&changed("type", Value::Null)),
        token(&changed("padding", json!("x".repeat(8192)))),
        "x".repeat(1_000_000),
    ];
    for token in strange {
        refused(&world, &token, "cannot be read");
    }
    assert_eq!(team.asked.get(), 0);
}

#[test]
fn keys_are_fetched_once_for_many_requests() {
    let (world, team) = world();
    let guard = Guard { scene: world.scene(), loaded: &world.loaded };
    let request = request(&token(&claims()));
    let answers = world.run(join_all((0..20).map(|_| answer(&guard, &request))));
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(team.asked.get(), 1);
}

#[test]
fn unknown_keys_are_asked_for_once_a_minute() {
    let (world, team) = world();
    let unknown = |kid: usize| signed(&OTHER, &header(&format!("k{kid}")).to_string(), &claims().to_string());
    for second in 0..60 {
        refused(&world, &unknown(second), "signing key");
        assert_eq!(team.asked.get(), 1, "in second {second}");
        world.pass_s(1);
    }
    refused(&world, &unknown(99), "signing key");
    assert_eq!(team.asked.get(), 2);
}

#[test]
fn a_new_key_is_good_as_soon_as_the_team_has_it() {
    let (world, team) = world();
    assert_eq!(status(&world, &token(&claims())), 200);
    team.has(&[RFC_7515, OTHER]);
    let new = signed(&OTHER, &header(OTHER.kid).to_string(), &claims().to_string());
    refused(&world, &new, "signing key");
    world.pass_s(60);
    assert_eq!((status(&world, &new), status(&world, &token(&claims()))), (200, 200));
    assert_eq!(team.asked.get(), 2);
}

#[test]
fn a_key_that_the_team_gave_up_is_good_for_an_hour_at_most() {
    let (world, team) = world();
    let lasting = token(&changed("exp", seconds(90_000)));
    assert_eq!(status(&world, &lasting), 200);
    team.has(&[OTHER]);
    world.pass_s(3600);
    refused(&world, &lasting, "signing key");
}

#[test]
fn known_keys_stay_good_while_they_cannot_be_fetched() {
    let (world, team) = world();
    let lasting = token(&changed("exp", seconds(90_000)));
    assert_eq!(status(&world, &lasting), 200);
    team.fails();
    world.pass_s(7200);
    assert_eq!((status(&world, &lasting), status(&world, &lasting)), (200, 200));
    assert_eq!(team.asked.get(), 2, "the failed fetch is not repeated at once");
}

#[test]
fn without_keys_nothing_can_be_told_and_nobody_gets_in() {
    let bodies = ["", "[]", "{}", r#"{"keys":[]}"#, r#"{"keys":[{"kid":"rfc-7515"}]}"#, "<html>", r#"{"keys":null}"#];
    let good = json!({ "keys": [jwk(&RFC_7515)] }).to_string();
    let answers = bodies.map(|body| (200, body, 40));
    for (status_of_keys, body, takes_ms) in answers.into_iter().chain([(500, good.as_str(), 40), (200, &good, 60_000)])
    {
        let (world, team) = world();
        team.answers(status_of_keys, body);
        team.takes_ms.set(takes_ms);
        let answer = ask(&world, &request(&token(&claims())));
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert!(answer.body.contains("cannot be told") && answer.body.contains("guard_internal_error"));
        assert_eq!(status(&world, &token(&claims())), 503);
        assert_eq!(team.asked.get(), 1);
    }
}

#[test]
fn keys_that_are_none_of_access_are_passed_over() {
    let with = |name: &str, value: Value| {
        let mut key = jwk(&RFC_7515);
        key[name] = value;
        key
    };
    let short = URL_SAFE_NO_PAD.encode([0xc5; 128]);
    for key in [
        with("kty", json!("oct")),
        with("alg", json!("RS512")),
        with("use", json!("enc")),
        with("n", json!(short)),
        with("n", json!("A".repeat(3000))),
        with("n", json!("!!")),
        with("e", json!("")),
        with("kid", json!(7)),
        json!(null),
    ] {
        let (world, team) = world();
        team.answers(200, &json!({ "keys": [key, jwk(&OTHER)] }).to_string());
        refused(&world, &token(&claims()), "signing key");
    }
}

#[test]
fn changing_something_takes_proof_of_the_own_page() {
    let (world, _) = world();
    let refresh = || AdminRequest { method: "POST".into(), path: "/refresh".into(), ..request(&token(&claims())) };
    let with = |origin: Option<&str>, fetch_site: Option<&str>| {
        let proof =
            AdminRequest { origin: origin.map(Into::into), fetch_site: fetch_site.map(Into::into), ..refresh() };
        ask(&world, &proof).status
    };
    assert_eq!(with(None, None), 403);
    assert_eq!(with(Some("https://evil.example"), None), 403);
    assert_eq!(with(None, Some("cross-site")), 403);
    assert_eq!((with(Some("https://api.example.com"), None), with(None, Some("same-origin"))), (200, 200));
}

#[test]
fn access_alone_and_both_together() {
    let (mut world, _) = world();
    let nothing = AdminRequest { access_assertion: None, ..request("") };
    let bearer = AdminRequest { authorization: Some(format!("Bearer {TOKEN}")), ..nothing.clone() };
    let alone = ask(&world, &bearer);
    assert_eq!(alone.status, 401);
    assert!(alone.body.contains("Come through Cloudflare Access"));
    let form = AdminRequest { path: "/login".into(), ..nothing.clone() };
    assert_eq!(ask(&world, &form).status, 403, "there is no token to sign in with");
    world.secrets = Secrets::new([("GUARD_ADMIN_TOKEN".into(), TOKEN.into())], true);
    assert_eq!(ask(&world, &bearer).status, 200);
    assert_eq!(status(&world, &token(&claims())), 200);
    assert!(ask(&world, &nothing).body.contains("or come through Cloudflare Access"));
    let wrong =
        AdminRequest { access_assertion: Some(token(&claims())), authorization: Some("Bearer x".into()), ..nothing };
    assert_eq!(ask(&world, &wrong).status, 401, "the bearer token decides");
}

#[test]
fn without_access_configured_its_tokens_are_nothing() {
    let (world, _) = world();
    let plain = World::new();
    assert_eq!(status(&world, &token(&claims())), 200);
    assert_eq!(status(&plain, &token(&claims())), 401);
}

static GOOD: OnceLock<String> = OnceLock::new();

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Any one character of a good token changed: it is refused, and never with anything but 401.
    #[test]
    fn a_changed_token_is_refused(at in any::<prop::sample::Index>(), put in prop::char::range('!', '~')) {
        let (world, _) = world();
        let good = GOOD.get_or_init(|| token(&claims()));
        let at = at.index(good.len());
        let changed: String = good.chars().enumerate().map(|(i, c)| if i == at { put } else { c }).collect();
        prop_assert_eq!(status(&world, &changed), if changed == *good { 200 } else { 401 });
    }

    #[test]
    fn no_text_opens(text in ".{0,200}") {
        let (world, _) = world();
        prop_assert_eq!(status(&world, &text), 401);
    }

    #[test]
    fn no_endpoint_breaks_it(body in ".{0,200}") {
        let (world, team) = world();
        team.answers(200, &body);
        prop_assert_eq!(status(&world, GOOD.get_or_init(|| token(&claims()))), 503);
    }
}
