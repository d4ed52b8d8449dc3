//! `docs/configuration.md`: its tables are the catalogue's, its examples are right.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "test code")]

mod config_support;

use apim_origin_guard::config::{Fault, load, reference};
use config_support::{assert_golden, project};
use serde_json::Value;

const PAGE: &str = "docs/configuration.md";
/// Stands before what the catalogue renders.
const MARK: &str = "cargo test --test config_reference -->\n";

fn page() -> String {
    std::fs::read_to_string(project(PAGE)).expect("docs/configuration.md")
}

/// `GUARD` in each TOML example of the page, as JSON.
fn examples() -> Vec<Value> {
    let page = page();
    let blocks = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    blocks.map(|toml| toml::from_str::<Value>(toml).expect("TOML")["vars"]["GUARD"].clone()).collect()
}

#[test]
fn the_tables_are_the_catalogue() {
    let page = page();
    let (by_hand, _) = page.split_once(MARK).expect("the mark");
    assert_golden(PAGE, &format!("{by_hand}{MARK}\n{}", reference()));
}

#[test]
fn every_example_is_right() {
    assert_eq!(examples().len(), 2);
    for example in examples() {
        assert_eq!(load(Some(&example.to_string())).faults, Vec::<Fault>::new());
    }
}
