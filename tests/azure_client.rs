//! The client of Azure Resource Manager against its documented wire form and its faults.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "test code")]

mod support;

use apim_origin_guard::azure::{Arm, ArmFault, Call, FaultKind};
use apim_origin_guard::config::{AzureCloud, load};
use futures_util::future::join_all;
use serde_json::json;
use support::World;
use support::azure::{ARM, CLIENT, LOGIN, Login, SECRET, SERVICE, Say};

const VERSION: &str = "2024-05-01";

fn world() -> World {
    let world = World::with_azure();
    world.azure.put(SERVICE, json!({"id": SERVICE, "etag": "AAAA"}));
    world
}

fn get(world: &World) -> Result<apim_origin_guard::json::Node, ArmFault> {
    world.run(Arm::new(world.scene()).get(SERVICE, VERSION))
}

fn kind(world: &World) -> FaultKind {
    get(world).unwrap_err().kind
}

#[test]
fn a_call_has_token_version_and_host() {
    let world = world();
    assert_eq!(get(&world).unwrap().member::<String>("etag").as_deref(), Some("AAAA"));
    let login = world.azure.logins.borrow()[0].clone();
    assert_eq!((login.method, login.headers[0].1.as_str()), ("POST", "application/x-www-form-urlencoded"));
    let scope = "https%3A%2F%2Farm.test%2F.default";
    let form = format!(
        "client_id={CLIENT}&scope={scope}&client_secret=s3cr~t%2Fof%2Bthe%3Dapplication&grant_type=client_credentials"
    );
    assert_eq!(String::from_utf8(login.body).unwrap(), form);
    let call = world.azure.calls.borrow()[0].clone();
    assert_eq!(call.url, format!("{ARM}{SERVICE}?api-version={VERSION}"));
    assert!(call.headers.contains(&("Authorization", "Bearer token-1".into())));
}

#[test]
fn many_calls_at_once_ask_for_one_token() {
    let world = world();
    let arm = Arm::new(world.scene());
    let answers = world.run(join_all((0..20).map(|_| arm.get(SERVICE, VERSION))));
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((world.azure.logins.borrow().len(), world.azure.calls.borrow().len()), (1, 20));
}

#[test]
fn a_holder_that_is_cancelled_does_not_stop_the_others() {
    let world = world();
    let arm = Arm::new(world.scene());
    {
        let started = Box::pin(arm.get(SERVICE, VERSION));
        world.run(futures_util::future::select(started, Box::pin(async {})));
    }
    assert!(get(&world).is_ok());
    assert!(world.elapsed_ms() < 10_000);
}

#[test]
fn a_token_is_used_until_shortly_before_its_end() {
    let world = world();
    get(&world).unwrap();
    world.pass_s(3200);
    get(&world).unwrap();
    assert_eq!(world.azure.logins.borrow().len(), 1);
    world.pass_s(110);
    get(&world).unwrap();
    assert_eq!(world.azure.logins.borrow().len(), 2);
}

#[test]
fn a_token_that_is_not_accepted_is_asked_for_anew_once() {
    let world = world();
    world.azure.then([Say::Error(401, "ExpiredAuthenticationToken", vec![])]);
    assert!(get(&world).is_ok());
    assert_eq!((world.azure.logins.borrow().len(), world.azure.calls.borrow().len()), (2, 2));
    world.azure.always(Say::Error(401, "InvalidAuthenticationToken", vec![]));
    assert_eq!(kind(&world), FaultKind::TokenNotAccepted);
    assert_eq!((world.azure.logins.borrow().len(), world.azure.calls.borrow().len()), (3, 4));
}

#[test]
fn what_entra_says_is_told_apart_with_its_own_code() {
    for (number, error, kind) in [
        (7_000_215, "invalid_client", FaultKind::SecretWrong),
        (7_000_222, "invalid_client", FaultKind::SecretExpired),
        (700_016, "unauthorized_client", FaultKind::ApplicationUnknown),
        (90_002, "invalid_request", FaultKind::TenantUnknown),
        (53_003, "access_denied", FaultKind::TokenRefused),
    ] {
        let world = world();
        *world.azure.login.borrow_mut() = Login::Refuses(number, error);
        let fault = get(&world).unwrap_err();
        assert_eq!(fault.kind, kind, "{number}");
        assert!(fault.said.starts_with(&format!("AADSTS{number}: It is refused.")), "{fault}");
        assert!(!fault.said.contains(['\r', '\n']) && fault.is_of_credentials());
        assert_eq!(world.azure.calls.borrow().len(), 0);
    }
}

