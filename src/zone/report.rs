//! What is shown of the zones: for each origin its hosts, with all that is known besides.

use std::net::IpAddr;

use super::{HostReport, Known, Reading, judge};
use crate::azure::{GatewayHost, Knowledge};
use crate::config::{Config, Origin};
use crate::diagnosis::Finding;
use crate::json::shown;

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

/// What `reading` says about `origin`, with what ARM and DNS (`addresses`) say of it.
pub fn zones_of(
    config: &Config,
    origin: &Origin,
    reading: &Reading,
    azure: Option<&Knowledge>,
    addresses: &[IpAddr],
) -> OriginZones {
    let hosts = azure.and_then(|azure| azure.service.as_ref()).map(|service| service.gateway_hosts.as_slice());
    let is_managed = |host: &&GatewayHost| host.source.as_deref().is_some_and(|it| it.eq_ignore_ascii_case("managed"));
    let managed: Vec<String> = hosts.unwrap_or_default().iter().filter(is_managed).map(|it| it.host.clone()).collect();
    let declared = azure.and_then(|azure| azure.declared.as_ref());
    let (hosts, unreadable) = judge(config, origin, reading, Known { declared, addresses, managed: &managed });
    OriginZones { origin: origin.name.clone(), hosts, unreadable }
}
