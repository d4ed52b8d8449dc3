//! Asking the gateway itself: one request to the health path by host name.

use crate::config::{Origin, Route};
use crate::diagnosis::{Failure, Rejection};
use crate::net::{HostPattern, Hostname};
use crate::ports::{Clock, FetchFailure, Fetcher, HttpRequest, HttpResponse};
use crate::proxy::{Head, Sign, Sniffed, judge_body, judge_head};

/// What the health path answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The URL asked for.
    pub url: String,
    /// The origin's own answer; `None` where it gave none.
    pub answer: Option<Answer>,
    /// How it failed.
    pub failure: Option<Failure>,
    /// In milliseconds.
    pub took_ms: u32,
}

/// An answer that the origin made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was read.
    Whole(HttpResponse),
    /// Its body is longer than what is read; no edge-made error is that long.
    TooLong,
}

/// A health answer is small; more than this is not read, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Asks `origin` for its health path and waits at most `timeout_ms`.
pub async fn probe_origin<P: Fetcher + Clock>(ports: &P, origin: &Origin, timeout_ms: u32) -> Probe {
    let url = format!("{}{}", probe_base(origin), origin.health_path);
    let begun = ports.now();
    let request = HttpRequest {
        method: "GET",
        url: url.clone(),
        headers: Vec::new(),
        body: Vec::new(),
        timeout_ms,
        max_bytes: MAX_BYTES,
    };
    let (answer, failure) = judge(ports.send(request).await, timeout_ms);
    let took_ms = u32::try_from(ports.now().since_ms(begun)).unwrap_or(u32::MAX);
    Probe { url, answer, failure, took_ms }
}

/// The name that the edge resolves on the guard's own behalf: the gateway's, or in `zone` route the first host served.
pub fn edge_name(origin: &Origin) -> &Hostname {
    let exact = origin.serves.hosts().iter().find_map(|pattern| match pattern {
        HostPattern::Exact(name) => Some(name),
        HostPattern::Below(_) => None,
    });
    match origin.route {
        Route::Zone => exact.unwrap_or(&origin.hostname),
        Route::Direct => &origin.hostname,
    }
}

fn probe_base(origin: &Origin) -> String {
    match origin.route {
        Route::Zone => format!("https://{}", edge_name(origin)),
        Route::Direct => origin.base_url(),
    }
}

fn judge(answer: Result<HttpResponse, FetchFailure>, timeout_ms: u32) -> (Option<Answer>, Option<Failure>) {
    let rejected = |rejection| (None, Some(Failure::Rejected { rejection }));
    match answer {
        Ok(response) => match edge_failure(&response) {
            Some(failure) => (None, Some(failure)),
            None => (Some(Answer::Whole(response)), None),
        },
        Err(FetchFailure::TooLarge) => (Some(Answer::TooLong), None),
        Err(FetchFailure::TimedOut) => (None, Some(Failure::TimedOut { after_ms: timeout_ms })),
        Err(FetchFailure::ConnectionLost) => rejected(Rejection::ConnectionLost),
        Err(FetchFailure::Internal) => rejected(Rejection::Internal),
        Err(FetchFailure::Other(_)) => rejected(Rejection::Other),
    }
}

fn edge_failure(response: &HttpResponse) -> Option<Failure> {
    let head = Head {
        status: response.status,
        server: response.header("server"),
        cf_error_type: response.header("cf-error-type"),
        content_type: response.header("content-type"),
        content_length: response.header("content-length").and_then(|length| length.parse().ok()),
    };
    let number = match judge_head(&head) {
        Sign::Own => return None,
        Sign::Edge(number) => number,
        Sign::Suspect => match judge_body(&head, &response.body, true) {
            Sniffed::Edge(number) => number,
            Sniffed::Own | Sniffed::More => return None,
        },
    };
    Some(Failure::Edge { status: response.status, number })
}
