//! Who may use the admin interface.

use std::cell::RefCell;
use std::net::IpAddr;

use super::AdminRequest;
use super::refusal::Refusal;
use crate::config::{AccessConfig, AdminConfig, Networks};
use crate::ports::Ports;
use crate::problem::Code;
use crate::refresh::Scene;
use crate::secrets::Secrets;
use crate::sign_in::{
    AccessFault, Client, SESSION_COOKIE, SignInMemory, Standing, check_access, check_session, cookies,
    proves_same_origin, same,
};
use crate::time::UnixMillis;

/// The secret with the admin token.
const ADMIN_TOKEN: &str = "GUARD_ADMIN_TOKEN";

/// A shorter `GUARD_ADMIN_TOKEN` is not accepted, in characters.
pub const MIN_TOKEN_CHARS: usize = 32;

/// Proof that the request was authenticated; only `authenticate` makes one.
#[derive(Debug, Clone, Copy)]
pub struct Operator(());

/// What is configured to let somebody in; one of them at least.
pub(super) struct Ways<'a> {
    /// The admin token.
    pub(super) token: Option<&'a str>,
    access: Option<&'a AccessConfig>,
}

/// Lets in, from an allowed network, the bearer of the admin token, a browser that signed in with it, and whom Cloudflare
/// Access lets through. The latter two send their credential with every request, whosever page made it: to change
/// something they also have to prove that the page was the guard's own.
pub(super) async fn authenticate<P: Ports>(scene: &Scene<'_, P>, request: &AdminRequest) -> Result<Operator, Refusal> {
    let ways = ways(&scene.config.admin, scene.secrets, request)?;
    if let (Some(expected), Some(given)) = (ways.token, request.authorization.as_deref().and_then(bearer)) {
        check_token(scene, request, given, expected).await?;
        return Ok(Operator(()));
    }
    ambient(scene, request, &ways).await?;
    if !request.is_safe() {
        own_page(request)?;
    }
    Ok(Operator(()))
}

/// What lets somebody in, if the client's network may try at all.
pub(super) fn ways<'a>(
    config: &'a AdminConfig,
    secrets: &'a Secrets,
    request: &AdminRequest,
) -> Result<Ways<'a>, Refusal> {
    if !network_allowed(&config.allow_networks, request.client) {
        return Err(Refusal::forbidden("The client address is in none of the networks of admin.allow_networks."));
    }
    let ways = Ways { token: usable_token(secrets), access: config.access.as_ref() };
    if ways.token.is_none() && ways.access.is_none() { Err(not_configured(secrets)) } else { Ok(ways) }
}

/// A credential that the browser or Access adds by itself.
async fn ambient<P: Ports>(scene: &Scene<'_, P>, request: &AdminRequest, ways: &Ways<'_>) -> Result<(), Refusal> {
    let mut refusal = Refusal::missing(ways.asks_for());
    if let Some(token) = ways.token {
        match session(request, token, scene.ports.now()) {
            Some(Standing::Good) => return Ok(()),
            Some(Standing::Ended) => refusal = Refusal::wrong("The session has ended: sign in again."),
            Some(Standing::Foreign) => refusal = Refusal::wrong("The session is none of this guard's: sign in again."),
            None => {}
        }
    }
    if let (Some(access), Some(token)) = (ways.access, access_token(request)) {
        match check_access(scene.ports, scene.sign_in, access, token).await {
            Ok(()) => return Ok(()),
            Err(fault) => refusal = fault.into(),
        }
    }
    Err(refusal)
}

/// What the request's session cookie is; where there are several, one that is good.
fn session(request: &AdminRequest, token: &str, now: UnixMillis) -> Option<Standing> {
    let standings = cookies(request.cookie.as_deref(), SESSION_COOKIE).map(|value| check_session(value, token, now));
    standings.min()
}

/// Access sends its token in a header field, and in a cookie to browsers.
fn access_token(request: &AdminRequest) -> Option<&str> {
    let cookie = cookies(request.cookie.as_deref(), "CF_Authorization").next();
    request.access_assertion.as_deref().or(cookie)
}

