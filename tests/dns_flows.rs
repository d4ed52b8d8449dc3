//! Looking a name up, over scripted resolvers and in virtual time.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code")]

#[path = "../src/dns/test_messages.rs"]
mod messages;
#[path = "support/dns.rs"]
mod resolvers;
mod support;

use std::cell::RefCell;
use std::net::Ipv6Addr;
use std::rc::Rc;

use apim_origin_guard::dns::{
    AbsenceKind, Consensus, DnsFailure, MAX_HOPS, Observation, Outcome, Patience, Rcode, Uncertainty,
};
use apim_origin_guard::ports::{FetchFailure, HttpRequest, HttpResponse};
use messages::Reply;
use proptest::prelude::*;
use resolvers::{
    V4, addresses, after, both_ways, failure, known, look, look_for, lost, message, messages as says, names, nodata,
    nxdomain, observe, observe_alike, one_hop, real_chains, reason, servfail, world_asking, world_of, world_with,
};
use support::{Entry, GATEWAY, Manner, ONE, START, Said, Script, TWO, chain, healthy_zone, with, without};

const TIMEOUT_MS: u64 = 2000;

#[test]
fn a_question_is_a_post_of_a_bounded_dns_message_that_no_cache_answers() {
    let asked: Rc<RefCell<Vec<HttpRequest>>> = Rc::default();
    let log = Rc::clone(&asked);
    let manner = Manner::Scripted(Script(Rc::new(move |request: &HttpRequest| {
        log.borrow_mut().push(request.clone());
        (0, known(Reply::to_question(&request.body)))
    })));
    let world = world_with(manner, Manner::Refuses);
    look(&world);
    let asked = asked.borrow();
    assert_eq!(asked.len(), 2);
    for (request, v6) in asked.iter().zip([false, true]) {
        let dns_message = || "application/dns-message".to_owned();
        assert_eq!((request.method, request.url.as_str()), ("POST", ONE));
        assert_eq!(request.headers, [("Content-Type", dns_message()), ("Accept", dns_message())]);
        assert_eq!((u64::from(request.timeout_ms), request.max_bytes), (TIMEOUT_MS, 65_535));
        assert_eq!(request.body[..2], [0, 0], "id 0");
        assert_eq!(Reply::to_question(&request.body).asks_for(), (GATEWAY.into(), v6));
    }
}

#[test]
fn the_real_chains_are_followed_to_their_address() {
    for zone in real_chains() {
        let names = names(&zone);
        for lookup in both_ways(&zone, &names[0]) {
            let Consensus::Known { addresses, chain, ttl_s } = &lookup.consensus else { panic!("{lookup:?}") };
            let targets: Vec<_> = chain.iter().map(|link| link.target.to_string()).collect();
            assert_eq!(targets, names[1..]);
            assert_eq!((addresses.len(), *ttl_s), (1, 60));
            assert!(lookup.observations.iter().all(|it| it.unanswered.is_none()));
        }
    }
}

#[test]
fn the_hop_where_a_chain_ends_is_named_wherever_it_ends() {
    for zone in real_chains() {
        let names = names(&zone);
        for name in &names {
            let broken = [
                (without(zone.clone(), name), AbsenceKind::NameNotFound),
                (with(zone.clone(), name, Entry::Empty), AbsenceKind::NoAddress),
            ];
            for (zone, kind) in broken {
                for lookup in both_ways(&zone, &names[0]) {
                    let Consensus::Absent { absence, chain } = &lookup.consensus else { panic!("{name}: {lookup:?}") };
                    assert_eq!((absence.at_name.as_str(), absence.kind), (name.as_str(), kind));
                    assert_eq!(absence.negative_ttl_s, Some(45));
                    let end = chain.last().map_or(names[0].as_str(), |link| link.target.as_str());
                    assert_eq!(end, name);
                }
            }
        }
    }
}

