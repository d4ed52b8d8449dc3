//! `origins`: the gateways.

use super::authority::{Authority, authority};
use super::claims::{self, Claim};
use super::names;
use crate::config::forms::{Text, Whole, Word, Words, word};
use crate::config::key::{Entry, Fallback, Key, Optional, Required};
use crate::config::list::List;
use crate::config::report::{Refusal, Report};
use crate::config::section::{Section, Sections};
use crate::config::table::Table;
use crate::config::{AzureResource, Origin, Route, Rule, Scheme, Serves, text};
use crate::net::{HostPattern, Hostname};

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&dyn Entry] = &[
    &ORIGINS,
    &HOSTNAME,
    &NAME,
    &SERVES,
    &SCHEME,
    &ROUTE,
    &EXPECT_SUFFIXES,
    &TIMEOUT_MS,
    &HEALTH_PATH,
    &AZURE,
    &SUBSCRIPTION_ID,
    &RESOURCE_GROUP,
    &SERVICE_NAME,
];

const ORIGINS: Key<Sections, Required> = Key {
    path: "origins",
    meaning: "The API Management gateways that are guarded.",
    rule: "one for each gateway; every scheduled run asks DNS for each of them",
    example: r#"[{"hostname": "contoso.azure-api.net"}]"#,
    slips: "origin upstreams backends gateways targets",
    form: Sections { min: 1, max: 50 },
    absent: Required,
};

const HOSTNAME: Key<Text<Authority>, Required> = Key {
    path: "origins[].hostname",
    meaning: "The gateway's host name.",
    rule: "a host name, with `:port` where it is not the scheme's own; no IP address, no URL",
    example: r#""contoso.azure-api.net""#,
    slips: "host url address gateway domain origin host_name fqdn target upstream ip",
    form: Text(authority),
    absent: Required,
};

pub(super) const NAME: Key<Text<String>, Optional> = Key {
    path: "origins[].name",
    meaning: "Short id of the origin in KV keys, metrics and the admin interface.",
    rule: "1 to 32 of `a-z`, `0-9` and `-`, another one for each origin",
    example: r#""contoso-europe""#,
    slips: "id label",
    form: Text(text::short_name),
    absent: Optional("the first label of `hostname`"),
};

pub(super) const SERVES: Key<List<HostPattern>, Optional> = Key {
    path: "origins[].serves",
    meaning: "The request hosts that this origin answers for. The most specific one counts.",
    rule: "host names, or `*.` and a name for every host below it; each of them with one origin only. At most one origin \
           has none: it is the default for every other host",
    example: r#"["api.example.com", "*.api.example.com"]"#,
    slips: "hosts hostnames domains routes server_names",
    form: List { item: host_pattern, min: 0, max: 100 },
    absent: Optional("`[]`: the default origin"),
};

const SCHEME: Key<Word<Scheme>, Fallback<Scheme>> = Key {
    path: "origins[].scheme",
    meaning: "How the origin is asked.",
    rule: "plain HTTP is for local origins, such as `localhost` or `*.test`",
    example: r#""https""#,
    slips: "protocol tls",
    form: word(),
    absent: Fallback(Scheme::Https),
};

const ROUTE: Key<Word<Route>, Fallback<Route>> = Key {
    path: "origins[].route",
    meaning: "Whether the guard fetches `https://<hostname>/…`, or the request as it came, so that the zone's own DNS record \
              is the origin.",
    rule: "`zone` needs the Worker on a route of the zone whose record points to the gateway",
    example: r#""direct""#,
    slips: "mode",
    form: word(),
    absent: Fallback(Route::Direct),
};

const EXPECT_SUFFIXES: Key<List<Hostname>, Fallback<&[&str]>> = Key {
    path: "origins[].expect_suffixes",
    meaning: "The origin's CNAME chain must pass through a name with one of these suffixes, else an address was pinned. `[]`: \
              any chain is right.",
    rule: "domain names without a dot in front",
    example: r#"["azure-api.net"]"#,
    slips: "suffixes expected_suffixes",
    form: List { item: text::hostname, min: 0, max: 16 },
    absent: Fallback(&["azure-api.net", "azure-api.cn", "azure-api.us"]),
};

const TIMEOUT_MS: Key<Whole, Fallback<u32>> = Key {
    path: "origins[].timeout_ms",
    meaning: "Time to the head of the origin's response, in milliseconds.",
    rule: "Cloudflare itself waits 120 s before it answers 524, and 6000 s at most (Enterprise)",
    example: "30000",
    slips: "timeout timeout_s deadline_ms",
    form: Whole { min: 1, max: 6_000_000 },
    absent: Fallback(110_000),
};

const HEALTH_PATH: Key<Text<String>, Fallback<&str>> = Key {
    path: "origins[].health_path",
    meaning: "Path of the gateway's health endpoint.",
    rule: "a path that begins with `/`: printable ASCII, no `#`",
    example: r#""/status-0123456789abcdef""#,
    slips: "health health_check probe_path status_path",
    form: Text(text::path_and_query),
    absent: Fallback("/status-0123456789abcdef"),
};

const AZURE: Key<Section, Optional> = Key {
    path: "origins[].azure",
    meaning: "Where Azure Resource Manager (ARM) knows the gateway. Needs the section `azure`.",
    rule: "a table with `subscription_id`, `resource_group` and `service_name`",
    example: r#"{"subscription_id": "6f9619ff-8b86-d011-b42d-00c04fc964ff", "resource_group": "rg-apim", "service_name": "contoso"}"#,
    slips: "arm resource",
    form: Section,
    absent: Optional("none: ARM is not asked about this origin"),
};

