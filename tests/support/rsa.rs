//! RS256 by plain arithmetic (RFC 8017 8.2, 9.2): for keys that are public anyway, slow and not constant in time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use num_bigint::BigUint;
use sha2::{Digest as _, Sha256};

/// A private key: modulus and private exponent in base64url. The public exponent is [`E`].
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub kid: &'static str,
    pub n: &'static str,
    pub d: &'static str,
}

/// 65537.
pub const E: &str = "AQAB";

/// The key of RFC 7515 appendix A.2.
pub const RFC_7515: Key = Key {
    kid: "rfc-7515",
    n: "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    d: "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
};

/// Another one.
pub const OTHER: Key = Key {
    kid: "other",
    n: "rDIxD3jRj6XmSONZCOFgyCJxPrgO6djRpL0LcYy4pQsf4t-Olz85_hEJ1elxuyNjJGmOZFgV10spYmTlNmUkw_Ycuhd-VZR5o_kTlk9vIKz9CbjHBSN0tJ3hGfcPM_hgoyzBtMnY5Tvt_5z-FoSaUG9CLcpOSJtRJ-k7s69wEXdyr-o_E_X0stDZoCs0Z7ijknCkpyntBS52Q1-F6NsFI-pQWWI6nw3eHFGSB3Wm4vAHVx2aDMHR046XQml3t3JtD98K2yie9eMvG-wCm7_dl9aqhLmRnxXNEybJdZU9AguHDjrKflE7o3fNp-4vfyqqmQ64TIf2Dq6btxcfZshrNw",
    d: "DAxY_W2lMAlaEwiBPstSM76hMNO9C2SlyoKFrfS8KKQeH4gn2HJOkvXLO-HhGMhxk-ck1OWK5az3INDRbtxl1aY_PVAOgVtppWz0j2RQcLdZ3xfEKRphfI-9Y80zDZ5X2KL1jLpAyE1IqkVoS9gMWgtm1IBeuNrRM1sw17IzQ617-nd6olq9GOBXGEs8jmxv1dG4ot5fFYuOjZ1weZi0JNgcbYr9_ri39alC7n9oxf00p3-scCAXz9rZ0jItZ-RtMrPaVrKV3fxXpnXWfe-1-cM9cfQsGOOwAtGJcrPoXWl-ORbOA0-exWtg9PW15G_y6h-gChw6f7_mT--qBGo06Q",
};

/// Whether `signature` over `signed` is of the key (`n`, `e`).
pub fn verify(n: &str, e: &str, signed: &[u8], signature: &[u8]) -> bool {
    let Some((n, size)) = number(n) else { return false };
    let Some((e, _)) = number(e) else { return false };
    let message = BigUint::from_bytes_be(signature).modpow(&e, &n);
    signature.len() == size && message == BigUint::from_bytes_be(&encoded(signed, size))
}

/// The signature of `key` over `signed`.
pub fn sign(key: &Key, signed: &[u8]) -> Vec<u8> {
    let ((n, size), (d, _)) = (number(key.n).unwrap(), number(key.d).unwrap());
    let signature = BigUint::from_bytes_be(&encoded(signed, size)).modpow(&d, &n).to_bytes_be();
    [vec![0; size - signature.len()], signature].concat()
}

fn number(text: &str) -> Option<(BigUint, usize)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() >= 3)?;
    Some((BigUint::from_bytes_be(&bytes), bytes.len()))
}

/// EMSA-PKCS1-v1_5 with the `DigestInfo` of SHA-256.
fn encoded(signed: &[u8], size: usize) -> Vec<u8> {
    const SHA_256: [u8; 19] =
        [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];
    let tail = [&[0][..], &SHA_256, &Sha256::digest(signed)].concat();
    [&[0, 1][..], &vec![0xff; size.saturating_sub(tail.len() + 2)], &tail].concat()
}
