//! All that is known of an instance from ARM, stored under `azure/<origin>` (`docs/kv-schema.md`).

use super::change::{changes, ways};
use super::drift::{current, drift};
use super::merge::{Merged, merge};
use super::reading::Reading;
use super::{
    ArmFault, Asked, Caveat, Declared, DeclaredDrift, Deleted, Egress, Existence, Fact, FactChange, FaultKind, Missing,
    Presence, Service, Way,
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
    schema, resource, presence, service, read_at, subscription, egress, details_at, declared, undeclared, missing, fault,
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

    /// Brings it up to date with what ARM said. **What ARM did not say changes nothing.**
    pub(super) fn note(&mut self, asked: Asked, hold_s: u64) -> Merged {
        let now = asked.at;
        self.asked_at = now;
        self.note_details(&asked);
        match asked.service {
            Ok(service) => self.note_service(service, now, hold_s),
            Err(fault)
                if fault.kind == FaultKind::ResourceNotFound || fault.kind == FaultKind::ResourceGroupNotFound =>
            {
                self.note_absence(fault, asked.deleted, now);
                Merged::default()
            }
            Err(fault) => {
                self.note_fault(fault, now);
                Merged::default()
            }
        }
    }

    fn note_details(&mut self, asked: &Asked) {
        if let Some(new) = &asked.subscription {
            if let (Some(before), Some(after)) = (self.subscription_state(), new.state.as_deref())
                && !before.eq_ignore_ascii_case(after)
            {
                self.changes.insert(0, FactChange::of(asked.at, Fact::SubscriptionState, before, after));
            }
            self.subscription = Some(new.clone());
        }
        if let Some(egress) = &asked.egress {
            self.changes.splice(0..0, ways(&self.egress, egress, asked.at));
            self.egress = egress.iter().map(|way| self.last_read(way)).collect();
            self.details_at = asked.at;
        }
    }

    /// What could not be read now was read before.
    fn last_read(&self, way: &Egress) -> Egress {
        let before = self.egress.iter().find(|before| before.subnet == way.subnet);
        before.filter(|before| way.way == Way::Unread && before.way != Way::Unread).unwrap_or(way).clone()
    }

    fn note_service(&mut self, service: Service, now: UnixMillis, hold_s: u64) -> Merged {
        self.fault = None;
        self.abandoned_since = None;
        if let Some(change) = self.presence.found(now) {
            self.changes.insert(0, change);
        }
        let mut reading = Reading::of(&service, &self.egress);
        if let Some(old) = &self.service {
            // An answer of earlier proves no removal.
            reading.settled &= service.modified_at >= old.modified_at;
            self.changes.splice(0..0, changes(old, &service, now));
        }
        self.read_at = now;
        self.service = Some(service);
        self.note_reading(reading, now, hold_s)
    }

    fn note_reading(&mut self, reading: Reading, now: UnixMillis, hold_s: u64) -> Merged {
        let (before, caveats) = (current(self.declared.as_ref()), reading.caveats.clone());
        let merged = merge(&mut self.declared, &mut self.missing, reading, now, hold_s);
        self.undeclared = if self.declared.is_none() { caveats } else { Vec::new() };
        let drift = drift(&self.drifts, before, self.declared.as_ref(), &merged, now);
        self.drifts.splice(0..0, drift);
        merged
    }

    fn note_absence(&mut self, fault: ArmFault, deleted: Option<Result<Option<Deleted>, ArmFault>>, now: UnixMillis) {
        if let Some(change) = self.presence.not_found(deleted, now) {
            self.changes.insert(0, change);
        }
        self.note_fault(fault, now);
    }

    fn note_fault(&mut self, fault: ArmFault, now: UnixMillis) {
        let since = self.fault.as_ref().filter(|run| run.fault.kind == fault.kind).map_or(now, |run| run.since);
        self.fault = Some(FaultRun { fault, since, last_at: now });
    }

    /// Whether `new` says enough more than this to be written at `now`.
    pub(super) fn worth_writing(&self, new: &Self, now: UnixMillis) -> bool {
        let (old, new) = (self.timeless(), new.timeless());
        let about_faults = Self { fault: old.fault.clone(), ..new.clone() } == old;
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
