//! `allowlist`: what is kept on the lists of addresses, and where they are applied.

use super::targets::{self, Beside};
use crate::config::AllowlistConfig;
use crate::config::forms::Whole;
use crate::config::key::{Entry, Fallback, Key, Optional};
use crate::config::report::Report;
use crate::config::section::{OwnDefaults, Section, Sections};

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&dyn Entry] = &[
    &ALLOWLIST,
    &HOLD_REMOVALS_S,
    &TARGETS,
    &targets::KIND,
    &targets::NAME,
    &targets::ORIGIN,
    &targets::APPLY,
    &targets::LIST_ID,
    &targets::RESOURCE_ID,
    &targets::RULE,
    &targets::PRIORITY,
    &targets::URL_SECRET,
    &targets::SIGNING_SECRET,
];

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
    example: r#"[{"kind": "cloudflare-list", "list_id": "2c0fc9fa937b11eaa1b71c4d701ab86e"}]"#,
    slips: "target",
    form: Sections { min: 0, max: 20 },
    absent: Optional("none: the list is only shown"),
};

/// The section; defaults where it is left out.
pub(in crate::config) fn read(beside: &Beside<'_, '_>, report: &mut Report) -> AllowlistConfig {
    let allowlist = ALLOWLIST.open(beside.guard, report);
    let hold_removals_s = HOLD_REMOVALS_S.read(&allowlist, report);
    let tables = TARGETS.open(&allowlist, report);
    AllowlistConfig { hold_removals_s, targets: targets::read(&tables, beside, report) }
}
