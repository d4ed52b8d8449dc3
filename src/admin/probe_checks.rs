//! The stages of a live diagnosis that connect to the gateway: TCP to each address, HTTPS by host name, and what the
//! answer proves.

use crate::investigation::{Answer, Dialled, Probe};
use crate::ports::Dial;
use crate::problem::{Check, CheckResult};
use crate::proxy::{OwnError, own_error};

const TCP: &str = "tcp";
const HTTPS: &str = "https";
const GATEWAY_ANSWER: &str = "gateway_answer";

/// Adds them to `checks`, in order. `dialled` is `None` where the name was not looked up in time.
pub(super) fn probe_checks(checks: &mut Vec<Check>, dialled: Option<&Dialled>, probe: &Probe) {
    match dialled {
        Some(dialled) => tcp_checks(checks, dialled, probe.answer.is_some()),
        None => checks.push(Check::skip(TCP, "no resolver was asked within the time budget")),
    }
    checks.push(https(probe));
    checks.push(gateway_answer(probe));
}

fn tcp_checks(checks: &mut Vec<Check>, dialled: &Dialled, answered: bool) {
    for dial in &dialled.dials {
        checks.push(tcp(dial, dialled, answered));
    }
    for address in &dialled.not_public {
        checks.push(Check::skip(TCP, format!("{address} is not a public address")));
    }
    if dialled.not_tried > 0 {
        let reason = format!("{} more address(es) not tried: too many, or no time left", dialled.not_tried);
        checks.push(Check::skip(TCP, reason));
    }
    if dialled.dials.is_empty() && dialled.not_public.is_empty() && dialled.not_tried == 0 {
        checks.push(Check::skip(TCP, "the name does not resolve"));
    }
}

/// HTTPS outweighs it: that the gateway answers is proved there, and a closed port is proved by nothing.
fn tcp(dial: &Dial, dialled: &Dialled, answered: bool) -> Check {
    let peer = &dial.peer;
    let Err(failure) = &dial.outcome else { return Check::pass(TCP, format!("{peer} opens"), dial.took_ms) };
    let seen = format!("{peer} could not be opened from here ({failure})");
    let another_opened = dialled.dials.iter().any(|dial| dial.outcome.is_ok());
    if !dialled.sockets_work {
        Check::skip(TCP, format!("{seen}, nor could a resolver that answers: no sockets here, as far as can be told"))
    } else if answered && !another_opened {
        Check::skip(TCP, format!("{seen}, but HTTPS is answered: sockets leave from other addresses than fetch"))
    } else {
        Check::fail(TCP, seen, dial.took_ms)
    }
}

fn https(probe: &Probe) -> Check {
    let answered = match (&probe.answer, probe.failure) {
        (Some(Answer::Whole(answer)), _) => answer.status.to_string(),
        (Some(Answer::TooLong), _) => "at length".into(),
        (None, Some(failure)) => return Check::fail(HTTPS, format!("{} failed: {failure}", probe.url), probe.took_ms),
        (None, None) => return Check::skip(HTTPS, "not asked"),
    };
    let tls = if probe.url.starts_with("https:") { ", connection and TLS" } else { " and connection" };
    Check::pass(HTTPS, format!("{} answered {answered}: name{tls} work", probe.url), probe.took_ms)
}

fn gateway_answer(probe: &Probe) -> Check {
    let answer = match &probe.answer {
        Some(Answer::Whole(answer)) => answer,
        Some(Answer::TooLong) => return Check::skip(GATEWAY_ANSWER, "the answer is too long to be read"),
        None => return Check::skip(GATEWAY_ANSWER, "the gateway gave no answer"),
    };
    let status = answer.status;
    let (result, proves) = own_error(status, &answer.body).map_or_else(|| of_status(status), of_error);
    let took_ms = if result == CheckResult::Skip { 0 } else { probe.took_ms };
    Check { name: GATEWAY_ANSWER, result, detail: format!("{status}: {proves}"), took_ms }
}

const fn of_error(error: OwnError) -> (CheckResult, &'static str) {
    match error {
        OwnError::KeyMissing | OwnError::KeyInvalid => {
            (CheckResult::Pass, "API Management's own: the gateway works; this path asks for a subscription key")
        }
        OwnError::NotFound => {
            (CheckResult::Pass, "API Management's own: the gateway works; nothing is published at this path")
        }
        OwnError::Internal => {
            (CheckResult::Fail, "API Management's own: the gateway runs; a policy or something behind it fails")
        }
        OwnError::CallerRefused => {
            (CheckResult::Fail, "API Management's own: the gateway runs; its ip-filter does not let the guard in")
        }
    }
}

const fn of_status(status: u16) -> (CheckResult, &'static str) {
    const UNPROVED: &str = "not in API Management's documented form; whether it is the gateway is not proved";
    match status {
        200 => (CheckResult::Pass, "on the health path, as a gateway that is well answers"),
        500.. => (CheckResult::Fail, UNPROVED),
        _ => (CheckResult::Skip, UNPROVED),
    }
}
