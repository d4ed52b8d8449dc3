//! Resolvers that say anything at all, for `tests/dns_flows.rs`.

use std::rc::Rc;

use apim_origin_guard::ports::{FetchFailure, HttpRequest, HttpResponse};

use crate::messages::Reply;
use crate::support::{Entry, Manner, Script, Zone, chain};

/// What a resolver makes of a request.
pub(crate) type Said = Result<HttpResponse, FetchFailure>;

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
