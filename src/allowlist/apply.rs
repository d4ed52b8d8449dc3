//! Plan, show, write, confirm: one target after the other.

use std::hash::{DefaultHasher, Hash, Hasher};

use ipnet::IpNet;

use super::plan::{Basis, Plan, plan};
use super::target_form::{Fitted, fit};
use super::target_report::{Outcome, TargetReport};
use super::target_state::{TargetState, target_key};
use super::targets::{self, Edit, Failure, FailureKind, Ownership, Present};
use super::{Allowlist, EvidenceKind};
use crate::config::AllowlistTarget;
use crate::ports::Ports;
use crate::refresh::{Scene, Stored, read_key, write_key};

/// A target that is in place is looked at again after this time, in milliseconds, or when another list is wanted.
const LOOK_EVERY_MS: u64 = 10 * 60 * 1000;
/// What was written may be shown a little later: the second look waits so long, in milliseconds.
const SECOND_LOOK_MS: u32 = 2_000;

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Plans only.
    Show,
    /// The scheduled run: targets that are due, written where `apply = true`.
    Scheduled,
    /// An operator's call: all of them now, written where `apply = true`.
    Now,
}

/// The lists of the origins by name. `None`: nothing is declared, as far as is known. An origin that is missing could not
/// be read.
#[derive(Debug, Clone, Copy)]
pub struct Lists<'l>(pub &'l [(String, Option<Allowlist>)]);

/// Each of `targets` in turn: one that fails holds up none of the others.
pub async fn apply_targets<P: Ports>(
    scene: Scene<'_, P>,
    targets: &[&AllowlistTarget],
    lists: Lists<'_>,
    mode: Mode,
) -> Vec<TargetReport> {
    let mut reports = Vec::new();
    for target in targets {
        reports.push(Work { scene, target, lists, mode }.run().await);
    }
    reports
}

/// One target at one time.
struct Work<'a, 'l, P> {
    scene: Scene<'a, P>,
    target: &'l AllowlistTarget,
    lists: Lists<'l>,
    mode: Mode,
}

/// What is wanted: all of it, and what of it this target can hold.
#[derive(Clone, Copy)]
struct Wish<'w> {
    list: &'w Allowlist,
    fitted: &'w Fitted,
}

/// What is remembered, or that it could not be read or must not be written over.
enum Known {
    Is(TargetState),
    Unknown,
}

impl Known {
    const fn state(&self) -> Option<&TargetState> {
        match self {
            Self::Is(state) => Some(state),
            Self::Unknown => None,
        }
    }
}

impl<P: Ports> Work<'_, '_, P> {
    async fn run(&self) -> TargetReport {
        let list = match self.lists.0.iter().find(|(origin, _)| *origin == self.target.origin) {
            None => return self.report(Outcome::TryAgain, NOT_READ),
            Some((_, None)) => return self.report(Outcome::Blocked, NOTHING_KNOWN),
            Some((_, Some(list))) => list,
        };
        let fitted = self.fitted(list);
        if !self.is_due(&fitted) {
            return self.report(Outcome::NotDue, "Looked at a short while ago, and nothing has changed since.");
        }
        let report = self.look(list, &fitted).await;
        self.remember(&fitted, &report);
        report
    }

    /// What is wanted here. What any other origin declares is not removed here either.
    fn fitted(&self, list: &Allowlist) -> Fitted {
        let mut fitted = fit(self.target.kind(), list);
        let entries = self.lists.0.iter().filter_map(|(_, list)| list.as_ref()).flat_map(|list| &list.entries);
        let declared = entries.filter(|entry| entry.evidence == EvidenceKind::Declared && entry.gone_since.is_none());
        fitted.untouchable.extend(declared.map(|entry| entry.cidr));
        fitted
    }

    fn mark_key(&self) -> String {
        format!("target/{}", self.target.name)
    }

    fn is_due(&self, fitted: &Fitted) -> bool {
        let now = self.scene.ports.now();
        let looked = self.scene.remember(|memory| memory.mark(&self.mark_key()).cloned());
        let is_recent = looked.is_some_and(|(at, of)| now.since_ms(at) < LOOK_EVERY_MS && of == fingerprint(fitted));
        self.mode != Mode::Scheduled || !is_recent
    }

    /// What was not finished is looked at again in the next run.
    fn remember(&self, fitted: &Fitted, report: &TargetReport) {
        let unfinished = matches!(report.outcome, Outcome::Unconfirmed | Outcome::TryAgain | Outcome::Applied);
        let of = if unfinished { String::new() } else { fingerprint(fitted) };
        if self.mode != Mode::Show {
            self.scene.remember(|memory| memory.set_mark(&self.mark_key(), self.scene.ports.now(), of));
        }
    }

