//! What Azure Resource Manager (ARM) says about the gateway.

use super::checks::{GATEWAY_ANSWERS, GUARD_FINDS_NOTHING, NAME_RESOLVES, SERVICE_SUCCEEDED};
use super::fixes::{
    ALLOW_PUBLIC_ACCESS, CNAME_NOT_ADDRESS, EXTERNAL_MODE, PUBLIC_WAY_IN, REACTIVATE_SUBSCRIPTION, READ_SERVICE,
    RESTORE_SERVICE, UPDATE_ALLOWLISTS,
};
use super::{Check, Explanation, Fix, When, links};
use crate::problem::WhoActs;

pub(super) const SUBSCRIPTION_DISABLED: Explanation = Explanation {
    meaning: "Azure Resource Manager (ARM) says that the subscription is disabled or expired. Azure then accepts only reads and deletes, disables \
        services, and after 1 to 90 days deletes the subscription for good. When the subscription is reinstated the gateway's addresses may be other ones.",
    proof: &["The state of the subscription as ARM gives it; a write is refused with `ReadOnlyDisabledSubscription`."],
    mistaken_for: &[
        "A DNS or connection fault to mend by itself: reactivate first, then see what is left of it.",
        "A deleted service: it can still be read.",
    ],
    fixes: &[REACTIVATE_SUBSCRIPTION, READ_SERVICE, CNAME_NOT_ADDRESS, UPDATE_ALLOWLISTS],
    links: &[links::AZURE_SUBSCRIPTION_STATES, links::APIM_ADDRESSES],
};

pub(super) const STOPPED: Explanation = Explanation {
    meaning: "Azure Resource Manager (ARM) says that the API Management service is stopped. After a reactivation the addresses may be other ones.",
    proof: &["`provisioningState` is `Stopped`, as ARM gives it."],
    mistaken_for: &["A network fault: a stopped service serves nobody.", "A deleted service: it still exists."],
    fixes: &[
        REACTIVATE_SUBSCRIPTION,
        Fix {
            when: When::Always,
            who: WhoActs::AzureAdmin,
            action: "If the subscription is enabled and the service stays stopped, ask Azure support to start it.",
            by_hand: Some("Azure portal: Help + support."),
            command: None,
            verify: SERVICE_SUCCEEDED,
        },
        CNAME_NOT_ADDRESS,
        UPDATE_ALLOWLISTS,
    ],
    links: &[links::AZURE_SUBSCRIPTION_STATES, links::APIM_ADDRESSES],
};

pub(super) const SOFT_DELETED: Explanation = Explanation {
    meaning: "The API Management service was deleted, and Azure still holds it. It can be restored for 48 hours after the \
        deletion; its DNS record and its name are kept for that time, then they are free.",
    proof: &["ARM has no such service, but a deleted one of that name, with `deletionDate` and `scheduledPurgeDate`."],
    mistaken_for: &[
        "A stopped service: that one would still be found.",
        "A stale address: there is no gateway at any address.",
    ],
    fixes: &[
        RESTORE_SERVICE,
        Fix {
            when: When::Always,
            who: WhoActs::AzureAdmin,
            action: "See until when it can be restored.",
            by_hand: None,
            command: Some("az apim deletedservice show --service-name '<service-name>' --location '<location>'"),
            verify: GATEWAY_ANSWERS,
        },
        UPDATE_ALLOWLISTS,
    ],
    links: &[links::APIM_SOFT_DELETE, links::APIM_ADDRESSES],
};

pub(super) const NOT_FOUND: Explanation = Explanation {
    meaning: "Azure Resource Manager (ARM) has no API Management service of the configured name, and none that could be restored. It was deleted for \
        good, or moved to another group or subscription, or the configuration names the wrong one.",
    proof: &["ARM answers 404 for the service and has no deleted one of that name."],
    mistaken_for: &["Missing rights: what ARM answered, 404 or a refusal, stands in the evidence."],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::AzureAdmin,
            action: "Look for the service in each subscription, and correct `origins[].azure` if it is elsewhere.",
            by_hand: Some("Azure portal: API Management services."),
            command: Some(
                "az resource list --subscription '<subscription-id>' --resource-type Microsoft.ApiManagement/service \
                 --query '[].{name:name,group:resourceGroup}' --output table",
            ),
            verify: GUARD_FINDS_NOTHING,
        },
        Fix {
            when: When::Always,
            who: WhoActs::AzureAdmin,
            action: "If it is gone, create it again from your own templates. It gets new addresses. Until then remove records \
                that point to its name: once a name is free, others can take it.",
            by_hand: None,
            command: Some("az apim check-name --name '<service-name>'"),
            verify: GATEWAY_ANSWERS,
        },
    ],
    links: &[links::APIM_SOFT_DELETE],
};