/// Whether `given` is the admin token. Of a client that was wrong too often none is looked at, so that guessing gains
/// nothing; what cannot be guessed (sessions, Access) is never limited.
pub(super) async fn check_token<P: Ports>(
    scene: &Scene<'_, P>,
    request: &AdminRequest,
    given: &str,
    expected: &str,
) -> Result<(), Refusal> {
    let client = Client::of(request.client);
    match try_token(scene.sign_in, client, scene.ports.now(), given, expected) {
        Tried::Right => return Ok(()),
        Tried::Wrong => {}
        Tried::NotLookedAt { wait_s } => return Err(Refusal::limited(wait_s)),
    }
    if scene.ports.count(&client.to_string()).await == Some(false) {
        let now = scene.ports.now();
        let mut memory = scene.sign_in.borrow_mut();
        memory.attempts.close(client, now);
        return Err(Refusal::limited(memory.attempts.wait_s(client, now).unwrap_or(1)));
    }
    Err(Refusal::wrong("The token is not the admin token."))
}

enum Tried {
    Right,
    Wrong,
    NotLookedAt { wait_s: u64 },
}

fn try_token(memory: &RefCell<SignInMemory>, client: Client, now: UnixMillis, given: &str, expected: &str) -> Tried {
    let attempts = &mut memory.borrow_mut().attempts;
    if let Some(wait_s) = attempts.wait_s(client, now) {
        return Tried::NotLookedAt { wait_s };
    }
    if same(given, expected) {
        return Tried::Right;
    }
    attempts.note_wrong(client, now);
    Tried::Wrong
}

/// Whether `given` (the `X-Origin-Guard-Token` of a proxied request) is the admin token. Wrong ones count as attempts.
pub fn is_operator_token<P: Ports>(scene: &Scene<'_, P>, client: Option<IpAddr>, given: &str) -> bool {
    let expected = usable_token(scene.secrets);
    expected.is_some_and(|expected| {
        let tried = try_token(scene.sign_in, Client::of(client), scene.ports.now(), given, expected);
        matches!(tried, Tried::Right)
    })
}

const NO_PROOF: Refusal = Refusal::forbidden(
    "This changes something, and nothing shows that the guard's own page sent it: with a session or with Access it needs the guard's own Origin or Sec-Fetch-Site: same-origin. With the bearer token it does not.",
);

/// `Err` unless a page of the guard's own sent the request.
pub(super) fn own_page(request: &AdminRequest) -> Result<(), Refusal> {
    let proven = proves_same_origin(&request.own_origin, request.origin.as_deref(), request.fetch_site.as_deref());
    if proven { Ok(()) } else { Err(NO_PROOF) }
}

fn usable_token(secrets: &Secrets) -> Option<&str> {
    secrets.get(ADMIN_TOKEN).filter(|token| token.chars().count() >= MIN_TOKEN_CHARS)
}

fn not_configured(secrets: &Secrets) -> Refusal {
    Refusal::forbidden(match secrets.get(ADMIN_TOKEN) {
        None => {
            "The admin interface is closed until it has a credential: wrangler secret put GUARD_ADMIN_TOKEN (32 characters or more), or admin.access for Cloudflare Access."
        }
        Some(_) => {
            "GUARD_ADMIN_TOKEN is shorter than 32 characters and is not accepted: wrangler secret put GUARD_ADMIN_TOKEN, or set admin.access for Cloudflare Access."
        }
    })
}

fn network_allowed(networks: &Networks, client: Option<IpAddr>) -> bool {
    match networks {
        Networks::Any => true,
        Networks::Only(list) => {
            client.is_some_and(|client| list.iter().any(|network| network.contains(&client.to_canonical())))
        }
    }
}

/// The scheme is case-insensitive (RFC 9110 11.1).
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl Ways<'_> {
    const fn asks_for(&self) -> &'static str {
        match (self.token, self.access) {
            (Some(_), None) => {
                "Send the admin token: Authorization: Bearer <GUARD_ADMIN_TOKEN>. A browser signs in at login."
            }
            (None, _) => "Come through Cloudflare Access: the request carries no token of it.",
            (Some(_), Some(_)) => {
                "Send the admin token (Authorization: Bearer <GUARD_ADMIN_TOKEN>), sign in at login, or come through Cloudflare Access."
            }
        }
    }
}

impl From<AccessFault> for Refusal {
    fn from(fault: AccessFault) -> Self {
        match fault {
            AccessFault::KeysUnavailable => {
                Self { status: Some(503), ..Self::new(Code::GuardInternalError, fault.words()) }
            }
            _ => Self::wrong(fault.words()),
        }
    }
}
