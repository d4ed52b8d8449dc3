//! What is asked of ARM in one run.

use serde_json::Value;

use super::egress::read_egress;
use super::{Arm, ArmFault, Deleted, Egress, FaultKind, Knowledge, Service, Subscription, resource_id};
use crate::config::AzureResource;
use crate::json::Node;
use crate::network_check::field::text;
use crate::ports::{Clock, Fetcher};
use crate::refresh::Scene;
use crate::time::UnixMillis;

/// `api-version` of `Microsoft.Resources/subscriptions`.
const SUBSCRIPTIONS_API: &str = "2022-12-01";
/// Subnets that are read.
const MAX_SUBNETS: usize = 12;

/// Everything that ARM said in one run.
#[derive(Debug)]
pub(super) struct Asked {
    /// When it had answered.
    pub(super) at: UnixMillis,
    pub(super) service: Result<Service, ArmFault>,
    /// Where the service was not found: the deleted one of its name; `None` where there is none.
    pub(super) deleted: Option<Result<Option<Deleted>, ArmFault>>,
    /// The subscription's state, where it was asked for and there was an answer.
    pub(super) subscription: Option<Subscription>,
    /// The ways out of the subnets, where they were asked for.
    pub(super) egress: Option<Vec<Egress>>,
}

/// What is asked for besides the service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Besides {
    pub(super) subscription: bool,
    pub(super) subnets: bool,
}

/// Asks for the service and, where it is due or the service is not well, for what is around it.
pub(super) async fn ask<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    resource: &AzureResource,
    known: Option<&Knowledge>,
    besides: Besides,
) -> Asked {
    let arm = Arm::new(scene);
    let service = service(&arm, scene, resource).await;
    let not_found =
        |fault: &ArmFault| matches!(fault.kind, FaultKind::ResourceNotFound | FaultKind::ResourceGroupNotFound);
    let absent = service.as_ref().is_err_and(not_found);
    let reachable = absent || service.is_ok();
    let settled = service.as_ref().is_ok_and(Service::is_settled);
    let deleted = if absent { Some(deleted(&arm, scene, resource, known).await) } else { None };
    let subscription = if reachable && (besides.subscription || !settled) {
        subscription(&arm, scene.ports.now(), resource).await
    } else {
        None
    };
    let egress = match &service {
        Ok(service) if besides.subnets || moved(service, known) => Some(egress(&arm, service).await),
        _ => None,
    };
    Asked { at: scene.ports.now(), service, deleted, subscription, egress }
}

async fn service<P: Fetcher + Clock>(
    arm: &Arm<'_, P>,
    scene: Scene<'_, P>,
    resource: &AzureResource,
) -> Result<Service, ArmFault> {
    let id = resource_id(resource);
    let document = Value::from(&arm.get(&id, api_version(&scene)).await?);
    Service::read(&document, &id).map_err(|why| ArmFault::new(FaultKind::NotUnderstood, &id, why))
}

fn api_version<'a, P>(scene: &Scene<'a, P>) -> &'a str {
    scene.config.azure.as_ref().map(|azure| azure.api_version.as_str()).unwrap_or_default()
}

/// By name in its location, where that is known; else in the list of all.
async fn deleted<P: Fetcher + Clock>(
    arm: &Arm<'_, P>,
    scene: Scene<'_, P>,
    resource: &AzureResource,
    known: Option<&Knowledge>,
) -> Result<Option<Deleted>, ArmFault> {
    let (id, version) = (resource_id(resource), api_version(&scene));
    let provider = format!("/subscriptions/{}/providers/Microsoft.ApiManagement", resource.subscription_id);
    let primary = known.and_then(|known| known.service.as_ref()?.locations.first());
    let documents: Vec<Node> = match primary {
        Some(location) => {
            let path = format!("{provider}/locations/{}/deletedservices/{}", location.name, resource.service_name);
            vec![arm.get(&path, version).await?]
        }
        None => arm.list(&format!("{provider}/deletedservices"), version).await?,
    };
    Ok(documents.iter().find_map(|document| Deleted::read(&Value::from(document), &id)))
}

/// Any other failure than a missing role leaves what was known.
async fn subscription<P: Fetcher + Clock>(
    arm: &Arm<'_, P>,
    at: UnixMillis,
    resource: &AzureResource,
) -> Option<Subscription> {
    let path = format!("/subscriptions/{}", resource.subscription_id);
    let state = match arm.get(&path, SUBSCRIPTIONS_API).await {
        Ok(document) => Some(text(&Value::from(&document), "state")?.to_owned()),
        Err(fault) if fault.kind == FaultKind::RoleMissing => None,
        Err(_) => return None,
    };
    Some(Subscription { state, at })
}

/// Whether a subnet is not among those that are known.
fn moved(service: &Service, known: Option<&Knowledge>) -> bool {
    let read = |subnet: &String| known.is_some_and(|known| known.egress.iter().any(|way| way.subnet == *subnet));
    subnets(service).iter().any(|subnet| !read(subnet))
}

async fn egress<P: Fetcher + Clock>(arm: &Arm<'_, P>, service: &Service) -> Vec<Egress> {
    let mut ways = Vec::new();
    for subnet in subnets(service) {
        ways.push(read_egress(arm, &subnet).await);
    }
    ways
}

fn subnets(service: &Service) -> Vec<String> {
    let mut all: Vec<String> = service.locations.iter().filter_map(|location| location.subnet.clone()).collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(MAX_SUBNETS);
    all
}
