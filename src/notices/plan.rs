//! What is to be sent to a target now: whatever it was not told yet, damped. Pure.

use super::state::{HOUR_MS, State, TOLD_WITHIN_MS, Told};
use super::{Notice, Phase, target_id};
use crate::config::{NotifyKind, NotifyTarget, Severity};
use crate::json::json;
use crate::time::UnixMillis;

/// Notices about one origin (or about the guard) to one target within an hour at most …
const MAX_PER_HOUR: usize = 6;
/// … and to one target in one run.
const MAX_PER_RUN: usize = 20;
/// A matter that begins so soon after one of the same kind has ended is a return of that one, in milliseconds.
const RETURNS_WITHIN_MS: u64 = 10 * 60 * 1000;
/// Matters that a summary names.
const NAMED: usize = 10;

/// One message, and what its target was told once it has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The notice as it is sent.
    pub notice: Notice,
    /// One entry; of a summary one for each matter.
    pub covers: Vec<Told>,
}

/// The deliveries that are due at `now`, in their order: what was tried in vain comes last, so that it holds up nothing.
pub fn plan(state: &State, target: &NotifyTarget, notices: &[Notice], now: UnixMillis) -> Vec<Delivery> {
    let id = target_id(target);
    if state.target(&id).and_then(|known| known.retry_at).is_some_and(|at| at > now) {
        return Vec::new();
    }
    let planner = Planner::of(state, target, now);
    let due = notices.iter().filter_map(|it| planner.due(notices, it));
    // A sort would be a function of its own for this type, and larger than all of this file.
    let (mut due, mut tried): (Vec<Delivery>, Vec<Delivery>) = due.partition(|it| !it.was_tried());
    due.append(&mut tried);
    let mut deliveries = planner.damped(due);
    deliveries.truncate(MAX_PER_RUN);
    deliveries
}

/// Whether `target` is still to be told `notice`, if not now.
pub fn is_due(state: &State, target: &NotifyTarget, notice: &Notice, now: UnixMillis) -> bool {
    Planner::of(state, target, now).due(std::slice::from_ref(notice), notice).is_some()
}

struct Planner<'a> {
    state: &'a State,
    id: String,
    min_severity: Severity,
    /// It knows by the key what is one matter, so its notices are neither joined nor summed up.
    is_pagerduty: bool,
    now: UnixMillis,
}

impl<'a> Planner<'a> {
    fn of(state: &'a State, target: &NotifyTarget, now: UnixMillis) -> Self {
        let is_pagerduty = target.kind == NotifyKind::Pagerduty;
        Self { state, id: target_id(target), min_severity: target.min_severity, is_pagerduty, now }
    }

    /// `notice` as a delivery, if it is the latest word on its matter and was not told.
    fn due(&self, all: &[Notice], notice: &Notice) -> Option<Delivery> {
        let mut of_matter = all.iter().filter(|other| other.key == notice.key);
        if !std::ptr::eq(of_matter.next_back()?, notice) {
            return None;
        }
        let began_unseen = of_matter.any(|earlier| earlier.phase == Phase::Opened);
        let told = self.state.told(&self.id, &notice.key);
        // Whoever was told of a beginning is told of its end, of whatever severity that is.
        let ends = notice.phase == Phase::Resolved && told.is_some();
        if notice.severity < self.min_severity && !ends {
            return None;
        }
        let due = match told {
            Some(told) if told.attempts == 0 => !is_told(told, notice),
            // It may have arrived, so it may have to be ended.
            Some(_) => self.is_news(notice, true) || (self.is_pagerduty && notice.phase == Phase::Resolved),
            None => self.is_news(notice, began_unseen && !self.is_pagerduty),
        };
        due.then(|| self.delivery(notice, told))
    }

    /// Of a matter of which nothing is known to be told: what is open, and what is over since less than a day. Where it is
    /// not known to have begun there is no end to be told: `PagerDuty` has no alert that it would end.
    fn is_news(&self, notice: &Notice, began: bool) -> bool {
        let since =
            self.state.target(&self.id).map_or(UnixMillis(self.now.since_ms(UnixMillis(HOUR_MS))), |it| it.since);
        let recent = notice.at >= since && self.now.since_ms(notice.at) <= TOLD_WITHIN_MS;
        match notice.phase {
            Phase::Opened => true,
            Phase::Happened => recent,
            Phase::Resolved => recent && began,
        }
    }

