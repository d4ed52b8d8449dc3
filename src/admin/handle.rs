//! Route, authenticate, handle.

use super::auth::{Operator, Refusal, authenticate};
use super::respond::{Answer, Errors, json, options};
use super::route::{Call, Door, MethodAnswer, OpenCall, READ, check_method};
use super::{
    AdminRequest, allowlist, allowlist_plan, audit, config_call, diagnose, history, incidents, metrics_call, notices,
    refresh, status,
};
use crate::VERSION;
use crate::allowlist::Mode;
use crate::config::Loaded;
use crate::json::json;
use crate::ports::Ports;
use crate::problem::{Code, MediaType, Rendered, explain, explain_index, negotiate};
use crate::refresh::Scene;

/// What the handlers work with.
pub struct Guard<'a, P> {
    /// Ports, memory, effective configuration.
    pub scene: Scene<'a, P>,
    /// The configuration with its faults.
    pub loaded: &'a Loaded,
}

/// Answers a request for `admin.path` or below:
///
/// 1. what is open to all, on every host;
/// 2. the host (`admin.hostname`), else `404 admin_not_found`;
/// 3. network and credential, else `403 admin_forbidden` or `401 admin_unauthenticated`;
/// 4. path and method, else `404 admin_not_found` or `405 admin_method_not_allowed`;
/// 5. the handler.
pub async fn answer<P: Ports>(guard: &Guard<'_, P>, request: &AdminRequest) -> Rendered {
    let errors = errors(guard, request);
    match Door::of(&request.path) {
        Door::Open(call) => answer_open(&call, &request.method, &errors),
        Door::Closed(call) => match admit(guard, request) {
            Ok(operator) => answer_operator(guard, operator, call, request, &errors).await,
            Err(refusal) => errors.refusal(&refusal),
        },
    }
}

/// How many bytes of the request's body are to be read at most; `None`: it is not. Only an operator's is, for a call that has
/// one.
pub fn body_limit<P>(guard: &Guard<'_, P>, request: &AdminRequest) -> Option<usize> {
    let Door::Closed(Some(call)) = Door::of(&request.path) else { return None };
    let taken = request.method == "POST" && check_method(&request.method, call.methods()).is_none();
    (taken && call.body_limit() > 0 && admit(guard, request).is_ok()).then(|| call.body_limit())
}

fn admit<P>(guard: &Guard<'_, P>, request: &AdminRequest) -> Result<Operator, Refusal> {
    let admin = &guard.scene.config.admin;
    if admin.hostname.as_ref().is_some_and(|host| host.as_str() != request.host) {
        return Err(Refusal { code: Code::AdminNotFound, detail: "The admin interface is served on another host." });
    }
    authenticate(request, admin, guard.scene.secrets)
}

fn answer_open(call: &OpenCall<'_>, method: &str, errors: &Errors) -> Rendered {
    match (check_method(method, READ), call) {
        (Some(answer), _) => answer.render(errors),
        (None, OpenCall::Healthz) => json(200, &json!({ "status": "ok", "version": VERSION })),
        (None, OpenCall::Problems) => explain_index(&errors.type_base, errors.media),
        (None, OpenCall::Problem(slug)) => match slug.parse() {
            Ok(code) => explain(code, &errors.type_base, errors.media),
            Err(_) => errors.problem(Code::AdminNotFound, "There is no code of this name; problems/ lists them all."),
        },
    }
}

async fn answer_operator<P: Ports>(
    guard: &Guard<'_, P>,
    operator: Operator,
    call: Option<Call<'_>>,
    request: &AdminRequest,
    errors: &Errors,
) -> Rendered {
    let Some(call) = call else {
        return errors.problem(Code::AdminNotFound, "The admin interface has no such path.");
    };
    if let Some(answer) = check_method(&request.method, call.methods()) {
        return answer.render(errors);
    }
    match handle(guard, operator, call, request, errors).await {
        Answer::Report(report) => json(200, &report),
        Answer::Ready(ready) => ready,
    }
}

async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    operator: Operator,
    call: Call<'_>,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    match call {
        Call::Status => status::handle(guard, operator).await,
        Call::Refresh => refresh::handle(guard, operator, request, errors).await,
        Call::Diagnose => diagnose::handle(guard, operator, request, errors).await,
        Call::History => history::handle(guard, operator, request, errors).await,
        Call::Incidents => incidents::list(guard, operator, request, errors).await,
        Call::Incident(id) => incidents::one(guard, operator, id, false, errors).await,
        Call::Bundle(id) => incidents::one(guard, operator, id, true, errors).await,
        Call::Replay => incidents::replay(operator, request, errors),
        Call::Allowlist => allowlist::handle(guard, operator, request, errors).await,
        Call::AllowlistPlan => allowlist_plan::handle(guard, operator, request, Mode::Show, errors).await,
        Call::AllowlistApply => allowlist_plan::handle(guard, operator, request, Mode::Now, errors).await,
        Call::Metrics => metrics_call::handle(guard, operator, request).await,
        Call::Config => config_call::show(guard, operator),
        Call::ConfigCheck => config_call::check(operator, request, errors),
        Call::NoticesTest => notices::test(guard, operator, request, errors).await,
        Call::Audit => audit::handle(guard, operator, request, errors).await,
    }
}

impl MethodAnswer {
    fn render(self, errors: &Errors) -> Rendered {
        match self {
            Self::Options(allow) => options(allow),
            Self::Wrong(allow) => errors.wrong_method(allow),
        }
    }
}

fn errors<P: Ports>(guard: &Guard<'_, P>, request: &AdminRequest) -> Errors {
    Errors {
        type_base: guard.scene.config.type_base(),
        media: request.accept.as_deref().map_or(MediaType::Json, |accept| negotiate(Some(accept))),
        at: guard.scene.ports.now(),
        ray_id: request.ray_id.clone(),
    }
}
