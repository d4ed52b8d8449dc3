//! The vendors' own pages.

use super::Link;

macro_rules! cloudflare_error {
    ($name:ident, $family:literal, $number:literal) => {
        pub(super) const $name: Link = Link {
            title: concat!("Cloudflare: error ", $number),
            url: concat!(
                "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-",
                $family,
                "-errors/error-",
                $number,
                "/"
            ),
        };
    };
}

macro_rules! page {
    ($name:ident, $title:literal, $url:literal) => {
        pub(super) const $name: Link = Link { title: $title, url: $url };
    };
}

cloudflare_error!(CF_1000, "1xxx", "1000");
cloudflare_error!(CF_1002, "1xxx", "1002");
cloudflare_error!(CF_1003, "1xxx", "1003");
cloudflare_error!(CF_1014, "1xxx", "1014");
cloudflare_error!(CF_1016, "1xxx", "1016");
cloudflare_error!(CF_1019, "1xxx", "1019");
cloudflare_error!(CF_1033, "1xxx", "1033");
cloudflare_error!(CF_520, "5xx", "520");
cloudflare_error!(CF_521, "5xx", "521");
cloudflare_error!(CF_522, "5xx", "522");
cloudflare_error!(CF_523, "5xx", "523");
cloudflare_error!(CF_524, "5xx", "524");
cloudflare_error!(CF_525, "5xx", "525");
cloudflare_error!(CF_526, "5xx", "526");
page!(
    CF_1XXX,
    "Cloudflare: 1xxx errors",
    "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/"
);
page!(
    CF_LIMITS,
    "Cloudflare: connection limits",
    "https://developers.cloudflare.com/fundamentals/reference/connection-limits/"
);
page!(
    CF_WORKERS_ISSUES,
    "Cloudflare Workers: known issues",
    "https://developers.cloudflare.com/workers/platform/known-issues/"
);
page!(
    CF_WORKERS_ERRORS,
    "Cloudflare Workers: errors",
    "https://developers.cloudflare.com/workers/observability/errors/"
);
page!(
    CF_WORKERS_ROUTING,
    "Cloudflare Workers: routes and domains",
    "https://developers.cloudflare.com/workers/configuration/routing/"
);
page!(
    CF_BATCH,
    "Cloudflare: batch DNS record changes",
    "https://developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes/"
);
page!(
    CF_EXTENDED_ERRORS,
    "1.1.1.1: extended DNS error codes",
    "https://developers.cloudflare.com/1.1.1.1/infrastructure/extended-dns-error-codes/"
);
page!(
    APIM_ADDRESSES,
    "API Management: IP addresses",
    "https://learn.microsoft.com/azure/api-management/api-management-howto-ip-addresses"
);
page!(
    APIM_DOMAINS,
    "API Management: custom domains",
    "https://learn.microsoft.com/azure/api-management/configure-custom-domain"
);
page!(APIM_SOFT_DELETE, "API Management: soft-delete", "https://learn.microsoft.com/azure/api-management/soft-delete");
page!(
    APIM_NETWORK,
    "API Management: virtual network configuration reference",
    "https://learn.microsoft.com/azure/api-management/virtual-network-reference"
);
page!(
    APIM_INTERNAL,
    "API Management: internal virtual network",
    "https://learn.microsoft.com/azure/api-management/api-management-using-with-internal-vnet"
);
page!(
    APIM_NETWORK_CONCEPTS,
    "API Management: virtual network concepts",
    "https://learn.microsoft.com/azure/api-management/virtual-network-concepts"
);
page!(
    APIM_ERRORS,
    "API Management: error handling in policies",
    "https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies"
);
page!(
    APIM_MANAGED_CERTIFICATES,
    "API Management: managed certificates",
    "https://learn.microsoft.com/azure/api-management/breaking-changes/managed-certificates-suspension-august-2025"
);
page!(
    APIM_STV1,
    "API Management: retirement of stv1",
    "https://learn.microsoft.com/azure/api-management/breaking-changes/stv1-platform-retirement-august-2024"
);
page!(
    AZURE_SUBSCRIPTION_STATES,
    "Azure: subscription states",
    "https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states"
);
page!(
    AZURE_TRAFFIC_MANAGER,
    "Azure: Traffic Manager questions",
    "https://learn.microsoft.com/azure/traffic-manager/traffic-manager-faqs"
);
page!(
    AZURE_ROUTES,
    "Azure: virtual network traffic routing",
    "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview"
);
