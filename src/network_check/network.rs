//! The documents joined by resource id. What was not given is *missing*, which is neither there nor absent.

mod part;
mod platform;
mod service;
mod site;

use serde_json::{Map, Value};

use super::field::{field, list, reference, text};
use super::input::{Document, Kind};
use super::resource_id::{self, key};
use super::service_tags::Tags;

pub(super) use part::{ARM, Need, Part, plain, quoted};
pub(crate) use platform::Platform;
pub(super) use service::{Service, in_public_cloud};
pub(super) use site::Site;

/// Everything that was given.
pub(super) struct Network<'a> {
    pub services: Vec<Service<'a>>,
    pub tags: Tags<'a>,
    pub statuses: Vec<&'a Document>,
    pub groups: Vec<(&'a str, &'a Value)>,
    pub records: Vec<&'a Value>,
    parts: Parts<'a>,
}

/// Parts, and where each is by the key of its id: a map of values, since the module has the code for one already.
#[derive(Default)]
struct Parts<'a> {
    all: Vec<&'a Value>,
    places: Map<String, Value>,
}

impl<'a> Network<'a> {
    /// Joins `documents`. Of two documents with one id the later counts.
    pub(super) fn join(documents: &'a [Document]) -> Self {
        let of = |kind| documents.iter().filter(move |document| document.kind == kind);
        let parts = index(documents);
        let mut network = Self {
            services: Vec::new(),
            tags: Tags::of(documents.iter()),
            statuses: of(Kind::NetworkStatus).collect(),
            groups: of(Kind::SecurityGroup)
                .filter_map(|group| Some((text(&group.value, "id")?, &group.value)))
                .collect(),
            records: of(Kind::DnsRecord).map(|record| &record.value).collect(),
            parts,
        };
        let counts = |service: &&Document| network.is_last_of_its_id(&service.value);
        let services: Vec<_> =
            of(Kind::Service).filter(counts).map(|service| Service::read(&service.value, &network)).collect();
        network.services = services;
        network.give_statuses();
        network
    }

    /// Each service with each of its sites.
    pub(super) fn sites(&self) -> impl Iterator<Item = (&Service<'a>, &Site<'a>)> {
        self.services.iter().flat_map(|service| service.sites.iter().map(move |site| (service, site)))
    }

    /// The document with this id, of whatever kind.
    fn get(&self, id: &str) -> Option<&'a Value> {
        self.parts.get(id)
    }

    fn is_last_of_its_id(&self, value: &Value) -> bool {
        text(value, "id").and_then(|id| self.get(id)).is_none_or(|last| std::ptr::eq(last, value))
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

/// Network parts by id, with the subnets that a virtual network and the groups and tables that a subnet brings along.
fn index(documents: &[Document]) -> Parts<'_> {
    let mut parts = Parts::default();
    let networks = documents.iter().filter(|document| document.kind == Kind::VirtualNetwork);
    let subnets = networks.flat_map(|network| list(&network.value, "subnets"));
    let given = documents.iter().map(|document| &document.value);
    for part in subnets.chain(given) {
        parts.put_brought(part);
        parts.put(part);
    }
    parts
}

impl<'a> Parts<'a> {
    fn get(&self, id: &str) -> Option<&'a Value> {
        let place = self.places.get(&key(id))?.as_u64()?;
        self.all.get(usize::try_from(place).ok()?).copied()
    }

    fn put(&mut self, value: &'a Value) {
        if let Some(id) = text(value, "id") {
            self.places.insert(key(id), self.all.len().into());
            self.all.push(value);
        }
    }

    /// With `$expand` a subnet holds its group and its table whole, else only their ids.
    fn put_brought(&mut self, subnet: &'a Value) {
        for (name, member) in [("networkSecurityGroup", "securityRules"), ("routeTable", "routes")] {
            let whole = field(subnet, name).filter(|part| field(part, member).is_some());
            let known = reference(subnet, name).is_none_or(|id| self.get(id).is_some());
            whole.filter(|_| !known).into_iter().for_each(|part| self.put(part));
        }
    }
}
