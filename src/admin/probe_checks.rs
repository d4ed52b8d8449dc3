//! The stages of a live diagnosis that connect to the gateway: TCP to each address, HTTPS by host name, and what the
//! answer proves.

use crate::diagnosis::Failure;
use crate::investigation::{Answer, Dial, Dialled, Probe};
use crate::problem::Check;
use crate::proxy::{OwnError, own_error};

const TCP: &str = "tcp";
const HTTPS: &str = "https";
const GATEWAY_ANSWER: &str = "gateway_answer";

/// In order. `dialled` is `None` where the name was not looked up in time.
pub(super) fn probe_checks(dialled: Option<&Dialled>, probe: &Probe) -> Vec<Check> {
    let mut checks = tcp_checks(dialled, probe.answer.is_some());
    checks.push(https(probe));
    checks.push(gateway_answer(probe));
    checks
}

fn tcp_checks(dialled: Option<&Dialled>, answered: bool) -> Vec<Check> {
    let Some(dialled) = dialled else { return vec![Check::skip(TCP, "no resolver was asked within the time budget")] };
    let mut checks: Vec<Check> = dialled.dials.iter().map(|dial| tcp(dial, dialled, answered)).collect();
    let not_public = dialled.not_public.iter().map(|address| format!("{address} is not a public address"));
    checks.extend(not_public.map(|reason| Check::skip(TCP, reason)));
    if dialled.not_tried > 0 {
        checks.push(Check::skip(
            TCP,
            format!("{} more address(es) not tried: too many, or no time left", dialled.not_tried),
        ));
    }
    if checks.is_empty() {
        checks.push(Check::skip(TCP, "the name does not resolve"));
    }
    checks
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
    let Probe { url, took_ms, .. } = probe;
    let tls = if url.starts_with("https:") { ", connection and TLS" } else { " and connection" };
    match (&probe.answer, probe.failure) {
        (Some(Answer::Whole(answer)), _) => {
            Check::pass(HTTPS, format!("{url} answered {}: name{tls} work", answer.status), *took_ms)
        }
        (Some(Answer::TooLong), _) => Check::pass(HTTPS, format!("{url} answered: name{tls} work"), *took_ms),
        (None, failure) => failed(url, failure, *took_ms),
    }
}

fn failed(url: &str, failure: Option<Failure>, took_ms: u32) -> Check {
    match failure {
        Some(failure) => Check::fail(HTTPS, format!("{url} failed: {failure}"), took_ms),
        None => Check::skip(HTTPS, "not asked"),
    }
}

fn gateway_answer(probe: &Probe) -> Check {
    let answer = match &probe.answer {
        Some(Answer::Whole(answer)) => answer,
        Some(Answer::TooLong) => return Check::skip(GATEWAY_ANSWER, "the answer is too long to be read"),
        None => return Check::skip(GATEWAY_ANSWER, "the gateway gave no answer"),
    };
    let (status, took_ms) = (answer.status, probe.took_ms);
    match own_error(status, &answer.body) {
        Some(error) => {
            let detail = format!("{status} in API Management's own form: {}", proves(error));
            match error {
                OwnError::Internal | OwnError::CallerRefused => Check::fail(GATEWAY_ANSWER, detail, took_ms),
                OwnError::KeyMissing | OwnError::KeyInvalid | OwnError::NotFound => {
                    Check::pass(GATEWAY_ANSWER, detail, took_ms)
                }
            }
        }
        None if status == 200 => {
            Check::pass(GATEWAY_ANSWER, "200 on the health path, as a gateway that is well answers", took_ms)
        }
        None => {
            let detail = format!(
                "{status}, not in API Management's documented form: something answers under this name, whether it is the gateway is not proved"
            );
            if status < 500 {
                Check::skip(GATEWAY_ANSWER, detail)
            } else {
                Check::fail(GATEWAY_ANSWER, detail, took_ms)
            }
        }
    }
}

const fn proves(error: OwnError) -> &'static str {
    match error {
        OwnError::KeyMissing | OwnError::KeyInvalid => "the gateway works; this path asks for a subscription key",
        OwnError::NotFound => "the gateway works; nothing is published at this path",
        OwnError::Internal => "the gateway runs; a policy or something behind it fails",
        OwnError::CallerRefused => "the gateway runs; its ip-filter does not let the guard in",
    }
}
