//! The steps, in the order in which they are to be taken: what is below rests on what is above.

use super::Situation;
use super::look::{
    Seen, allowlists, backends, certificate, gateway, incident, is_of_all, is_of_tls, is_of_zone, name, proxied,
    record, service, subscription,
};
use crate::problem::{Fix, fixes};

/// A step for any origin.
pub(super) struct Row {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// Whether it is a step for this origin.
    pub(super) is_of: fn(&Situation<'_>) -> bool,
    pub(super) look: fn(&Situation<'_>) -> Seen,
    /// Whether the replacement of pinned records, where the zone was read, is the first thing to do.
    pub(super) replaces_records: bool,
    /// Never empty, best first.
    pub(super) fixes: &'static [&'static Fix],
}

pub(super) const STEPS: &[Row] = &[
    Row {
        id: "subscription_enabled",
        title: "The Azure subscription is enabled",
        is_of: is_of_all,
        look: subscription,
        replaces_records: false,
        fixes: &[&fixes::REACTIVATE_SUBSCRIPTION],
    },
    Row {
        id: "service_runs",
        title: "The API Management service exists and is neither stopped nor deleted",
        is_of: is_of_all,
        look: service,
        replaces_records: false,
        fixes: &[&fixes::READ_SERVICE, &fixes::RESTORE_SERVICE],
    },
    Row {
        id: "name_resolves",
        title: "The gateway's name has addresses",
        is_of: is_of_all,
        look: name,
        replaces_records: false,
        fixes: &[&fixes::LOOK_AGAIN, &fixes::ASK_AZURE],
    },
    Row {
        id: "record_follows_gateway",
        title: "Requests find the gateway by its name and not by an address in a record",
        is_of: is_of_all,
        look: record,
        replaces_records: true,
        fixes: &[&fixes::CNAME_NOT_ADDRESS, &fixes::USE_GATEWAY_NAME],
    },
    Row {
        id: "record_proxied",
        title: "Cloudflare's proxy is on for the name that clients call",
        is_of: is_of_zone,
        look: proxied,
        replaces_records: false,
        fixes: &[&fixes::READ_RECORDS],
    },
    Row {
        id: "certificate_valid",
        title: "The gateway shows a certificate that is good for the name",
        is_of: is_of_tls,
        look: certificate,
        replaces_records: false,
        fixes: &[&fixes::READ_CERTIFICATES],
    },
    Row {
        id: "gateway_answers",
        title: "The gateway answers its health path",
        is_of: is_of_all,
        look: gateway,
        replaces_records: false,
        fixes: &[&ASK_GATEWAY, &fixes::READ_SERVICE],
    },
    Row {
        id: "allowlists_updated",
        title: "Every backend's allowlist has the gateway's present addresses",
        is_of: is_of_all,
        look: allowlists,
        replaces_records: false,
        fixes: &[&fixes::EXPORT_ALLOWLIST, &fixes::UPDATE_ALLOWLISTS],
    },
    Row {
        id: "backends_accept",
        title: "The backends accept the gateway",
        is_of: is_of_all,
        look: backends,
        replaces_records: false,
        fixes: &[&CALL_BACKEND],
    },
    Row {
        id: "incident_ended",
        title: "The guard has seen the recovery",
        is_of: is_of_all,
        look: incident,
        replaces_records: false,
        fixes: &[&END_INCIDENT],
    },
];

const ASK_GATEWAY: Fix = Fix { verify: fixes::READ_SERVICE.verify, ..fixes::DIAGNOSE };

const CALL_BACKEND: Fix = Fix {
    action: "Send a call that reaches each backend, and see who answers.",
    command: fixes::UPDATE_ALLOWLISTS.verify.command,
    ..fixes::UPDATE_ALLOWLISTS
};

const END_INCIDENT: Fix = Fix {
    action: "Let the guard look again: an answer of the gateway ends the incident.",
    verify: fixes::DIAGNOSE.verify,
    ..fixes::LOOK_AGAIN
};
