//! What is shown of the zones: for each origin its hosts, with all that is known besides.

use super::{HostReport, Known, Reading, judge};
use crate::azure::Declared;
use crate::config::Origin;
use crate::diagnosis::Finding;
use crate::json::{Node, shown};
use crate::origin::LastGood;
use crate::ports::Ports;
use crate::refresh::{Scene, load_record, read_key};

/// The zones as one origin has to do with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginZones {
    /// Name of the origin.
    pub origin: String,
    /// Its hosts that have a record.
    pub hosts: Vec<HostReport>,
    /// Zones that could not be read.
    pub unreadable: Vec<Finding>,
}

shown! { OriginZones { origin, hosts, unreadable } }

impl OriginZones {
    /// All findings, those of the hosts first.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.hosts.iter().flat_map(|host| &host.findings).chain(&self.unreadable)
    }
}

/// What `reading` says about `origin`.
pub async fn zones_of<P: Ports>(scene: Scene<'_, P>, origin: &Origin, reading: &Reading) -> OriginZones {
    let (declared, managed) = of_azure(&scene, origin).await;
    let copy = load_record(&scene, origin, 60_000).await;
    let good = copy.record().and_then(|record| record.last_good.as_ref());
    let addresses = good.map(LastGood::bare_addresses).unwrap_or_default();
    let known = Known { declared: declared.as_ref(), addresses: &addresses, managed: &managed };
    let (hosts, unreadable) = judge(scene.config, origin, reading, known);
    OriginZones { origin: origin.name.clone(), hosts, unreadable }
}

/// The declared addresses, and the hosts for which the gateway has a managed certificate, as they are stored.
async fn of_azure<P: Ports>(scene: &Scene<'_, P>, origin: &Origin) -> (Option<Declared>, Vec<String>) {
    let stored = read_key(scene.ports, &format!("azure/{}", origin.name)).await.ok().flatten();
    let Some(node) = stored.filter(|_| origin.azure.is_some()).and_then(|it| serde_json::from_str::<Node>(&it).ok())
    else {
        return (None, Vec::new());
    };
    let hosts = node.get("service").and_then(|service| service.get("gateway_hosts")).and_then(Node::items);
    let is_managed =
        |host: &&Node| host.member::<String>("source").is_some_and(|it| it.eq_ignore_ascii_case("managed"));
    let managed = hosts.unwrap_or_default().iter().filter(is_managed).filter_map(|host| host.member("host"));
    (node.member::<Option<Declared>>("declared").flatten(), managed.collect())
}