pub(super) const UPDATING: Explanation = Explanation {
    meaning: "Azure Resource Manager (ARM) says that the service is being updated or activated. Changes of the infrastructure take 15 minutes or more. \
        During an update the gateway goes on serving, except in the Developer tier.",
    proof: &["`provisioningState` and `targetProvisioningState`, as ARM gives them."],
    mistaken_for: &["A fault that needs an action: see first whether it ends with the update."],
    fixes: &[Fix {
        when: When::Always,
        who: WhoActs::AzureAdmin,
        action: "Wait for the update to end.",
        by_hand: Some("Azure portal: the API Management service → Activity log."),
        command: Some("az apim wait --name '<service-name>' --resource-group '<resource-group>' --updated"),
        verify: SERVICE_SUCCEEDED,
    }],
    links: &[links::APIM_DOMAINS, links::APIM_ADDRESSES],
};

pub(super) const PUBLIC_ACCESS_DISABLED: Explanation = Explanation {
    meaning: "The service accepts connections by private endpoint only. A Worker comes from the internet and cannot reach it.",
    proof: &["`publicNetworkAccess` is `Disabled`, as ARM gives it."],
    mistaken_for: &["A firewall rule against Cloudflare: nobody on the internet gets in."],
    fixes: &[ALLOW_PUBLIC_ACCESS, PUBLIC_WAY_IN],
    links: &[links::APIM_NETWORK_CONCEPTS],
};

pub(super) const INTERNAL_NETWORK: Explanation = Explanation {
    meaning: "The service is in a virtual network in internal mode. Then none of its names is in public DNS, and the gateway \
        answers on a private address only.",
    proof: &["`virtualNetworkType` is `Internal`, as ARM gives it."],
    mistaken_for: &["A deleted name: inside the network, with your own DNS, it resolves."],
    fixes: &[PUBLIC_WAY_IN, EXTERNAL_MODE],
    links: &[links::APIM_INTERNAL, links::APIM_NETWORK],
};

pub(super) const NAME_DANGLING: Explanation = Explanation {
    meaning: "The gateway's name is gone from DNS and its service is gone from Azure, but your configuration or records still \
        point to it. Once the name is free anybody can create a service with it and receive your clients' requests.",
    proof: &["The resolvers say NXDOMAIN, and ARM has neither the service nor a deleted one that could be restored."],
    mistaken_for: &["A passing DNS fault: waiting makes it worse."],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "Remove the records and `origins[]` that point to `<hostname>` now, or point them to a service of yours.",
            by_hand: Some("Cloudflare dashboard: the zone → DNS → Records."),
            command: Some(
                "curl -sS -X DELETE -H \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" 'https://api.cloudflare.com/client/v4/zones/<zone-id>/dns_records/<record-id>'",
            ),
            verify: Check {
                action: "`result` is empty: no record points to the name.",
                command: Some(
                    "curl -sS -H \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" 'https://api.cloudflare.com/client/v4/zones/<zone-id>/dns_records?content=<hostname>'",
                ),
            },
        },
        Fix {
            when: When::Always,
            who: WhoActs::AzureAdmin,
            action: "Or create the service again under the same name, while the name is still free.",
            by_hand: Some("Azure portal: API Management services → Create."),
            command: Some("az apim check-name --name '<service-name>'"),
            verify: NAME_RESOLVES,
        },
    ],
    links: &[links::APIM_SOFT_DELETE],
};

pub(super) const NAME_RECLAIMED: Explanation = Explanation {
    meaning: "The gateway's name resolves again after it was gone, but nothing proves that the service behind it is yours: \
        anybody can take a name that has become free. The guard sends no requests there until that is proven.",
    proof: &["The name resolves, and ARM does not show the configured service, or shows one that was created later."],
    mistaken_for: &["A recovery: the name is back, its owner may be another."],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::AzureAdmin,
            action: "Check that the service exists in your own subscription, when it was created, and that its addresses are the \
                ones the name resolves to.",
            by_hand: Some("Azure portal: the API Management service → Overview."),
            command: Some(
                "az apim show --name '<service-name>' --resource-group '<resource-group>' --query \
                 '{created:createdAtUtc,addresses:publicIpAddresses,others:additionalLocations[].publicIpAddresses}'",
            ),
            verify: Check { action: "every address of the answer is one of the service's.", ..NAME_RESOLVES },
        },
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "If it is not yours, point `origins[].hostname` and your records to a service of yours at once, and change \
                the keys that clients may have sent.",
            by_hand: None,
            command: Some("npx wrangler deploy"),
            verify: GUARD_FINDS_NOTHING,
        },
    ],
    links: &[links::APIM_SOFT_DELETE],
};
