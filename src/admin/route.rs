//! Paths and methods.

use super::request::MAX_BODY;
use crate::network_check::MAX_DOCUMENT_BYTES;

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Door<'a> {
    /// A call that is open to all, on every host.
    Open(OpenCall<'a>),
    /// Signing in and out: for everyone who may become an operator.
    SignIn(SignInCall),
    /// For operators only; `None`: there is no such path, which only they are told.
    Closed(Option<Call<'a>>),
}

/// A call without authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OpenCall<'a> {
    /// `GET /healthz`
    Healthz,
    /// `GET /problems/`
    Problems,
    /// `GET /problems/<code>`
    Problem(&'a str),
}

/// A call that begins or ends a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignInCall {
    /// `GET /login`, `POST /login`
    Login,
    /// `POST /logout`
    Logout,
}

/// A call of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call<'a> {
    /// `GET /`
    Overview,
    /// `GET /status`
    Status,
    /// `POST /refresh`
    Refresh,
    /// `GET /diagnose`
    Diagnose,
    /// `GET /history`
    History,
    /// `GET /incidents`
    Incidents,
    /// `GET /incidents/<id>`
    Incident(&'a str),
    /// `GET /incidents/<id>/bundle`
    Bundle(&'a str),
    /// `POST /replay`
    Replay,
    /// `GET /checklist`
    Checklist,
    /// `GET /allowlist`
    Allowlist,
    /// `GET /allowlist/plan`
    AllowlistPlan,
    /// `POST /allowlist/apply`
    AllowlistApply,
    /// `GET /openapi.json`
    OpenApi,
    /// `GET /zone`
    Zone,
    /// `GET /metrics`
    Metrics,
    /// `GET /config`
    Config,
    /// `POST /config/check`
    ConfigCheck,
    /// `GET /audit` and `POST /audit`
    Audit,
    /// `POST /notices/test`
    NoticesTest,
}

impl<'a> Door<'a> {
    /// Where `path`, the part below `admin.path`, leads.
    pub(super) fn of(path: &'a str) -> Self {
        let closed = |call| Self::Closed(Some(call));
        match path {
            "/healthz" => Self::Open(OpenCall::Healthz),
            "/problems" | "/problems/" => Self::Open(OpenCall::Problems),
            "/login" => Self::SignIn(SignInCall::Login),
            "/logout" => Self::SignIn(SignInCall::Logout),
            "" | "/" => closed(Call::Overview),
            "/status" => closed(Call::Status),
            "/refresh" => closed(Call::Refresh),
            "/diagnose" => closed(Call::Diagnose),
            "/history" => closed(Call::History),
            "/incidents" => closed(Call::Incidents),
            "/replay" => closed(Call::Replay),
            "/checklist" => closed(Call::Checklist),
            "/allowlist" => closed(Call::Allowlist),
            "/allowlist/plan" => closed(Call::AllowlistPlan),
            "/allowlist/apply" => closed(Call::AllowlistApply),
            "/openapi.json" => closed(Call::OpenApi),
            "/zone" => closed(Call::Zone),
            "/metrics" => closed(Call::Metrics),
            "/config" => closed(Call::Config),
            "/config/check" => closed(Call::ConfigCheck),
            "/audit" => closed(Call::Audit),
            "/notices/test" => closed(Call::NoticesTest),
            _ => Self::below(path),
        }
    }

    fn below(path: &'a str) -> Self {
        if let Some(slug) = path.strip_prefix("/problems/") {
            return Self::Open(OpenCall::Problem(slug));
        }
        Self::Closed(path.strip_prefix("/incidents/").and_then(|rest| match rest.split_once('/') {
            None => Some(Call::Incident(rest)),
            Some((id, "bundle")) => Some(Call::Bundle(id)),
            Some(_) => None,
        }))
    }
}

/// `Allow` of a call that only tells.
pub(super) const READ: &str = "GET, HEAD, OPTIONS";
/// `Allow` of a call that does something.
const ACT: &str = "POST, OPTIONS";
/// `Allow` of what tells and does: a form and what it is sent to, a check of what is known or given.
const BOTH: &str = "GET, HEAD, POST, OPTIONS";

impl SignInCall {
    /// Its methods, as `Allow` lists them.
    pub(super) const fn methods(self) -> &'static str {
        match self {
            Self::Login => BOTH,
            Self::Logout => ACT,
        }
    }
}

impl Call<'_> {
    /// The longest body that it works on, in bytes; 0: it works on none.
    pub(super) const fn body_limit(self) -> usize {
        match self {
            Self::Replay | Self::ConfigCheck => MAX_BODY,
            Self::Audit => MAX_DOCUMENT_BYTES,
            _ => 0,
        }
    }

    /// Its methods, as `Allow` lists them.
    pub(super) const fn methods(self) -> &'static str {
        match self {
            Self::Refresh | Self::Replay | Self::ConfigCheck | Self::AllowlistApply | Self::NoticesTest => ACT,
            Self::Audit => BOTH,
            Self::Overview
            | Self::Status
            | Self::Diagnose
            | Self::History
            | Self::Incidents
            | Self::Incident(_)
            | Self::Bundle(_)
            | Self::Checklist
            | Self::Allowlist
            | Self::AllowlistPlan
            | Self::Zone
            | Self::Metrics
            | Self::OpenApi
            | Self::Config => READ,
        }
    }
}

/// An answer that the method alone decides; the value of `Allow`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MethodAnswer {
    /// `OPTIONS` itself.
    Options(&'static str),
    /// A method that the path does not have.
    Wrong(&'static str),
}

/// `None`: the call may be handled.
pub(super) fn check_method(method: &str, allow: &'static str) -> Option<MethodAnswer> {
    match method {
        "OPTIONS" => Some(MethodAnswer::Options(allow)),
        _ if allow.split(", ").any(|allowed| allowed == method) => None,
        _ => Some(MethodAnswer::Wrong(allow)),
    }
}
