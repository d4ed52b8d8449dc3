//! The closed list of codes (contract section 8).

use crate::config::Severity;

/// A code and what holds wherever it is found.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable.
    pub name: &'static str,
    /// Unless the finding says otherwise.
    pub severity: Severity,
    /// Short, the same at every occurrence.
    pub title: &'static str,
    /// One sentence.
    pub consequence: &'static str,
}

const fn code(name: &'static str, severity: Severity, title: &'static str, consequence: &'static str) -> Code {
    Code { name, severity, title, consequence }
}

pub(super) static CONTROL_PLANE_ROUTE_MISSING: Code = code(
    "control_plane_route_missing",
    Severity::Error,
    "Replies to the control plane do not go to the Internet",
    "The portal cannot load or change APIs and the instance cannot be managed or updated; API traffic is not affected by this.",
);
pub(super) static CONTROL_PLANE_ROUTE_PARTIAL: Code = code(
    "control_plane_route_partial",
    Severity::Warning,
    "Only a part of the control plane is routed to the Internet",
    "Management works only while Azure uses the addresses that are routed; when it uses another, the portal cannot load APIs.",
);
pub(super) static CONTROL_PLANE_ROUTE_REGIONAL: Code = code(
    "control_plane_route_regional",
    Severity::Warning,
    "The control plane is routed by the tag of a region, which leaves gaps",
    "Management fails when it comes from an address outside that region; the global addresses are in other regions' tags.",
);
pub(super) static CLIENT_ROUTE_MISSING: Code = code(
    "client_route_missing",
    Severity::Error,
    "Replies to clients do not go back the way the requests came",
    "The firewall or gateway drops them, so connections to the gateway time out (behind Cloudflare most likely error 522).",
);
pub(super) static BGP_DEFAULT_ROUTE_POSSIBLE: Code = code(
    "bgp_default_route_possible",
    Severity::Info,
    "A default route learned by BGP cannot be excluded",
    "If on-premises announces 0.0.0.0/0, replies to the control plane and, in external mode, to clients are lost; a route table does not show it.",
);
pub(super) static NSG_MISSING: Code = code(
    "nsg_missing",
    Severity::Error,
    "The subnet has no network security group",
    "The load balancer rejects all inbound traffic of a classic instance without one; the v2 tiers require one as well.",
);
pub(super) static NSG_MANAGEMENT_BLOCKED: Code = code(
    "nsg_management_blocked",
    Severity::Error,
    "The control plane cannot reach the management endpoint on port 3443",
    "The portal cannot load or change APIs; API traffic is not affected by this.",
);
pub(super) static NSG_LOAD_BALANCER_BLOCKED: Code = code(
    "nsg_load_balancer_blocked",
    Severity::Error,
    "Azure's load balancer cannot probe port 6390",
    "The load balancer takes every unit for dead: no inbound traffic arrives, neither requests nor management.",
);
pub(super) static NSG_CLIENTS_BLOCKED: Code = code(
    "nsg_clients_blocked",
    Severity::Error,
    "Clients are blocked by the network security group",
    "Requests to the gateway time out.",
);
pub(super) static NSG_DEPENDENCY_BLOCKED: Code = code(
    "nsg_dependency_blocked",
    Severity::Error,
    "Something that the instance needs is blocked by the network security group",
    "The instance loses what it needs to run, be managed or be observed; what is already loaded may go on for a while.",
);
pub(super) static DEPENDENCY_FAILING: Code = code(
    "dependency_failing",
    Severity::Error,
    "The instance cannot reach something that it requires",
    "API Management cannot manage the APIs of this instance until it can.",
);
pub(super) static DEPENDENCY_FAILING_OPTIONAL: Code = code(
    "dependency_failing_optional",
    Severity::Warning,
    "The instance cannot reach something that one of its features uses",
    "Only that feature fails, but the service level may degrade.",
);
pub(super) static DEPENDENCY_NAME_UNRESOLVED: Code = code(
    "dependency_name_unresolved",
    Severity::Error,
    "The instance cannot resolve names of Azure services",
    "Everything behind those names is out of its reach, whatever routes and rules say.",
);
pub(super) static NETWORK_STATUS_STALE: Code = code(
    "network_status_stale",
    Severity::Warning,
    "The network status is older than 30 minutes",
    "It is renewed every 15 minutes, so the instance has lost its connection, or this document was saved some time ago.",
);
pub(super) static DNS_SERVERS_NOT_APPLIED: Code = code(
    "dns_servers_not_applied",
    Severity::Warning,
    "The instance does not use the DNS servers of its virtual network",
    "Names are still resolved by the servers set before; when those go away, dependencies fail.",
);
pub(super) static CUSTOM_DNS_SERVERS: Code = code(
    "custom_dns_servers",
    Severity::Info,
    "The virtual network uses DNS servers of its own, and nothing here proves that they resolve Azure's names",
    "If they do not, the instance loses storage, SQL, Key Vault and monitoring.",
);
pub(super) static SUBNET_TOO_SMALL: Code = code(
    "subnet_too_small",
    Severity::Error,
    "The subnet is too small",
    "There are no addresses for all units, so scaling, updates and migrations can fail.",
);
pub(super) static SUBNET_DELEGATED: Code = code(
    "subnet_delegated",
    Severity::Error,
    "The subnet of a classic instance is delegated",
    "The classic tiers allow no delegation of their subnet.",
);
pub(super) static SUBNET_NOT_DELEGATED: Code = code(
    "subnet_not_delegated",
    Severity::Error,
    "The subnet of a v2 instance lacks the delegation it needs",
    "The tier requires it for integration with the subnet, or injection into it.",
);
pub(super) static EGRESS_IS_FIREWALL: Code = code(
    "egress_is_firewall",
    Severity::Info,
    "Outbound traffic leaves through a firewall or gateway",
    "Backends see the address of the firewall or gateway, not the `publicIPAddresses` of the instance: allow that one.",
);
pub(super) static EGRESS_IS_NAT_GATEWAY: Code = code(
    "egress_is_nat_gateway",
    Severity::Info,
    "Outbound traffic leaves through a NAT gateway",
    "Backends see the addresses of the NAT gateway, not the `publicIPAddresses` of the instance: allow those.",
);
pub(super) static MONITOR_ROUTE_INSUFFICIENT: Code = code(
    "monitor_route_insufficient",
    Severity::Warning,
    "Single addresses of Azure Monitor are routed to the Internet, the service is not",
    "Metrics and diagnostics still go through the tunnel for every other address; where the firewall blocks it, monitoring fails.",
);
pub(super) static SERVICE_TAG_IS_NOT_EGRESS: Code = code(
    "service_tag_is_not_egress",
    Severity::Warning,
    "A backend allows the tag `ApiManagement`, which does not hold gateway addresses",
    "The tag is the control plane only: calls of the gateway to this backend are refused, often with 403.",
);
pub(super) static GATEWAY_DISABLED_IN_LOCATION: Code = code(
    "gateway_disabled_in_location",
    Severity::Info,
    "The gateway is switched off in a location",
    "That location answers no requests, and its address must not be expected in DNS.",
);
pub(super) static PUBLIC_ACCESS_DISABLED: Code = code(
    "public_access_disabled",
    Severity::Error,
    "Public network access is disabled",
    "Only private endpoints are answered: a Worker cannot reach the gateway.",
);
pub(super) static INTERNAL_NETWORK: Code = code(
    "internal_network",
    Severity::Error,
    "The gateway has a private address only",
    "It is not reachable from the Internet: a Worker cannot reach it, and its name is not in public DNS.",
);
pub(super) static PLATFORM_RETIRED: Code = code(
    "platform_retired",
    Severity::Error,
    "The instance runs on the retired platform stv1",
    "That platform was retired on 2024-08-31, in sovereign clouds in February 2025: the instance has to be migrated.",
);
pub(super) static CERTIFICATE_EXPIRING: Code = code(
    "certificate_expiring",
    Severity::Warning,
    "A certificate expires within 30 days",
    "From that moment on clients refuse its host name; Cloudflare does with error 526 where it checks certificates.",
);
pub(super) static CERTIFICATE_EXPIRED: Code = code(
    "certificate_expired",
    Severity::Error,
    "A certificate has expired",
    "Clients refuse its host name; Cloudflare does with error 526 where it checks certificates.",
);
pub(super) static MANAGED_CERTIFICATE_BEHIND_PROXY: Code = code(
    "managed_certificate_behind_proxy",
    Severity::Warning,
    "A managed certificate does not renew behind a proxied record",
    "Azure renews it only while the name's CNAME resolves to the gateway, so TLS breaks months later.",
);
pub(super) static PINNED_ADDRESS_RECORD: Code = code(
    "pinned_address_record",
    Severity::Warning,
    "A DNS record holds an address of the gateway",
    "The address can change, as after a subscription is reinstated; requests then go to an address that is no longer the gateway's.",
);

