//! What is wrong with the records of the hosts that an origin serves.

use std::net::IpAddr;

use super::{Reading, Record, Replacement, Zone};
use crate::azure::Declared;
use crate::config::{Config, Origin, Route, Severity};
use crate::diagnosis::{Finding, FindingCode};
use crate::json::shown;
use crate::net::{AddressClass, HostPattern, classify};
use crate::time::UnixMillis;

/// What is known of an origin besides.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// What ARM declares.
    pub declared: Option<&'a Declared>,
    /// The addresses of the latest good look-up.
    pub addresses: &'a [IpAddr],
    /// Host names for which the gateway has a certificate of Azure's own (`certificateSource` `Managed`).
    pub managed: &'a [String],
}

/// One host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostReport {
    /// As `serves` has it, or the name of a record that leads to the gateway.
    pub host: String,
    /// The zone.
    pub zone_id: String,
    /// The records that answer for it.
    pub records: Vec<Record>,
    /// Whether requests pass Cloudflare; `None` without a record.
    pub proxied: Option<bool>,
    /// Whether Cloudflare answers with addresses in the place of a CNAME.
    pub flattened: bool,
    /// The zone's SSL/TLS encryption mode; `None`: not known.
    pub ssl: Option<String>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What to put in the place of a pinned address.
    pub replacement: Option<Replacement>,
    /// When the records were read.
    pub read_at: UnixMillis,
}

shown! { HostReport { host, zone_id, records, proxied, flattened, ssl, findings, replacement, read_at } }

/// The hosts of `origin` in the zones that were read, and the findings about zones that could not be.
pub fn judge(config: &Config, origin: &Origin, reading: &Reading, known: Known<'_>) -> (Vec<HostReport>, Vec<Finding>) {
    let judge = Judge { config, origin, reading, known };
    let mut hosts = Vec::new();
    for zone in &reading.zones {
        hosts.extend(judge.hosts_of(zone).into_iter().filter_map(|host| judge.host(zone, &host)));
    }
    (hosts, reading.zones.iter().filter_map(unreadable).collect())
}

fn finding(code: FindingCode, severity: Severity, title: &str, evidence: String) -> Finding {
    Finding { code, severity, title: title.to_owned(), evidence }
}

fn unreadable(zone: &Zone) -> Option<Finding> {
    let fault = zone.fault.as_ref()?;
    let title = "The records of a zone could not be read";
    Some(finding(FindingCode::ZoneUnreadable, Severity::Info, title, format!("zone {}: {fault}", zone.id)))
}

struct Judge<'a> {
    config: &'a Config,
    origin: &'a Origin,
    reading: &'a Reading,
    known: Known<'a>,
}

