//! The signing keys of a Cloudflare Access team, as one isolate knows them.
//!
//! Access changes them every six weeks and signs with the former one for a week more, so a key that is not known yet is
//! asked for at once, though anybody can name one: at most once a minute.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::json::Node;
use crate::time::UnixMillis;

/// Keys of this age are asked for again, in milliseconds; they stay good while that fails.
const FRESH_MS: u64 = 3_600_000;
/// Between two fetches, in milliseconds.
const PAUSE_MS: u64 = 60_000;
/// Keys of one team that are kept.
const MAX_KEYS: usize = 16;
/// RFC 7518 3.3: 2048 bits or more.
const MIN_MODULUS: usize = 256;
/// 8192 bits: what a runtime checks in reasonable time.
const MAX_MODULUS: usize = 1024;

/// A public RSA key: modulus and exponent in base64url.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    kid: String,
    pub(super) n: String,
    pub(super) e: String,
}

/// What a request that needs a key does.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum KeyTurn {
    /// Uses it.
    Known(Key),
    /// Fetches the keys, and calls [`AccessKeys::note_fetch`].
    Yours,
    /// Waits for another one's fetch.
    Wait,
    /// Knows that the team had no such key within the last minute.
    NoSuchKey,
    /// Cannot know: the keys could not be fetched within the last minute.
    Unavailable,
}

/// The keys, and when they were asked for.
#[derive(Debug, Default)]
pub struct AccessKeys {
    keys: Vec<Key>,
    /// The last fetch that came to an end, and whether it brought keys.
    fetched: Option<(UnixMillis, bool)>,
    good_at: Option<UnixMillis>,
    lease_until: Option<UnixMillis>,
}

impl AccessKeys {
    /// What a request for `kid` does. A lease ends after `lease_ms`, since its holder may be cancelled.
    pub(super) fn turn(&mut self, kid: &str, now: UnixMillis, lease_ms: u64) -> KeyTurn {
        let known = self.keys.iter().find(|key| key.kid == kid).cloned();
        let fresh = self.good_at.is_some_and(|at| now.since_ms(at) < FRESH_MS);
        let leased = self.lease_until.is_some_and(|until| until > now);
        let recent = self.fetched.filter(|(at, _)| now.since_ms(*at) < PAUSE_MS);
        match (known, recent) {
            (Some(key), recent) if fresh || leased || recent.is_some() => KeyTurn::Known(key),
            (_, Some((_, true))) => KeyTurn::NoSuchKey,
            (_, Some((_, false))) => KeyTurn::Unavailable,
            (_, None) if leased => KeyTurn::Wait,
            (_, None) => {
                self.lease_until = Some(now.plus_ms(lease_ms));
                KeyTurn::Yours
            }
        }
    }

    /// What a fetch came to; `None` leaves what is known.
    pub(super) fn note_fetch(&mut self, now: UnixMillis, keys: Option<Vec<Key>>) {
        self.lease_until = None;
        self.fetched = Some((now, keys.is_some()));
        if let Some(keys) = keys {
            (self.keys, self.good_at) = (keys, Some(now));
        }
    }
}

impl Key {
    /// The RSA signing keys of a JSON Web Key Set (RFC 7517 5); others are passed over. `None`: it is no such set, or
    /// has none.
    pub(super) fn read_all(text: &str) -> Option<Vec<Self>> {
        let set: Node = serde_json::from_str(text).ok()?;
        let keys: Vec<Self> = set.member::<Vec<Node>>("keys")?.iter().filter_map(Self::read).take(MAX_KEYS).collect();
        Some(keys).filter(|keys| !keys.is_empty())
    }

    fn read(key: &Node) -> Option<Self> {
        let says =
            |name: &str, right: &str| key.member::<Option<String>>(name).map(|it| it.is_none_or(|it| it == right));
        let rsa = key.member::<String>("kty")? == "RSA" && says("alg", "RS256")? && says("use", "sig")?;
        let [kid, n, e] = ["kid", "n", "e"].map(|name| key.member::<String>(name));
        let key = Self { kid: kid?, n: n?, e: e? };
        (rsa && key.has_a_safe_size()).then_some(key)
    }

    fn has_a_safe_size(&self) -> bool {
        let size = |text: &str| URL_SAFE_NO_PAD.decode(text).map_or(0, |bytes| bytes.len());
        (MIN_MODULUS..=MAX_MODULUS).contains(&size(&self.n)) && (1..=8).contains(&size(&self.e))
    }
}
