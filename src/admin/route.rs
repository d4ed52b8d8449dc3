//! Path and method to a call.

/// A call of the admin interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call<'a> {
    /// `GET /healthz`
    Healthz,
    /// `GET /problems/`
    Problems,
    /// `GET /problems/<code>`
    Problem(&'a str),
    /// `GET /status`
    Status,
    /// `POST /refresh`
    Refresh,
    /// `GET /diagnose`
    Diagnose,
    /// `GET /config`
    Config,
    /// `POST /config/check`
    ConfigCheck,
}

/// What a path and method lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// A call.
    Call(Call<'a>),
    /// The path is there, the method is not; the value of `Allow`.
    WrongMethod(&'static str),
    /// `OPTIONS`; the value of `Allow`.
    Options(&'static str),
    /// No such path.
    NotFound,
}

const READ: &str = "GET, HEAD, OPTIONS";
const ACT: &str = "POST, OPTIONS";

/// Routes `path`, the part below `admin.path`.
pub(super) fn route<'a>(method: &str, path: &'a str) -> Route<'a> {
    let Some(call) = call_of(path) else { return Route::NotFound };
    let allow = if matches!(call, Call::Refresh | Call::ConfigCheck) { ACT } else { READ };
    match method {
        "OPTIONS" => Route::Options(allow),
        "GET" | "HEAD" if allow == READ => Route::Call(call),
        "POST" if allow == ACT => Route::Call(call),
        _ => Route::WrongMethod(allow),
    }
}

fn call_of(path: &str) -> Option<Call<'_>> {
    Some(match path {
        "/healthz" => Call::Healthz,
        "/problems" | "/problems/" => Call::Problems,
        "/status" => Call::Status,
        "/refresh" => Call::Refresh,
        "/diagnose" => Call::Diagnose,
        "/config" => Call::Config,
        "/config/check" => Call::ConfigCheck,
        _ => Call::Problem(path.strip_prefix("/problems/")?),
    })
}

impl Call<'_> {
    /// Whether it is open to all, on every host.
    pub(super) const fn is_open(&self) -> bool {
        matches!(self, Self::Healthz | Self::Problems | Self::Problem(_))
    }
}
