//! What a service tag stands for: from the lists that were given, each tag from the newest list that has it.

use std::cell::OnceCell;
use std::rc::Rc;

use ipnet::Ipv4Net;
use serde_json::{Map, Value};

use super::field::{field, list, number, text, texts};
use super::input::{Document, Kind};
use super::published;
use super::ranges::{Ranges, prefix};

/// Tags, and where each is by its name in lower case. Prefixes are read once, when they are asked for.
pub(super) struct Tags<'a> {
    all: Vec<Tag<'a>>,
    places: Map<String, Value>,
    /// The newest list that was given.
    pub newest: Option<List<'a>>,
}

struct Tag<'a> {
    change: u64,
    value: &'a Value,
    read: OnceCell<Rc<Prefixes>>,
}

/// The IPv4 prefixes of a tag, one by one and as a set.
#[derive(Default)]
pub(super) struct Prefixes {
    pub nets: Vec<Ipv4Net>,
    pub ranges: Ranges,
}

impl Prefixes {
    fn read(texts: Vec<&str>) -> Rc<Self> {
        let nets: Vec<_> = texts.into_iter().filter_map(prefix).collect();
        Rc::new(Self { ranges: Ranges::of(&nets), nets })
    }
}

/// A list as a whole.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    pub change: u64,
    pub cloud: &'a str,
    /// Its day, where the document has one: that of a kept list does.
    date: Option<&'a str>,
    source: &'a str,
}

impl<'a> Tags<'a> {
    /// The tags of all lists. A tag of a lower change number never replaces one of a higher: published data has gone
    /// back before.
    pub(super) fn of(documents: impl Iterator<Item = &'a Document>) -> Self {
        let mut all = Self { all: Vec::new(), places: Map::new(), newest: None };
        for document in documents.filter(|document| document.kind == Kind::ServiceTags) {
            all.add(document);
        }
        all
    }

    fn add(&mut self, document: &'a Document) {
        let value = &document.value;
        let change = number(value, "changeNumber").unwrap_or_default();
        if self.newest.is_none_or(|newest| newest.change < change) {
            let cloud = text(value, "cloud").unwrap_or("not named");
            self.newest = Some(List { change, cloud, date: text(value, "date"), source: &document.source });
        }
        if field(value, "values").is_none() {
            self.put(value, change);
        }
        for tag in list(value, "values") {
            self.put(tag, change);
        }
    }

    fn put(&mut self, value: &'a Value, list_change: u64) {
        let Some(name) = text(value, "name").or_else(|| text(value, "id")) else { return };
        let change = number(value, "changeNumber").unwrap_or(list_change);
        if self.get(name).is_none_or(|known| known.change < change) {
            self.places.insert(name.to_ascii_lowercase(), self.all.len().into());
            self.all.push(Tag { change, value, read: OnceCell::new() });
        }
    }

    fn get(&self, name: &str) -> Option<&Tag<'a>> {
        let place = self.places.get(&name.to_ascii_lowercase())?.as_u64()?;
        self.all.get(usize::try_from(place).ok()?)
    }

    /// The tags that are in force, by their names in lower case.
    pub(super) fn in_force(&self) -> impl Iterator<Item = (&str, u64, &'a Value)> {
        self.places.keys().filter_map(|name| self.get(name).map(|tag| (name.as_str(), tag.change, tag.value)))
    }

    /// The IPv4 prefixes of `tag`; `None`: no list that was given has it.
    pub(super) fn prefixes(&self, tag: &str) -> Option<Rc<Prefixes>> {
        let Tag { value, read, .. } = self.get(tag)?;
        Some(Rc::clone(read.get_or_init(|| Prefixes::read(texts(value, "addressPrefixes")))))
    }

    /// The change number of `tag`.
    pub(super) fn change(&self, tag: &str) -> Option<u64> {
        self.get(tag).map(|tag| tag.change)
    }

    /// As [`Tags::prefixes`]. Where no list has them, for `ApiManagement` and its regions the addresses that Microsoft
    /// published last; for `AzureCloud`, which holds all of them, what is known of `ApiManagement`.
    pub(super) fn prefixes_or_published(&self, tag: &str) -> Option<Rc<Prefixes>> {
        // A list without the global tag is none to judge the control plane by, so its regional ones are not used either.
        let given = self.prefixes(tag).filter(|_| !is_within(tag, API_MANAGEMENT) || self.knows(API_MANAGEMENT));
        given.or_else(|| match tag.split_once('.') {
            None if tag.eq_ignore_ascii_case(API_MANAGEMENT) => Some(published(None)),
            None if tag.eq_ignore_ascii_case(AZURE_CLOUD) => self.prefixes_or_published(API_MANAGEMENT),
            Some((service, region)) if service.eq_ignore_ascii_case(API_MANAGEMENT) => Some(published(Some(region))),
            _ => None,
        })
    }

    /// Whether a list that was given has `tag`.
    pub(super) fn knows(&self, tag: &str) -> bool {
        self.get(tag).is_some()
    }
}

fn published(region: Option<&str>) -> Rc<Prefixes> {
    Prefixes::read(published::control_plane(region))
}

/// The tag of all of Azure's public addresses.
pub(super) const AZURE_CLOUD: &str = "AzureCloud";
/// The tag of the control plane.
pub(super) const API_MANAGEMENT: &str = "ApiManagement";

/// Whether `tag` is `service` or one of its regions.
pub(super) fn is_within(tag: &str, service: &str) -> bool {
    let (name, _) = tag.split_once('.').unwrap_or((tag, ""));
    name.eq_ignore_ascii_case(service)
}

impl List<'_> {
    /// "change number 63 (Public, 2026-06-22)".
    pub(super) fn describe(self) -> String {
        let date = self.date().unwrap_or_else(|| "date not known".into());
        format!("change number {} ({}, {date})", self.change, self.cloud)
    }

    /// That of the file's name, since published lists have none themselves.
    pub(super) fn date(self) -> Option<String> {
        self.date.map(str::to_owned).or_else(|| date(self.source))
    }
}

/// The day in a name such as `ServiceTags_Public_20260622.json`.
fn date(source: &str) -> Option<String> {
    let (_, end) = source.rsplit_once('_')?;
    let (year, rest) = end.split_at_checked(4)?;
    let (month, rest) = rest.split_at_checked(2)?;
    let (day, rest) = rest.split_at_checked(2)?;
    let digits = [year, month, day].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    (digits && rest.starts_with('.')).then(|| format!("{year}-{month}-{day}"))
}