const SUBSCRIPTION_ID: Key<Text<String>, Required> = Key {
    path: "origins[].azure.subscription_id",
    meaning: "The Azure subscription.",
    rule: "a GUID of 8-4-4-4-12 hexadecimal digits",
    example: r#""6f9619ff-8b86-d011-b42d-00c04fc964ff""#,
    slips: "subscription",
    form: Text(text::guid),
    absent: Required,
};

const RESOURCE_GROUP: Key<Text<String>, Required> = Key {
    path: "origins[].azure.resource_group",
    meaning: "The resource group.",
    rule: "1 to 90 letters, digits and `_ ( ) - .`, no dot at the end",
    example: r#""rg-apim""#,
    slips: "group rg",
    form: Text(text::resource_group),
    absent: Required,
};

const SERVICE_NAME: Key<Text<String>, Required> = Key {
    path: "origins[].azure.service_name",
    meaning: "The API Management service.",
    rule: "1 to 50 letters, digits and `-`, a letter first, no `-` at the end",
    example: r#""contoso""#,
    slips: "service name resource_name",
    form: Text(text::service_name),
    absent: Required,
};

impl Words for Scheme {
    const WRITTEN: &'static [&'static str] = &["https", "http"];
    const ALL: &'static [Self] = &[Self::Https, Self::Http];
}

impl Words for Route {
    const WRITTEN: &'static [&'static str] = &["direct", "zone"];
    const ALL: &'static [Self] = &[Self::Direct, Self::Zone];
}

/// The origins that could be read, and the hosts that none of them may answer.
pub(in crate::config) fn read(guard: &Table<'_>, report: &mut Report) -> (Vec<Origin>, Vec<HostPattern>) {
    guard.demand(&ORIGINS, report);
    let tables = ORIGINS.open(guard, report).into_iter();
    let mut drafts: Vec<Draft<'_>> = tables.map(|table| Draft::read(table, guard, report)).collect();
    names::settle(&mut drafts, report);
    let withheld = claims::settle(&mut drafts, report);
    (drafts.into_iter().filter_map(|draft| draft.origin).collect(), withheld)
}

/// One origin as written, before it is compared with the others.
pub(super) struct Draft<'d> {
    pub(super) table: Table<'d>,
    /// The name as written, else the one made of the host name.
    pub(super) name: Option<String>,
    /// What it says about the requests it answers.
    pub(super) claim: Claim<'d>,
    /// The origin, with its name and `serves` still open; `None` without a right host name.
    pub(super) origin: Option<Origin>,
}

impl<'d> Draft<'d> {
    fn read(table: Table<'d>, guard: &Table<'_>, report: &mut Report) -> Self {
        let name = NAME.read(&table, report);
        let claim = Claim::read(&table, report);
        let origin = read_origin(&table, guard, report);
        let derived = || origin.as_ref().map(|origin| names::from_hostname(&origin.hostname));
        Self { name: name.or_else(derived), claim, origin, table }
    }
}

fn read_origin(table: &Table<'_>, guard: &Table<'_>, report: &mut Report) -> Option<Origin> {
    let authority = HOSTNAME.read(table, report);
    let scheme = read_scheme(table, authority.as_ref(), report);
    let route = ROUTE.read(table, report);
    let expect_suffixes = EXPECT_SUFFIXES.read(table, report);
    let timeout_ms = TIMEOUT_MS.read(table, report);
    let health_path = HEALTH_PATH.read(table, report);
    let azure = read_azure(table, guard, report);
    let Authority { hostname, port } = authority?;
    report.keep(table.place());
    let (name, serves) = (String::new(), Serves::Nothing);
    Some(Origin { name, hostname, port, serves, scheme, route, expect_suffixes, timeout_ms, health_path, azure })
}

fn read_scheme(table: &Table<'_>, authority: Option<&Authority>, report: &mut Report) -> Scheme {
    let scheme = SCHEME.read(table, report);
    let remote = authority.filter(|authority| !authority.hostname.is_local());
    match (scheme, remote, table.find(SCHEME.name())) {
        (Scheme::Http, Some(_), Some(found)) => {
            report.refuse(&found, &SCHEME, Refusal::because(Rule::HttpNotLocal, format!("`https`: {}", SCHEME.rule)));
            report.not_taken(table, &[&SCHEME]);
            Scheme::Https
        }
        _ => scheme,
    }
}

fn read_azure(table: &Table<'_>, guard: &Table<'_>, report: &mut Report) -> Option<AzureResource> {
    let resource = AZURE.read_whole(table, report, |azure, report| {
        let subscription_id = SUBSCRIPTION_ID.read(azure, report);
        let resource_group = RESOURCE_GROUP.read(azure, report);
        let service_name = SERVICE_NAME.read(azure, report);
        Some(AzureResource {
            subscription_id: subscription_id?,
            resource_group: resource_group?,
            service_name: service_name?,
        })
    });
    if let (Some(found), None) = (table.find(AZURE.name()), guard.find("azure")) {
        report.refuse(&found, &AZURE, Refusal::because(Rule::AzureNotConfigured, NO_CREDENTIALS));
    }
    resource
}

const NO_CREDENTIALS: &str =
    "the section `azure` with `tenant_id` and `client_id` beside it: without them ARM cannot be asked";

fn host_pattern(pattern: &str) -> Result<HostPattern, Refusal> {
    if pattern == "*" {
        return Err(Refusal::because(Rule::InvalidHostname, "no `*` alone: leave `serves` out for the default origin"));
    }
    pattern.parse().map_err(text::not_a_hostname)
}
