//! `diagnostics`: what a failed request may cost and tell.

use crate::config::forms::{Text, Whole, Word, Words, word};
use crate::config::key::{Entry, Fallback, Key, Optional};
use crate::config::report::Report;
use crate::config::section::{OwnDefaults, Section};
use crate::config::table::Table;
use crate::config::{Detail, DiagnosticsConfig, url};

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&dyn Entry] = &[&DIAGNOSTICS, &DETAIL, &BUDGET_MS, &DOCS_URL];

const DIAGNOSTICS: Key<Section, OwnDefaults> = Key {
    path: "diagnostics",
    meaning: "What a failed request may cost and tell.",
    rule: "a table with `detail`, `budget_ms` and `docs_url`",
    example: r#"{"detail": "public"}"#,
    slips: "diagnosis diag problems errors",
    form: Section,
    absent: OwnDefaults,
};

const DETAIL: Key<Word<Detail>, Fallback<Detail>> = Key {
    path: "diagnostics.detail",
    meaning: "How much an anonymous client is told about a failure.",
    rule: "with `operator` everyone sees the origin's name, addresses and remedies",
    example: r#""public""#,
    slips: "level verbosity details audience",
    form: word(),
    absent: Fallback(Detail::Public),
};

const BUDGET_MS: Key<Whole, Fallback<u32>> = Key {
    path: "diagnostics.budget_ms",
    meaning: "Most time a failed request may spend on finding the cause, in milliseconds.",
    rule: "the client waits for it, on top of the time the failure itself took",
    example: "2500",
    slips: "budget timeout_ms timeout",
    form: Whole { min: 1, max: 30_000 },
    absent: Fallback(2500),
};

const DOCS_URL: Key<Text<String>, Optional> = Key {
    path: "diagnostics.docs_url",
    meaning: "Base of the problem `type` URI; the code is appended.",
    rule: "an `https://` URL without query or fragment",
    example: r#""https://docs.example.com/origin-guard/""#,
    slips: "docs type_url base_url url",
    form: Text(url::folder),
    absent: Optional("the guard's own `<admin.path>/problems/`"),
};

impl Words for Detail {
    const WRITTEN: &'static [&'static str] = &["public", "operator"];
    const ALL: &'static [Self] = &[Self::Public, Self::Operator];
}

/// The section; defaults where it is left out.
pub(in crate::config) fn read(guard: &Table<'_>, report: &mut Report) -> DiagnosticsConfig {
    let diagnostics = DIAGNOSTICS.open(guard, report);
    DiagnosticsConfig {
        detail: DETAIL.read(&diagnostics, report),
        budget_ms: BUDGET_MS.read(&diagnostics, report),
        docs_url: DOCS_URL.read(&diagnostics, report),
    }
}
