//! The documents joined by resource id. What was not given is *missing*, which is neither there nor absent.

mod part;
mod platform;
mod service;
mod site;

use std::collections::BTreeMap;

use serde_json::Value;

use super::field::{list, reference, text};
use super::input::{Document, Kind};
use super::resource_id::{self, key};
use super::service_tags::Tags;

pub(super) use part::{ARM, Need, Part, plain, quoted};
pub(super) use platform::Platform;
pub(super) use service::Service;
pub(super) use site::Site;

/// Everything that was given.
pub(super) struct Network<'a> {
    pub services: Vec<Service<'a>>,
    pub tags: Tags<'a>,
    pub statuses: Vec<&'a Document>,
    pub groups: Vec<(&'a str, &'a Value)>,
    pub records: Vec<&'a Value>,
    parts: Index<'a>,
}

/// Documents by the key of their id.
type Index<'a> = BTreeMap<String, &'a Value>;

impl<'a> Network<'a> {
    /// Joins `documents`. Of two documents with one id the later counts.
    pub(super) fn join(documents: &'a [Document]) -> Self {
        let of = |kind| documents.iter().filter(move |document| document.kind == kind);
        let parts = index(documents);
        let mut network = Self {
            services: Vec::new(),
            tags: Tags::of(documents),
            statuses: of(Kind::NetworkStatus).collect(),
            groups: of(Kind::SecurityGroup)
                .filter_map(|group| Some((text(&group.value, "id")?, &group.value)))
                .collect(),
            records: of(Kind::DnsRecord).map(|record| &record.value).collect(),
            parts,
        };
        let distinct: Index<'a> =
            of(Kind::Service).map(|service| (service_key(&service.value), &service.value)).collect();
        network.services = distinct.into_values().map(|value| Service::read(value, &network)).collect();
        network.give_statuses();
        network
    }

    /// Each service with each of its sites.
    pub(super) fn sites(&self) -> impl Iterator<Item = (&Service<'a>, &Site<'a>)> {
        self.services.iter().flat_map(|service| service.sites.iter().map(move |site| (service, site)))
    }

    /// The document with this id, of whatever kind.
    fn get(&self, id: &str) -> Option<&'a Value> {
        self.parts.get(&key(id)).copied()
    }

    /// A status names its location and no service, so it is given to a site only where just one can be meant.
    fn give_statuses(&mut self) {
        let [service] = self.services.as_mut_slice() else { return };
        let alone = service.sites.len() == 1;
        for site in &mut service.sites {
            let here = |document: &&&Document| match &document.location {
                Some(location) => resource_id::region(location) == resource_id::region(site.location),
                None => alone,
            };
            site.status = self.statuses.iter().rfind(here).map(|document| &document.value);
        }
    }
}

fn service_key(value: &Value) -> String {
    key(text(value, "id").or_else(|| text(value, "name")).unwrap_or_default())
}

/// Network parts by id, with the subnets that a virtual network and the groups and tables that a subnet brings along.
fn index(documents: &[Document]) -> Index<'_> {
    let mut parts = Index::new();
    let networks = documents.iter().filter(|document| document.kind == Kind::VirtualNetwork);
    for subnet in networks.flat_map(|network| list(&network.value, "subnets")) {
        put(&mut parts, subnet);
        put_brought(&mut parts, subnet);
    }
    for document in documents {
        put(&mut parts, &document.value);
        put_brought(&mut parts, &document.value);
    }
    parts
}

fn put<'a>(parts: &mut Index<'a>, value: &'a Value) {
    if let Some(id) = text(value, "id") {
        parts.insert(key(id), value);
    }
}

/// With `$expand` a subnet holds its group and its table whole, else only their ids.
fn put_brought<'a>(parts: &mut Index<'a>, subnet: &'a Value) {
    for (name, member) in [("networkSecurityGroup", "securityRules"), ("routeTable", "routes")] {
        let whole = super::field::field(subnet, name).filter(|part| super::field::field(part, member).is_some());
        if let Some((part, id)) = whole.zip(reference(subnet, name)) {
            parts.entry(key(id)).or_insert(part);
        }
    }
}