    async fn look(&self, list: &Allowlist, fitted: &Fitted) -> TargetReport {
        let known = self.known().await;
        let present = match self.read(&known).await {
            Ok(present) => present,
            Err(failure) => return self.failed(&failure),
        };
        let plan = self.plan(list, fitted, &known, &present);
        let report = TargetReport { plan: Some(plan.clone()), ..self.report(Outcome::InPlace, IN_PLACE) };
        if self.mode == Mode::Show {
            return shown_only(report, &plan);
        }
        let noted = self.note(&known, &plan, fitted, &present).await;
        if !plan.is_carried_out() {
            return shown_only(report, &plan);
        }
        match noted {
            Err(failure) => TargetReport { plan: Some(plan), ..self.failed(&failure) },
            Ok(noted) => self.carry_out(Wish { list, fitted }, &known, &noted, present, plan).await,
        }
    }

    async fn known(&self) -> Known {
        let about = targets::about(self.target);
        match read_key(self.scene.ports, &target_key(&self.target.name)).await {
            Ok(None) => Known::Is(TargetState::new(&about)),
            Ok(Some(stored)) => TargetState::parse(&stored, &about).map_or(Known::Unknown, Known::Is),
            Err(_) => Known::Unknown,
        }
    }

    async fn read(&self, known: &Known) -> Result<Present, Failure> {
        let mut present = targets::read(self.scene, self.target, known.state()).await?;
        if let (Ownership::Remembered, Some(state)) = (targets::ownership(self.target.kind()), known.state()) {
            state.mark_owned(&mut present.items);
        }
        Ok(present)
    }

    fn plan(&self, list: &Allowlist, fitted: &Fitted, known: &Known, present: &Present) -> Plan {
        let elsewhere = list.caveats.iter().find(|caveat| caveat.code.starts_with("egress_is_"));
        let elsewhere = elsewhere.map(|caveat| format!("Backends do not see these addresses: {}", caveat.detail));
        let doubt = list.caveats.first().map(|caveat| caveat.detail.as_str());
        let made = plan(&Basis {
            target: &self.target.name,
            fitted,
            doubt,
            items: &present.items,
            gone: known.state().map(TargetState::gone),
            hold_s: self.scene.config.allowlist.hold_removals_s,
            limit: targets::limit(self.target.kind()),
            refused: present.refused.as_deref().or(elsewhere.as_deref()),
            now: self.scene.ports.now(),
        });
        let caveats = list.caveats.iter().map(|caveat| caveat.detail.clone());
        let notes = present.notes.iter().cloned().chain(in_one_region(present, list)).chain(caveats);
        Plan { notes: notes.collect(), dry_run: !self.target.apply, ..made }
    }

    /// Writes down since when what is not wanted is gone and, before it is written there, what is going to be the guard's.
    async fn note(
        &self,
        known: &Known,
        plan: &Plan,
        fitted: &Fitted,
        present: &Present,
    ) -> Result<TargetState, Failure> {
        let now = self.scene.ports.now();
        let remembers = targets::ownership(self.target.kind()) == Ownership::Remembered;
        let Known::Is(state) = known else {
            let state = TargetState::new(&targets::about(self.target));
            return if remembers { Err(not_remembered()) } else { Ok(state) };
        };
        let mut noted = state.noting(plan, fitted, &present.items, now);
        if !plan.is_carried_out() {
            noted = self.showing(&noted, fitted, present);
        } else if remembers {
            noted = noted.intending(plan.add.iter().map(|change| change.network), now);
        }
        if noted == *state || self.store(&noted).await == Stored::Written || !remembers {
            return Ok(noted);
        }
        Err(not_remembered())
    }

    /// With what was seen there. A receiver that was sent nothing yet may have anything.
    fn showing(&self, state: &TargetState, fitted: &Fitted, present: &Present) -> TargetState {
        let sees = targets::ownership(self.target.kind()) != Ownership::Delivered || !present.items.is_empty();
        if sees { state.showing(fitted, &present.items, self.scene.ports.now()) } else { state.clone() }
    }

    async fn store(&self, state: &TargetState) -> Stored {
        write_key(self.scene.ports, &target_key(&self.target.name), &state.to_json(), None).await
    }

    /// Adds; then, once that is confirmed, removes.
    async fn carry_out(
        &self,
        wish: Wish<'_>,
        known: &Known,
        noted: &TargetState,
        present: Present,
        plan: Plan,
    ) -> TargetReport {
        let networks = |changes: &[super::Change]| changes.iter().map(|change| change.network).collect::<Vec<_>>();
        let (add, remove) = (networks(&plan.add), networks(&plan.remove));
        let mut report = TargetReport { plan: Some(plan), ..self.report(Outcome::Applied, "Changed, and confirmed.") };
        let mut state = noted.clone();
        let mut present = present;
        for edit in [Edit { add, remove: Vec::new() }, Edit { add: Vec::new(), remove }] {
            if edit == Edit::default() {
                continue;
            }
            match self.step(wish.list, &mut state, &present, &edit).await {
                Ok(now_there) => present = now_there,
                Err(failure) => {
                    report = interrupted(report, &failure);
                    break;
                }
            }
            report.added.extend(edit.add);
            report.removed.extend(edit.remove);
        }
        let shown = self.showing(&state, wish.fitted, &present);
        // Where it is not known what is stored, that is kept. What is lost here, the next run writes.
        if shown != state && known.state().is_some() {
            self.store(&shown).await;
        }
        report
    }

