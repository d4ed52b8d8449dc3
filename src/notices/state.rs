//! Who has been told what: the value of `notices/state` in KV (`docs/kv-schema.md`).
//!
//! It is kept small by a rule: a matter that is over counts for a day only ([`TOLD_WITHIN_MS`]), so older ones need not be
//! remembered to be told once.

use super::{Notice, Phase};
use crate::json::{FromNode, Node, stored, value};
use crate::time::UnixMillis;

/// The KV key.
pub const STATE_KEY: &str = "notices/state";
/// The version of the stored form. A change that an older guard could misread raises it.
pub const STATE_SCHEMA: u32 = 1;

/// What happened, or ended, longer ago than this is not told any more, in milliseconds: so long may a target be down.
pub const TOLD_WITHIN_MS: u64 = 24 * 60 * 60 * 1000;
/// What is over is remembered for longer than it could be told again, in milliseconds …
const REMEMBERED_MS: u64 = 2 * TOLD_WITHIN_MS;
/// … and what is open, but seen by no run, for 30 days, in milliseconds.
const OPEN_REMEMBERED_MS: u64 = 30 * TOLD_WITHIN_MS;
/// Matters remembered at most.
const MAX_TOLD: usize = 500;
/// Notices that wait at most.
const MAX_WAITING: usize = 50;
/// Damping counts within this time, in milliseconds.
pub(super) const HOUR_MS: u64 = 60 * 60 * 1000;

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// [`STATE_SCHEMA`].
    pub schema: u32,
    /// By matter and target, in no order that means anything.
    pub told: Vec<Told>,
    /// By target.
    pub targets: Vec<TargetState>,
    /// What a run has seen that no later one sees again, for the targets that could not be told yet.
    pub waiting: Vec<Notice>,
}

stored! { State { schema, told, targets } or default { waiting } }

/// What one target was told of one matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// [`super::Notice::key`].
    pub key: String,
    /// [`super::target_id`].
    pub target: String,
    /// Whose matter.
    pub origin: Option<String>,
    /// What was told last.
    pub phase: Phase,
    /// With which code.
    pub code: String,
    /// When that was, or was last tried.
    pub at: UnixMillis,
    /// Tries that failed since; 0: it was told.
    pub attempts: u32,
    /// The key of an earlier matter that this one was told as a return of.
    pub joined: Option<String>,
}

stored! { Told { key, target, origin, phase, code, at, joined } or default { attempts } }

/// How it goes with a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetState {
    /// [`super::target_id`].
    pub target: String,
    /// What was over before this is history that it is not told.
    pub since: UnixMillis,
    /// When this entry last changed.
    pub changed_at: UnixMillis,
    /// The last time it took a notice.
    pub last_ok_at: Option<UnixMillis>,
    /// The first failure since.
    pub failing_since: Option<UnixMillis>,
    /// Failures since.
    pub attempts: u32,
    /// Nothing is sent before.
    pub retry_at: Option<UnixMillis>,
    /// Why the latest failed; never the URL.
    pub last_error: Option<String>,
    /// What was sent within an hour.
    pub sent: Vec<Sent>,
}

stored! { TargetState { target, since, changed_at, last_ok_at, failing_since, retry_at, last_error } or default { attempts, sent } }

/// A notice that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// About whom; `None`: the guard.
    pub origin: Option<String>,
    /// When.
    pub at: UnixMillis,
}

stored! { Sent { origin, at } }

impl Default for State {
    fn default() -> Self {
        Self { schema: STATE_SCHEMA, told: Vec::new(), targets: Vec::new(), waiting: Vec::new() }
    }
}

impl TargetState {
    /// A target that was not known before: history is not told, but for the last hour's.
    pub fn new(target: &str, now: UnixMillis) -> Self {
        Self {
            target: target.to_owned(),
            since: UnixMillis(now.since_ms(UnixMillis(HOUR_MS))),
            changed_at: now,
            last_ok_at: None,
            failing_since: None,
            attempts: 0,
            retry_at: None,
            last_error: None,
            sent: Vec::new(),
        }
    }
}

impl State {
    /// Reads stored bytes; `None`: damaged, or of a newer version. They must then be kept as they are.
    pub fn parse(stored: &str) -> Option<Self> {
        let stored: Node = serde_json::from_str(stored).ok()?;
        let schema: u32 = stored.member("schema")?;
        (schema == STATE_SCHEMA).then(|| Self::from_node(&stored)).flatten()
    }

