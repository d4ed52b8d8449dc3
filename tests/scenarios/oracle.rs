//! What the contract says of a cell, in its words: section 5 for the code, section 4 for status and `Retry-After`, section 1 for
//! what is known, absent and unknown, `docs/kv-schema.md` for what is written. Nothing here is taken from the rules.

use crate::cells::Cell;
use crate::dimensions::{Before, Dns, EAST, EASTERN, Edge, HOPS, NEW, OLD, WEST};
use crate::world::StoreManner;

/// What a client sees and the store gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) code: &'static str,
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u32>,
    /// `evidence.failed_hop`.
    pub(crate) failed_hop: Option<&'static str>,
    /// `known`, `absent` or `unknown`.
    pub(crate) outcome: &'static str,
    /// KV writes after the answer.
    pub(crate) writes: usize,
}

/// What one resolver says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// Addresses, and the regional name on the way to them. `whole`: those of both families.
    Addresses {
        place: Option<&'static str>,
        address: [u8; 4],
        public: bool,
        whole: bool,
    },
    NxDomain(&'static str),
    NoData(&'static str),
    /// SERVFAIL or REFUSED for this name.
    ServerFailure(&'static str),
    /// The same with an extended error 6 to 12.
    Bogus(&'static str),
    Loop(&'static str),
    /// More than 16 hops.
    TooLong,
    /// It could not be asked, or gave nothing that is an answer.
    Nothing,
}

pub(crate) const fn says(dns: Dns) -> Says {
    match dns {
        Dns::Known => Says::Addresses { place: Some(WEST), address: OLD, public: true, whole: true },
        Dns::Moved => Says::Addresses { place: Some(WEST), address: NEW, public: true, whole: true },
        Dns::KnownElsewhere => Says::Addresses { place: Some(EAST), address: EASTERN, public: true, whole: true },
        Dns::Special(address) => Says::Addresses { place: Some(WEST), address, public: false, whole: true },
        Dns::Partly(address) => {
            Says::Addresses { place: Some(WEST), address, public: !matches!(address, [10, ..]), whole: false }
        }
        Dns::Chain(17..) => Says::TooLong,
        Dns::Chain(_) => Says::Addresses { place: None, address: OLD, public: true, whole: true },
        Dns::NotFound(hop) => Says::NxDomain(HOPS[hop]),
        Dns::NoAddress(hop) => Says::NoData(HOPS[hop]),
        Dns::ServerFails(Some(6..=12)) => Says::Bogus(HOPS[3]),
        Dns::ServerFails(_) | Dns::Refused => Says::ServerFailure(HOPS[3]),
        Dns::Loop => Says::Loop(HOPS[2]),
        Dns::Truncated | Dns::TimesOut | Dns::Unreachable | Dns::Garbage | Dns::Html | Dns::Http(_) => Says::Nothing,
    }
}

/// All that the resolvers of a cell say.
pub(crate) fn heard(cell: &Cell) -> Vec<Says> {
    let heard: Vec<Says> = cell.others.resolvers(cell.dns).into_iter().map(says).collect();
    // A client waits: a resolver that still waits for its own answers is not waited for once another one has told.
    let told = |says: &Says| matches!(says, Says::Addresses { whole: true, .. } | Says::NxDomain(_) | Says::NoData(_));
    let slow = |says: &Says| matches!(says, Says::Addresses { whole: false, .. });
    let one_told = heard.iter().any(told);
    heard.into_iter().map(|says| if one_told && slow(&says) { Says::Nothing } else { says }).collect()
}

/// A code and the hop it speaks of.
type Cause = (&'static str, Option<&'static str>);

pub(crate) fn expected(cell: &Cell) -> Expected {
    let heard = heard(cell);
    let (code, failed_hop) = cause(cell, &heard);
    let (status, retry_after) = sent(code);
    Expected { code, status, retry_after, failed_hop, outcome: outcome(&heard), writes: writes(cell) }
}

/// Section 5, row by row.
fn cause(cell: &Cell, heard: &[Says]) -> Cause {
    let named = |code| (code, None);
    match cell.edge {
        // "the edge cannot resolve the origin (1001, 1016, 1018, 1023, or a 530 without a number)"
        Edge::Number(1001 | 1016 | 1018 | 1023) | Edge::Empty530 => edge_cannot_resolve(heard),
        Edge::Number(521) => connection(cell, heard, "origin_connection_refused"),
        Edge::Number(522) => connection(cell, heard, "origin_connection_timeout"),
        Edge::Number(523) => connection(cell, heard, "origin_unreachable"),
        Edge::Number(525) => connection(cell, heard, "origin_tls_failed"),
        Edge::Number(526) => connection(cell, heard, "origin_certificate_invalid"),
        Edge::Number(524) | Edge::TimedOut => named("origin_response_timeout"),
        Edge::Number(520) => named("origin_response_invalid"),
        Edge::Number(1003) => named("cloudflare_direct_ip"),
        Edge::Number(1000 | 1002) => named("cloudflare_prohibited_address"),
        Edge::Number(1014) => named("cloudflare_cname_cross_account"),
        Edge::Number(1019) => named("cloudflare_worker_loop"),
        Edge::Number(1042) => named("cloudflare_same_zone_worker"),
        Edge::Number(1033) => named("cloudflare_tunnel_down"),
        Edge::Number(_) => named("cloudflare_error_unrecognised"),
        // The runtime names no cause. Only what the resolvers settle explains it.
        Edge::Lost | Edge::Other if outcome(heard) == "absent" => absence(heard).unwrap(),
        Edge::Lost | Edge::Other => connection(cell, heard, "origin_unreachable"),
        // It fails like this for a name that it cannot resolve, and so is a witness as the edge is.
        Edge::Internal if outcome(heard) != "known" => dns_says(heard).unwrap_or(named("origin_unreachable")),
        Edge::Internal => connection(cell, heard, "origin_unreachable"),
    }
}

fn edge_cannot_resolve(heard: &[Says]) -> Cause {
    let disagreement = ("origin_dns_disagreement", None);
    match dns_says(heard) {
        Some(cause) => cause,
        // "special-purpose addresses only"
        None if special_only(heard) => ("origin_address_not_public", None),
        // "the edge cannot resolve the name, the resolvers can"
        None if has_addresses(heard) => disagreement,
        // "the edge says DNS, and no resolver could be asked"
        None => ("origin_dns_unconfirmed", None),
    }
}

/// Why the resolvers give no address: contradiction, NXDOMAIN or NODATA, DNSSEC, a broken chain, failing servers.
fn dns_says(heard: &[Says]) -> Option<Cause> {
    let one = |of: &dyn Fn(Says) -> Option<Cause>| heard.iter().find_map(|says| of(*says));
    match (has_addresses(heard), absence(heard)) {
        // "(or they disagree with one another)"
        (true, Some(_)) => Some(("origin_dns_disagreement", None)),
        (true, None) => None,
        (false, Some(absence)) => Some(absence),
        (false, None) => {
            one(&|says| if let Says::Bogus(hop) = says { Some(("origin_dnssec_invalid", Some(hop))) } else { None })
                .or_else(|| {
                    one(&|says| match says {
                        Says::Loop(hop) => Some(("origin_chain_invalid", Some(hop))),
                        Says::TooLong => Some(("origin_chain_invalid", None)),
                        _ => None,
                    })
                })
                .or_else(|| {
                    one(&|says| {
                        if let Says::ServerFailure(hop) = says {
                            Some(("origin_dns_server_failure", Some(hop)))
                        } else {
                            None
                        }
                    })
                })
        }
    }
}

fn absence(heard: &[Says]) -> Option<Cause> {
    heard.iter().find_map(|says| match says {
        Says::NxDomain(hop) => Some(("origin_name_not_found", Some(*hop))),
        Says::NoData(hop) => Some(("origin_name_has_no_address", Some(*hop))),
        _ => None,
    })
}

/// A failed connection is what the edge calls it, unless the address explains it.
fn connection(cell: &Cell, heard: &[Says], called: &'static str) -> Cause {
    if outcome(heard) != "known" {
        (called, None)
    } else if special_only(heard) {
        ("origin_address_not_public", None)
    } else if is_stale(cell, heard) {
        ("origin_address_stale", None)
    } else {
        (called, None)
    }
}

/// "the address the edge used (a previous observation) is no longer among the current ones"; another region's answer is no
/// change (section 1, drift; issue: vantage).
fn is_stale(cell: &Cell, heard: &[Says]) -> bool {
    let Some((place_before, before)) = previous(cell) else { return false };
    let seen = |wanted: &dyn Fn(Option<&'static str>, [u8; 4]) -> bool| {
        heard.iter().any(|says| matches!(says, Says::Addresses { place, address, .. } if wanted(*place, *address)))
    };
    is_whole(heard) && seen(&|place, _| place == Some(place_before)) && !seen(&|_, address| address == before)
}

/// The previous observation, where the store tells it.
fn previous(cell: &Cell) -> Option<(&'static str, [u8; 4])> {
    let kept = match cell.before {
        Before::West(Dns::Moved) => (WEST, NEW),
        Before::West(_) => (WEST, OLD),
        Before::East => (EAST, EASTERN),
        Before::Nothing | Before::Damaged | Before::NewerSchema => return None,
    };
    tells(cell.store).then_some(kept)
}

/// Whether this store can be read.
pub(crate) const fn tells(store: StoreManner) -> bool {
    !matches!(store, StoreManner::Down | StoreManner::Hangs | StoreManner::Missing)
}

fn has_addresses(heard: &[Says]) -> bool {
    heard.iter().any(|says| matches!(says, Says::Addresses { .. }))
}

/// "only": addresses of a family that nobody answered for may be others.
fn special_only(heard: &[Says]) -> bool {
    is_whole(heard) && !heard.iter().any(|says| matches!(says, Says::Addresses { public: true, .. }))
}

/// Whether a resolver gave the addresses of both families.
fn is_whole(heard: &[Says]) -> bool {
    heard.iter().any(|says| matches!(says, Says::Addresses { whole: true, .. }))
}

/// Section 1: a look-up found addresses, was told that there are none, or could not find out. One witness of several is not
/// enough to be told that there are none.
fn outcome(heard: &[Says]) -> &'static str {
    let witnesses = heard.iter().filter(|says| matches!(says, Says::NxDomain(_) | Says::NoData(_))).count();
    match (has_addresses(heard), witnesses) {
        (true, 0) => "known",
        (false, 2..) => "absent",
        (false, 1) if heard.len() == 1 => "absent",
        _ => "unknown",
    }
}

/// Section 4, "Status sent", and the seconds of `Retry-After` of the catalogue of codes.
fn sent(code: &str) -> (u16, Option<u32>) {
    match code {
        "origin_name_not_found" | "origin_name_has_no_address" | "origin_address_not_public" => (503, Some(60)),
        "origin_dnssec_invalid" | "origin_chain_invalid" => (503, Some(60)),
        "origin_dns_server_failure" | "origin_dns_unconfirmed" | "origin_dns_disagreement" => (503, Some(30)),
        "origin_connection_refused" | "origin_connection_timeout" | "origin_unreachable" => (503, Some(120)),
        "origin_address_stale" | "cloudflare_tunnel_down" => (503, Some(120)),
        "origin_response_timeout" => (504, Some(120)),
        "origin_response_invalid" => (502, Some(60)),
        "origin_tls_failed" | "origin_certificate_invalid" => (502, None),
        "cloudflare_error_unrecognised" => (503, Some(60)),
        code if code.starts_with("cloudflare_") => (503, Some(300)),
        other => panic!("{other} is no code of a failed request"),
    }
}

/// `docs/kv-schema.md`: a new incident is two writes, the record and then its proof. What cannot be read is kept, so nothing is
/// written; where the record's write is not confirmed, the proof is not written.
const fn writes(cell: &Cell) -> usize {
    match (cell.store, cell.before) {
        (StoreManner::Down | StoreManner::Hangs | StoreManner::Missing, _) => 0,
        (_, Before::Damaged | Before::NewerSchema) => 0,
        (StoreManner::Good, _) => 2,
        (StoreManner::LosesWrites | StoreManner::LosesAnswers, _) => 1,
    }
}
