//! Route, authenticate, handle.

use super::auth::{Operator, Refusal, authenticate};
use super::respond::{Answer, Errors, json, options};
use super::route::{Call, Door, MethodAnswer, OpenCall, READ, check_method};
use super::{AdminRequest, config_call, dashboard, diagnose, history, incidents, refresh, status};
use crate::VERSION;
use crate::config::Loaded;
use crate::json::json;
use crate::pages::{Context, View, error_page, page};
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

/// Whether the request's body is to be read: only an operator's, for a call that has one.
pub fn takes_body<P>(guard: &Guard<'_, P>, request: &AdminRequest) -> bool {
    let Door::Closed(Some(call)) = Door::of(&request.path) else { return false };
    check_method(&request.method, call.methods()).is_none() && call.has_body() && admit(guard, request).is_ok()
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

/// The report, or the problem, in the form that was asked for.
async fn answer_operator<P: Ports>(
    guard: &Guard<'_, P>,
    operator: Operator,
    call: Option<Call<'_>>,
    request: &AdminRequest,
    errors: &Errors,
) -> Rendered {
    if errors.media == MediaType::Html || call == Some(Call::Overview) {
        return show_operator(guard, operator, call, request, errors).await;
    }
    match act(guard, operator, call, request, errors).await {
        Answer::Report(report) => json(200, &report),
        Answer::Ready(ready) => ready,
    }
}

/// As a page: of the same report, and of the same problem document.
async fn show_operator<P: Ports>(
    guard: &Guard<'_, P>,
    operator: Operator,
    call: Option<Call<'_>>,
    request: &AdminRequest,
    errors: &Errors,
) -> Rendered {
    // People are shown the status on the first page.
    let call = if call == Some(Call::Status) { Some(Call::Overview) } else { call };
    let view = call.and_then(|call| view_of(call, request));
    let (origin, given) = (request.parameter("origin"), config_call::given(request));
    let context = Context {
        base: &guard.scene.config.admin.path,
        nonce: &request.nonce,
        now: errors.at,
        origin: origin.as_deref(),
        given: given.as_deref(),
    };
    let in_json = Errors { media: MediaType::Json, ..errors.clone() };
    match (act(guard, operator, call, request, &in_json).await, view) {
        (Answer::Report(report), Some(view)) => page(view, &report, &context),
        (Answer::Report(report), None) => json(200, &report),
        (Answer::Ready(ready), view) => error_page(view, ready, &context),
    }
}

/// The page of a call's report; `None` for what is a file.
fn view_of(call: Call<'_>, _: &AdminRequest) -> Option<View> {
    match call {
        Call::Overview | Call::Status => Some(View::Overview),
        Call::Refresh => Some(View::Look),
        Call::Diagnose => Some(View::Diagnosis),
        Call::History => Some(View::History),
        Call::Incidents => Some(View::Incidents),
        Call::Incident(_) => Some(View::Incident),
        Call::Config => Some(View::Configuration),
        Call::ConfigCheck => Some(View::ConfigurationCheck),
        Call::Bundle(_) | Call::Replay => None,
    }
}

async fn act<P: Ports>(
    guard: &Guard<'_, P>,
    operator: Operator,
    call: Option<Call<'_>>,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    let Some(call) = call else {
        return errors.problem(Code::AdminNotFound, "The admin interface has no such path.").into();
    };
    match check_method(&request.method, call.methods()) {
        Some(answer) => answer.render(errors).into(),
        None => handle(guard, operator, call, request, errors).await,
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
        Call::Overview => dashboard::report(guard, operator).await.into(),
        Call::Status => status::handle(guard, operator).await,
        Call::Refresh => refresh::handle(guard, operator, request, errors).await,
        Call::Diagnose => diagnose::handle(guard, operator, request, errors).await,
        Call::History => history::handle(guard, operator, request, errors).await,
        Call::Incidents => incidents::list(guard, operator, request, errors).await,
        Call::Incident(id) => incidents::one(guard, operator, id, false, errors).await,
        Call::Bundle(id) => incidents::one(guard, operator, id, true, errors).await,
        Call::Replay => incidents::replay(operator, request, errors),
        Call::Config => config_call::show(guard, operator),
        Call::ConfigCheck => config_call::check(operator, request, errors),
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
