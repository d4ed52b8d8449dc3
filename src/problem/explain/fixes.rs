//! The ways out that several codes share.

use super::checks::{
    BACKEND_ANSWERS, CERTIFICATE_VERIFIES, CLIENTS_ARE_SERVED, GATEWAY_ANSWERS, GUARD_FINDS_NOTHING, NAME_RESOLVES,
    SERVICE_SUCCEEDED,
};
use super::{Check, Fix, When};
use crate::problem::WhoActs;

/// The subscription.
pub(crate) const REACTIVATE_SUBSCRIPTION: Fix = Fix {
    when: When::Always,
    who: WhoActs::AzureAdmin,
    action: "Check the state of the Azure subscription. If it is not `Enabled`, settle what is due and reactivate it.",
    by_hand: Some("Azure portal: Subscriptions → the subscription → Overview."),
    command: Some(
        "az account list --all --refresh --query \"[?id=='<subscription-id>'].{name:name,state:state}\" --output table",
    ),
    verify: Check {
        action: "the state is `Enabled`.",
        command: Some("az account list --all --refresh --query \"[?id=='<subscription-id>'].state\" --output tsv"),
    },
};

/// The API Management service.
pub(crate) const READ_SERVICE: Fix = Fix {
    when: When::Always,
    who: WhoActs::AzureAdmin,
    action: "Check that the API Management service exists, what state and network mode it has, and which addresses.",
    by_hand: Some("Azure portal: the API Management service → Overview."),
    command: Some(
        "az apim show --name '<service-name>' --resource-group '<resource-group>' --query \
         '{state:provisioningState,network:virtualNetworkType,publicAccess:publicNetworkAccess,inbound:publicIpAddresses,outbound:outboundPublicIpAddresses,others:additionalLocations[].[location,publicIpAddresses,outboundPublicIpAddresses]}'",
    ),
    verify: GATEWAY_ANSWERS,
};

/// A service deleted less than 48 hours ago.
pub(crate) const RESTORE_SERVICE: Fix = Fix {
    when: When::Always,
    who: WhoActs::AzureAdmin,
    action: "If the service was deleted less than 48 hours ago, restore it; with `restore` set, Azure ignores the other \
             properties. `az apim deletedservice list` shows what can be restored.",
    by_hand: None,
    command: Some(
        "az rest --method put --url '/subscriptions/<subscription-id>/resourceGroups/<resource-group>/providers/Microsoft.ApiManagement/service/<service-name>?api-version=2024-05-01' \
         --body '{\"location\":\"<location>\",\"sku\":{\"name\":\"<sku>\",\"capacity\":1},\"properties\":{\"publisherEmail\":\"<email>\",\"publisherName\":\"<publisher>\",\"restore\":true}}'",
    ),
    verify: SERVICE_SUCCEEDED,
};

/// Backends that know the old address only.
pub(crate) const UPDATE_ALLOWLISTS: Fix = Fix {
    when: When::Always,
    who: WhoActs::NetworkAdmin,
    action: "Then compare the backends' allowlists with the gateway's present addresses. Behind a firewall or NAT gateway, and \
             in the Consumption and v2 tiers, backends may see others. Where the guard reads Azure, \
             `<guard-url>/allowlist?direction=outbound&format=nginx` is the list for nginx, and there are formats for other tools.",
    by_hand: None,
    command: Some(
        "az apim show --name '<service-name>' --resource-group '<resource-group>' --query \
         '[@,additionalLocations[]][].[publicIpAddresses,outboundPublicIpAddresses][][]' --output tsv",
    ),
    verify: BACKEND_ANSWERS,
};

/// The list as the guard exports it.
pub(crate) const EXPORT_ALLOWLIST: Fix = Fix {
    when: When::Always,
    who: WhoActs::NetworkAdmin,
    action: "Take the gateway's present addresses from the guard, in the format of each backend's firewall, and add them before \
             anything is removed.",
    by_hand: None,
    command: Some(
        "curl -sS -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/allowlist?origin=<origin>&format=txt'",
    ),
    verify: BACKEND_ANSWERS,
};

