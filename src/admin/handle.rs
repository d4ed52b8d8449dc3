//! Route, authenticate, handle.

use super::auth::{Operator, authenticate, ways};
use super::headers::secured;
use super::refusal::Refusal;
use super::request::MAX_FORM;
use super::respond::{Answer, Errors, json, options};
use super::route::{Call, Door, MethodAnswer, OpenCall, READ, SignInCall, check_method};
use super::show::Form;
use super::{
    AdminRequest, BodyFault, allowlist, allowlist_plan, audit, checklist_call, config_call, dashboard, diagnose,
    history, incidents, metrics_call, notices, openapi, refresh, sign_in, status, zone,
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

/// What was read of a request's body; `None`: it has none.
type Body = Option<Result<String, BodyFault>>;

/// As [`answer_reading`], for a request that has its body already.
pub async fn answer<P: Ports>(guard: &Guard<'_, P>, request: &AdminRequest) -> Rendered {
    answer_reading(guard, request.clone(), async |_| request.body.clone()).await
}

/// Answers a request for `admin.path` or below:
///
/// 1. what is open to all, on every host;
/// 2. the host (`admin.hostname`), else `404 admin_not_found`;
/// 3. network and credential, else `403 admin_forbidden`, `401 admin_unauthenticated` or `429 admin_rate_limited`; where
///    the browser adds the credential by itself, also that the guard's own page asks; signing in and out ends here;
/// 4. path and method, else `404 admin_not_found` or `405 admin_method_not_allowed`;
/// 5. the body, given by `read` up to so many bytes, only where the call has one;
/// 6. the handler.
pub async fn answer_reading<P: Ports>(
    guard: &Guard<'_, P>,
    mut request: AdminRequest,
    read: impl AsyncFnOnce(usize) -> Body,
) -> Rendered {
    let errors = errors(guard, &request);
    let path = request.path.clone();
    let answer = match Door::of(&path) {
        Door::Open(call) => answer_open(&call, &request.method, &errors),
        Door::SignIn(call) => answer_sign_in(guard, call, &mut request, read, &errors).await,
        Door::Closed(call) => match admit(guard, &request).await {
            Ok(operator) => answer_operator(guard, operator, call, &mut request, read, &errors).await,
            Err(refusal) => sign_in::refused(guard, &request, &errors, &refusal),
        },
    };
    secured(answer)
}

async fn answer_sign_in<P: Ports>(
    guard: &Guard<'_, P>,
    call: SignInCall,
    request: &mut AdminRequest,
    read: impl AsyncFnOnce(usize) -> Body,
    errors: &Errors,
) -> Rendered {
    let scene = &guard.scene;
    let may_try = check_host(guard, request).and_then(|()| ways(&scene.config.admin, scene.secrets, request));
    if let Err(refusal) = may_try {
        return errors.refusal(&refusal);
    }
    if let Some(answer) = check_method(&request.method, call.methods()) {
        return answer.render(errors);
    }
    request.body = if request.is_safe() { None } else { read(MAX_FORM).await };
    sign_in::handle(guard, call, request, errors).await
}

async fn admit<P: Ports>(guard: &Guard<'_, P>, request: &AdminRequest) -> Result<Operator, Refusal> {
    check_host(guard, request)?;
    authenticate(&guard.scene, request).await
}

fn check_host<P>(guard: &Guard<'_, P>, request: &AdminRequest) -> Result<(), Refusal> {
    match &guard.scene.config.admin.hostname {
        Some(host) if host.as_str() != request.host => {
            Err(Refusal::new(Code::AdminNotFound, "The admin interface is served on another host."))
        }
        _ => Ok(()),
    }
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
    request: &mut AdminRequest,
    read: impl AsyncFnOnce(usize) -> Body,
    errors: &Errors,
) -> Rendered {
    let form = Form::of(call, request, errors);
    let errors = form.errors(errors);
    let answer = act(guard, operator, form.call(), request, read, &errors).await;
    form.show(answer, guard.scene.config, request, errors.at)
}

async fn act<P: Ports>(
    guard: &Guard<'_, P>,
    operator: Operator,
    call: Option<Call<'_>>,
    request: &mut AdminRequest,
    read: impl AsyncFnOnce(usize) -> Body,
    errors: &Errors,
) -> Answer {
    let Some(call) = call else {
        return errors.problem(Code::AdminNotFound, "The admin interface has no such path.").into();
    };
    if let Some(answer) = check_method(&request.method, call.methods()) {
        return answer.render(errors).into();
    }
    let takes_body = request.method == "POST" && call.body_limit() > 0;
    request.body = if takes_body { read(call.body_limit()).await } else { None };
    handle(guard, operator, call, request, errors).await
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
        Call::Checklist => checklist_call::handle(guard, operator, request, errors).await,
        Call::Allowlist => allowlist::handle(guard, operator, request, errors).await,
        Call::AllowlistPlan => allowlist_plan::handle(guard, operator, request, Mode::Show, errors).await,
        Call::AllowlistApply => allowlist_plan::handle(guard, operator, request, Mode::Now, errors).await,
        Call::OpenApi => openapi::handle(guard, operator, request),
        Call::Zone => zone::handle(guard, operator, request, errors).await,
        Call::Metrics => metrics_call::handle(guard, operator, request).await,
        Call::Config => config_call::show(guard, operator),
        Call::ConfigCheck => config_call::check(operator, request, errors),
        Call::Audit => audit::handle(guard, operator, request, errors).await,
        Call::NoticesTest => notices::test(guard, operator, request, errors).await,
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
        as_page: false,
        media: request.accept.as_deref().map_or(MediaType::Json, |accept| negotiate(Some(accept))),
        at: guard.scene.ports.now(),
        ray_id: request.ray_id.clone(),
    }
}