#[test]
fn a_failure_is_unknown_with_its_extended_errors_and_names_the_hop() {
    for (rcode, code) in [(2, 6), (2, 7), (2, 8), (2, 9), (2, 10), (2, 11), (2, 12), (2, 22), (5, 18)] {
        for name in names(&healthy_zone()) {
            let zone = with(healthy_zone(), &name, Entry::Rcode(rcode, vec![(code, "why".into())]));
            for lookup in both_ways(&zone, GATEWAY) {
                assert_eq!(reason(&lookup), Some(Uncertainty::NoAnswer));
                let [one, _] = &lookup.observations[..] else { panic!("{lookup:?}") };
                let (rcode, at_name) = (Rcode(rcode.into()), name.parse().unwrap());
                assert_eq!(failure(one), DnsFailure::Rcode { rcode, at_name });
                let errors: Vec<_> =
                    one.extended_errors.iter().map(|error| (error.code, error.text.as_str())).collect();
                assert_eq!(errors, [(code, "why")]);
                assert_eq!(one.extended_errors[0].is_dnssec(), (6..=12).contains(&code));
            }
        }
    }
}

#[test]
fn a_loop_is_found_in_one_answer_and_over_many() {
    let [first, last] = ["contoso-westeurope-01.regional.azure-api.net", "contoso-ip.westeurope.cloudapp.azure.com"];
    for (alias, target) in [(last, first), (last, GATEWAY), (GATEWAY, GATEWAY)] {
        let zone = with(healthy_zone(), alias, Entry::Alias(target.into()));
        for lookup in both_ways(&zone, GATEWAY) {
            let at_name = target.parse().unwrap();
            assert_eq!(failure(&lookup.observations[0]), DnsFailure::Loop { at_name });
        }
    }
}

