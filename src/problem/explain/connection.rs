//! The address: nobody is there, nobody answers, or it is somebody else's.

use super::checks::{CLIENTS_ARE_SERVED, GUARD_FINDS_NOTHING};
use super::fixes::{
    ALLOW_HTTPS_IN, CNAME_NOT_ADDRESS, DIAGNOSE, LOOK_AGAIN, READ_SERVICE, ROUTE_CLIENTS_TO_INTERNET,
    UPDATE_ALLOWLISTS, USE_GATEWAY_NAME,
};
use super::missing_name::NOT_BACKEND;
use super::{Explanation, Fix, When, links};
use crate::problem::WhoActs;

const NOT_DNS: &str =
    "A DNS fault (530 with 1016): it was the connection that failed; what DNS says is in the check `name`.";
const MAYBE_STALE: &str = "A stale address, which looks the same from outside: compare the address of the record in use \
    with what `<hostname>` resolves to now. The guard says `origin_address_stale` where it can prove that; what is behind a \
    proxied record DNS does not show.";

/// The gateway tried past Cloudflare.
const TRY_DIRECTLY: Fix = Fix {
    when: When::Always,
    who: WhoActs::ApiOwner,
    action: "Try the gateway from elsewhere, past Cloudflare. If it answers there, it or a firewall before it refuses \
        Cloudflare's addresses; if not, it is down or not reachable at all.",
    by_hand: None,
    command: Some("curl -sS -i --connect-timeout 10 'https://<hostname>/status-0123456789abcdef'"),
    verify: CLIENTS_ARE_SERVED,
};

pub(super) const REFUSED: Explanation = Explanation {
    meaning: "The name resolves, and the address refuses the connection (521). Something is there and says no: a gateway that \
        does not listen, or a firewall that rejects Cloudflare's addresses.",
    proof: &["Cloudflare's 521; the addresses that DNS has for `<hostname>` are in the evidence."],
    mistaken_for: &[NOT_DNS, MAYBE_STALE, NOT_BACKEND],
    fixes: &[TRY_DIRECTLY, CNAME_NOT_ADDRESS, READ_SERVICE, ALLOW_HTTPS_IN, DIAGNOSE],
    links: &[links::CF_521, links::APIM_NETWORK],
};

pub(super) const TIMEOUT: Explanation = Explanation {
    meaning: "The name resolves, and nobody answered the attempt to connect in 19 seconds, or nobody acknowledged the request \
        in 90 (522). Packets are dropped on the way there or back: by a firewall, for want of a \
        rule in a network security group, by a default route that sends replies elsewhere; or the address is wrong or stale.",
    proof: &["Cloudflare's 522; the addresses that DNS has for `<hostname>` are in the evidence."],
    mistaken_for: &[
        NOT_DNS,
        MAYBE_STALE,
        NOT_BACKEND,
        "A slow API (524): there the connection stands, and only the answer is late.",
    ],
    fixes: &[TRY_DIRECTLY, CNAME_NOT_ADDRESS, READ_SERVICE, ALLOW_HTTPS_IN, ROUTE_CLIENTS_TO_INTERNET, DIAGNOSE],
    links: &[links::CF_522, links::CF_LIMITS, links::APIM_NETWORK, links::AZURE_ROUTES],
};

pub(super) const UNREACHABLE: Explanation = Explanation {
    meaning: "There is no way to the address (523), or the connection was lost and the cause stays open. A wrong address in an \
        A or AAAA record is on Cloudflare's list of causes.",
    proof: &["Cloudflare's 523, or a connection that the runtime refused or lost; what DNS has is in the evidence."],
    mistaken_for: &[NOT_DNS, MAYBE_STALE, NOT_BACKEND],
    fixes: &[TRY_DIRECTLY, CNAME_NOT_ADDRESS, DIAGNOSE, READ_SERVICE, LOOK_AGAIN],
    links: &[links::CF_523, links::APIM_ADDRESSES],
};

pub(super) const ADDRESS_STALE: Explanation = Explanation {
    meaning: "The connection failed, and the address that the edge used, by its record or by the look-up before, is not among \
        those that the gateway's name has now. A pinned A or AAAA record points elsewhere, or an \
        answer whose TTL has not run out. The finding `pinned_address_record` warns before that: no gateway name is on the way to the \
        address (a flattened CNAME looks the same). For the classic tiers Microsoft documents that addresses are \
        static except, among others, when the subscription was disabled and reinstated, the service was deleted and created again, or \
        its virtual network or zones change.",
    proof: &[
        "The address in use and the present addresses stand side by side in the evidence.",
        "The present address answers for the name: `curl --resolve '<hostname>:443:<current-address>' 'https://<hostname>/'`.",
    ],
    mistaken_for: &[
        "A DNS fault (530 with 1016): the name resolves.",
        "A broken certificate (525, 526): whoever has the old address now does not have the gateway's certificate.",
        NOT_BACKEND,
    ],
    fixes: &[
        CNAME_NOT_ADDRESS,
        USE_GATEWAY_NAME,
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "`<hostname>` leads to <current-addresses> now. If the record is a CNAME already, the old answer runs out with \
                its TTL: wait that long, and look again.",
            by_hand: None,
            command: Some("dig +noall +answer '<hostname>' A @1.1.1.1"),
            verify: GUARD_FINDS_NOTHING,
        },
        Fix {
            when: When::ZoneRoute,
            who: WhoActs::AzureAdmin,
            action: "Check that API Management has `<api-host>` as a custom domain: it answers only for names it knows.",
            by_hand: Some("Azure portal: the API Management service → Deployment + infrastructure → Custom domains."),
            command: Some(
                "az apim show --name '<service-name>' --resource-group '<resource-group>' --query 'hostnameConfigurations[].hostName'",
            ),
            verify: CLIENTS_ARE_SERVED,
        },
        UPDATE_ALLOWLISTS,
    ],
    links: &[links::APIM_ADDRESSES, links::APIM_DOMAINS, links::CF_BATCH, links::CF_522, links::CF_523],
};
