//! From the text of the `GUARD` variable to a [`Config`].

use super::place::Place;
use super::report::{Provenance, Report, whole};
use super::sections::targets::Beside;
use super::sections::{admin, allowlist, azure, cloudflare, diagnostics, dns, notify, origins};
use super::table::{Found, Table};
use super::{Config, Fault, Rule, excerpt};
use crate::json::Node;

/// Bytes of JSON that are read.
const MAX_BYTES: usize = 64 * 1024;

/// What was read: always a usable configuration, and every mistake in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Valid values only: given ones where they are right, defaults elsewhere.
    pub config: Config,
    /// All mistakes, in the order of the document, 100 at most and one that says how many more there are; empty: the
    /// configuration is valid.
    pub faults: Vec<Fault>,
    pub(super) provenance: Provenance,
}

/// Reads the `GUARD` variable's JSON text; `None` where the variable is missing. Never fails: without a readable text
/// the configuration has no origins and one fault that says why.
pub fn load(text: Option<&str>) -> Loaded {
    match text.map(parse) {
        Some(Ok(node)) => load_node(&node),
        Some(Err(fault)) => without_origins(*fault),
        None => without_origins(whole(Rule::MissingConfiguration, None, WHERE_IT_STANDS)),
    }
}

const WHERE_IT_STANDS: &str = "a JSON variable `GUARD`, in wrangler.toml the table [vars.GUARD]";

/// JSON of 64 KiB at most.
pub(super) fn parse(text: &str) -> Result<Node, Box<Fault>> {
    let refuse = |rule, expected: &str| Box::new(whole(rule, Some(format!("{} bytes", text.len())), expected));
    if text.len() > MAX_BYTES {
        return Err(refuse(Rule::TooLarge, "JSON of 65536 bytes at most"));
    }
    serde_json::from_str(text).map_err(|error| refuse(Rule::JsonSyntax, &format!("JSON that can be read: {error}")))
}

/// Reads the document `guard`.
pub(super) fn load_node(guard: &Node) -> Loaded {
    let mut report = Report::default();
    let found = Found { node: guard, place: Place::default() };
    let Some(table) = Table::open(&found, "", &mut report) else {
        let value = excerpt::value("GUARD", guard);
        return without_origins(whole(Rule::WrongType, Some(value), "a table (JSON object)"));
    };
    load_table(&table, report)
}

/// All defaults, and `fault` as the reason.
fn without_origins(fault: Fault) -> Loaded {
    let nothing = Table::empty(Place::default(), true);
    Loaded { faults: vec![fault], ..load_table(&nothing, Report::default()) }
}

fn load_table(guard: &Table<'_>, mut report: Report) -> Loaded {
    let (origins, withheld) = origins::read(guard, &mut report);
    let azure = azure::read(guard, &mut report);
    let cloudflare = cloudflare::read(guard, &mut report);
    let beside = Beside { guard, origins: &origins, azure: azure.is_some(), cloudflare: cloudflare.is_some() };
    let allowlist = allowlist::read(&beside, &mut report);
    let config = Config {
        origins,
        withheld,
        dns: dns::read(guard, &mut report),
        diagnostics: diagnostics::read(guard, &mut report),
        admin: admin::read(guard, &mut report),
        azure,
        cloudflare,
        allowlist,
        notify: notify::read(guard, &mut report),
    };
    let (faults, provenance) = report.finish();
    Loaded { config, faults, provenance }
}
