//! The documents of an instance, read from ARM: each names the ones that come after it.

use serde_json::Value;

use super::tag_list::{add_kept_tags, kept_tags_serve};
use super::unread::unread;
use crate::azure::{Arm, ArmFault, FaultKind, NETWORK_API, resource_id};
use crate::config::AzureResource;
use crate::json::json;
use crate::network_check::field::{field, list, reference, text};
use crate::network_check::resource_id::{key, parent, region};
use crate::network_check::{Document, Kind, Unread, read_value};
use crate::ports::Ports;
use crate::refresh::Scene;
use crate::zone::known_zones;

/// Subnets whose networks are read; an instance has one in each location.
const MAX_SUBNETS: usize = 12;
/// Pages of the list of service tags.
const MAX_TAG_PAGES: usize = 8;
const SOURCE: &str = "Azure Resource Manager";

/// What could be read, and what could not.
#[derive(Debug, Default)]
pub struct Collected {
    /// Documents as the check takes them.
    pub documents: Vec<Document>,
    /// Documents that were asked for in vain.
    pub unread: Vec<Unread>,
}

/// Reads the service `resource`, its network status, networks, subnets, route tables and security groups; the zone's records as far
/// as they are kept. Service tags are those that are kept; `fetch_tags`: where these are old, those of ARM.
pub async fn collect<P: Ports>(scene: Scene<'_, P>, resource: &AzureResource, fetch_tags: bool) -> Collected {
    let arm = Arm::new(scene);
    let mut collector = Collector { arm: &arm, scene, found: Collected::default(), asked: Vec::new() };
    let id = resource_id(resource);
    collector.read(Kind::Service, &id, &id, api_version(&scene)).await;
    let service = collector.of(Kind::Service).next().cloned();
    if let Some(service) = service {
        collector.read(Kind::NetworkStatus, &id, &format!("{id}/networkstatus"), api_version(&scene)).await;
        for subnet in subnets(&service) {
            collector.follow(&subnet).await;
        }
        collector.tags(resource, text(&service, "location").unwrap_or_default(), fetch_tags).await;
        collector.records().await;
    }
    collector.found
}

fn api_version<'a, P>(scene: &Scene<'a, P>) -> &'a str {
    scene.config.azure.as_ref().map(|azure| azure.api_version.as_str()).unwrap_or_default()
}

fn subnets(service: &Value) -> Vec<String> {
    let places = std::iter::once(service).chain(list(service, "additionalLocations"));
    let networks = places.filter_map(|place| field(place, "virtualNetworkConfiguration"));
    networks.filter_map(|network| text(network, "subnetResourceId")).take(MAX_SUBNETS).map(str::to_owned).collect()
}

struct Collector<'s, 'a, P> {
    arm: &'s Arm<'a, P>,
    scene: Scene<'a, P>,
    found: Collected,
    /// Keys of the paths that were asked for.
    asked: Vec<String>,
}

impl<P: Ports> Collector<'_, '_, P> {
    fn of(&self, kind: Kind) -> impl Iterator<Item = &Value> {
        self.found.documents.iter().filter(move |document| document.kind == kind).map(|document| &document.value)
    }

    /// Reads the document of `kind` at `path`, once; `id` is what it is about.
    async fn read(&mut self, kind: Kind, id: &str, path: &str, api_version: &str) {
        if self.asked.contains(&key(path)) {
            return;
        }
        self.asked.push(key(path));
        match self.arm.get(path, api_version).await.map(|document| Value::from(&document)) {
            Ok(document) => self.take(kind, id, path, document),
            Err(fault) => self.miss(kind, id, &fault),
        }
    }

    /// Only what is whole counts: half of a document proves nothing.
    fn take(&mut self, kind: Kind, id: &str, path: &str, document: Value) {
        let (found, faults) = read_value(SOURCE, document);
        let is_whole = |one: &Document| one.kind == kind && (has_properties(kind, &one.value));
        if faults.is_empty() && !found.is_empty() && found.iter().all(is_whole) {
            self.found.documents.extend(found);
        } else {
            let words = faults.first().map_or("a part of the document is missing", |fault| &fault.problem);
            self.miss(kind, id, &ArmFault::new(FaultKind::NotUnderstood, path, words));
        }
    }

