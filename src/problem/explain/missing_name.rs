//! The name is not there, or has no address.

use super::checks::{GATEWAY_ANSWERS, NAME_RESOLVES};
use super::fixes::{
    ALLOW_PUBLIC_ACCESS, LOOK_AGAIN, PUBLIC_WAY_IN, REACTIVATE_SUBSCRIPTION, READ_SERVICE, RESTORE_SERVICE,
    UPDATE_ALLOWLISTS,
};
use super::{Explanation, Fix, When, links};
use crate::origin::HopKind;
use crate::problem::WhoActs;

/// Where Azure is in charge behind the gateway name.
const BEHIND_THE_GATEWAY: When =
    When::FailedAt(&[HopKind::TrafficManager, HopKind::Regional, HopKind::ComputeStv1, HopKind::ComputeStv2]);

/// Where the API Management service itself may be gone.
const IN_AZURE: When = When::FailedAt(&[
    HopKind::Gateway,
    HopKind::TrafficManager,
    HopKind::Regional,
    HopKind::ComputeStv1,
    HopKind::ComputeStv2,
]);
const AT_THE_GATEWAY: When = When::FailedAt(&[HopKind::Gateway]);

pub(super) const NOT_STALE: &str = "A stale address (521, 522, 523, 525, 526): there the name resolves, and the connection goes \
    to an address that the gateway no longer has. Here nothing was connected to.";
pub(super) const NOT_BACKEND: &str = "A backend that refuses the gateway's outbound address: there API Management itself answers, \
    403 or 500 and never 530 or 52x; `findings` in `diagnose` tells signs of it as \
    `backend_rejects_gateway`. After a reactivation both can be true; mend this one first.";

pub(super) const NOT_FOUND: Explanation = Explanation {
    meaning: "Cloudflare could not resolve the name it was to connect to (error 1016, or a relative of it), and the \
        resolvers answer NXDOMAIN. `evidence.failed_hop` says at which name the chain ends, and that decides what to do: the \
        gateway name itself is gone, wrong or internal; or it still exists, and something it leads to is gone. When a disabled subscription is reinstated the \
        addresses may be other ones, as Microsoft documents.",
    proof: &[
        "Every resolver that could be asked answers NXDOMAIN; the last name of the chain is the one that is missing.",
        "The same by hand: `dig '<hostname>' A @1.1.1.1` has status NXDOMAIN.",
    ],
    mistaken_for: &[NOT_STALE, NOT_BACKEND],
    fixes: &[
        Fix { when: BEHIND_THE_GATEWAY, ..REACTIVATE_SUBSCRIPTION },
        Fix { when: IN_AZURE, ..READ_SERVICE },
        Fix { when: AT_THE_GATEWAY, ..REACTIVATE_SUBSCRIPTION },
        PUBLIC_IP_LABEL,
        RETIRED_PLATFORM,
        OWN_TRAFFIC_MANAGER,
        OWN_NAME,
        CORRECT_HOSTNAME,
        Fix { when: AT_PRIVATE_LINK, ..ALLOW_PUBLIC_ACCESS },
        Fix { when: CLOSED, ..PUBLIC_WAY_IN },
        RESTORE_SERVICE,
        UPDATE_ALLOWLISTS,
    ],
    links: &[
        links::CF_1016,
        links::APIM_ADDRESSES,
        links::AZURE_SUBSCRIPTION_STATES,
        links::APIM_SOFT_DELETE,
        links::APIM_STV1,
    ],
};

const PUBLIC_IP_LABEL: Fix = Fix {
    when: When::FailedAt(&[HopKind::ComputeStv2]),
    who: WhoActs::AzureAdmin,
    action: "If the gateway uses a public IP address resource of your own, check that the resource still exists and still has \
        the DNS label that `<failed-hop>` begins with; give it that label again if not.",
    by_hand: Some("Azure portal: Public IP addresses → the address → Configuration → DNS name label."),
    command: Some(
        "az network public-ip update --name '<public-ip>' --resource-group '<resource-group>' --dns-name '<label>'",
    ),
    verify: NAME_RESOLVES,
};

