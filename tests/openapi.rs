//! `docs/openapi.json`, and what of it is in the Worker.
#![allow(clippy::unwrap_used, reason = "test code")]

mod config_support;

use std::fs;

use apim_origin_guard::VERSION;
use apim_origin_guard::json::ToValue;
use apim_origin_guard::problem::{Code, entry};
use config_support::{assert_golden, project};
use serde_json::{Value, from_str};

fn document() -> Value {
    from_str(&fs::read_to_string(project("docs/openapi.json")).unwrap()).unwrap()
}

#[test]
fn the_worker_has_the_document_minified() {
    assert_golden("src/admin/openapi.json", &document().to_string());
}

#[test]
fn it_names_this_version_and_every_code() {
    let document = document();
    assert_eq!(document["info"]["version"], VERSION);
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(document["components"]["schemas"]["Code"]["enum"], Value::from(codes));
}

#[test]
fn every_answer_with_a_body_has_an_example() {
    fn check(value: &Value, place: &str) -> usize {
        let Value::Object(members) = value else { return 0 };
        let media = members.get("content").and_then(Value::as_object).into_iter().flatten();
        let mut count = 0;
        for (name, form) in media {
            assert!(form.get("example").is_some(), "{place}: {name} has no example");
            count += 1;
        }
        members.iter().map(|(name, inner)| check(inner, &format!("{place}/{name}"))).sum::<usize>() + count
    }
    let document = document();
    assert!(check(&document["paths"], "paths") > 30);
    assert!(check(&document["components"]["responses"], "responses") > 10);
}

#[test]
fn examples_of_problems_say_what_the_catalogue_says() {
    fn problems<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
        match value {
            Value::Object(members) if members.contains_key("who_acts") && value["code"].is_string() => {
                found.push(value);
            }
            Value::Object(members) => members.values().for_each(|inner| problems(inner, found)),
            Value::Array(rows) => rows.iter().for_each(|inner| problems(inner, found)),
            _ => {}
        }
    }
    let (document, mut found) = (document(), Vec::new());
    problems(&document["components"]["responses"], &mut found);
    assert!(found.len() >= 8, "{found:?}");
    for problem in found {
        let row = entry(problem["code"].as_str().unwrap().parse().unwrap());
        assert_eq!(problem["title"], row.title);
        assert_eq!(problem["category"], row.category.to_value(), "{}", row.title);
        assert_eq!(problem["who_acts"], row.who_acts.to_value(), "{}", row.title);
        assert_eq!(problem["retryable"], row.retry_after_s.is_some(), "{}", row.title);
        assert_eq!(problem["owner_action_required"], row.owner_action_required, "{}", row.title);
    }
}
