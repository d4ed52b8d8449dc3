//! The signature of a webhook: HMAC-SHA-256 (RFC 2104) of the time and the body, so that a receiver can tell who sent it
//! and that it is not an old one sent again.

use std::fmt::Write;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::time::UnixMillis;

/// The header fields of a signed request.
pub const TIMESTAMP_FIELD: &str = "X-Origin-Guard-Timestamp";
/// See [`sign`].
pub const SIGNATURE_FIELD: &str = "X-Origin-Guard-Signature";

/// The value of [`TIMESTAMP_FIELD`]: whole seconds since 1970.
pub fn timestamp(at: UnixMillis) -> String {
    at.since_s(UnixMillis(0)).to_string()
}

/// The value of [`SIGNATURE_FIELD`]: `v1=` and the HMAC of `<timestamp>.<body>` with the bytes of `secret`, in
/// hexadecimal.
pub fn sign(secret: &str, at: UnixMillis, body: &[u8]) -> String {
    let mut signature = String::from("v1=");
    // A key may have any length (RFC 2104 2), so there is always a MAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return signature };
    mac.update(timestamp(at).as_bytes());
    mac.update(b".");
    mac.update(body);
    for byte in mac.finalize().into_bytes() {
        // Writing to a `String` cannot fail.
        let _ = write!(signature, "{byte:02x}");
    }
    signature
}

/// Both header fields.
pub fn signed_fields(secret: &str, at: UnixMillis, body: &[u8]) -> [(&'static str, String); 2] {
    [(TIMESTAMP_FIELD, timestamp(at)), (SIGNATURE_FIELD, sign(secret, at, body))]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf '1777288792.{"a":1}' | openssl dgst -sha256 -hmac key`.
    #[test]
    fn the_signature_is_the_one_that_openssl_makes() {
        let at = UnixMillis(1_777_288_792_566);
        let expected = "v1=db8c073616391d59854c2bf8afda431cb355013cdc6adeef2e272c7df8a64c48";
        assert_eq!(sign("key", at, br#"{"a":1}"#), expected);
        assert_eq!(timestamp(at), "1777288792");
    }

    #[test]
    fn time_body_and_key_each_change_it() {
        let at = UnixMillis(1_777_288_792_000);
        let signed = sign("key", at, b"body");
        for other in [sign("kez", at, b"body"), sign("key", at.plus_s(1), b"body"), sign("key", at, b"bodz")] {
            assert_ne!(signed, other);
        }
    }
}
