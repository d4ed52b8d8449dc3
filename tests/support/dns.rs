//! Resolvers that say anything at all, for `tests/dns_flows.rs`.
#![allow(clippy::unnecessary_wraps, reason = "a resolver that answers stands where one may fail")]

use std::rc::Rc;

use apim_origin_guard::dns::{Consensus, DnsFailure, Lookup, Observation, Outcome, Patience, Uncertainty, look_up};
use apim_origin_guard::ports::{FetchFailure, HttpRequest, HttpResponse};

use crate::messages::Reply;
use crate::support::{Entry, GATEWAY, Manner, ONE, Said, Script, TWO, World, Zone, chain};

pub(crate) const V4: [u8; 4] = [20, 1, 2, 3];

/// Chains of gateways as seen in public, from the name asked for to the last name, and their address.
pub(crate) fn real_chains() -> Vec<Zone> {
    const STV1_EXTERNAL: &[&str] = &[
        "api-external.penguintrails.com",
        "nnapi-external.azure-api.net",
        "apimgmttmclcv1shygitnmegqrwzwkcqw2cjbklugm8iuvje1l.trafficmanager.net",
        "nnapi-external-eastus-01.regional.azure-api.net",
        "apimgmthsbkt9pesb7u9kyu94q3o8fn5nnanvvv8rykjsxmmxr.cloudapp.net",
    ];
    const STV2: &[&str] = &[
        "api.bing.microsoft.com",
        "bingapigblprod.trafficmanager.net",
        "apim-bing-prod-001.azure-api.net",
        "apimgmttmvdvsx40imxehisceiicnxlfng4yxihlxoe6gq2zej.trafficmanager.net",
        "apim-bing-prod-001-westeurope-01.regional.azure-api.net",
        "apimbingapi-ip.westeurope.cloudapp.azure.com",
    ];
    vec![chain(STV1_EXTERNAL, [40, 71, 32, 102]), chain(STV2, [172, 199, 17, 73])]
}

/// The names of a zone made by [`chain`], in order.
pub(crate) fn names(zone: &Zone) -> Vec<String> {
    let is_target = |name: &String| zone.values().any(|entry| matches!(entry, Entry::Alias(target) if target == name));
    let first = zone.keys().find(|name| !is_target(name)).cloned();
    let next = |name: &String| match zone.get(name) {
        Some(Entry::Alias(target)) => Some(target.clone()),
        _ => None,
    };
    std::iter::successors(first, next).collect()
}

pub(crate) fn message(reply: &Reply) -> HttpResponse {
    let headers = vec![("content-type".into(), "application/dns-message".into())];
    HttpResponse { status: 200, headers, body: reply.bytes() }
}

/// Answers each question by `say`, after `delay_ms`.
pub(crate) fn after(delay_ms: u32, say: impl Fn(Reply) -> Said + 'static) -> Manner {
    Manner::Scripted(Script(Rc::new(move |request: &HttpRequest| {
        let (name, v6) = Reply::to_question(&request.body).asks_for();
        (delay_ms, say(Reply::to(&name, v6)))
    })))
}

/// Answers each question by a message.
pub(crate) fn messages(say: impl Fn(Reply) -> Reply + 'static) -> Manner {
    after(0, move |reply| Ok(message(&say(reply))))
}

/// As an authoritative server with a zone cut at every name: one hop an answer, no word about the target.
pub(crate) fn one_hop(zone: &Zone, reply: Reply) -> Reply {
    let (name, v6) = reply.asks_for();
    match zone.get(&name) {
        Some(Entry::Alias(target)) => reply.cname(&name, 60, target),
        Some(Entry::V4(addresses)) if !v6 => addresses.iter().fold(reply, |reply, it| reply.address(&name, 60, *it)),
        Some(Entry::V4(_) | Entry::Empty) => reply.soa(&name, 60, 45),
        Some(Entry::Rcode(rcode, errors)) => {
            errors.iter().fold(reply.rcode(u16::from(*rcode)), |reply, (code, text)| reply.ede(*code, text))
        }
        None => reply.rcode(3).soa(".", 60, 45),
    }
}

pub(crate) fn known(reply: Reply) -> Said {
    Ok(message(&reply.address(GATEWAY, 60, V4)))
}

pub(crate) fn nodata(reply: Reply) -> Said {
    Ok(message(&reply.soa(GATEWAY, 60, 45)))
}

pub(crate) fn nxdomain(reply: Reply) -> Said {
    Ok(message(&reply.rcode(3).soa("azure-api.net", 60, 50)))
}

pub(crate) fn servfail(reply: Reply) -> Said {
    Ok(message(&reply.rcode(2).ede(22, "at delegation azure-api.net")))
}

pub(crate) fn lost(_: Reply) -> Said {
    Err(FetchFailure::ConnectionLost)
}

pub(crate) fn look_for(world: &World, name: &str, patience: Patience) -> Lookup {
    world.run(look_up(world, &world.config().dns, &name.parse().unwrap(), patience))
}

pub(crate) fn look(world: &World) -> Lookup {
    look_for(world, GATEWAY, Patience::Full)
}

pub(crate) fn world_of(manner: &Manner) -> World {
    let world = World::new();
    world.both(manner);
    world
}

pub(crate) fn world_with(one: Manner, two: Manner) -> World {
    let world = World::new();
    world.one(ONE, one);
    world.one(TWO, two);
    world
}

/// A world with these resolvers, in order.
pub(crate) fn world_asking(manners: &[Manner]) -> World {
    let urls: Vec<String> = (0..manners.len()).map(|n| format!("https://resolver-{n}.test/dns-query")).collect();
    let dns = serde_json::json!({ "origins": [{ "hostname": GATEWAY }], "dns": { "resolvers": urls } });
    let world = World::configured(&dns.to_string());
    urls.iter().zip(manners).for_each(|(url, manner)| world.one(url, manner.clone()));
    world
}

/// What one resolver says of the gateway when it answers A and AAAA so.
pub(crate) fn observe(a: impl Fn(Reply) -> Said + 'static, aaaa: impl Fn(Reply) -> Said + 'static) -> Observation {
    observe_alike(move |reply| if reply.asks_for().1 { aaaa(reply) } else { a(reply) })
}

pub(crate) fn observe_alike(say: impl Fn(Reply) -> Said + 'static) -> Observation {
    look(&world_asking(&[after(0, say)])).observations.remove(0)
}

pub(crate) fn failure(observation: &Observation) -> DnsFailure {
    match &observation.outcome {
        Outcome::Unknown { failure } => failure.clone(),
        told => panic!("{told:?}"),
    }
}

pub(crate) fn reason(lookup: &Lookup) -> Option<Uncertainty> {
    match lookup.consensus {
        Consensus::Unknown { reason } => Some(reason),
        Consensus::Known { .. } | Consensus::Absent { .. } => None,
    }
}

pub(crate) fn addresses(lookup: &Lookup) -> Vec<String> {
    lookup.consensus.addresses().iter().map(|seen| seen.address.to_string()).collect()
}

/// What both resolvers find for `name`, once as recursive ones, and once as authoritative ones that stop at every hop.
pub(crate) fn both_ways(zone: &Zone, name: &str) -> [Lookup; 2] {
    let stops = zone.clone();
    [Manner::Answers(zone.clone()), messages(move |reply| one_hop(&stops, reply))]
        .map(|manner| look_for(&world_of(&manner), name, Patience::Full))
}
