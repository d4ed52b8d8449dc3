//! Signing in with the admin token: bearer, form, session, proof of the own page, and how often one may be wrong.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code")]

mod support;

use apim_origin_guard::admin::{AdminRequest, Guard, answer, is_operator_token};
use apim_origin_guard::problem::Rendered;
use apim_origin_guard::secrets::Secrets;
use apim_origin_guard::sign_in::{SESSION_COOKIE, begin_session};
use support::{GATEWAY, START, TOKEN, World};

const OWN: &str = "https://api.example.com";

fn ask(world: &World, request: AdminRequest) -> Rendered {
    let guard = Guard { scene: world.scene(), loaded: &world.loaded };
    let own = AdminRequest { own_origin: OWN.into(), nonce: "bm9uY2U".into(), ..request };
    world.run(answer(&guard, &own))
}

fn get(path: &str) -> AdminRequest {
    AdminRequest { method: "GET".into(), path: path.into(), ..AdminRequest::default() }
}

fn post(path: &str) -> AdminRequest {
    AdminRequest { method: "POST".into(), ..get(path) }
}

fn bearing(token: &str, request: AdminRequest) -> AdminRequest {
    AdminRequest { authorization: Some(format!("Bearer {token}")), ..request }
}

fn with_cookie(value: &str, request: AdminRequest) -> AdminRequest {
    AdminRequest { cookie: Some(format!("other=1; {SESSION_COOKIE}={value}")), ..request }
}

fn from_own_page(request: AdminRequest) -> AdminRequest {
    AdminRequest { origin: Some(OWN.into()), ..request }
}

fn from(address: &str, request: AdminRequest) -> AdminRequest {
    AdminRequest { client: Some(address.parse().unwrap()), ..request }
}

fn form(body: &str) -> AdminRequest {
    AdminRequest { body: Some(Ok(body.into())), accept: Some("text/html".into()), ..from_own_page(post("/login")) }
}

fn with_secrets(secrets: Secrets) -> World {
    let mut world = World::new();
    world.secrets = secrets;
    world
}

fn header<'a>(answer: &'a Rendered, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(there, _)| *there == name).map(|(_, value)| value.as_str())
}

fn signed_in(world: &World) -> String {
    let answer = ask(world, form(&format!("token={TOKEN}")));
    let cookie = header(&answer, "Set-Cookie").unwrap();
    cookie.split(';').next().unwrap().split_once('=').unwrap().1.to_owned()
}

#[test]
fn only_the_whole_token_opens() {
    let world = World::new();
    let status = |authorization: &str| {
        let request = AdminRequest { authorization: Some(authorization.into()), ..get("/status") };
        ask(&world, request).status
    };
    assert_eq!((status(&format!("Bearer {TOKEN}")), status(&format!("bearer  {TOKEN} "))), (200, 200));
    for wrong in ["", "Bearer", "Bearer ", "Basic abc", TOKEN, &format!("Bearer {TOKEN}x"), "Bearer 0123456789abcdef"] {
        assert_eq!(status(wrong), 401, "{wrong}");
    }
    assert_eq!(ask(&world, get("/status")).status, 401);
}

#[test]
fn without_a_usable_credential_it_is_closed_and_says_both_ways() {
    for token in ["", "short"] {
        let secrets = Secrets::new([("GUARD_ADMIN_TOKEN".into(), token.into())], true);
        let world = with_secrets(secrets);
        for request in [bearing(token, get("/status")), form("token=short"), get("/login"), get("/nothing")] {
            let answer = ask(&world, request);
            assert_eq!(answer.status, 403);
            assert!(answer.body.contains("GUARD_ADMIN_TOKEN") && answer.body.contains("admin.access"));
        }
        assert!(!is_operator_token(&world.scene(), None, token));
    }
}