    fn miss(&mut self, kind: Kind, id: &str, fault: &ArmFault) {
        self.found.unread.push(unread(kind, id, fault, self.scene.config.azure.as_ref()));
    }

    /// The subnet, its network, and what the subnet names. The network brings its subnets along; a role that may not read it may
    /// still read the subnet.
    async fn follow(&mut self, subnet: &str) {
        if let Some(network) = parent(subnet) {
            self.read(Kind::VirtualNetwork, network, network, NETWORK_API).await;
        }
        if self.subnet(subnet).is_none() {
            self.read(Kind::Subnet, subnet, subnet, NETWORK_API).await;
        }
        let Some(document) = self.subnet(subnet) else { return };
        let named = |member| reference(document, member).map(str::to_owned);
        let (group, table) = (named("networkSecurityGroup"), named("routeTable"));
        for (kind, id) in [(Kind::SecurityGroup, group), (Kind::RouteTable, table)] {
            if let Some(id) = id {
                self.read(kind, &id, &id, NETWORK_API).await;
            }
        }
    }

    fn subnet(&self, id: &str) -> Option<&Value> {
        let of_networks = self.of(Kind::VirtualNetwork).flat_map(|network| list(network, "subnets"));
        let is_it = |subnet: &&Value| text(subnet, "id").is_some_and(|known| key(known) == key(id));
        of_networks.filter(|subnet| has_properties(Kind::Subnet, subnet)).chain(self.of(Kind::Subnet)).find(is_it)
    }

    /// The kept list, or ARM's, which is several megabytes; the kept one again where ARM gives none.
    async fn tags(&mut self, resource: &AzureResource, location: &str, fetch: bool) {
        if fetch && !kept_tags_serve(self.scene.ports, &self.found.documents).await {
            let place = region(location);
            let path = format!(
                "/subscriptions/{}/providers/Microsoft.Network/locations/{place}/serviceTags",
                resource.subscription_id
            );
            match self.tag_pages(&path).await {
                Ok(pages) => self.found.documents.extend(pages),
                Err(fault) => self.miss(Kind::ServiceTags, &path, &fault),
            }
        }
        add_kept_tags(self.scene.ports, &mut self.found.documents).await;
    }

    /// All pages or none.
    async fn tag_pages(&self, path: &str) -> Result<Vec<Document>, ArmFault> {
        let strange = |words: &str| ArmFault::new(FaultKind::NotUnderstood, path, words);
        let mut page = self.arm.get(path, NETWORK_API).await?;
        let mut documents = Vec::new();
        for _ in 0..MAX_TAG_PAGES {
            let next = page.member::<String>("nextLink").filter(|link| !link.is_empty());
            let (found, _) = read_value(SOURCE, Value::from(&page));
            if !found.iter().any(|document| document.kind == Kind::ServiceTags) {
                return Err(strange("the answer is no list of service tags"));
            }
            documents.extend(found);
            match next {
                None => return Ok(documents),
                Some(link) => page = self.arm.follow(&link).await?.body,
            }
        }
        Err(strange("the list has too many pages"))
    }

    /// Those of the zones that are configured.
    async fn records(&mut self) {
        let Some(reading) = known_zones(self.scene).await else { return };
        for record in reading.zones.iter().flat_map(|zone| &zone.records) {
            let value = json!({
                "type": record.kind, "name": record.name, "content": record.content, "proxied": record.proxied,
            });
            let document =
                Document { kind: Kind::DnsRecord, value, source: "the zone's records".into(), location: None };
            self.found.documents.push(document);
        }
    }
}

fn has_properties(kind: Kind, document: &Value) -> bool {
    kind == Kind::NetworkStatus || document.get("properties").is_some_and(Value::is_object)
}
