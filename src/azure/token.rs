//! The access token: OAuth 2.0 client credentials at Entra
//! (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>).

use std::fmt;
use std::rc::Rc;

use super::escape::escaped;
use super::retry::retry_after;
use super::{ArmFault, FaultKind, TokenTurn};
use crate::config::AzureConfig;
use crate::json::Node;
use crate::ports::{Clock, FetchFailure, Fetcher, HttpRequest, HttpResponse};
use crate::refresh::Scene;
use crate::time::UnixMillis;

/// Name of the secret.
pub const CLIENT_SECRET: &str = "AZURE_CLIENT_SECRET";

/// Time for the token endpoint, in milliseconds.
const TIMEOUT_MS: u32 = 8_000;
/// Tokens are some kilobytes long.
const MAX_BYTES: usize = 65_536;
/// How often a call that waits for another one's token looks again, in milliseconds.
const LOOK_AGAIN_MS: u32 = 25;
/// A new token is asked for so long before the old one ends, in seconds; for short-lived ones a fifth of their life.
const MARGIN_S: u64 = 300;
/// No token is believed to live longer, in seconds.
const LONGEST_S: u64 = 24 * 60 * 60;

/// A bearer token. Nothing prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    text: Rc<str>,
    /// Until when it is used.
    pub(super) until: UnixMillis,
}

/// Shorter than any token of Entra's, in bytes: what is shorter may stand in an answer as a word of its own.
const SHORTEST_HIDDEN: usize = 6;

impl AccessToken {
    /// `Bearer …`, for the `Authorization` field alone.
    pub(super) fn credential(&self) -> String {
        format!("Bearer {}", self.text)
    }

    /// `response` as it may be shown and stored: what refuses a call may repeat what it was sent.
    pub(super) fn hidden_in(&self, mut response: HttpResponse) -> HttpResponse {
        let is_word = self.text.len() < SHORTEST_HIDDEN;
        if !is_word && !(200..300).contains(&response.status) {
            let hide = |text: &str| text.replace(&*self.text, "[token]");
            response.body = hide(&String::from_utf8_lossy(&response.body)).into_bytes();
            response.headers.iter_mut().for_each(|(_, value)| *value = hide(value));
        }
        response
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("until", &self.until).finish_non_exhaustive()
    }
}

/// The isolate's token, asked for if need be: one call asks, the others look again after a short sleep.
pub(super) async fn token<P: Fetcher + Clock>(scene: &Scene<'_, P>) -> Result<AccessToken, ArmFault> {
    let lease_ms = u64::from(TIMEOUT_MS).saturating_add(500);
    loop {
        let turn = scene.arm.borrow_mut().token_turn(scene.ports.now(), lease_ms);
        match turn {
            TokenTurn::Have(token) => return Ok(token),
            TokenTurn::Refused(fault) => return Err(fault),
            TokenTurn::Wait => scene.ports.sleep(LOOK_AGAIN_MS).await,
            TokenTurn::Yours => {
                let answer = ask(scene).await;
                scene.arm.borrow_mut().remember_token(scene.ports.now(), answer.clone());
                return answer;
            }
        }
    }
}

async fn ask<P: Fetcher + Clock>(scene: &Scene<'_, P>) -> Result<AccessToken, ArmFault> {
    let azure = scene.config.azure.as_ref().ok_or_else(|| of_token(FaultKind::NotConfigured, ""))?;
    let secret = scene.secrets.get(CLIENT_SECRET).ok_or_else(|| of_token(FaultKind::SecretMissing, ""))?;
    let sent = scene.ports.send(request(azure, secret)).await;
    read(sent, secret, scene.ports.now())
}

fn request(azure: &AzureConfig, secret: &str) -> HttpRequest {
    let form = [
        ("client_id", azure.client_id.as_str()),
        ("scope", &format!("{}/.default", azure.management_url)),
        ("client_secret", secret),
        ("grant_type", "client_credentials"),
    ];
    let pairs: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", escaped(value, ""))).collect();
    HttpRequest {
        method: "POST",
        url: format!("{}/{}/oauth2/v2.0/token", azure.login_url, azure.tenant_id),
        headers: vec![
            ("Content-Type", "application/x-www-form-urlencoded".into()),
            ("Accept", "application/json".into()),
        ],
        body: pairs.join("&").into_bytes(),
        timeout_ms: TIMEOUT_MS,
        max_bytes: MAX_BYTES,
    }
}

fn read(sent: Result<HttpResponse, FetchFailure>, secret: &str, now: UnixMillis) -> Result<AccessToken, ArmFault> {
    let response = sent.map_err(|failure| of_token(FaultKind::LoginUnreachable, &failure.to_string()))?;
    let body: Option<Node> = serde_json::from_slice(&response.body).ok();
    if response.status == 200 {
        return body
            .as_ref()
            .and_then(|body| granted(body, now))
            .ok_or_else(|| of_token(FaultKind::LoginUnreachable, "the answer holds no bearer token"));
    }
    let fault = refused(&response, body.as_ref(), secret);
    Err(ArmFault { status: Some(response.status), until: retry_after(&response, now), ..fault })
}

fn granted(body: &Node, now: UnixMillis) -> Option<AccessToken> {
    let kind: String = body.member("token_type")?;
    let text: String = body.member("access_token")?;
    let lives_s = body.member::<u64>("expires_in").or_else(|| body.member::<String>("expires_in")?.parse().ok())?;
    let used_s = lives_s.min(LONGEST_S);
    let used_s = used_s.saturating_sub(MARGIN_S.min(used_s / 5));
    let sendable = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    (sendable && kind.eq_ignore_ascii_case("bearer"))
        .then(|| AccessToken { text: text.into(), until: now.plus_s(used_s) })
}

/// By the first of Entra's codes that is known; its words are shown with the code.
fn refused(response: &HttpResponse, body: Option<&Node>, secret: &str) -> ArmFault {
    let words = body.and_then(|body| body.member::<String>("error_description")).unwrap_or_default();
    let code = body.and_then(|body| body.member::<String>("error")).unwrap_or_default();
    let numbers: Vec<u32> = body.and_then(|body| body.member("error_codes")).unwrap_or_default();
    let known = AADSTS.iter().find(|(number, _)| numbers.contains(number) || names(&words, *number));
    let kind = match (known, response.status) {
        (_, 429) => FaultKind::Throttled,
        (Some((_, kind)), 400..=499) => *kind,
        (None, 400..=499) if !code.is_empty() => FaultKind::TokenRefused,
        _ => FaultKind::LoginUnreachable,
    };
    let said = match (words.is_empty(), code.is_empty()) {
        (false, _) => words,
        (true, false) => code,
        (true, true) => format!("HTTP {}", response.status),
    };
    of_token(kind, &said.replace(secret, "[secret]").replace(&escaped(secret, ""), "[secret]"))
}

/// Entra's error codes (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).
const AADSTS: [(u32, FaultKind); 5] = [
    (7_000_215, FaultKind::SecretWrong),
    (7_000_222, FaultKind::SecretExpired),
    (700_016, FaultKind::ApplicationUnknown),
    (90_002, FaultKind::TenantUnknown),
    (900_023, FaultKind::TenantUnknown),
];

fn names(words: &str, number: u32) -> bool {
    let digits = words.trim_start().strip_prefix("AADSTS").unwrap_or_default();
    digits.split(|c: char| !c.is_ascii_digit()).next().is_some_and(|digits| digits.parse() == Ok(number))
}

fn of_token(kind: FaultKind, words: &str) -> ArmFault {
    ArmFault::new(kind, "", words)
}
