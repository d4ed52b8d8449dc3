//! `docs/network-check.md`: its table of codes is the catalogue.

use std::fmt::Write;
use std::path::Path;

use apim_origin_guard::config::Severity;
use apim_origin_guard::network_check::CATALOGUE;

const PAGE: &str = "docs/network-check.md";
/// Stands before the table.
const MARK: &str = "<!-- From the catalogue: UPDATE_GOLDEN=1 cargo test --test network_check -->\n";

fn table() -> String {
    let mut table = String::from("\n| Code | Severity | What it means | What follows |\n| --- | --- | --- | --- |\n");
    for code in CATALOGUE {
        let severity = match code.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        writeln!(table, "| `{}` | {severity} | {} | {} |", code.name, code.title, code.consequence).unwrap();
    }
    table
}

#[test]
fn the_codes_are_those_of_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&path).unwrap();
    let (by_hand, _) = page.split_once(MARK).unwrap();
    let expected = format!("{by_hand}{MARK}{}", table());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), expected, "UPDATE_GOLDEN=1 cargo test --test network_check");
}
