//! `GET /openapi.json`: `docs/openapi.json`, minified, with this guard's own path and origins.
//!
//! The document is written by hand; tests compare it with the routes below, and real answers with its schemas.

use super::conditional::tagged;
use super::respond::{Answer, file};
use super::{AdminRequest, Guard, Operator};
use crate::config::Config;

/// Made by `UPDATE_GOLDEN=1 cargo test --test openapi`.
const DOCUMENT: &str = include_str!("openapi.json");

pub(super) fn handle<P>(guard: &Guard<'_, P>, _: Operator, request: &AdminRequest) -> Answer {
    let mut full = file("application/json", document(guard.scene.config));
    full.headers.retain(|(name, _)| *name != "Cache-Control");
    full.headers.push(("Cache-Control", "private, no-cache".to_owned()));
    tagged(full, request).into()
}

/// The path stands in the server's URL and in examples. Path and names have no character that JSON escapes.
fn document(config: &Config) -> String {
    let own = DOCUMENT.replace("/__guard", &config.admin.path);
    let names: Vec<&str> = config.origins.iter().map(|origin| origin.name.as_str()).collect();
    match names.as_slice() {
        [] => own,
        [only] => own.replace(ORIGIN, &ORIGIN.replace("contoso", only)),
        _ => own.replace(ORIGIN, &ORIGIN.replace("contoso", &names.join("\",\""))).replace(ONE_MAY, ONE_MUST),
    }
}

/// The names that `origin` may have.
const ORIGIN: &str = r#""enum":["contoso"]"#;
/// `diagnose` and its like ask for one origin, which may be left out where there is but one.
const ONE_MAY: &str = r#""required":false"#;
const ONE_MUST: &str = r#""required":true"#;

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::route::{Door, OpenCall, READ};
    use super::*;
    use crate::config::load;

    fn parsed(guard: &str) -> Value {
        serde_json::from_str(&document(&load(Some(guard)).config)).unwrap()
    }

    /// Methods as `Allow` has them, and whether the path takes a body.
    fn routed(path: &str) -> (&'static str, bool) {
        match Door::of(path) {
            Door::Open(OpenCall::Healthz | OpenCall::Problems | OpenCall::Problem(_)) => (READ, false),
            Door::SignIn(call) => (call.methods(), path == "/login"),
            Door::Closed(Some(call)) => (call.methods(), call.body_limit() > 0),
            Door::Closed(None) => panic!("{path} is documented and leads nowhere"),
        }
    }

    #[test]
    fn every_documented_path_has_the_methods_and_the_body_of_its_route() {
        let document = parsed("{}");
        for (path, item) in document["paths"].as_object().unwrap() {
            let example = path.replace("{id}", "0123456789abcdefg").replace("{code}", "origin_name_not_found");
            let (allow, takes_body) = routed(&example);
            for (method, word) in
                [("get", "GET"), ("post", "POST"), ("put", "PUT"), ("delete", "DELETE"), ("patch", "PATCH")]
            {
                assert_eq!(item.get(method).is_some(), allow.split(", ").any(|it| it == word), "{method} {path}");
            }
            let body = ["get", "post"].iter().any(|method| item[method].get("requestBody").is_some());
            assert_eq!(body, takes_body, "{path}");
        }
    }

    #[test]
    fn every_route_is_documented() {
        let document = parsed("{}");
        let documented = document["paths"].as_object().unwrap();
        let source = include_str!("route.rs");
        let words = source.split('"').skip(1).step_by(2).filter(|word| word.starts_with('/'));
        let mut routes: Vec<&str> = words.filter(|word| !matches!(*word, "/problems" | "/incidents/")).collect();
        routes.extend(["/incidents/{id}", "/incidents/{id}/bundle", "/problems/{code}"]);
        assert!(routes.len() > 20, "{routes:?}");
        for route in &routes {
            assert!(documented.contains_key(*route), "docs/openapi.json lacks {route}");
        }
        let unknown: Vec<_> = documented.keys().filter(|path| !routes.contains(&path.as_str())).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn what_only_operators_may_ask_for_is_told_apart() {
        let document = parsed("{}");
        for (path, item) in document["paths"].as_object().unwrap() {
            let example = path.replace("{code}", "origin_name_not_found");
            let open = !matches!(Door::of(&example), Door::Closed(_));
            for operation in ["get", "post"].iter().filter_map(|method| item.get(method)) {
                assert_eq!(operation.get("security") == Some(&serde_json::json!([])), open, "{path}");
            }
        }
    }

    #[test]
    fn it_has_the_guards_own_path_and_origins() {
        assert_eq!([ORIGIN, ONE_MAY].map(|it| DOCUMENT.matches(it).count()), [1, 1]);
        let one = parsed(r#"{"admin": {"path": "/ops/guard"}, "origins": [{"hostname": "fabrikam.azure-api.net"}]}"#);
        assert_eq!(one["servers"][0]["url"], "/ops/guard");
        assert!(!one.to_string().contains("__guard"));
        let names = |document: &Value| document["components"]["schemas"]["OriginName"]["enum"].clone();
        let needed = |document: &Value| document["components"]["parameters"]["oneOrigin"]["required"].clone();
        assert_eq!((names(&one), needed(&one)), (serde_json::json!(["fabrikam"]), false.into()));
        let two = parsed(
            r#"{"origins": [{"hostname": "a.azure-api.net"}, {"hostname": "b.azure-api.net", "serves": ["b.example.com"]}]}"#,
        );
        assert_eq!((names(&two), needed(&two)), (serde_json::json!(["a", "b"]), true.into()));
    }
}
