//! The name is there, and resolving it fails, is contradictory, or leads nowhere that helps.

use super::checks::{GUARD_FINDS_NOTHING, NAME_RESOLVES};
use super::fixes::{ASK_AZURE, EXTERNAL_MODE, LOOK_AGAIN, PUBLIC_WAY_IN, READ_RECORDS, READ_SERVICE, USE_GATEWAY_NAME};
use super::missing_name::{NOT_BACKEND, NOT_STALE};
use super::{Check, Explanation, Fix, When, links};
use crate::origin::HopKind;
use crate::problem::WhoActs;

pub(super) const SERVER_FAILURE: Explanation = Explanation {
    meaning: "The resolvers could not get an answer for a name of the chain (SERVFAIL), or refuse to give one (REFUSED). This \
        says nothing about whether the name exists, so the guard keeps the last good addresses. Where the resolver gave an \
        extended error, it stands in the evidence: 22 and 23 mean that the zone's own servers could not be reached.",
    proof: &[
        "The RCODE and the extended error (RFC 8914) of each resolver are in the evidence.",
        "`dig +trace '<hostname>' A` shows at which delegation the answers stop.",
    ],
    mistaken_for: &[
        "A name that was deleted: that is NXDOMAIN, a definite answer. SERVFAIL is the lack of one.",
        "A fault of the gateway: as long as the name does not resolve, the gateway was not asked.",
    ],
    fixes: &[
        Fix {
            when: When::FailedAt(&[HopKind::Unknown]),
            who: WhoActs::ApiOwner,
            action: "`<failed-hop>` may be in a zone of your own: check that the parent delegates it to name servers that \
                answer for it.",
            by_hand: None,
            command: Some("dig +trace '<failed-hop>' A"),
            verify: NAME_RESOLVES,
        },
        ASK_AZURE,
        LOOK_AGAIN,
    ],
    links: &[links::CF_1016, links::CF_EXTENDED_ERRORS],
};

pub(super) const DNSSEC_INVALID: Explanation = Explanation {
    meaning: "A validating resolver threw the answer away: its signatures do not hold (extended errors 6 to 12). A common \
        cause is a DS record at the registrar that does not belong to the keys of the zone any more, for example after a move \
        to other name servers.",
    proof: &[
        "A resolver reports an extended error from 6 to 12.",
        "With validation switched off the name resolves: `dig +cd '<hostname>' A @1.1.1.1`; without `+cd` it fails.",
    ],
    mistaken_for: &[
        "DNS servers that are down: here they answer, and the answer is refused.",
        "A fault that not everybody sees: resolvers that do not validate still resolve the name.",
    ],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "For a zone of your own, compare the DS record at the registrar with the one the zone's DNS provider shows, and \
            replace or remove it. `<failed-hop>` is the name to look at.",
            by_hand: Some(
                "Cloudflare dashboard, if the zone is there: DNS → Settings → DNSSEC shows the DS record that is right.",
            ),
            command: Some(
                "curl -sS -H \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" 'https://api.cloudflare.com/client/v4/zones/<zone-id>/dnssec'",
            ),
            verify: Check {
                action: "the status is NOERROR also with validation.",
                command: Some("dig +dnssec +noall +comments +answer '<hostname>' A @1.1.1.1"),
            },
        },
        ASK_AZURE,
    ],
    links: &[links::CF_EXTENDED_ERRORS],
};

pub(super) const CHAIN_INVALID: Explanation = Explanation {
    meaning: "The aliases lead back to a name they have passed, or there are more than 16 of them, so no address is ever \
        reached. \
        Look for records or Traffic Manager profiles that point at each other.",
    proof: &["The chain in the evidence shows each alias in order and, for a loop, the name where it closes."],
    mistaken_for: &["A Worker that calls itself (1019): that is a loop of requests, this one of names."],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "Find the record of your own in the chain that points back, and point it at the gateway's name.",
            by_hand: Some("Cloudflare dashboard, if the zone is there: DNS → Records."),
            command: Some("dig +noall +answer '<failed-hop>' CNAME @1.1.1.1"),
            verify: NAME_RESOLVES,
        },
        USE_GATEWAY_NAME,
    ],
    links: &[links::CF_1016, links::AZURE_TRAFFIC_MANAGER],
};

