//! `notify`: whom to tell.

use crate::config::forms::{Text, Word, Words, word};
use crate::config::key::{Entry, Fallback, Key, Optional, Required};
use crate::config::report::Report;
use crate::config::section::{OwnDefaults, Section, Sections};
use crate::config::table::Table;
use crate::config::{NotifyConfig, NotifyKind, NotifyTarget, Severity, text};

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&dyn Entry] =
    &[&NOTIFY, &TARGETS, &KIND, &URL_SECRET, &SIGNING_SECRET, &MIN_SEVERITY, &HEARTBEAT_URL_SECRET];

const NOTIFY: Key<Section, OwnDefaults> = Key {
    path: "notify",
    meaning: "Who is told about findings.",
    rule: "a table with `targets` and `heartbeat_url_secret`",
    example: r#"{"targets": [{"kind": "slack", "url_secret": "SLACK_URL"}]}"#,
    slips: "notifications alerts notices",
    form: Section,
    absent: OwnDefaults,
};

const TARGETS: Key<Sections, Optional> = Key {
    path: "notify.targets",
    meaning: "Where notices are sent.",
    rule: "tables with `kind` and `url_secret`",
    example: r#"[{"kind": "slack", "url_secret": "SLACK_URL"}]"#,
    slips: "target channels webhooks",
    form: Sections { min: 0, max: 20 },
    absent: Optional("none: nobody is told"),
};

const KIND: Key<Word<NotifyKind>, Required> = Key {
    path: "notify.targets[].kind",
    meaning: "The form of the notice.",
    rule: "JSON, signed where `signing_secret` is given, a Slack incoming webhook, a Teams workflow card, or PagerDuty Events v2",
    example: r#""slack""#,
    slips: "type",
    form: word(),
    absent: Required,
};

const URL_SECRET: Key<Text<String>, Required> = Key {
    path: "notify.targets[].url_secret",
    meaning: "Name of the secret that holds the URL; for `pagerduty` it may hold the integration key alone.",
    rule: "the name of a secret, `A-Z`, `0-9` and `_`, a letter first; the URL itself is set with `wrangler secret put <NAME>`",
    example: r#""SLACK_URL""#,
    slips: "url secret webhook webhook_url",
    form: Text(text::secret_name),
    absent: Required,
};

const SIGNING_SECRET: Key<Text<String>, Optional> = Key {
    path: "notify.targets[].signing_secret",
    meaning: "Name of the secret that a `webhook` notice is signed with; the other kinds are not signed.",
    rule: "the name of a secret, `A-Z`, `0-9` and `_`, a letter first; the key itself is set with `wrangler secret put <NAME>`",
    example: r#""WEBHOOK_KEY""#,
    slips: "signature_secret hmac_secret signing_key",
    form: Text(text::secret_name),
    absent: Optional("none: the notice is not signed"),
};

const MIN_SEVERITY: Key<Word<Severity>, Fallback<Severity>> = Key {
    path: "notify.targets[].min_severity",
    meaning: "The least severity that is sent.",
    rule: "everything, what will hurt, or only what hurts now",
    example: r#""warning""#,
    slips: "severity level min_level",
    form: word(),
    absent: Fallback(Severity::Warning),
};

const HEARTBEAT_URL_SECRET: Key<Text<String>, Optional> = Key {
    path: "notify.heartbeat_url_secret",
    meaning: "Name of the secret that holds the URL which is fetched after every good scheduled run.",
    rule: "the name of a secret, `A-Z`, `0-9` and `_`, a letter first; the URL itself is set with `wrangler secret put <NAME>`",
    example: r#""HEARTBEAT_URL""#,
    slips: "heartbeat heartbeat_url ping_url",
    form: Text(text::secret_name),
    absent: Optional("none: no heartbeat"),
};

impl Words for NotifyKind {
    const WRITTEN: &'static [&'static str] = &["webhook", "slack", "teams", "pagerduty"];
    const ALL: &'static [Self] = &[Self::Webhook, Self::Slack, Self::Teams, Self::Pagerduty];
}

impl Words for Severity {
    const WRITTEN: &'static [&'static str] = &["info", "warning", "error"];
    const ALL: &'static [Self] = &[Self::Info, Self::Warning, Self::Error];
}

/// The section; defaults where it is left out.
pub(in crate::config) fn read(guard: &Table<'_>, report: &mut Report) -> NotifyConfig {
    let notify = NOTIFY.open(guard, report);
    let tables = TARGETS.open(&notify, report);
    let targets = tables.iter().filter_map(|target| read_target(target, report)).collect();
    NotifyConfig { targets, heartbeat_url_secret: HEARTBEAT_URL_SECRET.read(&notify, report) }
}

fn read_target(target: &Table<'_>, report: &mut Report) -> Option<NotifyTarget> {
    let (kind, url_secret) = (KIND.read(target, report), URL_SECRET.read(target, report));
    let (signing_secret, min_severity) = (SIGNING_SECRET.read(target, report), MIN_SEVERITY.read(target, report));
    if signing_secret.is_none() && SIGNING_SECRET.stands_in(target) {
        // To send what was meant to be signed without a signature is no half of it.
        return None;
    }
    let target_read = NotifyTarget { kind: kind?, url_secret: url_secret?, signing_secret, min_severity };
    report.keep(target.place());
    Some(target_read)
}