    /// One write, and a look whether it was done.
    async fn step(
        &self,
        list: &Allowlist,
        state: &mut TargetState,
        present: &Present,
        edit: &Edit,
    ) -> Result<Present, Failure> {
        targets::write(self.scene, self.target, present, edit, list).await?;
        if targets::ownership(self.target.kind()) == Ownership::Delivered {
            let delivered = present.items.iter().filter_map(|item| item.network);
            let delivered = delivered.filter(|network| !edit.remove.contains(network)).chain(edit.add.iter().copied());
            *state = state.having(&delivered.collect::<Vec<_>>(), self.scene.ports.now());
            // Where this is lost, the next run delivers once more.
            self.store(state).await;
        }
        let known = Known::Is(state.clone());
        for wait_ms in [0, SECOND_LOOK_MS] {
            self.scene.ports.sleep(wait_ms).await;
            let seen =
                self.read(&known).await.map_err(|failure| Failure::unconfirmed(&failure.code, failure.detail))?;
            if is_done(&seen, edit) {
                return Ok(seen);
            }
        }
        Err(Failure::unconfirmed("allowlist_not_shown_yet", "The change was accepted, but is not shown yet"))
    }

    fn report(&self, outcome: Outcome, detail: &str) -> TargetReport {
        TargetReport {
            target: self.target.name.clone(),
            kind: self.target.kind_word(),
            origin: self.target.origin.clone(),
            outcome,
            detail: detail.to_owned(),
            code: None,
            fix: None,
            plan: None,
            added: Vec::new(),
            removed: Vec::new(),
            at: self.scene.ports.now(),
        }
    }

    fn failed(&self, failure: &Failure) -> TargetReport {
        interrupted(self.report(Outcome::Failed, ""), failure)
    }
}

fn interrupted(report: TargetReport, failure: &Failure) -> TargetReport {
    let outcome = match failure.kind {
        FailureKind::Refused => Outcome::Failed,
        FailureKind::Busy => Outcome::TryAgain,
        FailureKind::Unconfirmed => Outcome::Unconfirmed,
    };
    let detail = match failure.kind {
        FailureKind::Unconfirmed => format!("Could not confirm: {}.", failure.detail),
        _ => format!("{}.", failure.detail),
    };
    TargetReport { outcome, detail, code: Some(failure.code.clone()), fix: Some(failure.fix.clone()), ..report }
}

const NOTHING_KNOWN: &str = "Azure has declared no address of the origin, as far as is known, and what is not known empties \
    no list. GET /allowlist says what is missing.";
const NOT_READ: &str = "What Azure declares could not be read in KV.";
const IN_PLACE: &str = "Everything that is wanted is there.";

fn not_remembered() -> Failure {
    Failure {
        kind: FailureKind::Busy,
        code: "allowlist_state_unknown".into(),
        detail: "What the guard owns there could not be written down in KV, so nothing was written".into(),
        fix: "Nothing, unless GUARD_KV is not bound.".into(),
    }
}

/// <https://learn.microsoft.com/azure/storage/common/storage-network-security>: IP network rules have no effect on requests
/// from the same region.
fn in_one_region(present: &Present, list: &Allowlist) -> Option<String> {
    let account = present.region_without_effect.as_deref()?;
    let together = list.entries.iter().any(|entry| entry.location.as_deref() == Some(account));
    together.then(|| {
        format!(
            "The account and a gateway are both in {account}: IP rules have no effect on callers in the account's own region, \
             and the gateway needs a virtual network rule instead."
        )
    })
}

/// Tells whether another list is wanted.
fn fingerprint(fitted: &Fitted) -> String {
    let mut hasher = DefaultHasher::new();
    fitted.wanted.iter().for_each(|wanted| (wanted.network, wanted.gone_since).hash(&mut hasher));
    format!("{:x}", hasher.finish())
}

fn shown_only(report: TargetReport, plan: &Plan) -> TargetReport {
    let (outcome, detail) = if let Some(why) = &plan.blocked {
        (Outcome::Blocked, why.clone())
    } else if !plan.has_changes() {
        return report;
    } else if plan.dry_run {
        let detail = "There is a plan. It is carried out once the target has `apply = true`.";
        (Outcome::WaitsForApproval, detail.to_owned())
    } else {
        (Outcome::WaitsForApproval, "There is a plan, which the next run carries out.".to_owned())
    };
    TargetReport { outcome, detail, ..report }
}

fn is_done(present: &Present, edit: &Edit) -> bool {
    let there = |network: &IpNet| present.items.iter().any(|item| item.network == Some(*network));
    let owned = |network: &IpNet| present.items.iter().any(|item| item.owned && item.network == Some(*network));
    edit.add.iter().all(there) && !edit.remove.iter().any(owned)
}
