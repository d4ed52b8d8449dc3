//! What there is to tell of a target: a plan that waits for a person, a change, a target that cannot be kept up.

use serde_json::Value;

use super::{Outcome, TargetReport};
use crate::config::Severity;
use crate::json::value;
use crate::notices::{Notice, Phase};

/// The notices of one report. What is over is told too; who never heard of it hears nothing.
pub fn notices_of(report: &TargetReport) -> Vec<Notice> {
    match report.outcome {
        Outcome::NotDue | Outcome::TryAgain | Outcome::Unconfirmed => Vec::new(),
        Outcome::InPlace => vec![over(report, "plan"), over(report, "trouble")],
        Outcome::Applied => vec![over(report, "plan"), over(report, "trouble"), changed(report)],
        Outcome::WaitsForApproval => vec![over(report, "trouble"), waits(report)],
        Outcome::Blocked | Outcome::Failed => vec![trouble(report)],
    }
}

fn notice(report: &TargetReport, about: &str, phase: Phase, code: &str) -> Notice {
    Notice {
        key: format!("allowlist/{}/{about}", report.target),
        phase,
        code: code.to_owned(),
        severity: Severity::Info,
        origin: Some(report.origin.clone()),
        title: format!("Allowlist {}: {}", report.target, report.detail),
        detail: report.fix.clone().unwrap_or_else(|| report.detail.clone()),
        before: Value::Null,
        after: Value::Null,
        path: format!("/allowlist/plan?target={}", report.target),
        at: report.at,
    }
}

fn over(report: &TargetReport, about: &str) -> Notice {
    let code = if about == "plan" { "allowlist_plan_waits" } else { "allowlist_target_failed" };
    notice(report, about, Phase::Resolved, code)
}

fn waits(report: &TargetReport) -> Notice {
    let count = |changes: usize, word: &str| format!("{changes} to {word}");
    let plan = report.plan.as_ref();
    let add = plan.map_or(0, |plan| plan.add.len());
    let remove = plan.map_or(0, |plan| plan.remove.len());
    Notice {
        // An address that a backend does not let in is a failure to come.
        severity: if add > 0 { Severity::Warning } else { Severity::Info },
        title: format!("Allowlist {}: {}, {}", report.target, count(add, "add"), count(remove, "remove")),
        before: plan.map(|plan| value(&plan.keep)).unwrap_or_default(),
        after: plan.map(value).unwrap_or_default(),
        ..notice(report, "plan", Phase::Opened, "allowlist_plan_waits")
    }
}

fn changed(report: &TargetReport) -> Notice {
    let kept = report.plan.as_ref().map(|plan| value(&plan.keep)).unwrap_or_default();
    let after = crate::json::json!({ "added": report.added, "removed": report.removed });
    let title = format!("Allowlist {}: {} added, {} removed", report.target, report.added.len(), report.removed.len());
    let about = format!("changed/{}", report.at.0);
    Notice { title, before: kept, after, ..notice(report, &about, Phase::Happened, "allowlist_changed") }
}

fn trouble(report: &TargetReport) -> Notice {
    let code = report.code.as_deref().unwrap_or("allowlist_plan_blocked");
    Notice { severity: Severity::Warning, ..notice(report, "trouble", Phase::Opened, code) }
}
