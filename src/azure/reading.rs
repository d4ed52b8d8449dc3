//! What one document of a service declares: addresses with their direction, and why they may not be all.

use ipnet::IpNet;

use super::egress::{Egress, Way};
use super::{Addresses, Caveat, Direction, Location, Service};
use crate::network_check::Platform;
use crate::network_check::resource_id::key;

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Reading {
    /// Each network of each location once.
    pub(super) addresses: Vec<Seen>,
    /// Normalised, the primary one first.
    pub(super) locations: Vec<String>,
    /// What people must know of the list.
    pub(super) caveats: Vec<Caveat>,
    /// Locations of which something could not be read, so that what is missing there is not gone.
    pub(super) uncertain: Vec<String>,
    /// Whether no operation is under way.
    pub(super) settled: bool,
}

/// An address of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) network: IpNet,
    pub(super) location: String,
    pub(super) direction: Direction,
}

impl Reading {
    /// What `service` declares. `egress` is what is known of the subnets.
    pub(super) fn of(service: &Service, egress: &[Egress]) -> Self {
        let mut reading = Self { settled: service.is_settled(), ..Self::default() };
        reading.locations = service.locations.iter().map(|location| location.name.clone()).collect();
        of_service(service, &mut reading.caveats);
        if service.platform() == Platform::Consumption {
            return reading;
        }
        for location in &service.locations {
            reading.add(service, location, way_out(location, egress));
        }
        reading
    }

    fn add(&mut self, service: &Service, location: &Location, way: Option<&Egress>) {
        self.tell_of(location, way);
        if !location.public.given || !location.public.unreadable.is_empty() || !location.outbound.unreadable.is_empty()
        {
            self.uncertain.push(location.name.clone());
        }
        let mut all: Vec<IpNet> = location.public.networks.clone();
        all.extend(&location.outbound.networks);
        all.sort_unstable();
        all.dedup();
        let uses = Uses::of(service, location, way);
        for network in all {
            if let Some(direction) = uses.direction(network, location) {
                self.addresses.push(Seen { network, location: location.name.clone(), direction });
            }
        }
        if uses.egress_unknown {
            self.note(
                "egress_not_declared",
                format!("{}: ARM does not say at which address traffic to backends leaves", location.name),
            );
        }
    }

    fn note(&mut self, code: &str, detail: String) {
        self.caveats.push(Caveat { code: code.to_owned(), detail });
    }

    fn tell_of(&mut self, location: &Location, way: Option<&Egress>) {
        let name = &location.name;
        for (list, member) in
            [(&location.public, "publicIPAddresses"), (&location.outbound, "outboundPublicIPAddresses")]
        {
            self.tell_unreadable(list, &format!("{member} of {name}"));
        }
        if location.gateway_disabled {
            self.note("gateway_disabled_in_location", format!("{name}: the gateway is switched off in this location"));
        }
        if location.has_nat_gateway() {
            self.note("egress_is_nat_gateway", format!("{name}: natGatewayState is Enabled; traffic to backends on the Internet leaves at outboundPublicIPAddresses"));
        }
        if let Some((code, words)) = way_words(location, way) {
            self.note(code, format!("{name}: {words}"));
        }
    }

    fn tell_unreadable(&mut self, list: &Addresses, what: &str) {
        for value in &list.unreadable {
            let masked = value.contains(['X', 'x', '*']);
            let code = if masked { "masked_address" } else { "malformed_address" };
            self.note(code, format!("{what} has {value:?}, which is no public address or range"));
        }
    }
}

/// What people must know of the way out.
fn way_words(location: &Location, way: Option<&Egress>) -> Option<(&'static str, String)> {
    const UNREAD: &str = "whether a NAT gateway or firewall stands before the Internet";
    let Some(Egress { way, detail, .. }) = way else {
        return location.subnet.as_ref().map(|_| ("egress_not_read", format!("{UNREAD} was not read yet")));
    };
    match way {
        Way::Own => None,
        Way::NatGateway => Some((
            "egress_is_nat_gateway",
            format!("the subnet has the NAT gateway {detail}: backends on the Internet see its addresses"),
        )),
        Way::Routed => Some((
            "egress_is_firewall",
            format!("{detail}: backends on the Internet see the addresses of what stands there"),
        )),
        Way::Unread => Some(("egress_not_read", format!("{UNREAD} could not be read: {detail}"))),
    }
}

fn of_service(service: &Service, caveats: &mut Vec<Caveat>) {
    let mut note = |code: &str, detail: &str| caveats.push(Caveat { code: code.to_owned(), detail: detail.to_owned() });
    match service.platform() {
        Platform::Consumption => note(
            "tier_without_addresses",
            "an instance of the Consumption tier shares its addresses with others and has none of its own; a backend can only let in the tag AzureCloud of the region, and with it every customer there",
        ),
        Platform::Classic => {}
        Platform::IntegratedV2 | Platform::PremiumV2 => note(
            "tier_undocumented",
            "for the v2 tiers Microsoft does not document whether addresses are the instance's own and when they change",
        ),
        Platform::Unknown => note("tier_unknown", &format!("the tier {} is not one that the guard knows", service.sku)),
    }
    if service.is_closed() {
        note("public_access_disabled", "publicNetworkAccess is Disabled: clients reach private endpoints only");
    }
    if service.is_internal() {
        note("internal_network", "virtualNetworkType is Internal: clients reach private addresses only");
    }
    if service.is_in_network() {
        note(
            "private_backends_see_subnet",
            "backends in the virtual network and its peers see an address of the subnet: they must let in its whole range",
        );
    }
}

fn way_out<'e>(location: &Location, egress: &'e [Egress]) -> Option<&'e Egress> {
    let subnet = key(location.subnet.as_deref()?);
    egress.iter().find(|way| key(&way.subnet) == subnet)
}

/// What the addresses of a location are used for.
#[derive(Clone, Copy)]
struct Uses {
    /// Clients reach public addresses.
    clients: bool,
    /// Backends see the addresses of `publicIPAddresses`.
    public_out: bool,
    egress_unknown: bool,
}

impl Uses {
    /// Classic tiers without a list of their own for it go out at the public address.
    fn of(service: &Service, location: &Location, way: Option<&Egress>) -> Self {
        let diverted = way.is_some_and(|way| matches!(way.way, Way::NatGateway | Way::Routed));
        let listed = !location.outbound.is_empty() || location.has_nat_gateway();
        let classic = service.platform() == Platform::Classic;
        Self {
            clients: !service.is_closed() && !service.is_internal(),
            public_out: !diverted && !listed && classic,
            egress_unknown: !diverted && location.outbound.is_empty() && (!classic || location.has_nat_gateway()),
        }
    }

    /// `None`: nobody outside meets it.
    fn direction(self, network: IpNet, location: &Location) -> Option<Direction> {
        let public = location.public.networks.contains(&network);
        let listed = location.outbound.networks.contains(&network);
        let inbound = public && self.clients;
        match (inbound, listed || (public && self.public_out)) {
            (true, true) => Some(Direction::Both),
            (true, false) => Some(Direction::Inbound),
            (false, true) => Some(Direction::Outbound),
            (false, false) => None,
        }
    }
}
