//! The session of a browser that signed in with the admin token: a cookie that proves itself, so nothing is stored.
//!
//! `<end>.<nonce>.<mac>`: Unix seconds, something random, HMAC-SHA-256 (RFC 2104) over both in base64url. Its key comes
//! from the admin token, so a new token ends all sessions.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::secret::same;
use crate::time::UnixMillis;

/// `__Host-`: only this host sets it, over a secure connection and for the whole host (RFC 6265bis 4.1.3.2).
pub const SESSION_COOKIE: &str = "__Host-origin-guard";

/// How long a session lasts, in seconds.
const LASTS_S: u64 = 8 * 3600;
/// A longer value is no session.
const MAX_VALUE: usize = 200;
/// What the session's key is derived for; another purpose gets another key.
const PURPOSE: &[u8] = b"origin-guard session 1";

/// What a cookie is, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A session of now.
    Good,
    /// A session whose time is over.
    Ended,
    /// Not made with this admin token.
    Foreign,
}

/// The value of the cookie for a session that begins `now`. `nonce` makes it differ from any other one.
pub fn begin_session(token: &str, nonce: &str, now: UnixMillis) -> String {
    let end = (now.0 / 1000).saturating_add(LASTS_S);
    sealed(token, &format!("{end}.{nonce}"))
}

/// What `value` is.
pub fn check_session(value: &str, token: &str, now: UnixMillis) -> Standing {
    let Some((said, _)) = value.rsplit_once('.').filter(|_| value.len() <= MAX_VALUE) else { return Standing::Foreign };
    if !same(value, &sealed(token, said)) {
        return Standing::Foreign;
    }
    let end = said.split('.').next().and_then(|end| end.parse::<u64>().ok()).unwrap_or(0);
    if now.0 / 1000 < end { Standing::Good } else { Standing::Ended }
}

/// `Set-Cookie` that begins a session in a browser.
pub fn set_session(value: &str) -> String {
    format!("{SESSION_COOKIE}={value}; Path=/; Max-Age={LASTS_S}; Secure; HttpOnly; SameSite=Strict")
}

/// `Set-Cookie` that makes a browser forget its session.
pub fn clear_session() -> String {
    format!("{SESSION_COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict")
}

fn sealed(token: &str, said: &str) -> String {
    let key = mac(token.as_bytes(), PURPOSE);
    format!("{said}.{}", URL_SAFE_NO_PAD.encode(mac(&key, said.as_bytes())))
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length, so there is always one; without it nothing would match.
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        },
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TOKEN: &str = "correct-horse-battery-staple-0123456789";
    const NOW: UnixMillis = UnixMillis(1_777_288_792_000);

    #[test]
    fn a_session_lasts_eight_hours() {
        let value = begin_session(TOKEN, "nonce", NOW);
        assert_eq!(check_session(&value, TOKEN, NOW), Standing::Good);
        assert_eq!(check_session(&value, TOKEN, NOW.plus_s(LASTS_S - 1)), Standing::Good);
        assert_eq!(check_session(&value, TOKEN, NOW.plus_s(LASTS_S)), Standing::Ended);
    }

    #[test]
    fn another_token_ends_it() {
        let value = begin_session(TOKEN, "nonce", NOW);
        assert_eq!(check_session(&value, "another-horse-battery-staple-0123456789", NOW), Standing::Foreign);
    }

    /// As any other implementation of HMAC makes it; the worker tests make theirs with another one.
    #[test]
    fn the_token_is_no_part_of_it() {
        let value = begin_session(TOKEN, "nonce", NOW);
        let parts: Vec<&str> = value.split('.').collect();
        assert_eq!((parts[0], parts[1], parts[2].len()), ("1777317592", "nonce", 43));
        assert!(!value.contains("horse"));
    }

    proptest! {
        #[test]
        fn any_change_makes_it_foreign(at in 0usize..65, put in any::<char>()) {
            let value = begin_session(TOKEN, "AAAAAAAAAA", NOW);
            let changed: String = value.chars().enumerate().map(|(i, c)| if i == at { put } else { c }).collect();
            prop_assert_eq!(check_session(&changed, TOKEN, NOW) == Standing::Good, changed == value);
        }

        #[test]
        fn no_text_is_a_session(text in ".{0,300}") {
            prop_assert_eq!(check_session(&text, TOKEN, NOW), Standing::Foreign);
        }
    }
}
