//! Whether a token of Cloudflare Access is good, now, for this application.
//!
//! <https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json>

use std::cell::RefCell;

use super::access_keys::{Key, KeyTurn};
use super::claims::check_claims;
use super::jwt::Jwt;
use super::{AccessFault, SignInMemory};
use crate::config::AccessConfig;
use crate::ports::{Clock, Fetcher, HttpRequest, Verifier};

/// How often a request that waits for another one's fetch looks again, in milliseconds.
const LOOK_AGAIN_MS: u32 = 25;
/// For the team's keys, in milliseconds.
const FETCH_MS: u32 = 5000;
/// A fetch's lease, in milliseconds: longer than it takes, since its holder may be cancelled.
const LEASE_MS: u64 = 5500;
/// Two keys with their certificates are 6 kB.
const MAX_KEYS_BYTES: usize = 64 * 1024;

/// `Ok` for a token that this team signed, for this application and this time. What can be told without the keys is told
/// first, so that only a token that claims to be right costs a fetch.
pub async fn check_access<P: Clock + Fetcher + Verifier>(
    ports: &P,
    memory: &RefCell<SignInMemory>,
    access: &AccessConfig,
    token: &str,
) -> Result<(), AccessFault> {
    let jwt = Jwt::read(token)?;
    check_claims(&jwt.claims, access, ports.now())?;
    let key = key(ports, memory, access, &jwt.kid).await?;
    if ports.verify_rs256(&key.n, &key.e, jwt.signed.as_bytes(), &jwt.signature).await {
        Ok(())
    } else {
        Err(AccessFault::Signature)
    }
}

/// The team's key `kid`. Requests share one fetch through a lease: none may await another one's promise.
async fn key<P: Clock + Fetcher>(
    ports: &P,
    memory: &RefCell<SignInMemory>,
    access: &AccessConfig,
    kid: &str,
) -> Result<Key, AccessFault> {
    loop {
        let turn = memory.borrow_mut().access_keys.turn(kid, ports.now(), LEASE_MS);
        match turn {
            KeyTurn::Known(key) => return Ok(key),
            KeyTurn::NoSuchKey => return Err(AccessFault::UnknownKey),
            KeyTurn::Unavailable => return Err(AccessFault::KeysUnavailable),
            KeyTurn::Wait => ports.sleep(LOOK_AGAIN_MS).await,
            KeyTurn::Yours => {
                let fetched = fetch_keys(ports, access).await;
                memory.borrow_mut().access_keys.note_fetch(ports.now(), fetched);
            }
        }
    }
}

/// What the team's endpoint says; `None` where it says nothing that can be read.
async fn fetch_keys<P: Fetcher>(ports: &P, access: &AccessConfig) -> Option<Vec<Key>> {
    let request = HttpRequest {
        method: "GET",
        url: format!("https://{}/cdn-cgi/access/certs", access.team_domain),
        headers: vec![("Accept", "application/json".to_owned())],
        body: Vec::new(),
        timeout_ms: FETCH_MS,
        max_bytes: MAX_KEYS_BYTES,
    };
    let answer = ports.send(request).await.ok().filter(|answer| answer.status == 200)?;
    Key::read_all(std::str::from_utf8(&answer.body).ok()?)
}
