//! `allowlist`: what is kept on the lists of addresses, and where they are applied.

use serde_json::Value;

use crate::config::forms::{Text, Whole};
use crate::config::key::{Entry, Fallback, Key, Optional, Required};
use crate::config::report::Report;
use crate::config::section::{OwnDefaults, Section, Sections};
use crate::config::table::Table;
use crate::config::{AllowlistConfig, text};

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&dyn Entry] = &[&ALLOWLIST, &HOLD_REMOVALS_S, &TARGETS, &KIND];

const ALLOWLIST: Key<Section, OwnDefaults> = Key {
    path: "allowlist",
    meaning: "The lists of the gateway's addresses.",
    rule: "a table with `hold_removals_s` and `targets`",
    example: r#"{"hold_removals_s": 86400}"#,
    slips: "allow_list allowlists whitelist",
    form: Section,
    absent: OwnDefaults,
};

const HOLD_REMOVALS_S: Key<Whole, Fallback<u32>> = Key {
    path: "allowlist.hold_removals_s",
    meaning: "How long an address that is gone stays on the list, in seconds.",
    rule: "30 days at most: an address given back to Azure may become somebody else's",
    example: "86400",
    slips: "hold hold_s hold_removals",
    form: Whole { min: 0, max: 2_592_000 },
    absent: Fallback(86_400),
};

const TARGETS: Key<Sections, Optional> = Key {
    path: "allowlist.targets",
    meaning: "Where the list is applied, dry run by default.",
    rule: "tables with a `kind` and its settings",
    example: r#"[{"kind": "cloudflare-list"}]"#,
    slips: "target apply",
    form: Sections { min: 0, max: 20, closed: false },
    absent: Optional("none: the list is only shown"),
};

const KIND: Key<Text<String>, Required> = Key {
    path: "allowlist.targets[].kind",
    meaning: "What is applied to; the other keys depend on it.",
    rule: "a word of `a-z`, `0-9`, `-` and `_`",
    example: r#""cloudflare-list""#,
    slips: "type",
    form: Text(text::kind),
    absent: Required,
};

/// The section; defaults where it is left out.
pub(in crate::config) fn read(guard: &Table<'_>, report: &mut Report) -> AllowlistConfig {
    let allowlist = ALLOWLIST.open(guard, report);
    let hold_removals_s = HOLD_REMOVALS_S.read(&allowlist, report);
    let tables = TARGETS.open(&allowlist, report);
    let targets = tables.iter().filter_map(|target| read_target(target, report)).collect();
    AllowlistConfig { hold_removals_s, targets }
}

/// The target as written, if it has a `kind`.
fn read_target(target: &Table<'_>, report: &mut Report) -> Option<Value> {
    KIND.read(target, report)?;
    report.keep(target.place());
    Some(target.as_written())
}
