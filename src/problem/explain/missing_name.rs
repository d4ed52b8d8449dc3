//! The name is not there, or has no address.

use super::checks::{GATEWAY_ANSWERS, NAME_RESOLVES};
use super::fixes::{LOOK_AGAIN, REACTIVATE_SUBSCRIPTION, READ_SERVICE, RESTORE_SERVICE, UPDATE_ALLOWLISTS};
use super::{Explanation, Fix, When, links};
use crate::origin::HopKind;
use crate::problem::WhoActs;

/// Where Azure is in charge behind the gateway name.
const BEHIND_THE_GATEWAY: When =
    When::FailedAt(&[HopKind::TrafficManager, HopKind::Regional, HopKind::ComputeStv1, HopKind::ComputeStv2]);

const NOT_STALE: &str = "A stale address (521, 522, 523, 525, 526): there the name resolves, and the connection goes to an \
    address that the gateway no longer has. Here nothing was connected to, so certificates and allowlists do not matter yet.";
const NOT_BACKEND: &str = "A backend that refuses the gateway's new outbound address: that gives 403 or 500 from API \
    Management itself, never a 530. After a reactivation both can be true at once; mend the name first.";

pub(super) const NOT_FOUND: Explanation = Explanation {
    meaning: "Cloudflare could not resolve the name it was to connect to (error 1016, or a relative of it), and the \
        resolvers answer NXDOMAIN. `evidence.failed_hop` says at which name the chain ends, and that decides what to do: the \
        gateway name itself is gone, wrong or internal; or it still exists, and something it leads to is gone. Microsoft \
        documents that a gateway's addresses may change when a disabled subscription is reinstated.",
    proof: &[
        "Every resolver that could be asked answers NXDOMAIN; the last name of the chain is the one that is missing.",
        "The same from anywhere: `dig '<hostname>' A @1.1.1.1` has status NXDOMAIN.",
    ],
    mistaken_for: &[NOT_STALE, NOT_BACKEND],
    fixes: &[
        Fix { when: BEHIND_THE_GATEWAY, ..REACTIVATE_SUBSCRIPTION },
        Fix { when: BEHIND_THE_GATEWAY, ..READ_SERVICE },
        PUBLIC_IP_LABEL,
        RETIRED_PLATFORM,
        Fix { when: When::FailedAt(&[HopKind::Gateway]), ..READ_SERVICE },
        Fix { when: When::FailedAt(&[HopKind::Gateway]), ..RESTORE_SERVICE },
        OWN_TRAFFIC_MANAGER,
        OWN_NAME,
        CORRECT_HOSTNAME,
        PRIVATE_LINK_NAME,
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
    action: "`<failed-hop>` is a compute name of platform stv1, which Microsoft retired on 31 August 2024. See which platform \
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
    action: "Check that your Traffic Manager profile `<failed-hop>` still exists and is enabled, and that one of its endpoints is.",
    by_hand: Some("Azure portal: Traffic Manager profiles → the profile → Overview and Endpoints."),
    command: Some(
        "az network traffic-manager profile list --query \
         \"[?dnsConfig.fqdn=='<failed-hop>'].{name:name,group:resourceGroup,status:profileStatus}\" --output table",
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

const PRIVATE_LINK_NAME: Fix = Fix {
    when: When::FailedAt(&[HopKind::PrivateLink]),
    who: WhoActs::AzureAdmin,
    action: "The chain leads to a private endpoint, which is for its own network only. Allow public network access again, or \
        let the guard use a way in that is public.",
    by_hand: Some("Azure portal: the API Management service → Deployment + infrastructure → Network."),
    command: Some(
        "az apim update --name '<service-name>' --resource-group '<resource-group>' --public-network-access true",
    ),
    verify: NAME_RESOLVES,
};

pub(super) const HAS_NO_ADDRESS: Explanation = Explanation {
    meaning: "The chain ends at a name that exists but has neither A nor AAAA records (NODATA): all links of the chain are in \
        order, and its end is empty. `evidence.failed_hop` names that end and what it is.",
    proof: &[
        "The resolvers answer NOERROR without addresses; `evidence.failed_hop` is the name at which the chain ends.",
        "The same from anywhere: `dig '<hostname>' A @1.1.1.1` has status NOERROR and no A line.",
    ],
    mistaken_for: &[
        "A name that does not exist (NXDOMAIN): here the name is still there, so it was not deleted.",
        NOT_STALE,
    ],
    fixes: &[
        OWN_TRAFFIC_MANAGER,
        Fix { when: BEHIND_THE_GATEWAY, ..REACTIVATE_SUBSCRIPTION },
        PUBLIC_IP_LABEL,
        OWN_NAME,
        READ_SERVICE,
        LOOK_AGAIN,
    ],
    links: &[links::CF_1016, links::AZURE_TRAFFIC_MANAGER, links::AZURE_SUBSCRIPTION_STATES],
};