    fn delivery(&self, notice: &Notice, told: Option<&Told>) -> Delivery {
        let joined = told.map_or_else(|| self.returns_as(notice), |told| told.joined.clone());
        let mut sent = notice.clone();
        if let Some(earlier) = &joined {
            sent.key.clone_from(earlier);
            if notice.phase == Phase::Opened && told.is_none() {
                sent.title = format!("Again: {}", notice.title);
            }
        }
        let covers = vec![Told {
            key: notice.key.clone(),
            target: self.id.clone(),
            origin: notice.origin.clone(),
            phase: notice.phase,
            code: notice.code.clone(),
            at: self.now,
            attempts: told.map_or(0, |told| told.attempts),
            joined,
        }];
        Delivery { notice: sent, covers }
    }

    /// The key of the matter of the same kind and origin that ended just before this one began.
    fn returns_as(&self, notice: &Notice) -> Option<String> {
        if self.is_pagerduty || notice.phase == Phase::Happened {
            return None;
        }
        let ended = self.state.told.iter().filter(|told| told.target == self.id && told.phase == Phase::Resolved);
        let same = ended.filter(|told| told.origin == notice.origin && kind(&told.key) == kind(&notice.key));
        let latest = same.max_by_key(|told| told.at)?;
        let soon = self.now.since_ms(latest.at) <= RETURNS_WITHIN_MS;
        soon.then(|| latest.joined.clone().unwrap_or_else(|| latest.key.clone()))
    }

    /// No more than [`MAX_PER_HOUR`] of each origin: the last one that may be sent sums up the rest. To `PagerDuty` the rest
    /// waits, but an end never does.
    fn damped(&self, due: Vec<Delivery>) -> Vec<Delivery> {
        let mut damped: Vec<Delivery> = Vec::new();
        let mut rest = due;
        while let Some(first) = rest.first() {
            let origin = first.notice.origin.clone();
            let (mine, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|it| it.notice.origin == origin);
            rest = others;
            damped.extend(self.damped_of_one(mine, self.left(origin.as_deref())));
        }
        damped
    }

    fn left(&self, origin: Option<&str>) -> usize {
        let sent = self.state.target(&self.id).map_or(&[][..], |known| &known.sent);
        let recent = sent.iter().filter(|it| it.origin.as_deref() == origin && self.now.since_ms(it.at) < HOUR_MS);
        MAX_PER_HOUR.saturating_sub(recent.count())
    }

    fn damped_of_one(&self, mut due: Vec<Delivery>, left: usize) -> Vec<Delivery> {
        if due.len() <= left {
            return due;
        }
        if self.is_pagerduty {
            let (mut ends, mut others): (Vec<_>, Vec<_>) =
                due.into_iter().partition(|it| it.notice.phase == Phase::Resolved);
            others.truncate(left);
            ends.append(&mut others);
            return ends;
        }
        let Some(single) = left.checked_sub(1) else { return Vec::new() };
        let summed = due.split_off(single.min(due.len()));
        due.extend(self.summary(summed));
        due
    }

    fn summary(&self, deliveries: Vec<Delivery>) -> Option<Delivery> {
        let mut titles: Vec<&str> = deliveries.iter().take(NAMED).map(|it| it.notice.title.as_str()).collect();
        if deliveries.len() > NAMED {
            titles.push("…");
        }
        let (first, count) = (deliveries.first()?, deliveries.len());
        let severity = deliveries.iter().map(|it| it.notice.severity).max().unwrap_or(Severity::Info);
        let origin = first.notice.origin.clone();
        let of = origin.as_deref().unwrap_or("the guard");
        let notice = Notice {
            key: format!("more/{of}/{}", self.now.0),
            phase: Phase::Happened,
            code: "more_notices".into(),
            severity,
            title: format!("{of}: {count} more notices"),
            detail: format!("More than {MAX_PER_HOUR} in an hour, so these come as one: {}", titles.join(" · ")),
            before: serde_json::Value::Null,
            after: json!({ "count": count }),
            path: origin.as_deref().map_or_else(|| "/history".into(), |name| format!("/history?origin={name}")),
            origin,
            at: self.now,
        };
        Some(Delivery { notice, covers: deliveries.into_iter().flat_map(|it| it.covers).collect() })
    }
}

impl Delivery {
    fn was_tried(&self) -> bool {
        self.covers.iter().any(|told| told.attempts > 0)
    }
}

/// Whether `told` says what `notice` says. How a matter was called does not matter once it is over.
fn is_told(told: &Told, notice: &Notice) -> bool {
    told.phase == notice.phase && (told.code == notice.code || notice.phase != Phase::Opened)
}

/// `incident` of `incident/<id>`.
fn kind(key: &str) -> &str {
    key.split('/').next().unwrap_or(key)
}
