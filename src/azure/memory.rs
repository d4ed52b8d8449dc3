//! What an isolate keeps of Azure between events: the token, and until when Azure asked to be left alone. Never in KV.

use std::rc::Rc;

use super::{AccessToken, ArmFault, Knowledge};
use crate::time::UnixMillis;

/// After a failure, those who want a token at the same time are told the same instead of asking again, in milliseconds.
const REFUSAL_HOLDS_MS: u64 = 10_000;

/// One isolate's memory. `Debug` shows no token.
#[derive(Debug, Default)]
pub struct Memory {
    token: Option<AccessToken>,
    token_lease_until: Option<UnixMillis>,
    token_refused: Option<Pause>,
    arm_pause: Option<Pause>,
    origins: Vec<(String, Slot)>,
}

/// What is kept of one origin.
#[derive(Debug, Default)]
struct Slot {
    /// When this isolate asked ARM.
    asked_at: Option<UnixMillis>,
    /// What is known, and when it was read or found.
    knowledge: Option<(UnixMillis, Rc<Knowledge>)>,
}

/// Not before `until`, for this reason.
#[derive(Debug, Clone)]
struct Pause {
    until: UnixMillis,
    fault: ArmFault,
}

/// Who asks for a token.
#[derive(Debug)]
pub(super) enum TokenTurn {
    /// It is there.
    Have(AccessToken),
    /// It was refused just now, or Entra asked to wait.
    Refused(ArmFault),
    /// The caller does, and calls [`Memory::remember_token`].
    Yours,
    /// Somebody else does.
    Wait,
}

impl Memory {
    /// A token that is good at `now`, or who asks for one. A lease ends after `lease_ms`, since its holder may be
    /// cancelled.
    pub(super) fn token_turn(&mut self, now: UnixMillis, lease_ms: u64) -> TokenTurn {
        if let Some(token) = self.token.as_ref().filter(|token| token.until > now) {
            return TokenTurn::Have(token.clone());
        }
        if let Some(fault) = paused(self.token_refused.as_ref(), now) {
            return TokenTurn::Refused(fault);
        }
        if self.token_lease_until.is_some_and(|until| until > now) {
            return TokenTurn::Wait;
        }
        self.token_lease_until = Some(now.plus_ms(lease_ms));
        TokenTurn::Yours
    }

    /// Keeps the token or the refusal, and ends the lease.
    pub(super) fn remember_token(&mut self, now: UnixMillis, answer: Result<AccessToken, ArmFault>) {
        self.token_lease_until = None;
        match answer {
            Ok(token) => (self.token, self.token_refused) = (Some(token), None),
            Err(fault) => {
                let until = fault.until.unwrap_or_default().max(now.plus_ms(REFUSAL_HOLDS_MS));
                self.token_refused = Some(Pause { until, fault });
            }
        }
    }

    /// ARM did not accept `token`; a newer one stays.
    pub(super) fn forget_token(&mut self, token: &AccessToken) {
        self.token.take_if(|known| known == token);
    }

    /// The fault that asked not to be called before a time that is still to come.
    pub(super) fn arm_pause(&self, now: UnixMillis) -> Option<ArmFault> {
        paused(self.arm_pause.as_ref(), now)
    }

    /// ARM asked to wait.
    pub(super) fn pause_arm(&mut self, until: UnixMillis, fault: ArmFault) {
        self.arm_pause = Some(Pause { until, fault });
    }
}

impl Memory {
    /// When this isolate asked ARM about `origin`.
    pub(super) fn asked_at(&self, origin: &str) -> Option<UnixMillis> {
        self.slot(origin)?.asked_at
    }

    /// It asks now.
    pub(super) fn note_asked(&mut self, origin: &str, now: UnixMillis) {
        self.change(origin, |slot| slot.asked_at = Some(now));
    }

    /// What this isolate knows of the instance of `origin`, and since when.
    pub(super) fn knowledge(&self, origin: &str) -> Option<(UnixMillis, Rc<Knowledge>)> {
        self.slot(origin)?.knowledge.clone()
    }

    /// Keeps what was read or found.
    pub(super) fn remember_knowledge(&mut self, origin: &str, now: UnixMillis, known: Rc<Knowledge>) {
        self.change(origin, |slot| slot.knowledge = Some((now, known)));
    }

    fn slot(&self, origin: &str) -> Option<&Slot> {
        self.origins.iter().find(|(name, _)| name == origin).map(|(_, slot)| slot)
    }

    fn change(&mut self, origin: &str, work: impl FnOnce(&mut Slot)) {
        if let Some((_, slot)) = self.origins.iter_mut().find(|(name, _)| name == origin) {
            return work(slot);
        }
        let mut slot = Slot::default();
        work(&mut slot);
        self.origins.push((origin.to_owned(), slot));
    }
}

fn paused(pause: Option<&Pause>, now: UnixMillis) -> Option<ArmFault> {
    pause.filter(|pause| pause.until > now).map(|pause| pause.fault.clone())
}
