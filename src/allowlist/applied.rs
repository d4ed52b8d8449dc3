//! What the targets of an origin were last seen to have, beside what is declared: who is not let in.

use ipnet::IpNet;

use super::target_form::form;
use super::target_state::{Shown, TargetState, target_key};
use super::targets;
use crate::azure::{AppliedSet, Declared, DeclaredAddress, Direction};
use crate::config::{AllowlistTarget, Origin, TargetKind};
use crate::ports::Ports;
use crate::refresh::{Scene, read_key};

/// One for each target of `origin`, as KV remembers them.
pub async fn applied_sets<P: Ports>(scene: &Scene<'_, P>, origin: &Origin, declared: &Declared) -> Vec<AppliedSet> {
    let mut sets = Vec::new();
    for target in scene.config.allowlist.targets.iter().filter(|target| target.origin == origin.name) {
        let stored = read_key(scene.ports, &target_key(&target.name)).await.ok().flatten();
        let state = stored.and_then(|stored| TargetState::parse(&stored, &targets::about(target)));
        sets.push(applied(target, state.as_ref().and_then(TargetState::shown), declared));
    }
    sets
}

fn applied(target: &AllowlistTarget, shown: Option<&Shown>, declared: &Declared) -> AppliedSet {
    AppliedSet {
        target: target.name.clone(),
        dry_run: !target.apply,
        at: shown.map(|shown| shown.at),
        missing: shown.map(|shown| missing(target.kind(), &shown.networks, declared)),
        extra: shown.map(|shown| extra(&shown.networks, declared)),
    }
}

fn current(declared: &Declared) -> impl Iterator<Item = &DeclaredAddress> {
    declared.addresses.iter().filter(|address| address.gone_since.is_none())
}

/// Declared addresses that backends see and the target does not have. Of a kind that cannot hold an address it is missing too.
fn missing(kind: TargetKind, there: &[IpNet], declared: &Declared) -> Vec<IpNet> {
    let is_there = |network: &IpNet| there.iter().any(|one| one.contains(network));
    let lets_in = |network: IpNet| form(kind, network).is_ok_and(|held| held.iter().all(is_there));
    let for_backends = current(declared).filter(|address| address.direction != Direction::Inbound);
    let mut missing: Vec<IpNet> = for_backends.map(|address| address.network).filter(|it| !lets_in(*it)).collect();
    missing.dedup();
    missing
}

/// What the target has and nothing that is declared at present asks for: what is held, too.
fn extra(there: &[IpNet], declared: &Declared) -> Vec<IpNet> {
    let overlaps = |one: &IpNet, other: &IpNet| one.contains(other) || other.contains(one);
    let is_asked_for = |network: &&IpNet| current(declared).any(|address| overlaps(&address.network, network));
    there.iter().filter(|network| !is_asked_for(network)).copied().collect()
}
