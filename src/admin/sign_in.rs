//! `login` and `logout`: the admin token for browsers.

use super::auth::{authenticate, check_token, own_page, ways};
use super::headers::as_page;
use super::next::is_safe_next;
use super::refusal::Refusal;
use super::respond::{Errors, empty};
use super::route::SignInCall;
use super::sign_in_page::{sign_in_page, signed_in_page};
use super::{AdminRequest, Guard};
use crate::ports::Ports;
use crate::problem::{Code, MediaType, Rendered};
use crate::sign_in::{begin_session, clear_session, set_session};

/// Answers `call`, whose host and method are right.
pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    call: SignInCall,
    request: &AdminRequest,
    errors: &Errors,
) -> Rendered {
    let done = match call {
        SignInCall::Login if request.is_safe() => show(guard, request).await,
        SignInCall::Login => sign_in(guard, request).await,
        SignInCall::Logout => {
            own_page(request).map(|()| redirect(&format!("{}/login", admin_path(guard)), clear_session()))
        }
    };
    done.unwrap_or_else(|refusal| refused(guard, request, errors, &refusal))
}

/// The refusal; to somebody who reads pages and may sign in, with the form to do it.
pub(super) fn refused<P: Ports>(
    guard: &Guard<'_, P>,
    request: &AdminRequest,
    errors: &Errors,
    refusal: &Refusal,
) -> Rendered {
    let answer = errors.refusal(refusal);
    let form = errors.media == MediaType::Html && refusal.asks_to_sign_in() && token(guard, request).is_ok();
    if !form {
        return answer;
    }
    let alert = Some(refusal.detail).filter(|_| !refusal.missing);
    let page = sign_in_page(admin_path(guard), &request.nonce, &way_back(guard, request), alert);
    as_page(answer, page, &request.nonce)
}

async fn show<P: Ports>(guard: &Guard<'_, P>, request: &AdminRequest) -> Result<Rendered, Refusal> {
    token(guard, request)?;
    let page = match authenticate(&guard.scene, request).await {
        Ok(_) => signed_in_page(admin_path(guard), &request.nonce),
        Err(_) => sign_in_page(admin_path(guard), &request.nonce, &way_back(guard, request), None),
    };
    Ok(as_page(empty(200), page, &request.nonce))
}

async fn sign_in<P: Ports>(guard: &Guard<'_, P>, request: &AdminRequest) -> Result<Rendered, Refusal> {
    let expected = token(guard, request)?;
    own_page(request)?;
    let given = request.field("token").ok_or(NO_TOKEN)?;
    check_token(&guard.scene, request, given.trim(), expected).await?;
    let session = begin_session(expected, &request.nonce, guard.scene.ports.now());
    Ok(redirect(&way_back(guard, request), set_session(&session)))
}

const NO_TOKEN: Refusal =
    Refusal::new(Code::AdminBadRequest, "Send the admin token as the form field token, in 4 KiB at most.");

/// The admin token, if one may sign in with it from here.
fn token<'a, P: Ports>(guard: &Guard<'a, P>, request: &AdminRequest) -> Result<&'a str, Refusal> {
    let ways = ways(&guard.scene.config.admin, guard.scene.secrets, request)?;
    ways.token.ok_or(Refusal::forbidden(
        "Nobody signs in with a token here: no GUARD_ADMIN_TOKEN of 32 characters or more is set. Come through Cloudflare Access.",
    ))
}

/// Where to go after signing in: what was asked for, if it is a page of the admin interface, else its first one.
fn way_back<P: Ports>(guard: &Guard<'_, P>, request: &AdminRequest) -> String {
    let asked_for = match request.path.as_str() {
        "/login" => request.field("next").or_else(|| request.parameter("next")),
        path if request.is_safe() && request.query.is_empty() => Some(format!("{}{path}", admin_path(guard))),
        path if request.is_safe() => Some(format!("{}{path}?{}", admin_path(guard), request.query)),
        _ => None,
    };
    let safe = asked_for.filter(|next| is_safe_next(admin_path(guard), next));
    safe.unwrap_or_else(|| format!("{}/", admin_path(guard)))
}

fn admin_path<'a, P>(guard: &Guard<'a, P>) -> &'a str {
    &guard.scene.config.admin.path
}

/// The browser goes on with `GET` (RFC 9110 15.4.4).
fn redirect(to: &str, cookie: String) -> Rendered {
    let mut answer = empty(303);
    answer.headers.extend([("Location", to.to_owned()), ("Set-Cookie", cookie)]);
    answer
}