/// The zone's record, where it should be a CNAME.
pub(crate) const CNAME_NOT_ADDRESS: Fix = Fix {
    when: When::ZoneRoute,
    who: WhoActs::CloudflareAdmin,
    action: "If `<api-host>` has A or AAAA records, replace all of them by one proxied CNAME to `<hostname>`, \
             which follows the gateway. `GET .../dns_records?name=<api-host>` lists their ids: each is an entry of `deletes`. A free managed \
             certificate of API Management does not renew while that record is proxied.",
    by_hand: Some("Cloudflare dashboard: the zone → DNS → Records."),
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
pub(crate) const USE_GATEWAY_NAME: Fix = Fix {
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
pub(crate) const LOOK_AGAIN: Fix = Fix {
    when: When::Always,
    who: WhoActs::ApiOwner,
    action: "Let the guard look the name up anew and compare what each resolver says.",
    by_hand: None,
    command: Some("curl -sS -X POST -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/refresh'"),
    verify: NAME_RESOLVES,
};

/// Port 443 of an injected gateway.
pub(crate) const ALLOW_HTTPS_IN: Fix = Fix {
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
pub(crate) const ROUTE_CLIENTS_TO_INTERNET: Fix = Fix {
    when: When::Always,
    who: WhoActs::NetworkAdmin,
    action: "If the subnet of an external-mode gateway has a default route to a firewall or gateway, its replies to clients \
             get lost. Add one route with next hop Internet for each range of the clients; where only Cloudflare calls, those are \
             the ranges of `https://www.cloudflare.com/ips-v4`.",
    by_hand: Some("Azure portal: Route tables → the table of the subnet → Routes."),
    command: Some(
        "az network route-table route create --route-table-name '<route-table>' --resource-group '<network-resource-group>' \
         --name '<route-name>' --address-prefix '<cloudflare-range>' --next-hop-type Internet",
    ),
    verify: GATEWAY_ANSWERS,
};

/// The public way to a gateway that is closed on purpose.
pub(crate) const PUBLIC_WAY_IN: Fix = Fix {
    when: When::Always,
    who: WhoActs::NetworkAdmin,
    action: "If the gateway is closed to the internet on purpose, place an Application Gateway or a Cloudflare Tunnel before it \
             and name that in `origins[].hostname`.",
    by_hand: None,
    command: Some("npx wrangler deploy"),
    verify: GUARD_FINDS_NOTHING,
};

/// The gateway opened to the internet.
pub(crate) const ALLOW_PUBLIC_ACCESS: Fix = Fix {
    when: When::Always,
    who: WhoActs::AzureAdmin,
    action: "If the gateway is meant to be open, allow public network access again.",
    by_hand: Some("Azure portal: the API Management service → Deployment + infrastructure → Network."),
    command: Some(
        "az rest --method patch --url '/subscriptions/<subscription-id>/resourceGroups/<resource-group>/providers/Microsoft.ApiManagement/service/<service-name>?api-version=2024-05-01' \
         --body '{\"properties\":{\"publicNetworkAccess\":\"Enabled\"}}'",
    ),
    verify: GATEWAY_ANSWERS,
};

/// An injected gateway moved from internal to external mode.
pub(crate) const EXTERNAL_MODE: Fix = Fix {
    when: When::Always,
    who: WhoActs::AzureAdmin,
    action: "Or put the service into external mode. That changes its addresses, takes 15 minutes or more, and needs inbound \
             rules for ports 443 and 3443; a public IP address resource of your own must be another one than before.",
    by_hand: Some("Azure portal: the API Management service → Deployment + infrastructure → Network."),
    command: None,
    verify: GATEWAY_ANSWERS,
};

/// The zone's records of the name that clients call.
pub(crate) const READ_RECORDS: Fix = Fix {
    when: When::Always,
    who: WhoActs::CloudflareAdmin,
    action: "Look at the records of `<api-host>` and correct what they point to: a CNAME to `<hostname>` is right.",
    by_hand: Some("Cloudflare dashboard: the zone → DNS → Records."),
    command: Some(
        "curl -sS -H \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" 'https://api.cloudflare.com/client/v4/zones/<zone-id>/dns_records?name=<api-host>'",
    ),
    verify: CLIENTS_ARE_SERVED,
};

/// A zone that Azure runs.
pub(crate) const ASK_AZURE: Fix = Fix {
    when: When::Always,
    who: WhoActs::AzureAdmin,
    action: "If the failed name belongs to Azure, see whether Azure reports trouble with DNS or Traffic Manager, and wait or open \
             a support request.",
    by_hand: Some("Azure portal: Service Health → Service issues."),
    command: None,
    verify: NAME_RESOLVES,
};

/// A look at what the guard itself sees.
pub(crate) const DIAGNOSE: Fix = Fix {
    when: When::Always,
    who: WhoActs::ApiOwner,
    action: "Let the guard go through its checks now: name, chain, address, `tcp`, `https`, `gateway_answer`. `https` \
             outweighs `tcp`: a Worker's sockets leave from other addresses than its `fetch`.",
    by_hand: None,
    command: Some("curl -sS -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/diagnose'"),
    verify: GUARD_FINDS_NOTHING,
};

/// The certificates of the gateway's names.
pub(crate) const READ_CERTIFICATES: Fix = Fix {
    when: When::Always,
    who: WhoActs::AzureAdmin,
    action: "If `<tls-name>` is a custom domain, check that API Management has it and that its certificate is current.",
    by_hand: Some("Azure portal: the API Management service → Deployment + infrastructure → Custom domains."),
    command: Some(
        "az apim show --name '<service-name>' --resource-group '<resource-group>' --query \
         'hostnameConfigurations[].{host:hostName,source:certificateSource,status:certificateStatus,expires:certificate.expiry}'",
    ),
    verify: CERTIFICATE_VERIFIES,
};
