//! The steps that restore service, in their order, filled in for one origin, each with its live state (contract section 6).
//!
//! A step is *done* where something was seen that shows it, *to do* where something was seen that shows the opposite. What
//! only others can see (an allowlist of a backend) stays *unknown*, with the words to find out.

mod look;
mod steps;

use serde_json::Value;

use crate::azure::Declared;
use crate::config::{Config, Origin};
use crate::diagnosis::{Evidence, Finding, Value as Known, Verify, fitting};
use crate::json::{json, shown, shown_words};
use crate::origin::{BackendRefusals, Incident, RecordCopy};
use crate::problem::{Check, WhoActs};
use crate::zone::OriginZones;

use steps::{Row, STEPS};

/// All that a checklist is made from.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The origin.
    pub origin: &'a Origin,
    /// The effective configuration.
    pub config: &'a Config,
    /// The guard's own address with its admin path, as the reader of the checklist reached it.
    pub guard_url: &'a str,
    /// What was found just now.
    pub evidence: &'a Evidence,
    /// The stages of that look, the connections to the gateway among them.
    pub checks: &'a [Check],
    /// The findings.
    pub findings: &'a [Finding],
    /// What the store said.
    pub copy: &'a RecordCopy,
    /// The open incident.
    pub incident: Option<&'a Incident>,
    /// The latest run of signs that a backend refuses the gateway.
    pub refusals: Option<&'a BackendRefusals>,
    /// What ARM declares.
    pub declared: Option<&'a Declared>,
    /// The zone's own records, as they were read last.
    pub zones: Option<&'a OriginZones>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Stable.
    pub id: &'static str,
    /// What holds once it is done.
    pub title: &'static str,
    /// Whether it is.
    pub state: State,
    /// What was seen, or why nothing could be.
    pub why: String,
    /// Who does it.
    pub who: WhoActs,
    /// What to do.
    pub action: String,
    /// Complete commands, in order.
    pub commands: Vec<String>,
    /// How to tell that it worked.
    pub verify: Verify,
}

shown! { Step { id, title, state, why, who, action, commands, verify } }

/// The live state of a [`Step`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Seen to be so.
    Done,
    /// Seen not to be so.
    ToDo,
    /// Cannot be told.
    Unknown,
}

shown_words! { State { Done: "done", ToDo: "to_do", Unknown: "unknown" } }

/// The steps for the origin, in the order in which they are to be taken.
pub fn steps(situation: &Situation<'_>) -> Vec<Step> {
    let known = known(situation);
    STEPS.iter().filter(|row| (row.is_of)(situation)).filter_map(|row| step(row, situation, &known)).collect()
}

/// The answer of `GET /checklist`. `next` is the id of the first step to do, or null.
pub fn checklist(situation: &Situation<'_>) -> Value {
    let steps = steps(situation);
    json!({
        "origin": situation.origin.name,
        "hostname": situation.origin.hostname,
        "at": situation.evidence.at,
        "next": steps.iter().find(|step| step.state == State::ToDo).map(|step| step.id),
        "steps": steps,
    })
}

/// The first way out says who acts and how to tell that it worked.
fn step(row: &Row, situation: &Situation<'_>, known: &[Known]) -> Option<Step> {
    let (state, why) = (row.look)(situation);
    let remedies = fitting(row.fixes, None, situation.evidence, known);
    let actions: Vec<&str> = remedies.iter().map(|remedy| remedy.action.as_str()).collect();
    let action = actions.join(" ");
    let own = if row.replaces_records { look::replacements(situation) } else { Vec::new() };
    let commands = own.into_iter().chain(remedies.iter().filter_map(|remedy| remedy.command.clone())).collect();
    let first = remedies.into_iter().next()?;
    Some(Step { id: row.id, title: row.title, state, why, who: first.who, action, commands, verify: first.verify })
}

/// What the configuration knows for the placeholders of commands.
fn known(situation: &Situation<'_>) -> Vec<Known> {
    let (config, origin) = (situation.config, situation.origin);
    let mut known = vec![("<guard-url>", situation.guard_url.to_owned()), ("<origin>", origin.name.clone())];
    // In single quotes it would end them.
    if !origin.health_path.contains('\'') {
        known.push(("/status-0123456789abcdef", origin.health_path.clone()));
    }
    if let Some(azure) = &origin.azure {
        known.push(("<subscription-id>", azure.subscription_id.clone()));
        known.push(("<resource-group>", azure.resource_group.clone()));
        known.extend(config.gateway_name(origin).map(|name| ("<service-name>.azure-api.net", name.to_string())));
        known.push(("<service-name>", azure.service_name.clone()));
    }
    if let Some([zone]) = config.cloudflare.as_ref().map(|cloudflare| cloudflare.zone_ids.as_slice()) {
        known.push(("<zone-id>", zone.clone()));
    }
    known.extend(look::api_host(situation).map(|host| ("<api-host>", host.to_string())));
    known
}
