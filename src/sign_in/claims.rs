//! What a token of Cloudflare Access says of itself.
//!
//! <https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/application-token>: people's tokens have
//! `email`, service tokens have `common_name`, an empty `sub` and no `nbf`. Both have what is asked for here.

use super::AccessFault;
use crate::config::AccessConfig;
use crate::json::Node;
use crate::time::UnixMillis;

/// A clock may be behind the one of whoever made the token by so much, in seconds. At the end of a token nothing is
/// given: whoever has a good one can have the next.
const LEEWAY_S: u64 = 30;
/// Applications that one token is for.
const MAX_AUDIENCES: usize = 20;

/// `Ok` where issuer, audience, kind and time are right.
pub(super) fn check_claims(claims: &Node, access: &AccessConfig, now: UnixMillis) -> Result<(), AccessFault> {
    let issuer = claims.member::<String>("iss").ok_or(AccessFault::Malformed)?;
    if issuer.strip_prefix("https://") != Some(access.team_domain.as_str()) {
        return Err(AccessFault::Issuer);
    }
    if !audiences(claims)?.contains(&access.audience) {
        return Err(AccessFault::Audience);
    }
    if claims.member::<String>("type").ok_or(AccessFault::Malformed)? != "app" {
        return Err(AccessFault::Kind);
    }
    check_time(claims, now.0 / 1000)
}

/// An array or a single one (RFC 7519 4.1.3).
fn audiences(claims: &Node) -> Result<Vec<String>, AccessFault> {
    let single = claims.member::<String>("aud").map(|one| vec![one]);
    let several = single.or_else(|| claims.member::<Vec<String>>("aud"));
    several.filter(|several| several.len() <= MAX_AUDIENCES).ok_or(AccessFault::Malformed)
}

fn check_time(claims: &Node, now_s: u64) -> Result<(), AccessFault> {
    let end = claims.member::<u64>("exp").ok_or(AccessFault::Malformed)?;
    let begin = claims.member::<Option<u64>>("nbf").ok_or(AccessFault::Malformed)?;
    if now_s >= end {
        return Err(AccessFault::Expired);
    }
    if begin.is_some_and(|begin| begin > now_s.saturating_add(LEEWAY_S)) {
        return Err(AccessFault::NotYet);
    }
    Ok(())
}
