//! Replies to the control plane (port 3443) have to go to the Internet directly: a firewall drops them, since it never saw
//! the request (<https://learn.microsoft.com/azure/api-management/virtual-network-reference>).

use std::rc::Rc;

use crate::network_check::catalogue::{
    CONTROL_PLANE_ROUTE_MISSING, CONTROL_PLANE_ROUTE_PARTIAL, CONTROL_PLANE_ROUTE_REGIONAL, Code,
};
use crate::network_check::ledger::Ledger;
use crate::network_check::network::Need;
use crate::network_check::published::CONTROL_PLANE_DATE;
use crate::network_check::ranges::Ranges;
use crate::network_check::remedy::{failing_entries, route_to_internet};
use crate::network_check::routing::Route;
use crate::network_check::service_tags::{API_MANAGEMENT, AZURE_CLOUD, Prefixes, is_within};

use super::of;
use super::routes::Scene;

const CODES: [&Code; 3] = [&CONTROL_PLANE_ROUTE_MISSING, &CONTROL_PLANE_ROUTE_PARTIAL, &CONTROL_PLANE_ROUTE_REGIONAL];

pub(super) fn check(scene: &Scene<'_, '_>, ledger: &mut Ledger<'_>) {
    if scene.routing.routes.iter().all(Route::to_internet) {
        return;
    }
    let Some(wanted) = scene.control_plane() else {
        return ledger.need(&CODES, Need::ServiceTags, scene.site.location, &of(scene.service, scene.site));
    };
    let missing = scene.routing.not_to_internet(&wanted.ranges);
    if scene.doubts(&missing, may_hold_control_plane, &CODES, ledger) {
        return;
    }
    if !missing.is_empty() {
        return report(scene, &wanted, &missing, ledger);
    }
    if !scene.is_complete_without_list() {
        let reason = format!(
            "the control plane addresses published on {CONTROL_PLANE_DATE} all go to the Internet{}, but the tag holds more",
            of(scene.service, scene.site)
        );
        ledger.miss(&CODES, &reason, Some(&Need::ServiceTags.command(scene.site.location)));
    }
}

/// Tags of other services hold other addresses.
fn may_hold_control_plane(route: &Route<'_>) -> bool {
    route.is_unreadable() || is_within(route.prefix, AZURE_CLOUD)
}

fn report(scene: &Scene<'_, '_>, wanted: &Prefixes, missing: &Ranges, ledger: &mut Ledger<'_>) {
    let is_regional =
        |route: &&Route<'_>| route.is_control_plane() && route.to_internet() && route.prefix.contains('.');
    let code = match scene.routing.routes.iter().find(is_regional) {
        Some(_) => &CONTROL_PLANE_ROUTE_REGIONAL,
        None if missing.size() == wanted.ranges.size() => &CONTROL_PLANE_ROUTE_MISSING,
        None => &CONTROL_PLANE_ROUTE_PARTIAL,
    };
    let not_routed: Vec<_> = wanted.nets.iter().filter(|net| missing.overlaps(net)).map(ToString::to_string).collect();
    let found = format!(
        "{} of {} IPv4 prefixes ({} of {} addresses) of {} are not routed to the Internet; {}",
        not_routed.len(),
        wanted.nets.len(),
        missing.size(),
        wanted.ranges.size(),
        scene.list(),
        scene.routes_of(&wanted.ranges)
    );
    let table = scene.site.routes_subject();
    let finding = ledger.find(code, table, found);
    finding.listed = not_routed;
    let mut remedy = route_to_internet(table, API_MANAGEMENT, API_MANAGEMENT);
    remedy.action = "Route the service tag ApiManagement, the global one, to the Internet. The network security group still admits \
        port 3443 from that tag only."
        .into();
    remedy.verify =
        "The portal loads APIs, and within 15 minutes network status shows the inbound control plane entry as success."
            .into();
    finding.mend(vec![remedy.verify_by(failing_entries(scene.service.id))]);
}

/// Tags that hold all of the control plane, and the length of their own widest prefixes: a narrower route would win.
const TAGS: [(&str, u8); 2] = [(API_MANAGEMENT, 28), (AZURE_CLOUD, 9)];

impl Scene<'_, '_> {
    /// The control plane's addresses: by the list that was given, else the published ones of the public cloud.
    pub(super) fn control_plane(&self) -> Option<Rc<Prefixes>> {
        let known = self.has_list() || self.service.in_public_cloud();
        self.network.tags.prefixes_or_published(API_MANAGEMENT).filter(|_| known)
    }

    fn has_list(&self) -> bool {
        self.network.tags.knows(API_MANAGEMENT)
    }

    /// Where no published address is routed elsewhere: whether that holds for the whole tag. It does with a list, with a
    /// route for the tag that no narrow route overrides, and where nothing public is routed elsewhere.
    fn is_complete_without_list(&self) -> bool {
        let routes = &self.routing.routes;
        let elsewhere = |least: u8| routes.iter().any(|route| !route.to_internet() && route.is_public_from(least));
        self.has_list() || !elsewhere(0) || TAGS.iter().any(|&(tag, least)| self.goes_by(tag) && !elsewhere(least))
    }

    /// Whether `tag` as a whole is routed to the Internet.
    fn goes_by(&self, tag: &str) -> bool {
        self.routing.routes.iter().any(|route| route.to_internet() && route.prefix.eq_ignore_ascii_case(tag))
    }

    /// Whether all of the control plane goes to the Internet by routes of one's own, which win over learned ones.
    pub(super) fn control_plane_goes_by_user_routes(&self) -> bool {
        let direct = self.routing.user_internet();
        let goes = self.control_plane().is_some_and(|wanted| wanted.ranges.without(&direct).is_empty());
        goes && (self.has_list() || TAGS.iter().any(|(tag, _)| self.goes_by(tag)))
    }

    fn list(&self) -> String {
        match self.network.tags.change(API_MANAGEMENT) {
            Some(change) => format!("the tag ApiManagement (change number {change})"),
            None => format!("the control plane as published on {CONTROL_PLANE_DATE}"),
        }
    }
}

impl Route<'_> {
    /// Whether the prefix is the control plane's tag or one of its regions.
    fn is_control_plane(&self) -> bool {
        is_within(self.prefix, API_MANAGEMENT)
    }
}
