//! `dns`: who is asked, for how long, and how long an answer is believed.

use crate::config::forms::Whole;
use crate::config::key::{Entry, Fallback, Key};
use crate::config::list::List;
use crate::config::report::{Refusal, Report};
use crate::config::section::{OwnDefaults, Section};
use crate::config::table::Table;
use crate::config::{DnsConfig, Rule, url};

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&dyn Entry] = &[&DNS, &RESOLVERS, &TIMEOUT_MS, &MIN_TTL_S, &MAX_TTL_S];

const DNS: Key<Section, OwnDefaults> = Key {
    path: "dns",
    meaning: "How the origins' names are looked up.",
    rule: "a table with `resolvers`, `timeout_ms`, `min_ttl_s` and `max_ttl_s`",
    example: r#"{"timeout_ms": 2000}"#,
    slips: "doh lookup",
    form: Section,
    absent: OwnDefaults,
};

const RESOLVERS: Key<List<String>, Fallback<&[&str]>> = Key {
    path: "dns.resolvers",
    meaning: "DNS-over-HTTPS endpoints (RFC 8484 wire format), asked side by side.",
    rule: "`https://` URLs with a host name, since Cloudflare refuses requests to an IP address with error 1003; \
           loopback addresses and local names may do with `http://`",
    example: r#"["https://cloudflare-dns.com/dns-query", "https://dns.google/dns-query"]"#,
    slips: "resolver servers nameservers endpoints urls upstreams",
    form: List { item: url::endpoint, min: 1, max: 8 },
    absent: Fallback(&["https://cloudflare-dns.com/dns-query", "https://dns.google/dns-query"]),
};

const TIMEOUT_MS: Key<Whole, Fallback<u32>> = Key {
    path: "dns.timeout_ms",
    meaning: "Time for the answer to one question, in milliseconds.",
    rule: "a resolver that needs longer is no help while a client waits",
    example: "2000",
    slips: "timeout timeout_s",
    form: Whole { min: 1, max: 10_000 },
    absent: Fallback(2000),
};

const MIN_TTL_S: Key<Whole, Fallback<u32>> = Key {
    path: "dns.min_ttl_s",
    meaning: "An answer counts as fresh for this long at least, in seconds, however short its TTL.",
    rule: "a day at most, and not above `dns.max_ttl_s`: a changed address must be noticed",
    example: "30",
    slips: "min_ttl ttl_min",
    form: Whole { min: 1, max: 86_400 },
    absent: Fallback(30),
};

const MAX_TTL_S: Key<Whole, Fallback<u32>> = Key {
    path: "dns.max_ttl_s",
    meaning: "An answer counts as fresh for this long at most, in seconds, however long its TTL.",
    rule: "a week at most (RFC 8767 section 4), and not below `dns.min_ttl_s`",
    example: "3600",
    slips: "max_ttl ttl_max ttl ttl_s",
    form: Whole { min: 1, max: 604_800 },
    absent: Fallback(3600),
};

/// The section; defaults where it is left out.
pub(in crate::config) fn read(guard: &Table<'_>, report: &mut Report) -> DnsConfig {
    let dns = DNS.open(guard, report);
    let mut resolvers = RESOLVERS.read(&dns, report);
    // Each is asked for every look-up, so here a bound is a bound.
    resolvers.truncate(RESOLVERS.form.max);
    let timeout_ms = TIMEOUT_MS.read(&dns, report);
    let (min_ttl_s, max_ttl_s) = read_bounds(&dns, report);
    DnsConfig { resolvers, timeout_ms, min_ttl_s, max_ttl_s }
}

fn read_bounds(dns: &Table<'_>, report: &mut Report) -> (u32, u32) {
    let (min, max) = (MIN_TTL_S.read(dns, report), MAX_TTL_S.read(dns, report));
    if min <= max {
        return (min, max);
    }
    let expected = format!("`dns.min_ttl_s` ({min}) not above `dns.max_ttl_s` ({max})");
    let key = if MIN_TTL_S.stands_in(dns) { &MIN_TTL_S } else { &MAX_TTL_S };
    report.refuse_in(dns, key, Refusal::because(Rule::BoundsCrossed, expected));
    report.not_taken(dns, &[&MIN_TTL_S, &MAX_TTL_S]);
    (MIN_TTL_S.absent.0, MAX_TTL_S.absent.0)
}
