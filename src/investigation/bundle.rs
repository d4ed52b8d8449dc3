//! One failure as a document: all that its verdict rests on, to be judged again later with the same result.
//!
//! Redacted by construction: the evidence holds nothing of a request but the name that the edge resolved, and of a
//! resolver's URL the bundle keeps scheme and host alone (some carry an account's id in their path).

use super::Investigation;
use crate::VERSION;
use crate::config::Origin;
use crate::diagnosis::{Evidence, Verdict, diagnose};
use crate::dns::Lookup;
use crate::json::{FromNode, Node, stored, value};
use crate::origin::Incident;

/// The version of the form. A change that an older guard could misread raises it; older ones stay readable.
pub const BUNDLE_SCHEMA: u32 = 1;

/// The document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// [`BUNDLE_SCHEMA`].
    pub bundle: u32,
    /// The version of the guard that judged.
    pub guard: String,
    /// `origins[].name`.
    pub origin: String,
    /// The incident when the evidence was taken.
    pub incident: Incident,
    /// What the verdict rests on.
    pub evidence: Evidence,
    /// The verdict of that time.
    pub verdict: Verdict,
}

stored! { Bundle { bundle, guard, origin, incident, evidence, verdict } }

/// Why a text is no bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BundleFault {
    /// Not JSON of the form.
    NotABundle,
    /// Written by a newer version.
    NewerSchema(u32),
}

impl Bundle {
    /// The bundle of an investigation that has a verdict.
    pub fn of(found: &Investigation, origin: &Origin) -> Option<Self> {
        Some(Self {
            bundle: BUNDLE_SCHEMA,
            guard: VERSION.to_owned(),
            origin: origin.name.clone(),
            incident: found.incident.clone()?,
            evidence: redacted(found.evidence.clone()),
            verdict: found.verdict.clone()?,
        })
    }

    /// Reads a bundle of this or an older version.
    ///
    /// # Errors
    /// [`BundleFault`].
    pub fn parse(text: &str) -> Result<Self, BundleFault> {
        let stored: Node = serde_json::from_str(text).map_err(|_| BundleFault::NotABundle)?;
        match stored.member("bundle") {
            Some(1..=BUNDLE_SCHEMA) => Self::from_node(&stored).ok_or(BundleFault::NotABundle),
            Some(form) if form > BUNDLE_SCHEMA => Err(BundleFault::NewerSchema(form)),
            _ => Err(BundleFault::NotABundle),
        }
    }

    /// The bytes to store.
    pub fn to_json(&self) -> String {
        value(self).to_string()
    }

    /// The verdict of this version on the evidence.
    pub fn judge_again(&self) -> Option<Verdict> {
        diagnose(&self.evidence)
    }
}

fn redacted(mut evidence: Evidence) -> Evidence {
    let lookups = [&mut evidence.lookup, &mut evidence.counterpart];
    for lookup in lookups.into_iter().flatten() {
        bare_resolvers(lookup);
    }
    evidence
}

fn bare_resolvers(lookup: &mut Lookup) {
    for observation in &mut lookup.observations {
        let scheme = observation.resolver.split_once("://").map(|(scheme, _)| scheme);
        observation.resolver =
            scheme.map_or_else(String::new, |scheme| format!("{scheme}://{}", observation.resolver_host()));
    }
}
