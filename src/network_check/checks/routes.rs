//! What the route table of a site does, asked by several checks.

use crate::network_check::catalogue::{
    BGP_DEFAULT_ROUTE_POSSIBLE, CLIENT_ROUTE_MISSING, CONTROL_PLANE_ROUTE_MISSING, CONTROL_PLANE_ROUTE_PARTIAL,
    CONTROL_PLANE_ROUTE_REGIONAL, Code, EGRESS_IS_FIREWALL, EGRESS_IS_NAT_GATEWAY, MONITOR_ROUTE_INSUFFICIENT,
};
use crate::network_check::ledger::Ledger;
use crate::network_check::network::{Need, Network, Part, Platform, Service, Site};
use crate::network_check::ranges::Ranges;
use crate::network_check::routing::{Route, Routing};

use super::{clients, control_plane, egress, learned_routes, of};

pub(super) const CODES: [&Code; 8] = [
    &CONTROL_PLANE_ROUTE_MISSING,
    &CONTROL_PLANE_ROUTE_PARTIAL,
    &CONTROL_PLANE_ROUTE_REGIONAL,
    &CLIENT_ROUTE_MISSING,
    &BGP_DEFAULT_ROUTE_POSSIBLE,
    &MONITOR_ROUTE_INSUFFICIENT,
    &EGRESS_IS_FIREWALL,
    &EGRESS_IS_NAT_GATEWAY,
];

/// A site and its routes.
pub(super) struct Scene<'s, 'a> {
    pub service: &'s Service<'a>,
    pub site: &'s Site<'a>,
    pub network: &'s Network<'a>,
    pub routing: &'s Routing<'a>,
}

pub(super) fn check(service: &Service<'_>, site: &Site<'_>, network: &Network<'_>, ledger: &mut Ledger<'_>) {
    if !site.in_network {
        return egress::own_nat(service, site, ledger);
    }
    let table = match site.table {
        Part::Known(table) => Some(table),
        Part::Absent => None,
        Part::Missing(need) => return missing(service, site, need, ledger),
    };
    let routing = Routing::of(table, &network.tags);
    let scene = Scene { service, site, network, routing: &routing };
    if service.is_classic_in_network(site) {
        control_plane::check(&scene, ledger);
        clients::check(&scene, ledger);
        learned_routes::check(&scene, ledger);
        egress::monitor(&scene, ledger);
    }
    egress::check(&scene, ledger);
}

fn missing(service: &Service<'_>, site: &Site<'_>, need: Need, ledger: &mut Ledger<'_>) {
    let codes: &[&Code] = match service.platform {
        Platform::Classic if service.serves_clients_at(site) => &CODES,
        Platform::Classic => &[
            &CONTROL_PLANE_ROUTE_MISSING,
            &CONTROL_PLANE_ROUTE_PARTIAL,
            &CONTROL_PLANE_ROUTE_REGIONAL,
            &BGP_DEFAULT_ROUTE_POSSIBLE,
            &MONITOR_ROUTE_INSUFFICIENT,
            &EGRESS_IS_FIREWALL,
            &EGRESS_IS_NAT_GATEWAY,
        ],
        Platform::IntegratedV2 | Platform::PremiumV2 => &[&EGRESS_IS_FIREWALL, &EGRESS_IS_NAT_GATEWAY],
        Platform::Consumption | Platform::Unknown => return,
    };
    ledger.need(codes, need, site.id_of(need), &of(service, site));
}

impl<'a> Scene<'_, 'a> {
    /// The routes that take `wanted` away from the Internet, and those of it that go there, five at most of each.
    pub(super) fn routes_of(&self, wanted: &Ranges) -> String {
        let concerned = |route: &&Route<'a>| route.is_tag() || route.net.is_some_and(|net| wanted.overlaps(&net));
        let shown = |to_internet: bool| {
            let all: Vec<_> = self
                .routing
                .routes
                .iter()
                .filter(|route| route.to_internet() == to_internet)
                .filter(concerned)
                .collect();
            let more = if all.len() > 5 { format!(" and {} more", all.len().saturating_sub(5)) } else { String::new() };
            let first: Vec<_> = all.iter().take(5).map(|route| route.describe()).collect();
            (!first.is_empty()).then(|| format!("{}{more}", first.join("; ")))
        };
        let away = shown(false).unwrap_or_default();
        shown(true).map_or(away.clone(), |direct| format!("{away}; to the Internet: {direct}"))
    }

    /// Whether routes that are not explained and that `may_concern` a set could change that `part` of it does not go to the
    /// Internet. Then `codes` are not checked.
    pub(super) fn doubts(
        &self,
        part: &Ranges,
        may_concern: fn(&Route<'a>) -> bool,
        codes: &[&'static Code],
        ledger: &mut Ledger<'_>,
    ) -> bool {
        let matters = |route: &&&Route<'a>| route.to_internet() != part.is_empty() && may_concern(route);
        let unexplained = self.routing.unexplained();
        let Some(route) = unexplained.iter().find(matters) else { return false };
        let reason = format!("{}: which addresses that is, no list that was given says", route.describe());
        ledger.miss(codes, &reason, Some(&Need::ServiceTags.command(self.site.location)));
        true
    }
}
