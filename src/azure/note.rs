//! Bringing knowledge up to date with what ARM said. **What ARM did not say changes nothing.**

use super::change::{changes, ways};
use super::drift::{current, drift};
use super::merge::{Merged, merge};
use super::reading::Reading;
use super::{ArmFault, Asked, Deleted, Egress, Fact, FactChange, FaultKind, FaultRun, Knowledge, Service, Way};
use crate::time::UnixMillis;

impl Knowledge {
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
        self.end_fault(now);
        self.abandoned_since = None;
        if let Some(change) = self.presence.found(now) {
            self.changes.insert(0, change);
        }
        let mut reading = Reading::of(&service, &self.egress);
        let old = self.service.as_ref().filter(|old| service.is_older_than(old));
        // An answer of earlier proves no removal.
        reading.settled &= old.is_none();
        if old.is_none() {
            self.replace_service(service, now);
        }
        self.read_at = now;
        self.note_reading(reading, now, hold_s)
    }

    fn replace_service(&mut self, service: Service, now: UnixMillis) {
        if let Some(old) = &self.service {
            self.changes.splice(0..0, changes(old, &service, now));
        }
        self.service = Some(service);
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

    fn end_fault(&mut self, now: UnixMillis) {
        if let Some(run) = self.fault.take() {
            self.recovered = Some(FaultRun { last_at: now, ..run });
        }
    }

    fn note_fault(&mut self, fault: ArmFault, now: UnixMillis) {
        if self.fault.as_ref().is_some_and(|run| run.fault.kind != fault.kind) {
            self.end_fault(now);
        }
        let since = self.fault.as_ref().filter(|run| run.fault.kind == fault.kind).map_or(now, |run| run.since);
        self.fault = Some(FaultRun { fault, since, last_at: now });
    }
}
