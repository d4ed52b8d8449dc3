//! The finding that ARM's word makes, also while nothing fails.

use super::azure_rules::{AzureState, azure_state};
use super::{Evidence, Finding, FindingCode};
use crate::config::Severity;
use crate::problem::{Code, entry};

/// What ARM says of the instance, where it is not well.
pub(super) fn azure_finding(evidence: &Evidence) -> Option<Finding> {
    let AzureState { code, because } = azure_state(evidence)?;
    let (code_word, severity) = match code {
        Code::ApimSubscriptionDisabled => (FindingCode::SubscriptionDisabled, Severity::Error),
        Code::ApimStopped => (FindingCode::Stopped, Severity::Error),
        Code::ApimSoftDeleted => (FindingCode::SoftDeleted, Severity::Error),
        Code::ApimNotFound => (FindingCode::NotFound, Severity::Error),
        Code::ApimUpdating => (FindingCode::Updating, Severity::Info),
        Code::ApimPublicAccessDisabled => (FindingCode::PublicAccessDisabled, Severity::Error),
        Code::ApimInternalNetwork => (FindingCode::InternalNetwork, Severity::Error),
        Code::OriginNameDangling => (FindingCode::NameDangling, Severity::Error),
        Code::OriginNameReclaimed => (FindingCode::NameReclaimed, Severity::Error),
        _ => return None,
    };
    Some(Finding { code: code_word, severity, title: entry(code).title.into(), evidence: because })
}
