//! The ways out that several codes share.

use super::checks::{CLIENTS_ARE_SERVED, GATEWAY_ANSWERS, GUARD_FINDS_NOTHING, NAME_RESOLVES, SERVICE_SUCCEEDED};
use super::{Check, Fix, When};
use crate::problem::WhoActs;

/// The subscription.
pub(super) const REACTIVATE_SUBSCRIPTION: Fix = Fix {
    when: When::Always,
    who: WhoActs::AzureAdmin,
    action: "Check the state of the Azure subscription. If it is not `Enabled`, settle what is due and reactivate it.",
    by_hand: Some("Azure portal: Subscriptions → the subscription → Overview."),
    command: Some(
        "az account list --refresh --query \"[?id=='<subscription-id>'].{name:name,state:state}\" --output table",
    ),
    verify: Check {
        action: "the state is `Enabled`.",
        command: Some("az account list --refresh --query \"[?id=='<subscription-id>'].state\" --output tsv"),
    },
};

/// The API Management service.
pub(super) const READ_SERVICE: Fix = Fix {
    when: When::Always,
    who: WhoActs::AzureAdmin,
    action: "Check that the API Management service exists, what state and network mode it has, and which addresses.",
    by_hand: Some("Azure portal: the API Management service → Overview."),
    command: Some(
        "az apim show --name '<service-name>' --resource-group '<resource-group>' --query \
         '{state:provisioningState,network:virtualNetworkType,publicAccess:publicNetworkAccess,inbound:publicIpAddresses,outbound:outboundPublicIpAddresses}'",
    ),
    verify: GATEWAY_ANSWERS,
};

/// A service deleted less than 48 hours ago.
pub(super) const RESTORE_SERVICE: Fix = Fix {
    when: When::Always,
    who: WhoActs::AzureAdmin,
    action: "If the service was deleted less than 48 hours ago, restore it; with `restore` set, Azure ignores the other \
             properties. `az apim deletedservice list` shows what can be restored and until when.",
    by_hand: None,
    command: Some(
        "az rest --method put --url '/subscriptions/<subscription-id>/resourceGroups/<resource-group>/providers/Microsoft.ApiManagement/service/<service-name>?api-version=2024-05-01' \
         --body '{\"location\":\"<location>\",\"sku\":{\"name\":\"<sku>\",\"capacity\":1},\"properties\":{\"publisherEmail\":\"<email>\",\"publisherName\":\"<publisher>\",\"restore\":true}}'",
    ),
    verify: SERVICE_SUCCEEDED,
};

/// Backends that know the old address only.
pub(super) const UPDATE_ALLOWLISTS: Fix = Fix {
    when: When::Always,
    who: WhoActs::NetworkAdmin,
    action: "Then compare the backends' allowlists with the gateway's present addresses: they may have changed, \
             too, and a backend that does not know them answers 403 or lets API Management answer 500.",
    by_hand: None,
    command: Some("curl -sS -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/allowlist?format=txt'"),
    verify: Check {
        action: "a call that reaches the backend gets the backend's own answer, neither 403 nor 500.",
        command: Some("curl -sS -i -H 'Ocp-Apim-Subscription-Key: <key>' 'https://<api-host>/<path>'"),
    },
};

/// The zone's record, where it should be a CNAME.
pub(super) const CNAME_NOT_ADDRESS: Fix = Fix {
    when: When::ZoneRoute,
    who: WhoActs::CloudflareAdmin,
    action: "Replace the pinned A or AAAA records of `<api-host>` by one CNAME to `<hostname>`, so that the address follows \
             the gateway. `GET .../dns_records?name=<api-host>` lists the records' ids; the batch deletes and creates in one \
             step. A free managed certificate of API Management does not renew while that record is proxied.",
    by_hand: Some(
        "Cloudflare dashboard: the zone → DNS → Records: delete the A and AAAA records of the name, add a CNAME to `<hostname>`, \
         proxied.",
    ),
    command: Some(
        "curl -sS -X POST -H \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" -H 'Content-Type: application/json' --data \
         '{\"deletes\":[{\"id\":\"<record-id>\"}],\"posts\":[{\"type\":\"CNAME\",\"name\":\"<api-host>\",\"content\":\"<hostname>\",\"proxied\":true,\"ttl\":1}]}' \
         'https://api.cloudflare.com/client/v4/zones/<zone-id>/dns_records/batch'",
    ),
    verify: Check {
        action: "the only record of the name has type CNAME and content `<hostname>`.",
        command: Some(
            "curl -sS -H \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" 'https://api.cloudflare.com/client/v4/zones/<zone-id>/dns_records?name=<api-host>'",
        ),
    },
};

/// The gateway's own name needs neither custom domain nor certificate of the customer.
pub(super) const USE_GATEWAY_NAME: Fix = Fix {
    when: When::OtherName,
    who: WhoActs::CloudflareAdmin,
    action: "Set `origins[].hostname` to the gateway's default name, `<service-name>.azure-api.net`, with \
             `route = \"direct\"`: API Management always accepts that name, it follows the address and carries Microsoft's own \
             certificate.",
    by_hand: None,
    command: Some("npx wrangler deploy"),
    verify: CLIENTS_ARE_SERVED,
};

/// The guard looks again at once.
pub(super) const LOOK_AGAIN: Fix = Fix {
    when: When::Always,
    who: WhoActs::ApiOwner,
    action: "Let the guard look the name up anew and compare what each resolver says.",
    by_hand: None,
    command: Some("curl -sS -X POST -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/refresh'"),
    verify: NAME_RESOLVES,
};

/// Port 443 of an injected gateway.
pub(super) const ALLOW_HTTPS_IN: Fix = Fix {
    when: When::Always,
    who: WhoActs::NetworkAdmin,
    action: "If the gateway is in a virtual network in external mode, its subnet needs a network security group that lets \
             the internet in on port 443.",
    by_hand: Some("Azure portal: Network security groups → the group of the subnet → Inbound security rules."),
    command: Some(
        "az network nsg rule create --nsg-name '<nsg>' --resource-group '<network-resource-group>' --name AllowHttpsIn \
         --priority 200 --direction Inbound --access Allow --protocol Tcp --source-address-prefixes Internet \
         --destination-address-prefixes VirtualNetwork --destination-port-ranges 443",
    ),
    verify: GATEWAY_ANSWERS,
};

/// A default route to a firewall.
pub(super) const ROUTE_CLIENTS_TO_INTERNET: Fix = Fix {
    when: When::Always,
    who: WhoActs::NetworkAdmin,
    action: "If the subnet of an external-mode gateway has a default route to a firewall or gateway, its replies to clients \
             get lost. Add one route with next hop Internet for each range of the clients: behind Cloudflare those are the \
             ranges Cloudflare publishes.",
    by_hand: Some("Azure portal: Route tables → the table of the subnet → Routes."),
    command: Some(
        "az network route-table route create --route-table-name '<route-table>' --resource-group '<network-resource-group>' \
         --name '<route-name>' --address-prefix '<cloudflare-range>' --next-hop-type Internet",
    ),
    verify: GATEWAY_ANSWERS,
};

/// A look at what the guard itself sees.
pub(super) const DIAGNOSE: Fix = Fix {
    when: When::Always,
    who: WhoActs::ApiOwner,
    action: "Let the guard go through its checks now: name, chain, address, connection, answer.",
    by_hand: None,
    command: Some("curl -sS -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/diagnose'"),
    verify: GUARD_FINDS_NOTHING,
};
