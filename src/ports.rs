//! What the core asks of its surroundings. Six traits, plain data in and out, no platform types.
//!
//! The proxied exchange is *not* here: its bodies stay JavaScript streams in `platform`.

use std::fmt;
use std::future::Future;
use std::time::UNIX_EPOCH;

use crate::time::UnixMillis;

/// The time of day, and waiting.
pub trait Clock {
    /// Now.
    fn now(&self) -> UnixMillis;

    /// Returns after `millis` milliseconds.
    fn sleep(&self, millis: u32) -> impl Future<Output = ()>;
}

/// One buffered HTTP exchange with limits; redirects are not followed.
pub trait Fetcher {
    /// Sends `request`. Whatever the status, an answer is `Ok`.
    fn send(&self, request: HttpRequest) -> impl Future<Output = Result<HttpResponse, FetchFailure>>;
}

/// A key-value store that may lag, lose writes or be down (Workers KV).
pub trait Store {
    /// The value of `key`; `None` where the store says that there is none.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<String>, StoreFailure>>;

    /// Sets `key`, for good or for so many seconds (60 at least). An error means "could not confirm": the write may have
    /// happened.
    fn put(&self, key: &str, value: &str, expires_in_s: Option<u32>) -> impl Future<Output = Result<(), StoreFailure>>;
}

/// TCP connections that are opened to see whether they open, and closed again.
pub trait Dialer {
    /// Connects to all of `peers` at once, each `host:port` (an IPv6 address in brackets), and closes the connections.
    fn dial(&self, peers: &[String], timeout_ms: u32) -> impl Future<Output = Vec<Dial>>;
}

/// RSA signatures (RFC 8017, RSASSA-PKCS1-v1_5 with SHA-256: `RS256` of RFC 7518 3.3).
pub trait Verifier {
    /// Whether `signature` over `signed` was made with the key whose modulus and exponent are `n` and `e`, in base64url as
    /// in a JSON Web Key. Whatever cannot be checked is `false`.
    fn verify_rs256(&self, n: &str, e: &str, signed: &[u8], signature: &[u8]) -> impl Future<Output = bool>;
}

/// Counting that isolates share (the rate-limiting binding `GUARD_RATE_LIMIT`).
pub trait Limiter {
    /// Counts one more of `key`. `false`: there were too many. `None`: nothing is bound, or it did not tell.
    fn count(&self, key: &str) -> impl Future<Output = Option<bool>>;
}

/// One TCP connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// `host:port`.
    pub peer: String,
    /// Whether it opened.
    pub outcome: Result<(), DialFailure>,
    /// In milliseconds.
    pub took_ms: u32,
}

/// An HTTP request with the limits of its exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, `HEAD`, `POST` ….
    pub method: &'static str,
    /// Absolute URL.
    pub url: String,
    /// Header fields in order.
    pub headers: Vec<(&'static str, String)>,
    /// Body; empty means none.
    pub body: Vec<u8>,
    /// Time to the end of the answer's body, in milliseconds.
    pub timeout_ms: u32,
    /// Bytes of the answer's body that are read at most; a longer one is [`FetchFailure::TooLarge`].
    pub max_bytes: usize,
}

/// The answer to an [`HttpRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// Status code.
    pub status: u16,
    /// Header fields, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// `Retry-After` in seconds from `now`, given in seconds or as a date (RFC 9110 10.2.3); `None` where it is missing or
    /// neither.
    pub fn retry_after_s(&self, now: UnixMillis) -> Option<u64> {
        let value = self.header("retry-after")?.trim();
        value.parse().ok().or_else(|| {
            let date = httpdate::parse_http_date(value).ok()?.duration_since(UNIX_EPOCH).ok()?;
            Some(UnixMillis(0).plus_s(date.as_secs()).since_ms(now).div_ceil(1000))
        })
    }

    /// The first field with this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// Why an exchange gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchFailure {
    /// `timeout_ms` passed.
    TimedOut,
    /// The connection was refused, reset or closed.
    ConnectionLost,
    /// The body was longer than `max_bytes`.
    TooLarge,
    /// The runtime failed without a cause; among others the local runtime for a name that does not resolve.
    Internal,
    /// Anything else, in the runtime's words; for operators only.
    Other(String),
}

impl fmt::Display for FetchFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("no answer in time"),
            Self::ConnectionLost => f.write_str("the connection was refused or lost"),
            Self::TooLarge => f.write_str("the answer is larger than the limit"),
            Self::Internal => f.write_str("the runtime could not complete the request"),
            Self::Other(words) => f.write_str(words),
        }
    }
}

/// Why a connection did not open. A runtime without sockets, a network that it may not connect to and a refusal look
/// alike: workerd has the same words for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialFailure {
    /// `timeout_ms` passed.
    TimedOut,
    /// In the runtime's words; for operators only.
    Failed(String),
}

impl fmt::Display for DialFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("no connection in time"),
            Self::Failed(words) => f.write_str(words),
        }
    }
}

/// Why the store gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreFailure {
    /// No namespace is bound as `GUARD_KV`.
    Missing,
    /// The store did not answer in time, or refused; its words are for operators only.
    Unavailable(String),
}

impl fmt::Display for StoreFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("no KV namespace is bound as GUARD_KV"),
            Self::Unavailable(words) => write!(f, "KV did not answer: {words}"),
        }
    }
}

/// All of them at once.
pub trait Ports: Clock + Fetcher + Store + Dialer + Verifier + Limiter {}

impl<T: Clock + Fetcher + Store + Dialer + Verifier + Limiter> Ports for T {}
