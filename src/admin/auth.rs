//! Who may use the admin interface.

use subtle::ConstantTimeEq;

use super::AdminRequest;
use crate::config::{AdminConfig, Networks};
use crate::problem::Code;
use crate::secrets::Secrets;

/// The secret with the admin token.
const ADMIN_TOKEN: &str = "GUARD_ADMIN_TOKEN";

/// A shorter `GUARD_ADMIN_TOKEN` is not accepted, in characters.
pub const MIN_TOKEN_CHARS: usize = 32;

/// Proof that the request was authenticated; only `authenticate` makes one.
#[derive(Debug, Clone, Copy)]
pub struct Operator(());

/// Why a request is turned away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) detail: &'static str,
}

/// Lets the bearer of the admin token in, from an allowed network.
pub(super) fn authenticate(
    request: &AdminRequest,
    config: &AdminConfig,
    secrets: &Secrets,
) -> Result<Operator, Refusal> {
    if !network_allowed(&config.allow_networks, request) {
        return Err(refuse(
            Code::AdminForbidden,
            "The client address is in none of the networks of admin.allow_networks.",
        ));
    }
    let Some(expected) = usable_token(secrets) else { return Err(not_configured(secrets)) };
    let given = request.authorization.as_deref().and_then(bearer);
    match given {
        Some(given) if same(given, expected) => Ok(Operator(())),
        Some(_) => Err(refuse(Code::AdminUnauthenticated, "The bearer token is not the admin token.")),
        None => {
            Err(refuse(Code::AdminUnauthenticated, "Send the admin token: Authorization: Bearer <GUARD_ADMIN_TOKEN>."))
        }
    }
}

/// Whether `given` (the `X-Origin-Guard-Token` of a proxied request) is the admin token.
pub fn is_operator_token(given: &str, secrets: &Secrets) -> bool {
    usable_token(secrets).is_some_and(|expected| same(given, expected))
}

fn usable_token(secrets: &Secrets) -> Option<&str> {
    secrets.get(ADMIN_TOKEN).filter(|token| token.chars().count() >= MIN_TOKEN_CHARS)
}

fn not_configured(secrets: &Secrets) -> Refusal {
    let detail = match secrets.get(ADMIN_TOKEN) {
        None => {
            "The admin interface is closed until it has a credential: wrangler secret put GUARD_ADMIN_TOKEN (32 characters or more)."
        }
        Some(_) => {
            "GUARD_ADMIN_TOKEN is shorter than 32 characters and is not accepted: wrangler secret put GUARD_ADMIN_TOKEN."
        }
    };
    refuse(Code::AdminForbidden, detail)
}

const fn refuse(code: Code, detail: &'static str) -> Refusal {
    Refusal { code, detail }
}

fn network_allowed(networks: &Networks, request: &AdminRequest) -> bool {
    match networks {
        Networks::Any => true,
        Networks::Only(list) => {
            request.client.is_some_and(|client| list.iter().any(|network| network.contains(&client.to_canonical())))
        }
    }
}

/// The scheme is case-insensitive (RFC 9110 11.1).
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Constant in time for equal lengths; the length of a random token is no secret.
fn same(given: &str, expected: &str) -> bool {
    given.as_bytes().ct_eq(expected.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn config(networks: Networks) -> AdminConfig {
        AdminConfig { path: "/__guard".into(), hostname: None, access: None, allow_networks: networks }
    }

    fn secrets(token: &str) -> Secrets {
        Secrets::new([(ADMIN_TOKEN.into(), token.into())], true)
    }

    fn code(authorization: Option<&str>, secrets: &Secrets) -> Option<Code> {
        let request = AdminRequest { authorization: authorization.map(Into::into), ..AdminRequest::default() };
        authenticate(&request, &config(Networks::Any), secrets).err().map(|refusal| refusal.code)
    }

    #[test]
    fn only_the_whole_token_opens() {
        let secrets = secrets(TOKEN);
        assert_eq!(code(Some(&format!("Bearer {TOKEN}")), &secrets), None);
        assert_eq!(code(Some(&format!("bearer  {TOKEN} ")), &secrets), None);
        for wrong in
            ["", "Bearer", "Bearer ", "Basic abc", TOKEN, &format!("Bearer {TOKEN}x"), "Bearer 0123456789abcdef"]
        {
            assert_eq!(code(Some(wrong), &secrets), Some(Code::AdminUnauthenticated), "{wrong}");
        }
        assert_eq!(code(None, &secrets), Some(Code::AdminUnauthenticated));
    }

    #[test]
    fn without_a_usable_credential_it_is_closed() {
        assert_eq!(code(Some("Bearer "), &Secrets::default()), Some(Code::AdminForbidden));
        assert_eq!(code(Some("Bearer short"), &secrets("short")), Some(Code::AdminForbidden));
        assert!(!is_operator_token("short", &secrets("short")) && !is_operator_token("", &secrets("")));
    }

    #[test]
    fn the_network_counts_before_the_token() {
        let only = config(Networks::Only(vec!["192.0.2.0/24".parse().unwrap()]));
        let from = |client: Option<&str>| {
            let request = AdminRequest {
                authorization: Some(format!("Bearer {TOKEN}")),
                client: client.map(|client| client.parse().unwrap()),
                ..AdminRequest::default()
            };
            authenticate(&request, &only, &secrets(TOKEN)).is_ok()
        };
        assert!(from(Some("192.0.2.7")) && from(Some("::ffff:192.0.2.7")));
        assert!(!from(Some("198.51.100.7")) && !from(None));
    }
}
