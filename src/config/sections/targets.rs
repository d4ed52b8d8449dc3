//! `allowlist.targets[]`: the settings of each kind of target. A target with any mistake in it is left out: it would
//! write to who knows where.

use crate::config::forms::{Flag, Text, Whole, Word, Words, word, written};
use crate::config::key::{Entry, Fallback, Key, Optional, Required};
use crate::config::report::{Refusal, Report};
use crate::config::table::Table;
use crate::config::{AllowlistTarget, AzureTarget, AzureTargetKind, Destination, Origin, Rule, TargetKind, text};

pub(super) const KIND: Key<Word<TargetKind>, Required> = Key {
    path: "allowlist.targets[].kind",
    meaning: "What is applied to; the other keys depend on it (`docs/allowlist-targets.md`).",
    rule: "a Cloudflare list, a rule of a network security group, access restrictions of an app, the firewall of a storage \
           account, key vault or SQL server, or a receiver of your own",
    example: r#""cloudflare-list""#,
    slips: "type",
    form: word(),
    absent: Required,
};

pub(super) const NAME: Key<Text<String>, Optional> = Key {
    path: "allowlist.targets[].name",
    meaning: "Short id of the target, also in KV.",
    rule: "1 to 64 characters of `a-z`, `0-9` and `-`",
    example: r#""backend-waf""#,
    slips: "id",
    form: Text(text::target_name),
    absent: Optional("kind and name of the resource: `nsg-nsg-backend-allow-apim`"),
};

pub(super) const ORIGIN: Key<Text<String>, Optional> = Key {
    path: "allowlist.targets[].origin",
    meaning: "Name of the origin whose addresses are wanted there.",
    rule: "the `name` of one of the `origins`; needed where there are several",
    example: r#""contoso-europe""#,
    slips: "gateway origin_name",
    form: Text(text::short_name),
    absent: Optional("the only origin"),
};

pub(super) const APPLY: Key<Flag, Fallback<bool>> = Key {
    path: "allowlist.targets[].apply",
    meaning: "Whether plans are carried out; without it they are only shown.",
    rule: "look at the plan first: `GET <admin path>/allowlist/plan`",
    example: "false",
    slips: "enabled dry_run write",
    form: Flag,
    absent: Fallback(false),
};

pub(super) const LIST_ID: Key<Text<String>, Optional> = Key {
    path: "allowlist.targets[].list_id",
    meaning: "`cloudflare-list`: the list.",
    rule: "32 hexadecimal digits: the id of a custom list of IP addresses in the account of the section `cloudflare`",
    example: r#""2c0fc9fa937b11eaa1b71c4d701ab86e""#,
    slips: "list",
    form: Text(text::cloudflare_id),
    absent: Optional("required by `cloudflare-list`"),
};

pub(super) const RESOURCE_ID: Key<Text<String>, Optional> = Key {
    path: "allowlist.targets[].resource_id",
    meaning: "Kinds in Azure: the resource.",
    rule: "the whole resource id, as `az resource show --query id` prints it, of the type that the kind is for",
    example: r#""/subscriptions/6f9619ff-8b86-d011-b42d-00c04fc964ff/resourceGroups/rg-backend/providers/Microsoft.Network/networkSecurityGroups/nsg-backend""#,
    slips: "resource",
    form: Text(text::resource_id),
    absent: Optional("required by kinds in Azure"),
};

pub(super) const RULE: Key<Text<String>, Optional> = Key {
    path: "allowlist.targets[].rule",
    meaning: "`nsg`: the security rule whose source addresses are kept up.",
    rule: "the name of a rule that is there, with `origin-guard` in its description",
    example: r#""allow-apim""#,
    slips: "rule_name security_rule",
    form: Text(text::rule_name),
    absent: Optional("required by `nsg`"),
};

