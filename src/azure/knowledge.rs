//! All that is known of an instance from ARM, stored under `azure/<origin>` (`docs/kv-schema.md`).

use super::{
    ArmFault, Caveat, Declared, DeclaredDrift, Egress, Existence, FactChange, FaultKind, Missing, Presence, Service,
};
use crate::config::AzureResource;
use crate::json::{self, FromNode, Node, stored};
use crate::network_check::resource_id::key;
use crate::origin::{RecordFault, WriteBudget, oldest_kept};
use crate::time::UnixMillis;

/// The version of the stored form. A change that an older guard could misread raises it.
pub const KNOWLEDGE_SCHEMA: u32 = 1;

/// It is written at the latest after this time, in seconds: 6 times a day.
pub(super) const HEARTBEAT_S: u64 = 4 * 60 * 60;
/// A change that is only about faults leaves so many writes to others.
const KEPT_FOR_CHANGES: u64 = 4;
/// Changes and drifts that are kept, for 30 days.
const KEPT: usize = 40;

/// What is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knowledge {
    /// [`KNOWLEDGE_SCHEMA`].
    pub schema: u32,
    /// The resource id it is about, as configured: knowledge of another one counts as none.
    pub resource: String,
    /// Whether there is such an instance.
    pub presence: Presence,
    /// The latest good reading.
    pub service: Option<Service>,
    /// When that was.
    pub read_at: UnixMillis,
    /// The subscription's `state`, and when it was asked for.
    pub subscription: Option<Subscription>,
    /// The ways out of its subnets.
    pub egress: Vec<Egress>,
    /// When subscription and subnets were asked for.
    pub details_at: UnixMillis,
    /// The declared addresses; `None`: none are known, and `undeclared` says why.
    pub declared: Option<Declared>,
    /// What people must know where nothing is declared.
    pub undeclared: Vec<Caveat>,
    /// What the latest readings lack.
    pub missing: Vec<Missing>,
    /// What stands in the way of asking.
    pub fault: Option<FaultRun>,
    /// The run of faults that ended last; `last_at` is when it was over.
    pub recovered: Option<FaultRun>,
    /// Facts that changed, newest first.
    pub changes: Vec<FactChange>,
    /// Changes of the addresses, newest first.
    pub drifts: Vec<DeclaredDrift>,
    /// Since when ARM has no instance and DNS no name; until ARM has the instance again.
    pub abandoned_since: Option<UnixMillis>,
    /// When ARM was asked last.
    pub asked_at: UnixMillis,
    /// What may still be written.
    pub writes: WriteBudget,
    /// When it was written.
    pub written_at: UnixMillis,
}

stored! { Knowledge {
    schema, resource, presence, service, read_at, subscription, egress, details_at, declared, undeclared, missing, fault, recovered,
    changes, drifts, abandoned_since, asked_at, writes, written_at
} }

/// The state of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// `Enabled`, `Warned`, `PastDue`, `Disabled`, `Deleted` …; `None` where the role may not read it.
    pub state: Option<String>,
    /// When that was.
    pub at: UnixMillis,
}

stored! { Subscription { state, at } }

/// A run of failed asks of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRun {
    /// The latest.
    pub fault: ArmFault,
    /// When it began.
    pub since: UnixMillis,
    /// When it was met last.
    pub last_at: UnixMillis,
}

stored! { FaultRun { fault, since, last_at } }

/// The resource id of the service that `resource` names.
pub fn resource_id(resource: &AzureResource) -> String {
    let AzureResource { subscription_id, resource_group, service_name } = resource;
    format!(
        "/subscriptions/{subscription_id}/resourceGroups/{resource_group}/providers/Microsoft.ApiManagement/service/{service_name}"
    )
}

/// The KV key of what is known of an origin's instance.
pub fn knowledge_key(origin: &str) -> String {
    format!("azure/{origin}")
}

impl Knowledge {
    /// Nothing is known of `resource`.
    pub fn new(resource: &AzureResource) -> Self {
        Self {
            schema: KNOWLEDGE_SCHEMA,
            resource: resource_id(resource),
            presence: Presence::default(),
            service: None,
            read_at: UnixMillis(0),
            subscription: None,
            egress: Vec::new(),
            details_at: UnixMillis(0),
            declared: None,
            undeclared: Vec::new(),
            missing: Vec::new(),
            fault: None,
            recovered: None,
            changes: Vec::new(),
            drifts: Vec::new(),
            abandoned_since: None,
            asked_at: UnixMillis(0),
            writes: WriteBudget::default(),
            written_at: UnixMillis(0),
        }
    }