pub(super) const ADDRESS_NOT_PUBLIC: Explanation = Explanation {
    meaning: "The name has only addresses that the internet does not route, such as 10.0.0.0/8. A Worker cannot reach them. \
        Either the gateway is in an internal virtual network or behind a private endpoint and its private address was \
        published, or a record is wrong.",
    proof: &["Each address in the evidence stands with its class; none is public."],
    mistaken_for: &[
        "A firewall that blocks Cloudflare: nobody on the internet can reach such an address.",
        "A name that works: inside the network it does, which is why colleagues see no fault.",
    ],
    fixes: &[READ_SERVICE, PUBLIC_WAY_IN, EXTERNAL_MODE],
    links: &[links::APIM_INTERNAL, links::APIM_NETWORK_CONCEPTS],
};

pub(super) const DISAGREEMENT: Explanation = Explanation {
    meaning: "Cloudflare's edge could not resolve the name, but at least one resolver that the guard asked can, or the \
        resolvers contradict one another. With `route = \"zone\"` the edge follows the zone's record, which may lead to another, \
        dead name. A name that has just been created or repaired looks like this until old answers, \
        also negative ones, have run out. The guard's resolvers are not the one that `fetch` uses.",
    proof: &["The evidence has what each resolver said, and when."],
    mistaken_for: &[
        "A name that is gone: then all of them would say NXDOMAIN.",
        "Traffic Manager at work: different addresses in different places are normal and no disagreement.",
        NOT_STALE,
    ],
    fixes: &[
        Fix { when: When::ZoneRoute, ..READ_RECORDS },
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "Wait for the TTLs in the evidence to pass, then look again.",
            by_hand: None,
            command: Some("dig +noall +comments +answer +authority '<hostname>' A @1.1.1.1"),
            verify: GUARD_FINDS_NOTHING,
        },
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "If it stays: in a zone with partial (CNAME) set-up every name that a Worker fetches inside the zone must \
                also exist in Cloudflare DNS. Add the record there.",
            by_hand: Some("Cloudflare dashboard: the zone → DNS → Records."),
            command: Some(
                "curl -sS -H \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" 'https://api.cloudflare.com/client/v4/zones/<zone-id>/dns_records?name=<hostname>'",
            ),
            verify: GUARD_FINDS_NOTHING,
        },
        LOOK_AGAIN,
    ],
    links: &[links::CF_1016, links::CF_WORKERS_ISSUES],
};

pub(super) const UNCONFIRMED: Explanation = Explanation {
    meaning: "Cloudflare's edge says that the name could not be resolved, and no resolver confirmed it: none gave an answer, or \
        there was no time to ask. So neither the name nor the gateway is proven to be at fault. What the guard knew before is kept.",
    proof: &["Cloudflare's error number, and for each resolver why it gave no answer, are in the evidence."],
    mistaken_for: &[
        "A confirmed missing name: for that a resolver would have to say NXDOMAIN.",
        NOT_STALE,
        NOT_BACKEND,
    ],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "Ask a resolver yourself.",
            by_hand: None,
            command: Some("dig +noall +comments +answer '<hostname>' A @1.1.1.1"),
            verify: NAME_RESOLVES,
        },
        LOOK_AGAIN,
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "If resolvers stay silent, check `dns.resolvers` and `dns.timeout_ms` in the configuration.",
            by_hand: None,
            command: Some("curl -sS -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/config'"),
            verify: GUARD_FINDS_NOTHING,
        },
    ],
    links: &[links::CF_1016],
};