pub(super) const PRIORITY: Key<Whole, Optional> = Key {
    path: "allowlist.targets[].priority",
    meaning: "`app-service`: the priority of the rules that the guard makes.",
    rule: "a lower number is looked at first",
    example: "300",
    slips: "prio",
    form: Whole { min: 1, max: 2_147_483_646 },
    absent: Optional("300, for `app-service`"),
};

pub(super) const URL_SECRET: Key<Text<String>, Optional> = Key {
    path: "allowlist.targets[].url_secret",
    meaning: "`webhook`: name of the secret that holds the URL of the receiver.",
    rule: "the name of a secret, `A-Z`, `0-9` and `_`, a letter first; the URL itself is set with `wrangler secret put <NAME>`",
    example: r#""ALLOWLIST_URL""#,
    slips: "url webhook webhook_url",
    form: Text(text::secret_name),
    absent: Optional("required by `webhook`"),
};

pub(super) const SIGNING_SECRET: Key<Text<String>, Optional> = Key {
    path: "allowlist.targets[].signing_secret",
    meaning: "`webhook`: name of the secret that holds the key of the signature.",
    rule: "the name of a secret, `A-Z`, `0-9` and `_`, a letter first; the key itself is set with `wrangler secret put <NAME>`",
    example: r#""ALLOWLIST_KEY""#,
    slips: "secret key key_secret hmac_secret",
    form: Text(text::secret_name),
    absent: Optional("required by `webhook`"),
};

impl Words for TargetKind {
    const WRITTEN: &'static [&'static str] =
        &["cloudflare-list", "nsg", "app-service", "storage", "key-vault", "sql", "webhook"];
    const ALL: &'static [Self] =
        &[Self::CloudflareList, Self::Nsg, Self::AppService, Self::Storage, Self::KeyVault, Self::Sql, Self::Webhook];
}

const DEFAULT_PRIORITY: u32 = 300;

/// The keys of single kinds.
const OWN_KEYS: [&dyn Entry; 6] = [&LIST_ID, &RESOURCE_ID, &RULE, &PRIORITY, &URL_SECRET, &SIGNING_SECRET];

/// The keys that `kind` has beside those of all kinds, those it needs first, and how many those are.
fn own_keys(kind: TargetKind) -> (&'static [&'static dyn Entry], usize) {
    match kind {
        TargetKind::CloudflareList => (&[&LIST_ID], 1),
        TargetKind::Nsg => (&[&RESOURCE_ID, &RULE], 2),
        TargetKind::AppService => (&[&RESOURCE_ID, &PRIORITY], 1),
        TargetKind::Storage | TargetKind::KeyVault | TargetKind::Sql => (&[&RESOURCE_ID], 1),
        TargetKind::Webhook => (&[&URL_SECRET, &SIGNING_SECRET], 2),
    }
}

/// The type of resource that `kind` is applied to.
const fn resource_type(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::Nsg => "Microsoft.Network/networkSecurityGroups",
        TargetKind::AppService => "Microsoft.Web/sites",
        TargetKind::Storage => "Microsoft.Storage/storageAccounts",
        TargetKind::KeyVault => "Microsoft.KeyVault/vaults",
        TargetKind::Sql => "Microsoft.Sql/servers",
        TargetKind::CloudflareList | TargetKind::Webhook => "",
    }
}

/// What stands beside the targets in the configuration.
pub(in crate::config) struct Beside<'a, 'd> {
    /// `GUARD` itself.
    pub(in crate::config) guard: &'a Table<'d>,
    /// The origins that could be read.
    pub(in crate::config) origins: &'a [Origin],
    /// Whether there is a right section `azure`.
    pub(in crate::config) azure: bool,
    /// Whether there is a right section `cloudflare`.
    pub(in crate::config) cloudflare: bool,
}

