//! A failure explained by what ARM says of the instance.
//!
//! The failure keeps its status: what a client met is the same. What ARM said some time ago explains nothing now.

use super::dns_rules::absence;
use super::{AzureEvidence, Cause, Evidence, Instance};
use crate::origin::gateway_is_gone;
use crate::problem::{Category, Code, entry};
use crate::time::UnixMillis;

/// ARM's word explains a failure for this long, in seconds: the scheduled run asks anew every five to ten minutes.
const FRESH_S: u64 = 15 * 60;

/// `said`, or what ARM says is behind it.
pub(super) fn explained(evidence: &Evidence, said: Cause) -> Cause {
    let explainable = said.code() != Code::OriginNameReclaimed
        && matches!(
            entry(said.code()).category,
            Category::Dns | Category::Connection | Category::Tls | Category::Response
        );
    match azure_state(evidence).filter(|_| explainable) {
        Some(state) if state.code == Code::OriginNameReclaimed || outweighs(state.code, said.code()) => {
            said.explained_by(state.code, &state.because)
        }
        _ => said,
    }
}

/// An address that is proven to be stale is the nearer cause, unless there is no gateway at any address.
const fn outweighs(state: Code, said: Code) -> bool {
    let still_there = matches!(state, Code::ApimUpdating | Code::ApimPublicAccessDisabled | Code::ApimInternalNetwork);
    !(still_there && matches!(said, Code::OriginAddressStale))
}

/// A state of the instance in which requests fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AzureState {
    pub(super) code: Code,
    pub(super) because: String,
}

/// The gravest state that ARM and DNS show; `None` where ARM was not asked, or all is well with the instance.
pub(super) fn azure_state(evidence: &Evidence) -> Option<AzureState> {
    let azure = evidence.azure.as_ref()?;
    if let Some(since) = reclaimed_since(evidence, azure) {
        let because = format!(
            "since {since} the name was gone and ARM had no instance; now it resolves, and ARM does not say that it is the same instance"
        );
        return Some(AzureState { code: Code::OriginNameReclaimed, because });
    }
    if evidence.at.since_s(azure.at) > FRESH_S {
        return None;
    }
    subscription(azure).or_else(|| instance(evidence, azure)).or_else(|| network(azure))
}

/// The name came back after it had been abandoned, and ARM does not have the instance.
fn reclaimed_since(evidence: &Evidence, azure: &AzureEvidence) -> Option<UnixMillis> {
    let resolves = evidence.lookup.as_ref().is_some_and(|lookup| lookup.consensus.known().is_some());
    azure.abandoned_since.filter(|_| resolves && azure.instance != Instance::Present)
}

/// Good answers under a name that had been abandoned.
pub(super) fn unproven(evidence: &Evidence) -> Cause {
    let said = azure_state(evidence).map(|state| format!("; {}", state.because)).unwrap_or_default();
    let what = "had been abandoned and answers again, and ARM does not say that it is the same instance";
    Cause::new(Code::OriginNameReclaimed, format!("{} {what}{said}", evidence.hostname))
}

fn state(code: Code, azure: &AzureEvidence, what: &str) -> AzureState {
    AzureState { code, because: format!("ARM said at {}: {what}", azure.at) }
}

/// States in which Azure accepts only reads and deletes ("Azure subscription states").
fn subscription(azure: &AzureEvidence) -> Option<AzureState> {
    let word = azure.subscription_state.as_deref()?;
    let disabled = ["Disabled", "Expired", "Deleted"].iter().any(|state| word.eq_ignore_ascii_case(state));
    disabled.then(|| state(Code::ApimSubscriptionDisabled, azure, &format!("the subscription is {word}")))
}

fn instance(evidence: &Evidence, azure: &AzureEvidence) -> Option<AzureState> {
    let (code, what) = match azure.instance {
        Instance::Present => return provisioning(azure),
        Instance::Unknown => return None,
        Instance::SoftDeleted => {
            let until = azure.restorable_until.map(|until| format!(", and can be restored until {until}"));
            (Code::ApimSoftDeleted, format!("the instance was deleted{}", until.unwrap_or_default()))
        }
        Instance::Gone if name_is_gone(evidence) => {
            (Code::OriginNameDangling, format!("{NO_INSTANCE}: whoever creates one of this name gets the name"))
        }
        Instance::Gone => (Code::ApimNotFound, NO_INSTANCE.into()),
    };
    Some(state(code, azure, &what))
}

const NO_INSTANCE: &str = "there is no such instance, and none that could be restored";

fn name_is_gone(evidence: &Evidence) -> bool {
    let absence = evidence.lookup.as_ref().and_then(absence);
    absence.is_some_and(|absence| gateway_is_gone(absence, &evidence.hostname))
}

fn provisioning(azure: &AzureEvidence) -> Option<AzureState> {
    let word = azure.provisioning_state.as_deref()?;
    let code = match word.to_ascii_lowercase().as_str() {
        "stopped" => Code::ApimStopped,
        "updating" | "activating" | "created" | "creating" => Code::ApimUpdating,
        _ => return None,
    };
    Some(state(code, azure, &format!("provisioningState is {word}")))
}

fn network(azure: &AzureEvidence) -> Option<AzureState> {
    let is = |value: &Option<String>, word: &str| value.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(word));
    if is(&azure.virtual_network_type, "Internal") {
        return Some(state(Code::ApimInternalNetwork, azure, "virtualNetworkType is Internal"));
    }
    let closed = is(&azure.public_network_access, "Disabled");
    closed.then(|| state(Code::ApimPublicAccessDisabled, azure, "publicNetworkAccess is Disabled"))
}
