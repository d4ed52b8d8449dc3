//! What came between.

use crate::azure::{ArmFault, FaultKind};
use crate::cloudflare::{ApiFault, ApiFaultKind};
use crate::config::{AzureConfig, TargetKind};

/// A read or a write without the answer that was wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::allowlist) struct Failure {
    /// What follows from it.
    pub(in crate::allowlist) kind: FailureKind,
    /// A stable word.
    pub(in crate::allowlist) code: String,
    /// What happened, in words.
    pub(in crate::allowlist) detail: String,
    /// What to do.
    pub(in crate::allowlist) fix: String,
}

/// What follows from a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::allowlist) enum FailureKind {
    /// Not done, and it will not be done until somebody acts.
    Refused,
    /// Not done; the next run tries again.
    Busy,
    /// The answer was lost: it may have been done, and the next run finds out.
    Unconfirmed,
}

/// The actions that a role needs for a kind of target in Azure.
pub(super) const fn actions(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::Nsg => "Microsoft.Network/networkSecurityGroups/securityRules/read and /write",
        TargetKind::AppService => "Microsoft.Web/sites/config/read and /write",
        TargetKind::Storage => "Microsoft.Storage/storageAccounts/read and /write",
        TargetKind::KeyVault => "Microsoft.KeyVault/vaults/read and /write",
        TargetKind::Sql => "Microsoft.Sql/servers/firewallRules/read, /write and /delete",
        TargetKind::CloudflareList | TargetKind::Webhook => "",
    }
}

impl Failure {
    /// Somebody must act.
    pub(super) fn refused(code: &str, detail: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { kind: FailureKind::Refused, code: code.into(), detail: detail.into(), fix: fix.into() }
    }

    /// The answer was lost.
    pub(in crate::allowlist) fn unconfirmed(code: &str, detail: impl Into<String>) -> Self {
        let fix = "Nothing: the next run looks what is there.".to_owned();
        Self { kind: FailureKind::Unconfirmed, code: code.into(), detail: detail.into(), fix }
    }

    /// What a call of Azure Resource Manager ended in.
    pub(super) fn of_arm(fault: &ArmFault, target: TargetKind, azure: Option<&AzureConfig>) -> Self {
        use FaultKind as K;
        let kind = match fault.kind {
            K::Throttled | K::ChangedMeanwhile | K::Conflict | K::LoginUnreachable => FailureKind::Busy,
            _ if fault.may_have_happened() => FailureKind::Unconfirmed,
            _ => FailureKind::Refused,
        };
        let mend = fault.fix(azure);
        let fix = match fault.kind {
            K::RoleMissing => format!("Give the application a role with the actions {} here.", actions(target)),
            K::ResourceNotFound => "Check `resource_id` and `rule` of the target: what they name must be there.".into(),
            _ => mend
                .command
                .filter(|_| fault.is_of_credentials())
                .map_or(mend.action.clone(), |command| format!("{} {command}", mend.action)),
        };
        Self { kind, code: fault.code().into(), detail: fault.to_string(), fix }
    }

    /// That of a read: nothing can have happened.
    #[must_use]
    pub(super) fn of_a_read(self) -> Self {
        let kind = if self.kind == FailureKind::Unconfirmed { FailureKind::Busy } else { self.kind };
        Self { kind, ..self }
    }
}

impl From<ApiFault> for Failure {
    fn from(fault: ApiFault) -> Self {
        use ApiFaultKind as K;
        let kind = match fault.kind {
            K::Throttled | K::Conflict => FailureKind::Busy,
            _ if fault.may_have_happened() => FailureKind::Unconfirmed,
            _ => FailureKind::Refused,
        };
        Self { kind, code: fault.code().into(), detail: fault.to_string(), fix: fault.fix().into() }
    }
}
