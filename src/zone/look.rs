//! Reading the zones: in the scheduled run once an hour, and when an operator asks.

use std::net::IpAddr;

use super::reading::{Reading, Record, ZONES_KEY, Zone};
use crate::cloudflare::{ApiFault, Cloudflare, Page};
use crate::config::{Config, Serves};
use crate::net::{AddressClass, classify};
use crate::ports::Ports;
use crate::refresh::{Scene, read_key, write_key};

/// The zones are read once in this time, in milliseconds.
const EVERY_MS: u64 = 60 * 60 * 1000;
/// What is kept is written again after this time, in milliseconds, so that its age stays honest.
const REWRITTEN_MS: u64 = 24 * 60 * 60 * 1000;
/// Records of a zone that are kept.
const MAX_RECORDS: usize = 200;
/// Where the isolate's memory has when they were read last.
const MARK: &str = "zones/read";

/// The step of the scheduled run: reads the zones where that is due, and keeps what has changed.
pub async fn keep_up_zones<P: Ports>(scene: Scene<'_, P>) {
    let now = scene.ports.now();
    let read_at = scene.remember(|memory| memory.mark(MARK).map(|(at, _)| *at));
    if !has_zones(scene.config) || read_at.is_some_and(|at| now.since_ms(at) < EVERY_MS) {
        return;
    }
    // Another isolate may have read them.
    let known = known_zones(scene).await;
    let found = look_at_zones(scene).await;
    scene.remember(|memory| memory.set_mark(MARK, now, String::new()));
    let is_news = known.is_none_or(|known| known.zones != found.zones || now.since_ms(known.at) >= REWRITTEN_MS);
    if is_news {
        // Where this is lost, the next run writes it.
        let _ = write_key(scene.ports, ZONES_KEY, &found.to_json(), None).await;
    }
}

fn has_zones(config: &Config) -> bool {
    config.cloudflare.as_ref().is_some_and(|cloudflare| !cloudflare.zone_ids.is_empty())
}

/// What was kept; `None` where there is nothing, or it cannot be read.
pub async fn known_zones<P: Ports>(scene: Scene<'_, P>) -> Option<Reading> {
    if !has_zones(scene.config) {
        return None;
    }
    Reading::parse(&read_key(scene.ports, ZONES_KEY).await.ok()??)
}

/// Reads all zones now.
pub async fn look_at_zones<P: Ports>(scene: Scene<'_, P>) -> Reading {
    let mut zones = Vec::new();
    for id in scene.config.cloudflare.iter().flat_map(|cloudflare| &cloudflare.zone_ids) {
        zones.push(look_at(scene, id).await);
    }
    Reading::new(scene.ports.now(), zones)
}

async fn look_at<P: Ports>(scene: Scene<'_, P>, id: &str) -> Zone {
    match records(scene, id).await {
        Ok((records, ssl)) => Zone { id: id.to_owned(), records, ssl, fault: None },
        Err(fault) => {
            let fault = format!("{fault}. {}", fault.fix());
            Zone { id: id.to_owned(), records: Vec::new(), ssl: None, fault: Some(fault) }
        }
    }
}

async fn records<P: Ports>(scene: Scene<'_, P>, id: &str) -> Result<(Vec<Record>, Option<String>), ApiFault> {
    let api = Cloudflare::of(scene)?;
    let nodes = api.list(&format!("/zones/{id}/dns_records?per_page=1000"), Page::Number).await?;
    let mut records: Vec<Record> = nodes.iter().filter_map(Record::of).collect();
    records.retain(|record| is_of_interest(scene.config, record) || may_be_pinned(scene.config, record));
    let order = |record: &Record| (!is_of_interest(scene.config, record), record.name.clone(), record.content.clone());
    records.sort_by_cached_key(order);
    records.truncate(MAX_RECORDS);
    let ssl = match api.call("GET", &format!("/zones/{id}/settings/ssl"), None).await {
        Ok(setting) => setting.member("value"),
        Err(_) => None,
    };
    Ok((records, ssl))
}

/// An address record of a host that no origin serves by name: where one answers for all others, it may be the gateway's.
fn may_be_pinned(config: &Config, record: &Record) -> bool {
    let public = |address: IpAddr| classify(address) == AddressClass::Public;
    config.origins.iter().any(|origin| origin.serves == Serves::Default) && record.content.parse().is_ok_and(public)
}

/// A record of a host that an origin serves by name, or one that leads to a name of a gateway.
fn is_of_interest(config: &Config, record: &Record) -> bool {
    let serves = |name: &str| {
        config.origins.iter().flat_map(|origin| origin.serves.hosts()).any(|pattern| {
            let written = pattern.to_string();
            written == name
                || pattern.matches(name)
                || name.strip_prefix('*').is_some_and(|suffix| written.ends_with(suffix))
        })
    };
    let suffixes = || config.origins.iter().flat_map(|origin| &origin.expect_suffixes);
    let is_gateway = |name: &str| {
        let known = config.origins.iter().any(|origin| origin.hostname.as_str() == name);
        known || suffixes().any(|suffix| name.ends_with(&format!(".{suffix}")))
    };
    serves(&record.name) || (record.kind == "CNAME" && is_gateway(&record.content))
}