impl Judge<'_> {
    /// What it serves by name, and the names in the zone that lead to it and that no origin serves by name.
    fn hosts_of(&self, zone: &Zone) -> Vec<String> {
        let mut hosts: Vec<String> = self.origin.serves.hosts().iter().map(HostPattern::to_string).collect();
        for record in zone.records.iter().filter(|record| self.leads_here(record)) {
            let served = self.config.origins.iter().any(|origin| serves(origin, &record.name));
            if !served && !hosts.contains(&record.name) {
                hosts.push(record.name.clone());
            }
        }
        hosts
    }

    /// By the gateway's name, or by an address that is known to be its own.
    fn leads_here(&self, record: &Record) -> bool {
        let Ok(address) = record.content.parse::<IpAddr>() else {
            return record.content == self.origin.hostname.as_str();
        };
        let declared = self.known.declared.map(|declared| declared.addresses.as_slice()).unwrap_or_default();
        self.known.addresses.contains(&address) || declared.iter().any(|it| it.network.contains(&address))
    }

    /// `None` where the zone has no record for the host.
    fn host(&self, zone: &Zone, host: &str) -> Option<HostReport> {
        let records = records_for(zone, host);
        let first = records.first()?;
        let pinned: Vec<Record> = records.iter().filter(|record| is_pinned(record)).cloned().collect();
        let gateway = self.origin.hostname.as_str();
        let api_url = self.config.cloudflare.as_ref().map(|cloudflare| cloudflare.api_url.as_str()).unwrap_or_default();
        Some(HostReport {
            host: host.to_owned(),
            zone_id: zone.id.clone(),
            proxied: Some(first.proxied),
            flattened: records.iter().any(|record| record.flattened),
            ssl: zone.ssl.clone(),
            findings: self.findings(zone, host, &records),
            replacement: if pinned.is_empty() { None } else { Replacement::of(api_url, &zone.id, &pinned, gateway) },
            read_at: self.reading.at,
            records,
        })
    }

    fn findings(&self, zone: &Zone, host: &str, records: &[Record]) -> Vec<Finding> {
        let mut found: Vec<Finding> = records.iter().filter_map(|record| self.of_record(host, record)).collect();
        found.extend(not_proxied(host, records));
        found.extend(self.ssl(zone, host, records));
        found.extend(self.managed_certificate(host, records));
        found
    }

    fn of_record(&self, host: &str, record: &Record) -> Option<Finding> {
        if record.kind == "CNAME" {
            return self.of_name(host, &record.content);
        }
        if !is_pinned(record) {
            return None;
        }
        // In the direct route the record only brings requests to the Worker.
        let severity = if self.origin.route == Route::Zone { Severity::Warning } else { Severity::Info };
        let title = "The zone has the gateway's address in the place of its name";
        let evidence = format!("{host} has {} {}: {}", record.kind, record.content, self.whose(&record.content));
        Some(finding(FindingCode::PinnedAddressRecord, severity, title, evidence))
    }

    /// Whether the address is still the gateway's, as far as is known.
    fn whose(&self, content: &str) -> String {
        let Ok(address) = content.parse::<IpAddr>() else { return "no address".into() };
        let of = self.known.declared.and_then(|it| it.addresses.iter().find(|known| known.network.contains(&address)));
        match (of, self.known.declared) {
            (Some(known), _) => match known.gone_since {
                None => format!("declared by Azure for {}", known.location),
                Some(gone) => format!("no longer declared by Azure since {gone}"),
            },
            (None, Some(_)) => "not declared by Azure: requests go to whoever has it now".into(),
            (None, None) if self.known.addresses.contains(&address) => {
                "the gateway's name leads to it at present".into()
            }
            (None, None) if self.known.addresses.is_empty() => "whose it is, is not known".into(),
            (None, None) => "the gateway's name does not lead to it at present".into(),
        }
    }

    fn of_name(&self, host: &str, target: &str) -> Option<Finding> {
        if target == self.origin.hostname.as_str() {
            return None;
        }
        if let Some(other) = self.config.origins.iter().find(|origin| origin.hostname.as_str() == target) {
            let title = "The zone's record leads to another origin than the one that serves the host";
            let evidence =
                format!("{host} is a CNAME to {target}, the origin {}; {} serves it", other.name, self.origin.name);
            return Some(finding(FindingCode::ZoneRecordElsewhere, Severity::Warning, title, evidence));
        }
        let suffixes = || self.config.origins.iter().flat_map(|origin| &origin.expect_suffixes);
        suffixes().any(|suffix| target.ends_with(&format!(".{suffix}"))).then(|| {
            let title = "The zone's record leads to a gateway that is none of the configured ones";
            let evidence = format!(
                "{host} is a CNAME to {target}: a leftover of a former instance is whose who creates one of this name"
            );
            finding(FindingCode::ZoneRecordLeftover, Severity::Warning, title, evidence)
        })
    }

    /// A gateway speaks HTTPS only, unless it was told otherwise.
    fn ssl(&self, zone: &Zone, host: &str, records: &[Record]) -> Option<Finding> {
        let mode = zone.ssl.as_deref().filter(|mode| matches!(*mode, "off" | "flexible"))?;
        let used = self.origin.route == Route::Zone && records.iter().any(|record| record.proxied);
        used.then(|| {
            let title = "The zone's SSL mode makes Cloudflare ask the gateway without TLS";
            let evidence = format!("the mode of {host}'s zone is `{mode}`; it has to be `full` or `strict`");
            finding(FindingCode::SslModeBreaksOrigin, Severity::Error, title, evidence)
        })
    }

    /// Azure renews its own certificate only while the name leads to the gateway for everybody to see.
    fn managed_certificate(&self, host: &str, records: &[Record]) -> Option<Finding> {
        let managed = self.known.managed.iter().any(|name| name == host);
        let hidden = records.iter().find(|record| record.proxied)?;
        managed.then(|| {
            let title = "Azure cannot renew its managed certificate behind Cloudflare";
            let evidence = format!(
                "the gateway has a managed certificate for {host}, whose record {} is proxied: use one of your own in Key Vault",
                hidden.content
            );
            finding(FindingCode::ManagedCertificateBehindProxy, Severity::Warning, title, evidence)
        })
    }
}

/// An address that can be the gateway's. A proxied record with an address of no meaning stands for a Worker.
fn is_pinned(record: &Record) -> bool {
    let public = |address: IpAddr| classify(address) == AddressClass::Public;
    record.kind != "CNAME" && record.content.parse().is_ok_and(public)
}

/// Then requests for the host do not pass the Worker.
fn not_proxied(host: &str, records: &[Record]) -> Option<Finding> {
    let bare = records.iter().find(|record| !record.proxied)?;
    let title = "Requests for the host do not pass Cloudflare, and so not the guard";
    let evidence = format!("{host} has {} {}, which is not proxied", bare.kind, bare.content);
    Some(finding(FindingCode::ZoneRecordNotProxied, Severity::Warning, title, evidence))
}

/// Whether a request for `name` is for `origin` by its `serves`.
fn serves(origin: &Origin, name: &str) -> bool {
    origin.serves.hosts().iter().any(|pattern| pattern.to_string() == name || pattern.matches(name))
}

/// The records of this name, else those of the nearest wildcard above it (RFC 4592).
fn records_for(zone: &Zone, host: &str) -> Vec<Record> {
    let named = |name: &str| zone.records.iter().filter(|record| record.name == name).cloned().collect::<Vec<_>>();
    let mut records = named(host);
    let mut rest = host;
    while let (true, Some((_, parent))) = (records.is_empty(), rest.split_once('.')) {
        records = named(&format!("*.{parent}"));
        rest = parent;
    }
    records
}
