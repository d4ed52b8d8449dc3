//! What became of a target in one run.

use ipnet::IpNet;

use super::plan::Plan;
use crate::json::{shown, shown_words};
use crate::time::UnixMillis;

/// How it stands with a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is to be done, or nothing yet.
    InPlace,
    /// There is a plan, and `apply` is not set.
    WaitsForApproval,
    /// Changed, and confirmed.
    Applied,
    /// There is a plan that must not be carried out.
    Blocked,
    /// Written, but the answer was lost.
    Unconfirmed,
    /// Not done; the next run tries again.
    TryAgain,
    /// Not done, and it will not be until somebody acts.
    Failed,
    /// Not looked at this time.
    NotDue,
}

shown_words! { Outcome {
    InPlace: "in_place", WaitsForApproval: "waits_for_approval", Applied: "applied", Blocked: "blocked",
    Unconfirmed: "unconfirmed", TryAgain: "try_again", Failed: "failed", NotDue: "not_due",
} }

/// What became of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetReport {
    /// Its name.
    pub target: String,
    /// Its kind, as it is written in the configuration.
    pub kind: &'static str,
    /// Whose addresses.
    pub origin: String,
    /// How it stands.
    pub outcome: Outcome,
    /// In words.
    pub detail: String,
    /// A stable word for what went wrong.
    pub code: Option<String>,
    /// What to do about it.
    pub fix: Option<String>,
    /// The plan, where the target could be read.
    pub plan: Option<Plan>,
    /// What was added and confirmed.
    pub added: Vec<IpNet>,
    /// What was removed and confirmed.
    pub removed: Vec<IpNet>,
    /// When.
    pub at: UnixMillis,
}

shown! { TargetReport { target, kind, origin, outcome, detail, plan, added, removed, at } or nothing { code, fix } }
