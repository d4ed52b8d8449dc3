//! Route, authenticate, handle.

use serde_json::json;

use super::auth::authenticate;
use super::respond::{Errors, json, options};
use super::route::{Call, Route, route};
use super::{AdminRequest, Secrets, config_call, diagnose, refresh, status};
use crate::VERSION;
use crate::config::Loaded;
use crate::ports::Ports;
use crate::problem::{Code, MediaType, Rendered, explain, explain_index, negotiate};
use crate::refresh::Scene;

/// What the handlers work with.
pub struct Guard<'a, P> {
    /// Ports, memory, effective configuration.
    pub scene: Scene<'a, P>,
    /// The configuration with its faults.
    pub loaded: &'a Loaded,
    /// Secrets and bindings.
    pub secrets: &'a Secrets,
}

/// Answers a request for `admin.path` or below:
///
/// 1. the path and method, else `404 admin_not_found` or `405 admin_method_not_allowed`;
/// 2. what is open to all;
/// 3. the host (`admin.hostname`), else `404`;
/// 4. network and credential, else `403 admin_forbidden` or `401 admin_unauthenticated`;
/// 5. the handler.
///
/// Which of 1 a stranger meets says nothing: the list of paths is public.
pub async fn answer<P: Ports>(guard: &Guard<'_, P>, request: &AdminRequest) -> Rendered {
    let errors = errors(guard, request);
    let call = match route(&request.method, &request.path) {
        Route::Call(call) => call,
        Route::Options(allow) => return options(allow),
        Route::WrongMethod(allow) => return errors.wrong_method(allow),
        Route::NotFound => return errors.problem(Code::AdminNotFound, "The admin interface has no such path."),
    };
    if call.is_open() {
        return open(&call, &errors);
    }
    let admin = &guard.scene.config.admin;
    if admin.hostname.as_ref().is_some_and(|host| host.as_str() != request.host) {
        return errors.problem(Code::AdminNotFound, "The admin interface is served on another host.");
    }
    let operator = match authenticate(request, admin, guard.secrets) {
        Ok(operator) => operator,
        Err(refusal) => return errors.refusal(&refusal),
    };
    match call {
        Call::Status => status::handle(guard, operator).await,
        Call::Refresh => refresh::handle(guard, operator, request, &errors).await,
        Call::Diagnose => diagnose::handle(guard, operator, request, &errors).await,
        Call::Config => config_call::show(guard, operator),
        Call::ConfigCheck => config_call::check(operator, request, &errors),
        Call::Healthz | Call::Problems | Call::Problem(_) => open(&call, &errors),
    }
}

fn open(call: &Call<'_>, errors: &Errors) -> Rendered {
    match call {
        Call::Healthz => json(200, &json!({ "status": "ok", "version": VERSION })),
        Call::Problem(slug) => match slug.parse() {
            Ok(code) => explain(code, &errors.type_base, errors.media),
            Err(_) => errors.problem(Code::AdminNotFound, "There is no code of this name; problems/ lists them all."),
        },
        _ => explain_index(&errors.type_base, errors.media),
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