/// The targets without a mistake.
pub(super) fn read(tables: &[Table<'_>], beside: &Beside<'_, '_>, report: &mut Report) -> Vec<AllowlistTarget> {
    let mut targets: Vec<AllowlistTarget> = Vec::new();
    for table in tables {
        let before = report.total();
        let read = read_target(table, beside, report);
        let Some(target) = read.filter(|_| report.total() == before && table.is_sound()) else { continue };
        if targets.iter().any(|earlier| earlier.name == target.name) {
            report.refuse_in(table, &NAME, Refusal::because(Rule::Duplicate, taken(&target.name)));
            continue;
        }
        if let Some(earlier) = targets.iter().find(|earlier| is_same_place(earlier, &target)) {
            let expected = format!("another place: the target `{}` is kept up there already", earlier.name);
            report.refuse_in(table, &KIND, Refusal::because(Rule::Duplicate, expected));
            continue;
        }
        report.keep(table.place());
        targets.push(target);
    }
    targets
}

/// Whether each would take the other's addresses for its own. A security rule is one target's alone.
fn is_same_place(one: &AllowlistTarget, other: &AllowlistTarget) -> bool {
    let shared = one.origin == other.origin || one.kind() == TargetKind::Nsg;
    shared && one.destination.is_same_as(&other.destination)
}

fn taken(name: &str) -> String {
    format!("a `name` of its own: an earlier target is `{name}` already")
}

fn read_target(table: &Table<'_>, beside: &Beside<'_, '_>, report: &mut Report) -> Option<AllowlistTarget> {
    let written = Written::read(table, report);
    let origin = read_origin(table, written.origin.clone(), beside.origins, report);
    let kind = written.kind?;
    check_keys(table, kind, report);
    check_section(table, beside, kind, report)?;
    let name = written.name.clone();
    let destination = written.destination(table, kind, report)?;
    let name = name.unwrap_or_else(|| default_name(kind, &destination));
    Some(AllowlistTarget { name, origin: origin?, apply: written.apply, destination })
}

/// Every key, whatever the kind: each one's own mistakes are told.
struct Written {
    kind: Option<TargetKind>,
    name: Option<String>,
    origin: Option<String>,
    apply: bool,
    list_id: Option<String>,
    resource_id: Option<String>,
    rule: Option<String>,
    priority: Option<u32>,
    url_secret: Option<String>,
    signing_secret: Option<String>,
}

impl Written {
    fn read(table: &Table<'_>, report: &mut Report) -> Self {
        Self {
            kind: KIND.read(table, report),
            name: NAME.read(table, report),
            origin: ORIGIN.read(table, report),
            apply: APPLY.read(table, report),
            list_id: LIST_ID.read(table, report),
            resource_id: RESOURCE_ID.read(table, report),
            rule: RULE.read(table, report),
            priority: PRIORITY.read(table, report),
            url_secret: URL_SECRET.read(table, report),
            signing_secret: SIGNING_SECRET.read(table, report),
        }
    }

    fn destination(&self, table: &Table<'_>, kind: TargetKind, report: &mut Report) -> Option<Destination> {
        let azure_kind = match kind {
            TargetKind::CloudflareList => return Some(Destination::CloudflareList { list_id: self.list_id.clone()? }),
            TargetKind::Webhook => {
                let (url_secret, signing_secret) = (self.url_secret.clone()?, self.signing_secret.clone()?);
                return Some(Destination::Webhook { url_secret, signing_secret });
            }
            TargetKind::Nsg => AzureTargetKind::NsgRule { rule: self.rule.clone()? },
            TargetKind::AppService => {
                AzureTargetKind::AppService { priority: self.priority.unwrap_or(DEFAULT_PRIORITY) }
            }
            TargetKind::Storage => AzureTargetKind::Storage,
            TargetKind::KeyVault => AzureTargetKind::KeyVault,
            TargetKind::Sql => AzureTargetKind::Sql,
        };
        let resource_id = self.resource_id.clone()?;
        if !is_of_type(&resource_id, kind) {
            let expected = format!("for `{}` the id of a resource of type `{}`", written(kind), resource_type(kind));
            report.refuse_in(table, &RESOURCE_ID, Refusal::because(Rule::Malformed, expected));
            return None;
        }
        Some(Destination::Azure(AzureTarget { kind: azure_kind, resource_id }))
    }
}

/// `…/providers/<namespace>/<type>/<name>`, for an app also `…/slots/<name>`.
fn is_of_type(resource_id: &str, kind: TargetKind) -> bool {
    let (_, path) = resource_id.rsplit_once("/providers/").unwrap_or_default();
    let is = |segment: Option<&str>, word: &str| segment.is_some_and(|segment| segment.eq_ignore_ascii_case(word));
    let (namespace, resource) = resource_type(kind).split_once('/').unwrap_or_default();
    let segments: Vec<&str> = path.split('/').collect();
    let begins = is(segments.first().copied(), namespace) && is(segments.get(1).copied(), resource);
    begins
        && (segments.len() == 3
            || (kind == TargetKind::AppService && segments.len() == 5 && is(segments.get(3).copied(), "slots")))
}

/// The name of a target that has none: what it is and what it is about.
fn default_name(kind: TargetKind, destination: &Destination) -> String {
    let last = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
    let about = match destination {
        Destination::CloudflareList { list_id } => list_id.clone(),
        Destination::Webhook { url_secret, .. } => url_secret.clone(),
        Destination::Azure(AzureTarget { kind: AzureTargetKind::NsgRule { rule }, resource_id }) => {
            format!("{}-{rule}", last(resource_id))
        }
        Destination::Azure(AzureTarget { resource_id, .. }) => {
            let (_, path) = resource_id.rsplit_once("/providers/").unwrap_or_default();
            path.split('/').skip(2).step_by(2).collect::<Vec<_>>().join("-")
        }
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    format!("{}-{about}", written(kind)).chars().map(plain).take(text::MAX_TARGET_NAME).collect()
}

fn read_origin(table: &Table<'_>, given: Option<String>, origins: &[Origin], report: &mut Report) -> Option<String> {
    let names: Vec<&str> = origins.iter().map(|origin| origin.name.as_str()).collect();
    match (given, names.as_slice()) {
        (Some(name), _) if names.contains(&name.as_str()) => Some(name),
        (None, [only]) if !ORIGIN.stands_in(table) => Some((*only).to_owned()),
        (None, _) if ORIGIN.stands_in(table) => None,
        (None | Some(_), _) => {
            let expected = format!("one of the names of `origins`: `{}`", names.join("`, `"));
            report.refuse_in(table, &ORIGIN, Refusal::because(Rule::UnknownOrigin, expected));
            None
        }
    }
}

fn check_keys(table: &Table<'_>, kind: TargetKind, report: &mut Report) {
    let (own, needed) = own_keys(kind);
    for key in own.iter().take(needed) {
        table.demand(*key, report);
    }
    for key in OWN_KEYS.iter().filter(|key| !own.iter().any(|own| own.path() == key.path())) {
        if let Some(found) = table.find(key.name()) {
            let names: Vec<String> = own.iter().map(|key| format!("`{}`", key.name())).collect();
            let expected = format!("for `{}` no such key, but {}", written(kind), names.join(", "));
            report.refuse(&found, *key, Refusal::because(Rule::UnknownKey, expected));
        }
    }
}

/// Whether the section is there without which nobody lets the guard write there. Where it is wrong, its own mistakes are
/// told and not this one.
fn check_section(table: &Table<'_>, beside: &Beside<'_, '_>, kind: TargetKind, report: &mut Report) -> Option<()> {
    let (rule, section, right) = match kind {
        TargetKind::Webhook => return Some(()),
        TargetKind::CloudflareList => (Rule::CloudflareNotConfigured, "cloudflare", beside.cloudflare),
        _ => (Rule::AzureNotConfigured, "azure", beside.azure),
    };
    if beside.guard.find(section).is_none() {
        let expected =
            format!("the section `{section}` beside it: a target of this kind is written with its credentials");
        report.refuse_in(table, &KIND, Refusal::because(rule, expected));
    }
    right.then_some(())
}