const RETIRED_PLATFORM: Fix = Fix {
    when: When::FailedAt(&[HopKind::ComputeStv1]),
    who: WhoActs::AzureAdmin,
    action: "`<failed-hop>` is a compute name of platform stv1, retired on 31 August 2024 (public cloud). See which platform \
        the service is on now.",
    by_hand: Some("Azure portal: the API Management service → Overview → Platform version."),
    command: Some(
        "az apim show --name '<service-name>' --resource-group '<resource-group>' --query platformVersion --output tsv",
    ),
    verify: NAME_RESOLVES,
};

const OWN_TRAFFIC_MANAGER: Fix = Fix {
    when: When::FailedAt(&[HopKind::OwnTrafficManager]),
    who: WhoActs::AzureAdmin,
    action: "Check that your Traffic Manager profile `<failed-hop>` still exists and is enabled, and that one of its endpoints is \
        (`Inactive`: none).",
    by_hand: Some("Azure portal: Traffic Manager profiles → the profile → Overview and Endpoints."),
    command: Some(
        "az network traffic-manager profile list --query \
         \"[?dnsConfig.fqdn=='<failed-hop>'].{name:name,group:resourceGroup,status:profileStatus,endpoints:monitorConfig.profileMonitorStatus}\" --output table",
    ),
    verify: NAME_RESOLVES,
};

const OWN_NAME: Fix = Fix {
    when: When::FailedAt(&[HopKind::Unknown]),
    who: WhoActs::ApiOwner,
    action: "`<failed-hop>` is not a name that Azure is known to make. If it is yours, create its record again; if not, correct \
        the record that points to it.",
    by_hand: Some("Cloudflare dashboard, if the zone is there: DNS → Records → Add record → CNAME."),
    command: Some(
        "curl -sS -X POST -H \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" -H 'Content-Type: application/json' --data \
         '{\"type\":\"CNAME\",\"name\":\"<failed-hop>\",\"content\":\"<gateway-name>\",\"proxied\":false,\"ttl\":1}' \
         'https://api.cloudflare.com/client/v4/zones/<zone-id>/dns_records'",
    ),
    verify: NAME_RESOLVES,
};

const CORRECT_HOSTNAME: Fix = Fix {
    when: When::FailedAt(&[HopKind::Gateway, HopKind::Unknown]),
    who: WhoActs::CloudflareAdmin,
    action: "If `<hostname>` is misspelled or the service has another name now, correct `origins[].hostname` and deploy.",
    by_hand: None,
    command: Some("npx wrangler deploy"),
    verify: GATEWAY_ANSWERS,
};

const AT_PRIVATE_LINK: When = When::FailedAt(&[HopKind::PrivateLink]);
/// Where a gateway that is closed to the internet may fail.
const CLOSED: When = When::FailedAt(&[HopKind::Gateway, HopKind::PrivateLink]);

pub(super) const HAS_NO_ADDRESS: Explanation = Explanation {
    meaning: "The chain ends at a name that exists but has neither A nor AAAA records (NODATA). \
        `evidence.failed_hop` names that end and what it is.",
    proof: &[
        "The resolvers answer NOERROR without addresses; `evidence.failed_hop` is the name at which the chain ends.",
        "The same by hand: `dig '<hostname>' A @1.1.1.1` has status NOERROR and no A line; so has AAAA.",
    ],
    mistaken_for: &["A name that does not exist (NXDOMAIN): here the name is still in DNS.", NOT_STALE, NOT_BACKEND],
    fixes: &[
        OWN_TRAFFIC_MANAGER,
        Fix { when: BEHIND_THE_GATEWAY, ..REACTIVATE_SUBSCRIPTION },
        Fix { when: IN_AZURE, ..READ_SERVICE },
        Fix { when: AT_THE_GATEWAY, ..REACTIVATE_SUBSCRIPTION },
        PUBLIC_IP_LABEL,
        RETIRED_PLATFORM,
        OWN_NAME,
        Fix { when: AT_PRIVATE_LINK, ..ALLOW_PUBLIC_ACCESS },
        Fix { when: AT_PRIVATE_LINK, ..PUBLIC_WAY_IN },
        LOOK_AGAIN,
        Fix { when: IN_AZURE, ..UPDATE_ALLOWLISTS },
    ],
    links: &[links::CF_1016, links::AZURE_TRAFFIC_MANAGER, links::AZURE_SUBSCRIPTION_STATES],
};