    /// Reads stored bytes.
    ///
    /// # Errors
    /// [`RecordFault`]: the bytes must then be kept as they are.
    pub fn parse(stored: &str) -> Result<Self, RecordFault> {
        let stored: Node = serde_json::from_str(stored).map_err(|_| RecordFault::Damaged)?;
        match stored.member("schema") {
            Some(1..=KNOWLEDGE_SCHEMA) => Self::from_node(&stored).ok_or(RecordFault::Damaged),
            Some(schema) if schema > KNOWLEDGE_SCHEMA => Err(RecordFault::NewerSchema(schema)),
            _ => Err(RecordFault::Damaged),
        }
    }

    /// The bytes to store.
    pub fn to_json(&self) -> String {
        json::value(self).to_string()
    }

    /// Whether it is about `resource`.
    pub fn is_of(&self, resource: &AzureResource) -> bool {
        key(&self.resource) == key(&resource_id(resource))
    }

    /// The subscription's `state`, where the role may read it.
    pub fn subscription_state(&self) -> Option<&str> {
        self.subscription.as_ref()?.state.as_deref()
    }

    /// Whether something is going on, so that ARM is asked more often: for a day at most, then it is how things are.
    pub fn is_restless(&self, now: UnixMillis) -> bool {
        const LONG_S: u64 = 24 * 60 * 60;
        let recent = |since: UnixMillis| now.since_s(since) < LONG_S;
        self.service.as_ref().is_none_or(|service| !service.is_settled())
            || self.missing.iter().any(|one| !one.is_confirmed())
            || self.fault.as_ref().is_some_and(|run| recent(run.since))
            || (self.presence.existence != Existence::Present && recent(self.presence.since))
    }

    /// Whether the declared addresses are all: no list was masked or damaged, and an instance stands behind them.
    pub fn tells_all_addresses(&self) -> bool {
        let unreadable = |list: &super::Addresses| !list.unreadable.is_empty();
        let damaged = |location: &super::Location| unreadable(&location.public) || unreadable(&location.outbound);
        let whole = self.service.as_ref().is_some_and(|service| !service.locations.iter().any(damaged));
        whole && self.presence.existence == Existence::Present
    }

    /// Whether what looks like a missing role may be a missing instance: there was a role before.
    pub fn hides_deletion(&self) -> bool {
        self.service.is_some() && self.fault.as_ref().is_some_and(|run| run.fault.kind == FaultKind::RoleMissing)
    }

    /// Whether `new` says enough more than this to be written at `now`.
    pub(super) fn worth_writing(&self, new: &Self, now: UnixMillis) -> bool {
        let (old, new) = (self.timeless(), new.timeless());
        let about_faults = Self { fault: old.fault.clone(), recovered: old.recovered.clone(), ..new.clone() } == old;
        let heartbeat = now.since_s(self.written_at) >= HEARTBEAT_S;
        heartbeat || (old != new && (!about_faults || self.writes.left(now) > KEPT_FOR_CHANGES))
    }

    /// Without what changes with every ask.
    fn timeless(&self) -> Self {
        let mut same = self.clone();
        let never = UnixMillis(0);
        (same.read_at, same.details_at, same.asked_at, same.written_at) = (never, never, never, never);
        same.writes = WriteBudget::default();
        same.declared.iter_mut().for_each(|declared| declared.at = never);
        same.subscription.iter_mut().for_each(|subscription| subscription.at = never);
        if let Some(run) = &mut same.fault {
            run.last_at = never;
            (run.fault.until, run.fault.request_id) = (None, None);
            run.fault.said.clear();
        }
        same
    }

    /// As it is written at `now`: what is too old or too much is left out.
    #[must_use]
    pub(super) fn pruned(mut self, now: UnixMillis) -> Self {
        let oldest = oldest_kept(now);
        self.changes.retain(|change| change.at >= oldest);
        self.changes.truncate(KEPT);
        self.drifts.retain(|drift| drift.at >= oldest);
        self.drifts.truncate(KEPT);
        self
    }
}
