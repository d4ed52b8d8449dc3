//! Plays a cell: arranges the world, lets the request fail twice, and keeps all that can be seen of it.

use std::collections::BTreeMap;

use apim_origin_guard::config::Origin;
use apim_origin_guard::investigation::{Audience, Investigation, Question, investigate, problem_document};
use apim_origin_guard::problem::{MediaType, Rendered, render};
use apim_origin_guard::refresh::refresh_origin;

use crate::cells::Cell;
use crate::dimensions::{Before, Dns};
use crate::world::{GATEWAY, ONE, StoreManner, TWO, World};

pub(crate) const RECORD: &str = "origin/contoso";
/// Time between the record and the failure.
const LATER_S: u64 = 600;

/// What was seen.
pub(crate) struct Played {
    pub(crate) found: Investigation,
    /// The stored values before the failure, and after it.
    pub(crate) stored: [BTreeMap<String, String>; 2],
    pub(crate) writes: usize,
    /// Writes of a second failure a moment later.
    pub(crate) more_writes: usize,
    pub(crate) questions: usize,
    /// Time to the verdict.
    pub(crate) took_ms: u64,
}

pub(crate) fn play(cell: &Cell) -> Played {
    let resolvers = cell.others.resolvers(cell.dns);
    let urls = &[ONE, TWO][..resolvers.len()];
    let world =
        World::configured(&format!(r#"{{"origins":[{{"hostname":"{GATEWAY}"}}],"dns":{{"resolvers":{urls:?}}}}}"#));
    remember(&world, cell.before);
    for (url, dns) in urls.iter().zip(resolvers) {
        world.one(url, dns.manner());
    }
    world.store_manner.set(cell.store);
    let before = world.store.borrow().clone();
    let (asked_before, at) = (world.questions.get(), world.elapsed_ms());
    let found = fail(&world, cell);
    let took_ms = world.elapsed_ms() - at;
    let (writes, questions) = (settled(&world, &found), world.questions.get() - asked_before);
    world.pass_s(1);
    let again = fail(&world, cell);
    let more_writes = settled(&world, &again);
    let after = world.store.borrow().clone();
    Played { found, stored: [before, after], writes, more_writes, questions, took_ms }
}

/// The origin of every cell.
pub(crate) fn origin() -> Origin {
    World::new().config().origins[0].clone()
}

/// What another isolate stored some time ago.
fn remember(world: &World, before: Before) {
    let seen = match before {
        Before::Nothing => return,
        Before::West(dns) => dns,
        Before::East => Dns::KnownElsewhere,
        Before::Damaged => return store(world, "not what a guard writes"),
        Before::NewerSchema => {
            return store(world, r#"{"schema":99,"hostname":"contoso.azure-api.net","last_good":{"of":"the future"}}"#);
        }
    };
    world.both(&seen.manner());
    world.run(refresh_origin(&world.scene(), &world.config().origins[0]));
    world.pass_s(LATER_S);
    world.forget();
}

fn store(world: &World, value: &str) {
    world.store.borrow_mut().insert(RECORD.into(), value.into());
}

fn fail(world: &World, cell: &Cell) -> Investigation {
    let origin = &world.config().origins[0];
    let budget_ms = world.config().diagnostics.budget_ms;
    let edge_name = &origin.hostname;
    let question =
        Question { origin, failure: Some(cell.edge.failure()), edge_name, budget_ms, seen_from: Some("AMS") };
    let mut found = world.run(investigate(&world.scene(), &question));
    found.join(&world.scene(), question.origin);
    found
}

/// Stores what was learnt; the number of writes that took.
fn settled(world: &World, found: &Investigation) -> usize {
    let before = world.writes.get();
    world.run(found.settle(&world.scene(), &world.config().origins[0]));
    world.writes.get() - before
}

impl Played {
    /// The answer to a stranger or to an operator.
    pub(crate) fn answer(&self, operator: bool, media: MediaType) -> Rendered {
        answer(&self.found, operator, media)
    }

    /// The stored bytes of the record.
    pub(crate) fn record(&self, time: usize) -> Option<&str> {
        self.stored[time].get(RECORD).map(String::as_str)
    }
}

pub(crate) fn answer(found: &Investigation, operator: bool, media: MediaType) -> Rendered {
    let audience =
        Audience { operator, type_base: "/__guard/problems/".into(), ray_id: Some("8f1c2d3e4f5a6b7c".into()) };
    render(&problem_document(found, &audience), media)
}

/// Whether the store does what it is told.
pub(crate) const fn works(store: StoreManner) -> bool {
    matches!(store, StoreManner::Good)
}
