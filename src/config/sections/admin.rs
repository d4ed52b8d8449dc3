//! `admin`: where the admin interface is and who may use it. A mistake here lets fewer in, never more.

use ipnet::IpNet;

use crate::config::forms::Text;
use crate::config::key::{Entry, Fallback, Key, Optional, Required};
use crate::config::list::List;
use crate::config::report::Report;
use crate::config::section::{OwnDefaults, Section};
use crate::config::table::Table;
use crate::config::{AccessConfig, AdminConfig, Networks, text};
use crate::net::Hostname;

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&dyn Entry] =
    &[&ADMIN, &PATH, &HOSTNAME, &ACCESS, &TEAM_DOMAIN, &AUDIENCE, &ALLOW_NETWORKS];

const ADMIN: Key<Section, OwnDefaults> = Key {
    path: "admin",
    meaning: "The admin interface.",
    rule: "a table with `path`, `hostname`, `access` and `allow_networks`",
    example: r#"{"path": "/__guard"}"#,
    slips: "administration management dashboard",
    form: Section,
    absent: OwnDefaults,
};

const PATH: Key<Text<String>, Fallback<&str>> = Key {
    path: "admin.path",
    meaning: "Path below which the admin interface answers instead of the origin.",
    rule: "a path such as `/__guard`: not `/` alone and no `/` at the end; letters, digits and `-._~`, no segment `.` or `..`",
    example: r#""/__guard""#,
    slips: "prefix base_path url",
    form: Text(text::path_prefix),
    absent: Fallback("/__guard"),
};

const HOSTNAME: Key<Text<Hostname>, Optional> = Key {
    path: "admin.hostname",
    meaning: "The only host with the admin interface; `healthz` and `problems/` answer on every host.",
    rule: "a host name without port",
    example: r#""guard.example.com""#,
    slips: "host domain host_name",
    form: Text(text::hostname),
    absent: Optional("any host"),
};

const ACCESS: Key<Section, Optional> = Key {
    path: "admin.access",
    meaning: "Accept the tokens of a Cloudflare Access application.",
    rule: "a table with `team_domain` and `audience`",
    example: r#"{"team_domain": "contoso.cloudflareaccess.com", "audience": "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2"}"#,
    slips: "cloudflare_access zero_trust jwt sso",
    form: Section,
    absent: Optional("none: no Access token is accepted"),
};

const TEAM_DOMAIN: Key<Text<Hostname>, Required> = Key {
    path: "admin.access.team_domain",
    meaning: "The Zero Trust team whose tokens are accepted.",
    rule: "`<team>.cloudflareaccess.com`, without `https://`",
    example: r#""contoso.cloudflareaccess.com""#,
    slips: "team domain issuer iss",
    form: Text(text::team_domain),
    absent: Required,
};

const AUDIENCE: Key<Text<String>, Required> = Key {
    path: "admin.access.audience",
    meaning: "The application's audience (AUD) tag.",
    rule: "the AUD tag as the dashboard shows it: letters and digits",
    example: r#""4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2""#,
    slips: "aud aud_tag policy_aud",
    form: Text(text::audience),
    absent: Required,
};

const ALLOW_NETWORKS: Key<List<IpNet>, Optional> = Key {
    path: "admin.allow_networks",
    meaning: "Networks in which the client's address must be.",
    rule: "networks in CIDR form or single addresses; leave the key out to let any address in",
    example: r#"["203.0.113.0/24", "2001:db8::/32"]"#,
    slips: "networks allowed_networks allowlist ip_allowlist allowed_ips cidrs whitelist",
    form: List { item: text::network, min: 1, max: 200 },
    absent: Optional("any network"),
};

/// The section; defaults where it is left out.
pub(in crate::config) fn read(guard: &Table<'_>, report: &mut Report) -> AdminConfig {
    let admin = ADMIN.open(guard, report);
    let path = PATH.read(&admin, report);
    let hostname = HOSTNAME.read(&admin, report);
    let access = ACCESS.read_whole(&admin, report, read_access);
    let hostname_is_wrong = HOSTNAME.stands_in(&admin) && hostname.is_none();
    let networks = read_networks(&admin, report);
    // Whatever was to keep people out cannot be told: nobody gets in.
    let closed = hostname_is_wrong || !admin.is_sound();
    let allow_networks = if closed { Networks::Only(Vec::new()) } else { networks };
    AdminConfig { path, hostname, access, allow_networks }
}

fn read_access(access: &Table<'_>, report: &mut Report) -> Option<AccessConfig> {
    let (team_domain, audience) = (TEAM_DOMAIN.read(access, report), AUDIENCE.read(access, report));
    Some(AccessConfig { team_domain: team_domain?, audience: audience? })
}

fn read_networks(admin: &Table<'_>, report: &mut Report) -> Networks {
    let networks = ALLOW_NETWORKS.read(admin, report);
    if ALLOW_NETWORKS.stands_in(admin) { Networks::Only(networks.unwrap_or_default()) } else { Networks::Any }
}
