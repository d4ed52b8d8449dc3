//! The part of a list of service tags that is worth keeping: the tags that the checks ask about and those of the regions that
//! addresses are compared with, IPv4 alone. What is kept is a
//! document of service tags itself, so that it is read as one.

use serde_json::Value;

use super::cloud_tags::cloud_tag_name;
use super::field::{field, number, text, texts};
use super::input::{Document, Kind};
use super::network::in_public_cloud;
use super::ranges::prefix;
use super::service_tags::{API_MANAGEMENT, Tags, is_within};
use crate::json::json;
use crate::time::UnixMillis;

/// The services whose tags are kept, with those of their regions.
const SERVICES: [&str; 6] = [API_MANAGEMENT, "AzureMonitor", "AzureTrafficManager", "Storage", "Sql", "AzureKeyVault"];
/// The published lists of 2026 come to a third of it, in octets.
const MOST: usize = 1024 * 1024;

/// Regions whose tags are kept; the longest tag of 2026 has 39 kB.
const MOST_REGIONS: usize = 12;

/// What becomes of a list that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagKeeping {
    /// Keep this text. The words are for people.
    Keep(String, String),
    /// Leave what is there, for this reason.
    Leave(String),
}

/// What to keep of the list among `given`, where `kept` is there already; of `AzureCloud` the regions at `locations` (normalised
/// names, the first 12). A list that is kept already is written anew only for a location that it lacks. Of each tag the one of the higher change number, and
/// never a list of a lower one after a higher: published data has gone back before.
pub fn keep_tags(given: &[Document], kept: Option<&Document>, locations: &[String], now: UnixMillis) -> TagKeeping {
    let regions: Vec<String> = locations.iter().take(MOST_REGIONS).map(|location| cloud_tag_name(location)).collect();
    let lists = given.iter().filter(|document| is_list(document));
    let (new, old) = (Tags::of(lists.clone()), Tags::of(kept.into_iter()));
    let Some(list) = new.newest.filter(|list| list.change > 0 && new.knows(API_MANAGEMENT)) else {
        return TagKeeping::Leave(
            "no list of service tags with a change number and the tag ApiManagement was given".into(),
        );
    };
    let lacks = regions.iter().any(|region| new.knows(region) && !old.knows(region));
    let least = list.change.saturating_add(u64::from(lacks));
    if let Some(old) = old.newest.filter(|old| old.change >= least || old.cloud != list.cloud) {
        return TagKeeping::Leave(format!("{} was given, and {} is kept already", list.describe(), old.describe()));
    }
    let date = list.date().unwrap_or_else(|| format!("given at {now}"));
    let merged = Tags::of(kept.into_iter().chain(lists));
    let values: Vec<Value> = merged.in_force().filter(|(name, ..)| is_wanted(name, &regions)).map(of).collect();
    let head =
        json!({ "changeNumber": list.change, "cloud": list.cloud, "date": date, "kept_at": now, "values": values });
    let text = head.to_string();
    if text.len() > MOST {
        return TagKeeping::Leave(format!("what is needed of {} is longer than 1 MiB", list.describe()));
    }
    TagKeeping::Keep(text, list.describe())
}

/// Whether `documents` have no list of their own and `kept` is of their cloud.
pub fn wants_tags(documents: &[Document], kept: &Document) -> bool {
    let is_public = text(&kept.value, "cloud").is_some_and(|cloud| cloud.eq_ignore_ascii_case("Public"));
    let mut services = documents.iter().filter(|document| document.kind == Kind::Service);
    let has_none = !documents.iter().any(|document| document.kind == Kind::ServiceTags);
    has_none && services.all(|service| in_public_cloud(&service.value) == is_public)
}

/// Whether the list was kept so lately that a newer one is not to be looked for: published lists come weekly, and new addresses are
/// used a week later at the earliest.
pub fn are_recent(kept: &Document, now: UnixMillis) -> bool {
    const WEEK_S: u64 = 7 * 24 * 60 * 60;
    let at = text(&kept.value, "kept_at").and_then(|at| at.parse::<UnixMillis>().ok());
    at.is_some_and(|at| at <= now && now.since_s(at) < WEEK_S)
}

/// A single tag is none: its change number is not that of a list.
fn is_list(document: &Document) -> bool {
    document.kind == Kind::ServiceTags
        && field(&document.value, "values").is_some()
        && number(&document.value, "changeNumber").is_some()
}

fn is_wanted(tag: &str, regions: &[String]) -> bool {
    SERVICES.iter().any(|service| is_within(tag, service))
        || regions.iter().any(|region| region.eq_ignore_ascii_case(tag))
}

fn of((name, change, value): (&str, u64, &Value)) -> Value {
    let prefixes: Vec<&str> =
        texts(value, "addressPrefixes").into_iter().filter(|text| prefix(text).is_some()).collect();
    let name = text(value, "name").or_else(|| text(value, "id")).unwrap_or(name);
    json!({ "name": name, "changeNumber": change, "addressPrefixes": prefixes })
}
