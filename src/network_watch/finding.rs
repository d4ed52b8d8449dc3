//! A finding of the network check that stands.

use crate::config::Severity;
use crate::diagnosis::{Finding, FindingCode};
use crate::json::{stored, word};
use crate::network_check::{self, CATALOGUE};
use crate::time::UnixMillis;

/// Characters of the evidence that are kept.
const EVIDENCE: usize = 400;

/// Kept of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Of contract section 8.
    pub code: String,
    /// How grave.
    pub severity: Severity,
    /// Resource id.
    pub subject: String,
    /// What proved it.
    pub evidence: String,
    /// Since when it is found, without a break.
    pub since: UnixMillis,
    /// When it was found last.
    pub seen_at: UnixMillis,
}

stored! { Standing { code, severity, subject, evidence, since, seen_at } }

impl Standing {
    pub(super) fn of(finding: &network_check::Finding, old: &[Self], at: UnixMillis) -> Self {
        let mut evidence: String = finding.found.join("; ").chars().take(EVIDENCE).collect();
        if finding.found.iter().map(String::len).sum::<usize>() > EVIDENCE {
            evidence.push('…');
        }
        let mut new = Self {
            code: finding.code.name.to_owned(),
            severity: finding.severity,
            subject: finding.subject.clone(),
            evidence,
            since: at,
            seen_at: at,
        };
        new.since = old.iter().find(|old| old.is_same(&new)).map_or(at, |old| old.since);
        new
    }

    /// Whether it is about the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.code == other.code && self.subject.eq_ignore_ascii_case(&other.subject)
    }

    /// The title of its code; `None`: no code of this version.
    pub(super) fn code(&self) -> Option<&'static network_check::Code> {
        CATALOGUE.into_iter().find(|code| code.name == self.code)
    }

    /// As `status` shows it.
    fn shown(&self) -> Option<Finding> {
        let code = self.code()?;
        Some(Finding {
            code: FindingCode::Network(code.name),
            severity: self.severity,
            title: code.title.to_owned(),
            evidence: format!("{}: {}; network check of {}", self.subject, self.evidence, self.seen_at),
        })
    }
}

/// `findings` with those of `check` that are not told by another of them already, gravest first.
pub fn with_network_check(mut findings: Vec<Finding>, check: Option<&super::LastCheck>) -> Vec<Finding> {
    let told: Vec<String> = findings.iter().map(|finding| word(&finding.code)).collect();
    let is_told = |one: &&Standing| told.iter().any(|told| told.strip_prefix("apim_").unwrap_or(told) == one.code);
    let new = check.map(|check| check.findings.as_slice()).unwrap_or_default();
    let mut new: Vec<Finding> = new.iter().filter(|one| !is_told(one)).filter_map(Standing::shown).collect();
    // Both are in order; those of one severity keep it.
    for finding in new.drain(..) {
        let place = findings.iter().position(|known| known.severity < finding.severity).unwrap_or(findings.len());
        findings.insert(place, finding);
    }
    findings
}