#[test]
fn sixteen_hops_are_followed_and_one_more_is_too_many() {
    let names: Vec<String> = (0..=MAX_HOPS + 1).map(|n| format!("hop-{n}.azure-api.net")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for lookup in both_ways(&chain(&names[..=MAX_HOPS], V4), names[0]) {
        assert_eq!(addresses(&lookup), ["20.1.2.3"]);
    }
    for lookup in both_ways(&chain(&names, V4), names[0]) {
        assert_eq!(failure(&lookup.observations[0]), DnsFailure::TooManyHops);
    }
}

#[test]
fn addresses_of_one_family_are_known_whatever_the_other_question_comes_to() {
    let v6 = |reply: Reply| Ok(message(&reply.address(GATEWAY, 60, Ipv6Addr::LOCALHOST)));
    for other in [nodata, nxdomain, servfail, lost] {
        assert_eq!(observe(known, other).outcome.addresses()[0].address.to_string(), "20.1.2.3");
        assert_eq!(observe(other, v6).outcome.addresses()[0].address.to_string(), "::1");
    }
    assert_eq!(observe(known, v6).outcome.addresses().len(), 2);
}

#[test]
fn a_family_that_no_resolver_could_ask_for_is_told() {
    let half = || after(0, |reply| if reply.asks_for().1 { servfail(reply) } else { known(reply) });
    let whole = || after(0, |reply| if reply.asks_for().1 { nodata(reply) } else { known(reply) });
    let blind = look(&world_with(half(), Manner::Refuses));
    assert_eq!((blind.lacks_family(true), blind.lacks_family(false)), (true, false));
    assert_eq!(blind.observations[0].extended_errors[0].code, 22);
    assert!(!look(&world_with(half(), whole())).lacks_family(true));
    assert!(!look(&world_of(&Manner::Refuses)).lacks_family(true), "only of what is known");
}

#[test]
fn only_both_questions_together_can_say_that_there_is_nothing() {
    let absent = |observation: Observation| match observation.outcome {
        Outcome::Absent(absence) => (absence.kind, absence.negative_ttl_s),
        other => panic!("{other:?}"),
    };
    assert_eq!(absent(observe(nxdomain, nxdomain)), (AbsenceKind::NameNotFound, Some(50)));
    assert_eq!(absent(observe(nodata, nodata)), (AbsenceKind::NoAddress, Some(45)));
    assert_eq!(absent(observe(nodata, nxdomain)), (AbsenceKind::NoAddress, Some(45)));
    assert_eq!(absent(observe(nxdomain, nodata)), (AbsenceKind::NoAddress, Some(45)));
    for absence in [nxdomain, nodata] {
        for fault in [servfail, lost] {
            assert_eq!(observe(absence, fault).outcome.word(), "unknown");
            assert_eq!(observe(fault, absence).outcome.word(), "unknown");
        }
    }
}

#[test]
fn of_two_failures_the_one_that_dns_gave_is_told() {
    for observation in [observe(lost, servfail), observe(servfail, lost)] {
        assert!(matches!(failure(&observation), DnsFailure::Rcode { rcode: Rcode::SERV_FAIL, .. }), "{observation:?}");
    }
}

#[test]
fn what_is_no_good_answer_over_http_is_unknown() {
    fn with_type(reply: Reply, content_type: &str) -> Said {
        let headers = vec![("content-type".into(), content_type.into())];
        known(reply).map(|response| HttpResponse { headers, ..response })
    }
    let words = |say: fn(Reply) -> Said| failure(&observe_alike(say)).to_string();
    assert_eq!(words(|_| Err(FetchFailure::TimedOut)), "no answer in time");
    assert_eq!(words(lost), "could not be asked: the connection was refused or lost");
    assert_eq!(words(|_| Err(FetchFailure::TooLarge)), "answered a truncated or oversized message");
    assert_eq!(words(|reply| known(reply.truncated())), "answered a truncated or oversized message");
    for status in [204, 302, 404, 500] {
        let of = move |reply| known(reply).map(|response| HttpResponse { status, ..response });
        assert_eq!(failure(&observe_alike(of)), DnsFailure::HttpStatus { status });
    }
    let bad_type = "answered no valid DNS message: its Content-Type is not application/dns-message";
    assert_eq!(words(|reply| with_type(reply, "text/html")), bad_type);
    assert_eq!(words(|reply| with_type(reply, "application/dns-json")), bad_type);
    assert_eq!(words(|reply| known(reply).map(|it| HttpResponse { headers: Vec::new(), ..it })), bad_type);
    assert_eq!(
        words(|_| known(Reply::to("contoso.test", false))),
        "answered no valid DNS message: the answer to another question: contoso.test A"
    );
    assert_eq!(
        words(|reply| known(reply.rcode(3))),
        "answered no valid DNS message: NXDOMAIN and addresses in one answer"
    );
    let good = |reply| with_type(reply, "Application/DNS-Message; charset=x");
    assert_eq!(observe_alike(good).outcome.word(), "known");
}

#[test]
fn time_spent_in_a_cache_on_the_way_is_taken_off_the_lifetimes() {
    for (age, left) in [("25", 35), ("61", 0), ("99999999999", 0), ("-5", 60), ("soon", 60), ("", 60)] {
        let say = move |say: fn(Reply) -> Said| {
            move |reply| {
                say(reply).map(|mut response| {
                    response.headers.push(("age".into(), age.into()));
                    response
                })
            }
        };
        assert_eq!(observe_alike(say(known)).outcome.addresses()[0].ttl_s, left, "{age}");
        let aliased = say(|reply| Ok(message(&reply.cname(GATEWAY, 60, "b.test").address("b.test", 60, V4))));
        assert_eq!(observe(aliased, lost).chain[0].ttl_s, left, "{age}");
        let Outcome::Absent(absence) = observe_alike(say(|reply| Ok(message(&reply.soa(".", 60, 60))))).outcome else {
            panic!("{age}");
        };
        assert_eq!(absence.negative_ttl_s, Some(left), "{age}");
    }
}

#[test]
fn a_lying_resolver_does_not_decide() {
    let denies = || after(0, nxdomain);
    assert_eq!(reason(&look(&world_with(denies(), after(0, known)))), Some(Uncertainty::Disagreement));
    assert_eq!(reason(&look(&world_with(after(0, known), denies()))), Some(Uncertainty::Disagreement));
    for fault in [Manner::Html, Manner::HttpStatus(500), Manner::TimesOut, Manner::Garbage, after(0, servfail)] {
        assert_eq!(reason(&look(&world_with(denies(), fault.clone()))), Some(Uncertainty::SingleWitness), "{fault:?}");
        assert_eq!(addresses(&look(&world_with(fault, after(0, known)))), ["20.1.2.3"]);
    }
    assert_eq!(look(&world_of(&denies())).consensus.word(), "absent");
    assert_eq!(look(&world_asking(&[denies()])).consensus.word(), "absent");
}

#[test]
fn a_slow_resolver_is_waited_for_as_long_as_there_is_patience() {
    for (patience, took_ms, said) in [
        (Patience::Full, TIMEOUT_MS, DnsFailure::TimedOut),
        (Patience::Brief(400), 500, DnsFailure::NotAwaited),
        (Patience::Brief(5000), TIMEOUT_MS, DnsFailure::TimedOut),
    ] {
        let world = world_with(Manner::TimesOut, after(100, known));
        let lookup = look_for(&world, GATEWAY, patience);
        assert_eq!(world.elapsed_ms(), took_ms, "{patience:?}");
        let [slow, quick] = &lookup.observations[..] else { panic!("{lookup:?}") };
        assert_eq!((slow.resolver.as_str(), failure(slow)), (ONE, said), "in configured order");
        assert_eq!((quick.resolver.as_str(), quick.took_ms), (TWO, 100));
        assert_eq!(addresses(&lookup), ["20.1.2.3"]);
    }
}

#[test]
fn who_comes_in_time_is_heard_and_a_failure_starts_no_clock() {
    let world = world_with(after(300, known), after(600, nxdomain));
    assert_eq!(reason(&look_for(&world, GATEWAY, Patience::Brief(400))), Some(Uncertainty::Disagreement));
    let world = world_with(after(10, servfail), after(900, known));
    assert_eq!(addresses(&look_for(&world, GATEWAY, Patience::Brief(0))), ["20.1.2.3"]);
}

#[test]
fn patience_is_not_renewed_by_each_resolver_that_tells() {
    let world = world_asking(&[after(100, known), after(400, known), Manner::TimesOut]);
    look_for(&world, GATEWAY, Patience::Brief(400));
    assert_eq!(world.elapsed_ms(), 500);
}

#[test]
fn a_chain_asked_for_hop_by_hop_has_one_time_limit_in_all() {
    let names: Vec<String> = (0..=MAX_HOPS).map(|n| format!("hop-{n}.azure-api.net")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let zone = chain(&names, V4);
    let world = world_of(&after(300, move |reply| Ok(message(&one_hop(&zone, reply)))));
    let lookup = look_for(&world, names[0], Patience::Full);
    assert_eq!(world.elapsed_ms(), TIMEOUT_MS);
    assert_eq!(failure(&lookup.observations[0]), DnsFailure::TimedOut);
    assert_eq!(lookup.observations[0].chain.len(), 6, "as far as it came");
}

#[test]
fn no_more_than_three_resolvers_are_asked_at_the_same_time() {
    let lookup = look(&world_asking(&vec![after(100, known); 5]));
    let began: Vec<u64> = lookup.observations.iter().map(|it| it.at.since_ms(START)).collect();
    assert_eq!(began, [0, 0, 0, 100, 100]);
}

fn any_fault() -> impl Strategy<Value = Manner> {
    prop_oneof![
        Just(Manner::TimesOut),
        Just(Manner::Refuses),
        Just(Manner::Html),
        Just(Manner::Garbage),
        Just(after(0, servfail)),
        Just(says(|reply| reply.truncated().soa(GATEWAY, 60, 60))),
        Just(says(|reply| reply.ns("azure-api.net").without_recursion(false))),
        Just(says(|reply| reply.cname(GATEWAY, 60, GATEWAY).rcode(3))),
        Just(says(|reply| reply.rcode(3).address(GATEWAY, 60, V4))),
        Just(after(0, |_| nxdomain(Reply::to("contoso.test", false)))),
        (200u16..600).prop_filter("a fault", |status| *status != 200).prop_map(Manner::HttpStatus),
        proptest::collection::vec(any::<u8>(), 0..80).prop_map(|octets| {
            after(0, move |reply| {
                let mut response = message(&reply);
                response.body.truncate(octets.len());
                response.body.iter_mut().zip(&octets).for_each(|(octet, noise)| *octet ^= noise | 1);
                Ok(response)
            })
        }),
    ]
}

proptest! {
    #[test]
    fn no_faults_make_a_name_absent(faults in proptest::collection::vec(any_fault(), 0..5), place: prop::sample::Index, delay_ms in 0u32..1500, brief: Option<u16>) {
        let patience = brief.map_or(Patience::Full, |ms| Patience::Brief(ms.into()));
        prop_assert_ne!(look_for(&world_asking(&faults_or_one(&faults)), GATEWAY, patience).consensus.word(), "absent");
        let mut manners = faults;
        manners.insert(place.index(manners.len().saturating_add(1)), after(delay_ms, known));
        let lookup = look_for(&world_asking(&manners), GATEWAY, patience);
        prop_assert_eq!(addresses(&lookup), ["20.1.2.3"]);
    }
}

fn faults_or_one(faults: &[Manner]) -> Vec<Manner> {
    if faults.is_empty() { vec![Manner::Refuses] } else { faults.to_vec() }
}
