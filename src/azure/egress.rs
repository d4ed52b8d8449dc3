//! What a subnet does with traffic to the Internet: where it is sent elsewhere, the public address is not the one that
//! backends see.

use serde_json::Value;

use super::{Arm, ArmFault, FaultKind};
use crate::json::{stored, stored_words};
use crate::network_check::field::{field, reference};
use crate::network_check::forced_route;
use crate::ports::{Clock, Fetcher};

/// `api-version` of `Microsoft.Network`.
pub const NETWORK_API: &str = "2024-05-01";

/// The way out of one subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Egress {
    /// The subnet's resource id.
    pub subnet: String,
    /// What was found.
    pub way: Way,
    /// The NAT gateway's id, the route, or why it could not be read.
    pub detail: String,
}

stored! { Egress { subnet, way, detail } }

/// Where traffic to the Internet leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// At the instance's own address, as far as subnet and route table show. A route learned by BGP they do not show.
    Own,
    /// At a NAT gateway of the subnet.
    NatGateway,
    /// At a firewall or gateway that a default route leads to.
    Routed,
    /// The role may not read the network, or it could not be read.
    Unread,
}

stored_words! { Way { Own: "own", NatGateway: "nat_gateway", Routed: "routed", Unread: "unread" } }

impl Egress {
    fn new(subnet: &str, way: Way, detail: impl Into<String>) -> Self {
        Self { subnet: subnet.to_owned(), way, detail: detail.into() }
    }
}

/// Reads the subnet with this id, and its route table.
pub(super) async fn read_egress<P: Fetcher + Clock>(arm: &Arm<'_, P>, subnet: &str) -> Egress {
    match follow(arm, subnet).await {
        Ok((way, detail)) => Egress::new(subnet, way, detail),
        Err(fault) => Egress::new(subnet, Way::Unread, fault.to_string()),
    }
}

async fn follow<P: Fetcher + Clock>(arm: &Arm<'_, P>, subnet: &str) -> Result<(Way, String), ArmFault> {
    let document = get(arm, subnet).await?;
    if let Some(gateway) = reference(&document, "natGateway") {
        return Ok((Way::NatGateway, gateway.to_owned()));
    }
    let Some(table) = reference(&document, "routeTable") else { return Ok((Way::Own, String::new())) };
    let routes = get(arm, table).await?;
    Ok(forced_route(&routes).map_or((Way::Own, String::new()), |route| (Way::Routed, route)))
}

/// A document with `properties`: half of one proves nothing.
async fn get<P: Fetcher + Clock>(arm: &Arm<'_, P>, id: &str) -> Result<Value, ArmFault> {
    let document = Value::from(&arm.get(id, NETWORK_API).await?);
    let whole = field(&document, "properties").is_some_and(Value::is_object);
    if whole { Ok(document) } else { Err(ArmFault::new(FaultKind::NotUnderstood, id, "no `properties`")) }
}