#[test]
fn the_token_endpoint_fails_in_other_ways() {
    for (login, kind) in [
        (Login::TimesOut, FaultKind::LoginUnreachable),
        (Login::Raw(503, "busy".into()), FaultKind::LoginUnreachable),
        (Login::Raw(404, "<html>".into()), FaultKind::LoginUnreachable),
        (Login::Raw(200, "{}".into()), FaultKind::LoginUnreachable),
        (
            Login::Raw(200, r#"{"token_type":"Bearer","expires_in":3599,"access_token":"a\nb"}"#.into()),
            FaultKind::LoginUnreachable,
        ),
        (
            Login::Raw(200, r#"{"token_type":"mac","expires_in":3599,"access_token":"a"}"#.into()),
            FaultKind::LoginUnreachable,
        ),
        (Login::Raw(429, "{}".into()), FaultKind::Throttled),
        (Login::Raw(400, r#"{"error":"invalid_grant"}"#.into()), FaultKind::TokenRefused),
        (
            Login::Raw(401, r#"{"error":"invalid_client","error_description":"AADSTS7000222: x"}"#.into()),
            FaultKind::SecretExpired,
        ),
    ] {
        let world = world();
        *world.azure.login.borrow_mut() = login.clone();
        assert_eq!(kind_of(&get(&world)), kind, "{login:?}");
    }
}

fn kind_of(answer: &Result<apim_origin_guard::json::Node, ArmFault>) -> FaultKind {
    answer.as_ref().unwrap_err().kind
}

#[test]
fn a_refusal_is_not_asked_for_again_by_those_who_wait() {
    let world = world();
    *world.azure.login.borrow_mut() = Login::Refuses(7_000_222, "invalid_client");
    let arm = Arm::new(world.scene());
    let answers = world.run(join_all((0..10).map(|_| arm.get(SERVICE, VERSION))));
    assert!(answers.iter().all(|answer| kind_of(answer) == FaultKind::SecretExpired));
    assert_eq!(world.azure.logins.borrow().len(), 1);
    *world.azure.login.borrow_mut() = Login::Good;
    world.pass_s(11);
    assert!(get(&world).is_ok());
}

#[test]
fn neither_secret_nor_token_is_in_a_fault_or_in_debug() {
    let world = world();
    *world.azure.login.borrow_mut() = Login::Raw(
        401,
        format!(
            r#"{{"error":"invalid_client","error_description":"AADSTS7000215: you sent {SECRET}, {}"}}"#,
            "s3cr~t%2Fof%2Bthe%3Dapplication"
        ),
    );
    let fault = get(&world).unwrap_err();
    assert!(!format!("{fault:?} {fault}").contains("s3cr~t") && fault.said.contains("[secret]"), "{fault}");
    *world.azure.login.borrow_mut() = Login::Good;
    world.pass_s(60);
    get(&world).unwrap();
    assert!(!format!("{:?}", world.arm.borrow()).contains("token-"));
    world.azure.always(Say::Raw(
        400,
        r#"{"error":{"code":"BadRequest","message":"you sent Authorization: Bearer token-1"}}"#.into(),
    ));
    let fault = get(&world).unwrap_err();
    assert_eq!(fault.said, "BadRequest: you sent Authorization: Bearer [token]");
}

#[test]
fn without_secret_or_configuration_nobody_is_asked() {
    let mut world = world();
    world.secrets = apim_origin_guard::secrets::Secrets::default();
    assert_eq!(kind(&world), FaultKind::SecretMissing);
    let bare = World::new();
    assert_eq!(kind(&bare), FaultKind::NotConfigured);
    assert_eq!(world.azure.logins.borrow().len() + bare.azure.logins.borrow().len(), 0);
}

#[test]
fn every_documented_error_is_of_its_own_kind() {
    use FaultKind as K;
    for (status, code, kind) in [
        (403, "AuthorizationFailed", K::RoleMissing),
        (403, "RequestDisallowedByPolicy", K::Forbidden),
        (404, "SubscriptionNotFound", K::SubscriptionNotFound),
        (404, "ResourceGroupNotFound", K::ResourceGroupNotFound),
        (404, "ResourceNotFound", K::ResourceNotFound),
        (404, "InvalidResourceNamespace", K::RequestRefused),
        (409, "ReadOnlyDisabledSubscription", K::SubscriptionDisabled),
        (409, "ServiceLocked", K::Conflict),
        (412, "PreconditionFailed", K::ChangedMeanwhile),
        (400, "NoRegisteredProviderFound", K::ApiVersionRefused),
        (400, "InvalidApiVersionParameter", K::ApiVersionRefused),
        (400, "ValidationError", K::RequestRefused),
        (500, "InternalServerError", K::ServerError),
        (503, "ServerTimeout", K::ServerError),
    ] {
        let world = world();
        world.azure.always(Say::Error(status, code, vec![]));
        let fault = get(&world).unwrap_err();
        assert_eq!((fault.kind, fault.status), (kind, Some(status)), "{code}");
        assert_eq!(fault.said, format!("{code}: The words of Azure."));
        assert_eq!(fault.request_id.as_deref(), Some("11111111-2222-3333-4444-555555555555"));
        assert_eq!(fault.path, SERVICE);
    }
}

#[test]
fn an_answer_that_lists_the_supported_versions_refuses_the_version() {
    let world = world();
    let message = "The resource type 'service' could not be found in the namespace 'Microsoft.ApiManagement' for api \
                   version '2099-01-01'. The supported api-versions are '2021-08-01,2024-05-01'.";
    let body = json!({"error": {"code": "InvalidResourceType", "message": message}});
    world.azure.always(Say::Raw(404, body.to_string()));
    assert_eq!(kind(&world), FaultKind::ApiVersionRefused);
}

#[test]
fn not_found_takes_a_code_that_says_so() {
    for (say, kind) in [
        (Say::Raw(404, "<html>not here</html>".into()), FaultKind::NotUnderstood),
        (Say::Raw(404, String::new()), FaultKind::NotUnderstood),
        (Say::Raw(404, "{}".into()), FaultKind::NotUnderstood),
        (Say::Raw(200, "<html>sign in</html>".into()), FaultKind::NotUnderstood),
        (Say::Raw(302, String::new()), FaultKind::NotUnderstood),
        (Say::Half, FaultKind::NotUnderstood),
        (Say::TimesOut, FaultKind::TimedOut),
        (Say::Lost, FaultKind::ConnectionLost),
        (Say::Raw(404, r#"{"code":"ResourceNotFound","message":"x"}"#.into()), FaultKind::ResourceNotFound),
    ] {
        let world = world();
        world.azure.always(say.clone());
        assert_eq!(kind_of(&get(&world)), kind, "{say:?}");
    }
}

#[test]
fn retry_after_is_kept_to() {
    for say in [
        Say::Error(429, "TooManyRequests", vec![("retry-after", "90")]),
        Say::Error(503, "ServiceUnavailable", vec![("retry-after", "90")]),
    ] {
        let world = world();
        world.azure.then([say]);
        let until = get(&world).unwrap_err().until.unwrap();
        world.pass_s(85);
        assert_eq!(get(&world).unwrap_err().until, Some(until));
        assert_eq!(world.azure.calls.borrow().len(), 1);
        world.pass_s(6);
        assert!(get(&world).is_ok());
    }
}

#[test]
fn strange_waiting_times_are_bounded() {
    for (given, waits_s) in [
        ("86400", 3600),
        ("0", 1),
        ("-1", 60),
        ("Mon, 27 Apr 2026 11:29:52 GMT", 600),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 3600),
        ("Mon, 27 Apr 2026 07:28:00 GMT", 1),
        ("Mon, 99 Foo 2026 07:28:00 GMT", 60),
    ] {
        let world = world();
        world.azure.then([Say::Error(429, "TooManyRequests", vec![("retry-after", given)])]);
        let until = get(&world).unwrap_err().until.unwrap();
        assert_eq!(
            until.since_s(apim_origin_guard::time::UnixMillis(support::START.0 + world.elapsed_ms())),
            waits_s,
            "{given}"
        );
    }
}

fn pages(world: &World, link: &str) {
    world.azure.put("/subscriptions/s/tags", json!({"value": [1, 2], "nextLink": link}));
    world.azure.put("/subscriptions/s/tags/more", json!({"value": [3]}));
}

#[test]
fn every_page_or_none() {
    let world = world();
    let arm = Arm::new(world.scene());
    pages(&world, "https://ARM.test/subscriptions/s/tags/more?$skiptoken=x");
    assert_eq!(world.run(arm.list("/subscriptions/s/tags", VERSION)).unwrap().len(), 3);
    world.azure.then([Say::Good, Say::TimesOut]);
    assert_eq!(world.run(arm.list("/subscriptions/s/tags", VERSION)).unwrap_err().kind, FaultKind::TimedOut);
    pages(&world, "https://arm.test/subscriptions/s/tags?$skiptoken=again");
    let fault = world.run(arm.list("/subscriptions/s/tags", VERSION)).unwrap_err();
    assert!(fault.said.contains("more than 20 pages"), "{fault}");
}

#[test]
fn the_token_never_goes_to_another_host() {
    let world = world();
    let arm = Arm::new(world.scene());
    for link in [
        "https://evil.test/subscriptions/s/tags/more?$skiptoken=x",
        "https://arm.test.evil.test/x?$skiptoken=x",
        "https://arm.test@evil.test/x?$skiptoken=x",
        "https://arm.test:444/x?$skiptoken=x",
        "http://arm.test/x?$skiptoken=x",
        "//evil.test/x?$skiptoken=x",
    ] {
        pages(&world, link);
        let calls = world.azure.calls.borrow().len();
        let fault = world.run(arm.list("/subscriptions/s/tags", VERSION)).unwrap_err();
        assert_eq!(fault.kind, FaultKind::NotUnderstood, "{link}");
        assert_eq!(world.azure.calls.borrow().len(), calls + 1, "{link}");
    }
    let call = Call { method: "GET", path: "@evil.test/", api_version: VERSION, body: None, if_match: None };
    assert_eq!(world.run(arm.call(&call)).unwrap_err().kind, FaultKind::NotUnderstood);
}

#[test]
fn a_write_has_body_and_lock_and_its_lost_answer_may_have_been_done() {
    let world = world();
    let body = json!({"properties": {}});
    let call = Call {
        method: "PUT",
        path: "/subscriptions/s/a b (ü)",
        api_version: VERSION,
        body: Some(&body),
        if_match: Some("W/\"1\""),
    };
    world.azure.always(Say::Raw(202, String::new()));
    let answer = world.run(Arm::new(world.scene()).call(&call)).unwrap();
    assert_eq!((answer.status, answer.header("x-ms-request-id").is_some()), (202, true));
    let sent = world.azure.calls.borrow()[0].clone();
    assert_eq!(sent.url, format!("{ARM}/subscriptions/s/a%20b%20(%C3%BC)?api-version={VERSION}"));
    assert!(sent.headers.contains(&("If-Match", "W/\"1\"".into())));
    assert_eq!(sent.body, br#"{"properties":{}}"#);
    for (say, may) in [
        (Say::TimesOut, true),
        (Say::Lost, true),
        (Say::Raw(500, String::new()), true),
        (Say::Error(409, "X", vec![]), false),
    ] {
        world.azure.always(say.clone());
        assert_eq!(world.run(Arm::new(world.scene()).call(&call)).unwrap_err().may_have_happened(), may, "{say:?}");
    }
}

#[test]
fn every_fault_has_someone_who_acts_and_a_way_out() {
    let world = world();
    world.azure.always(Say::Error(403, "AuthorizationFailed", vec![]));
    let fix = get(&world).unwrap_err().fix(world.config().azure.as_ref());
    let role = "API Management Service Reader Role";
    let command = format!("az role assignment create --assignee {CLIENT} --role \"{role}\" --scope \"{SERVICE}\"");
    assert_eq!(fix.command.as_deref(), Some(command.as_str()));
    world.pass_s(1);
    *world.azure.login.borrow_mut() = Login::Refuses(7_000_222, "invalid_client");
    world.forget();
    let fix = get(&world).unwrap_err().fix(world.config().azure.as_ref());
    assert!(fix.command.unwrap().contains(&format!("--id {CLIENT} ")) && fix.action.contains("AZURE_CLIENT_SECRET"));
}

#[test]
fn each_cloud_has_its_own_endpoints() {
    for (word, cloud, login, management) in [
        ("public", AzureCloud::Public, "https://login.microsoftonline.com", "https://management.azure.com"),
        ("china", AzureCloud::China, "https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn"),
        ("usgov", AzureCloud::Usgov, "https://login.microsoftonline.us", "https://management.usgovcloudapi.net"),
    ] {
        let azure = json!({"tenant_id": "contoso.com", "client_id": CLIENT, "cloud": word});
        let loaded = load(Some(&json!({"origins": [{"hostname": support::GATEWAY}], "azure": azure}).to_string()));
        let azure = loaded.config.azure.unwrap();
        assert_eq!((azure.cloud, azure.login_url.as_str(), azure.management_url.as_str()), (cloud, login, management));
    }
    assert!(LOGIN.starts_with("https://"));
}