#[test]
fn the_network_counts_before_the_token() {
    let guard = format!(r#"{{"origins":[{{"hostname":"{GATEWAY}"}}],"admin":{{"allow_networks":["192.0.2.0/24"]}}}}"#);
    let world = World::configured(&guard);
    let status = |address: &str| ask(&world, from(address, bearing(TOKEN, get("/status")))).status;
    assert_eq!((status("192.0.2.7"), status("::ffff:192.0.2.7"), status("198.51.100.7")), (200, 200, 403));
    assert_eq!(ask(&world, bearing(TOKEN, get("/status"))).status, 403);
    let session = begin_session(TOKEN, "nonce", START);
    assert_eq!(ask(&world, from("198.51.100.7", with_cookie(&session, get("/status")))).status, 403);
    assert_eq!(ask(&world, from("198.51.100.7", form(&format!("token={TOKEN}")))).status, 403);
}

#[test]
fn a_browser_gets_a_form_a_program_a_problem() {
    let world = World::new();
    let html =
        AdminRequest { accept: Some("text/html,*/*;q=0.8".into()), query: "origin=contoso".into(), ..get("/status") };
    let page = ask(&world, html);
    assert_eq!((page.status, header(&page, "X-Origin-Guard")), (401, Some("admin_unauthenticated")));
    assert!(page.body.contains(r#"action="/__guard/login""#) && page.body.contains("current-password"));
    assert!(page.body.contains(r#"name="next" value="/__guard/status?origin=contoso""#));
    assert!(!page.body.contains("role=\"alert\""), "nothing was wrong yet");
    let policy = header(&page, "Content-Security-Policy").unwrap();
    assert!(policy.contains("style-src 'nonce-bm9uY2U'") && page.body.contains(r#"<style nonce="bm9uY2U">"#));
    assert_eq!(header(&ask(&world, get("/status")), "Content-Type"), Some("application/problem+json"));
}

#[test]
fn a_right_token_begins_a_session_of_eight_hours() {
    let world = World::new();
    let answer = ask(&world, form(&format!("next=%2F__guard%2Fincidents&token={TOKEN}")));
    assert_eq!((answer.status, header(&answer, "Location")), (303, Some("/__guard/incidents")));
    let cookie = header(&answer, "Set-Cookie").unwrap();
    assert!(cookie.starts_with("__Host-origin-guard="));
    assert!(cookie.ends_with("; Path=/; Max-Age=28800; Secure; HttpOnly; SameSite=Strict"), "{cookie}");
    let session = signed_in(&world);
    assert_eq!(ask(&world, with_cookie(&session, get("/status"))).status, 200);
    world.pass_s(8 * 3600 - 1);
    assert_eq!(ask(&world, with_cookie(&session, get("/status"))).status, 200);
    world.pass_s(1);
    let over = ask(&world, with_cookie(&session, get("/status")));
    assert_eq!(over.status, 401);
    assert!(over.body.contains("session has ended"));
}

#[test]
fn the_way_back_stays_below_the_admin_path() {
    let world = World::new();
    for next in ["https://evil.example/", "//evil.example", "/elsewhere", "/__guard/..%2F..", "%0d%0aSet-Cookie:x"] {
        let answer = ask(&world, form(&format!("next={next}&token={TOKEN}")));
        assert_eq!((answer.status, header(&answer, "Location")), (303, Some("/__guard/")), "{next}");
    }
}

#[test]
fn a_wrong_token_shows_the_form_again_with_the_reason() {
    let world = World::new();
    let answer = ask(&world, form("token=%3Cscript%3Ehush&next=/__guard/status"));
    assert_eq!(answer.status, 401);
    assert!(answer.body.contains(r#"role="alert""#) && answer.body.contains(r#"value="/__guard/status""#));
    assert!(!answer.body.contains("hush") && header(&answer, "Set-Cookie").is_none());
    for body in ["", "tok=x", "{\"token\":\"x\"}"] {
        assert_eq!(ask(&world, form(body)).status, 400, "{body}");
    }
}

#[test]
fn signing_in_and_out_is_for_the_own_page_only() {
    let world = World::new();
    let sign_in = || AdminRequest { origin: None, ..form(&format!("token={TOKEN}")) };
    for request in [
        sign_in(),
        AdminRequest { origin: Some("https://evil.example".into()), ..sign_in() },
        AdminRequest { fetch_site: Some("cross-site".into()), ..sign_in() },
        AdminRequest { origin: Some("null".into()), ..sign_in() },
        post("/logout"),
        AdminRequest { fetch_site: Some("same-site".into()), ..post("/logout") },
    ] {
        let answer = ask(&world, request);
        assert_eq!((answer.status, header(&answer, "Set-Cookie")), (403, None));
    }
    let fetch_site = AdminRequest { fetch_site: Some("same-origin".into()), ..sign_in() };
    assert_eq!(ask(&world, fetch_site).status, 303);
}

#[test]
fn signing_out_clears_the_cookie() {
    let answer = ask(&World::new(), from_own_page(post("/logout")));
    assert_eq!((answer.status, header(&answer, "Location")), (303, Some("/__guard/login")));
    let cookie = header(&answer, "Set-Cookie").unwrap();
    assert_eq!(cookie, "__Host-origin-guard=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict");
}

#[test]
fn login_shows_a_form_or_the_way_out() {
    let world = World::new();
    let form = ask(&world, AdminRequest { query: "next=/__guard/config".into(), ..get("/login") });
    assert_eq!(form.status, 200);
    assert!(form.body.contains(r#"value="/__guard/config""#));
    let inside = ask(&world, with_cookie(&signed_in(&world), get("/login")));
    assert_eq!(inside.status, 200);
    assert!(inside.body.contains(r#"action="/__guard/logout""#));
}

#[test]
fn a_session_changes_things_from_the_own_page_only() {
    let world = World::new();
    let session = signed_in(&world);
    let refresh = || with_cookie(&session, post("/refresh"));
    assert_eq!(ask(&world, from_own_page(refresh())).status, 200);
    assert_eq!(ask(&world, refresh()).status, 403);
    let stranger = AdminRequest { origin: Some("https://evil.example".into()), ..refresh() };
    assert_eq!(ask(&world, stranger).status, 403);
    assert_eq!(ask(&world, bearing(TOKEN, post("/refresh"))).status, 200, "the bearer token is proof enough");
    let foreign_page = AdminRequest { origin: Some("https://evil.example".into()), ..bearing(TOKEN, post("/refresh")) };
    assert_eq!(ask(&world, foreign_page).status, 200);
}

#[test]
fn another_token_ends_all_sessions() {
    let world = World::new();
    let session = signed_in(&world);
    let secrets = Secrets::new([("GUARD_ADMIN_TOKEN".into(), "another-".repeat(5))], true);
    let world = with_secrets(secrets);
    assert_eq!(ask(&world, with_cookie(&session, get("/status"))).status, 401);
}

#[test]
fn a_foreign_cookie_beside_the_session_takes_nothing_away() {
    let world = World::new();
    let session = signed_in(&world);
    assert_eq!(
        ask(&world, with_cookie(&format!("forged.a.b; {SESSION_COOKIE}={session}"), get("/status"))).status,
        200
    );
    assert_eq!(ask(&world, with_cookie(&session, bearing("wrong", get("/status")))).status, 401, "the bearer decides");
}

#[test]
fn after_fifty_wrong_tokens_none_is_looked_at_for_a_minute() {
    let world = World::new();
    let session = signed_in(&world);
    let at = |request| from("192.0.2.1", request);
    for _ in 0..25 {
        assert_eq!(ask(&world, at(bearing("wrong", get("/status")))).status, 401);
        assert_eq!(ask(&world, at(form("token=wrong"))).status, 401);
    }
    let limited = ask(&world, at(bearing(TOKEN, get("/status"))));
    assert_eq!((limited.status, header(&limited, "Retry-After")), (429, Some("60")));
    assert_eq!(header(&limited, "X-Origin-Guard"), Some("admin_rate_limited"));
    let page = ask(&world, at(form(&format!("token={TOKEN}"))));
    assert_eq!(page.status, 429);
    assert!(page.body.contains(r#"role="alert""#));
    assert!(!is_operator_token(&world.scene(), Some("192.0.2.1".parse().unwrap()), TOKEN));
    assert_eq!(ask(&world, at(with_cookie(&session, get("/status")))).status, 200, "sessions stay open");
    assert_eq!(ask(&world, from("192.0.2.2", bearing(TOKEN, get("/status")))).status, 200);
    world.pass_s(60);
    assert_eq!(ask(&world, at(bearing(TOKEN, get("/status")))).status, 200);
}

#[test]
fn tokens_of_proxied_requests_count_too() {
    let world = World::new();
    let client = Some("192.0.2.1".parse().unwrap());
    assert!((0..50).all(|_| !is_operator_token(&world.scene(), client, "wrong")));
    assert_eq!(ask(&world, from("192.0.2.1", bearing(TOKEN, get("/status")))).status, 429);
}

#[test]
fn right_tokens_and_missing_ones_are_never_limited() {
    let world = World::new();
    for _ in 0..50 {
        assert_eq!(ask(&world, bearing(TOKEN, get("/status"))).status, 200);
        assert_eq!(ask(&world, get("/status")).status, 401);
        assert_eq!(ask(&world, with_cookie("forged.a.b", get("/status"))).status, 401);
    }
    assert!(world.counted.borrow().is_empty());
}

#[test]
fn the_shared_count_closes_an_isolate_that_counted_less() {
    let world = World::new();
    world.limiter.set(Some(true));
    let wrong = || ask(&world, from("2001:db8::7", bearing("wrong", get("/status")))).status;
    assert_eq!(wrong(), 401);
    world.limiter.set(Some(false));
    assert_eq!(wrong(), 429);
    assert_eq!(ask(&world, from("2001:db8::8", bearing(TOKEN, get("/status")))).status, 429);
    assert_eq!(*world.counted.borrow(), ["2001:db8::", "2001:db8::"]);
    world.pass_s(60);
    assert_eq!(ask(&world, from("2001:db8::8", bearing(TOKEN, get("/status")))).status, 200);
}

#[test]
fn every_answer_has_the_fields_that_keep_it_where_it_is() {
    let world = World::new();
    let unknown = bearing(TOKEN, get("/nothing"));
    let options = AdminRequest { method: "OPTIONS".into(), ..bearing(TOKEN, get("/status")) };
    let page = AdminRequest { accept: Some("text/html".into()), ..get("/status") };
    let explanation = AdminRequest { accept: Some("text/html".into()), ..get("/problems/origin_unreachable") };
    for request in [
        get("/healthz"),
        get("/problems/"),
        explanation,
        get("/login"),
        form(&format!("token={TOKEN}")),
        from_own_page(post("/logout")),
        page,
        bearing(TOKEN, get("/status")),
        unknown,
        options,
        bearing(TOKEN, post("/status")),
    ] {
        let asked = format!("{} {}", request.method, request.path);
        let answer = ask(&world, request);
        let is = |name: &str| header(&answer, name).unwrap_or_else(|| panic!("{asked} has no {name}"));
        assert!(is("Content-Security-Policy").starts_with("default-src 'none'"));
        assert!(is("Content-Security-Policy").contains("frame-ancestors 'none'"));
        assert_eq!((is("X-Content-Type-Options"), is("X-Frame-Options")), ("nosniff", "DENY"));
        assert_eq!((is("Referrer-Policy"), is("Cross-Origin-Opener-Policy")), ("no-referrer", "same-origin"));
        assert!(is("Cache-Control") == "no-store" || asked.contains("/problems/"), "{asked}");
        let mut names: Vec<_> = answer.headers.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|one, next| one < next), "{asked}: {names:?}");
    }
}