    /// The bytes to store.
    pub fn to_json(&self) -> String {
        value(self).to_string()
    }

    /// What `target` was told of the matter `key`.
    pub fn told(&self, target: &str, key: &str) -> Option<&Told> {
        self.told.iter().find(|told| told.key == key && told.target == target)
    }

    /// How it goes with `target`.
    pub fn target(&self, target: &str) -> Option<&TargetState> {
        self.targets.iter().find(|known| known.target == target)
    }

    /// Changes what is kept of `target`.
    pub(super) fn change_target(&mut self, target: &str, now: UnixMillis, change: &mut dyn FnMut(&mut TargetState)) {
        let mut state = self.target(target).cloned().unwrap_or_else(|| TargetState::new(target, now));
        change(&mut state);
        state.changed_at = now;
        match self.targets.iter_mut().find(|known| known.target == target) {
            Some(known) => *known = state,
            None => self.targets.push(state),
        }
    }

    /// Remembers `told` in the place of what was.
    pub(super) fn remember(&mut self, told: Told) {
        self.told.retain(|known| known.key != told.key || known.target != told.target);
        self.told.push(told);
    }

    /// Keeps `notice` until every target was told; of a matter the latest word.
    pub(super) fn wait(&mut self, notice: &Notice) {
        match self.waiting.iter_mut().find(|known| known.key == notice.key) {
            Some(known) if (known.phase, &known.code) == (notice.phase, &notice.code) => {}
            Some(known) => known.clone_from(notice),
            None => self.waiting.push(notice.clone()),
        }
    }

    /// This, as it is stored, with what an isolate knows beside it: of both the later word. What waits is as it is stored.
    #[must_use]
    pub fn merged(mut self, here: &Self) -> Self {
        for told in &here.told {
            let known = self.told(&told.target, &told.key);
            if known.is_none_or(|known| (known.at, known.attempts) < (told.at, told.attempts)) {
                self.remember(told.clone());
            }
        }
        for target in &here.targets {
            match self.targets.iter_mut().find(|known| known.target == target.target) {
                Some(known) => known.merge(target),
                None => self.targets.push(target.clone()),
            }
        }
        self
    }

    /// Without the waiting notices that no target waits for.
    #[must_use]
    pub fn without_told(mut self, waits: &dyn Fn(&Self, &Notice) -> bool) -> Self {
        for notice in std::mem::take(&mut self.waiting) {
            if waits(&self, &notice) {
                self.waiting.push(notice);
            }
        }
        self
    }

    /// What is worth remembering at `now`. `goes_on` says of a key whether this run sees it and could tell it again,
    /// `is_target` of a target whether it is configured.
    #[must_use]
    pub fn pruned(mut self, now: UnixMillis, goes_on: &dyn Fn(&str) -> bool, is_target: &dyn Fn(&str) -> bool) -> Self {
        self.told.retain(|told| {
            let kept_ms = if told.phase == Phase::Opened { OPEN_REMEMBERED_MS } else { REMEMBERED_MS };
            now.since_ms(told.at) <= kept_ms || goes_on(&told.key)
        });
        for target in &mut self.targets {
            target.sent.retain(|sent| now.since_ms(sent.at) < HOUR_MS);
        }
        self.targets
            .retain(|target| is_target(&target.target) || now.since_ms(target.changed_at) <= OPEN_REMEMBERED_MS);
        self.bounded()
    }

    /// Where there is too much, the oldest go; what is as old as they are is history from then on.
    fn bounded(mut self) -> Self {
        self.waiting.drain(..self.waiting.len().saturating_sub(MAX_WAITING));
        while self.told.len() > MAX_TOLD {
            let ages = self.told.iter().map(|told| (told.phase == Phase::Opened, told.at));
            let Some((oldest, (_, at))) = ages.enumerate().min_by_key(|(_, age)| *age) else { break };
            let dropped = self.told.swap_remove(oldest);
            if let Some(target) = self.targets.iter_mut().find(|target| target.target == dropped.target) {
                target.since = target.since.max(at.plus_ms(1));
            }
        }
        self
    }
}

impl TargetState {
    fn merge(&mut self, other: &Self) {
        let mut sent = std::mem::take(&mut self.sent);
        sent.extend(other.sent.iter().filter(|it| !sent.contains(it)).cloned().collect::<Vec<_>>());
        if other.changed_at > self.changed_at {
            *self = Self { since: self.since, ..other.clone() };
        }
        self.sent = sent;
    }
}
