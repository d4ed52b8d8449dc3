//! Why a document could not be read, with the permission that is missing.

use crate::azure::{ArmFault, FaultKind};
use crate::config::AzureConfig;
use crate::network_check::{Kind, Unread};

pub(super) fn unread(kind: Kind, id: &str, fault: &ArmFault, azure: Option<&AzureConfig>) -> Unread {
    let missing = match fault.kind {
        FaultKind::RoleMissing => format!("the permission {} is missing: ", action(kind)),
        _ => String::new(),
    };
    let until = fault.until.map(|until| format!("; not to be asked again before {until}")).unwrap_or_default();
    Unread { kind, id: id.to_owned(), reason: format!("{missing}{fault}{until}"), command: fault.fix(azure).command }
}

/// The action that a role needs for it (azure.md 3.6).
const fn action(kind: Kind) -> &'static str {
    match kind {
        Kind::Service => "Microsoft.ApiManagement/service/read",
        Kind::NetworkStatus => "Microsoft.ApiManagement/service/networkstatus/read",
        Kind::VirtualNetwork => "Microsoft.Network/virtualNetworks/read",
        Kind::Subnet => "Microsoft.Network/virtualNetworks/subnets/read",
        Kind::RouteTable => "Microsoft.Network/routeTables/read",
        Kind::SecurityGroup => "Microsoft.Network/networkSecurityGroups/read",
        Kind::ServiceTags => "Microsoft.Network/locations/serviceTags/read",
        Kind::DnsRecord => "Zone DNS Read",
    }
}