/// Every code, in the order of the contract.
pub static CATALOGUE: [&Code; 31] = [
    &CONTROL_PLANE_ROUTE_MISSING,
    &CONTROL_PLANE_ROUTE_PARTIAL,
    &CONTROL_PLANE_ROUTE_REGIONAL,
    &CLIENT_ROUTE_MISSING,
    &BGP_DEFAULT_ROUTE_POSSIBLE,
    &NSG_MISSING,
    &NSG_MANAGEMENT_BLOCKED,
    &NSG_LOAD_BALANCER_BLOCKED,
    &NSG_CLIENTS_BLOCKED,
    &NSG_DEPENDENCY_BLOCKED,
    &DEPENDENCY_FAILING,
    &DEPENDENCY_FAILING_OPTIONAL,
    &DEPENDENCY_NAME_UNRESOLVED,
    &NETWORK_STATUS_STALE,
    &DNS_SERVERS_NOT_APPLIED,
    &CUSTOM_DNS_SERVERS,
    &SUBNET_TOO_SMALL,
    &SUBNET_DELEGATED,
    &SUBNET_NOT_DELEGATED,
    &EGRESS_IS_FIREWALL,
    &EGRESS_IS_NAT_GATEWAY,
    &MONITOR_ROUTE_INSUFFICIENT,
    &SERVICE_TAG_IS_NOT_EGRESS,
    &GATEWAY_DISABLED_IN_LOCATION,
    &PUBLIC_ACCESS_DISABLED,
    &INTERNAL_NETWORK,
    &PLATFORM_RETIRED,
    &CERTIFICATE_EXPIRING,
    &CERTIFICATE_EXPIRED,
    &MANAGED_CERTIFICATE_BEHIND_PROXY,
    &PINNED_ADDRESS_RECORD,
];
