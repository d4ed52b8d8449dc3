//! One look-up for many requests.

use futures_util::future::{Either, select};
use std::pin::pin;

use super::Scene;
use crate::dns::{Lookup, Patience, look_up};
use crate::net::Hostname;
use crate::origin::Turn;
use crate::ports::{Clock, Fetcher};

/// How often a request that waits for another one's look-up looks again, in milliseconds.
const LOOK_AGAIN_MS: u32 = 25;
/// A client waits: a second resolver gets this much longer than the first, in milliseconds.
const BRIEFLY: Patience = Patience::Brief(400);

/// Whether a look-up of this age, in milliseconds, will do.
pub type Serves<'a> = &'a dyn Fn(&Lookup, u64) -> bool;

/// A look-up of `name`, remembered as that of `of`, that `serves`: made now if need be; `None` when `within_ms` passed
/// without one.
pub async fn fresh_lookup<P: Fetcher + Clock>(
    scene: &Scene<'_, P>,
    of: &str,
    name: &Hostname,
    serves: Serves<'_>,
    within_ms: u32,
) -> Option<Lookup> {
    let looking = pin!(shared(scene, of, name, serves));
    match select(looking, pin!(scene.ports.sleep(within_ms))).await {
        Either::Left((lookup, _)) => Some(lookup),
        Either::Right(((), _)) => None,
    }
}

async fn shared<P: Fetcher + Clock>(scene: &Scene<'_, P>, of: &str, name: &Hostname, serves: Serves<'_>) -> Lookup {
    let lease_ms = u64::from(scene.config.dns.timeout_ms).saturating_add(500);
    loop {
        let now = scene.ports.now();
        match scene.remember(|memory| memory.turn(of, now, serves, lease_ms)) {
            Turn::Recent(lookup) => return lookup,
            Turn::Yours => {
                let lookup = look_up(scene.ports, &scene.config.dns, name, BRIEFLY).await;
                scene.remember(|memory| memory.remember_lookup(of, scene.ports.now(), lookup.clone()));
                return lookup;
            }
            Turn::Wait => scene.ports.sleep(LOOK_AGAIN_MS).await,
        }
    }
}
