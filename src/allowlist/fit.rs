//! What of the set a target can take at all, and words on what it cannot.

use ipnet::IpNet;

use super::entry::covering;
use super::target_form::as_64;

/// What a target takes of the networks it was given.
#[derive(Debug, Default)]
pub(super) struct Fitted {
    /// Sorted, none inside another.
    pub(super) networks: Vec<IpNet>,
    /// What was left out or changed, and why.
    pub(super) notices: Vec<String>,
}

/// Networks that are named in a notice at most.
const NAMED: usize = 20;

/// Everything.
pub(super) fn everything(networks: Vec<IpNet>) -> Fitted {
    Fitted { networks, notices: Vec::new() }
}

/// IPv4 alone.
pub(super) fn ipv4_only(networks: Vec<IpNet>) -> Fitted {
    let (networks, v6) = parted(networks, &|network| !is_v6(network));
    Fitted { networks, notices: left_out(&v6, "it takes IPv4 only") }
}

/// IPv4 alone, and none of the ranges of RFC 1918 and RFC 6598, which the services refuse.
pub(super) fn public_ipv4_only(networks: Vec<IpNet>) -> Fitted {
    let Fitted { networks, mut notices } = ipv4_only(networks);
    let (private, networks) = parted(networks, &is_private);
    notices.extend(left_out(&private, "it refuses private addresses"));
    Fitted { networks, notices }
}

/// Ranges that an address of the internet never has, of which one is refused by a firewall before a public endpoint.
fn is_private(network: &IpNet) -> bool {
    let IpNet::V4(v4) = network else { return false };
    let [a, b, ..] = v4.network().octets();
    matches!((a, b), (10, _) | (172, 16..=31) | (192, 168) | (100, 64..=127))
}

/// One family: a list of the target holds no other. IPv4 where there is any.
pub(super) fn one_family(networks: Vec<IpNet>) -> Fitted {
    let (v4, v6) = parted(networks, &|network| !is_v6(network));
    if v4.is_empty() {
        return everything(v6);
    }
    Fitted {
        networks: v4,
        notices: left_out(&v6, "one list holds one family; ask again with family=ipv6 for another list"),
    }
}

/// IPv4 from /8 to /32, IPv6 from /12 to /64: a longer prefix becomes its /64
/// (<https://developers.cloudflare.com/firewall/cf-dashboard/rules-lists>).
pub(super) fn cloudflare_list(networks: Vec<IpNet>) -> Fitted {
    let (fitting, wide) = parted(networks, &|network| network.prefix_len() >= if is_v6(network) { 12 } else { 8 });
    let (long, _) = parted(fitting.clone(), &|network| widened(*network) != *network);
    let mut notices = left_out(&wide, "its ranges are /8 to /32 for IPv4 and /12 to /64 for IPv6");
    if !long.is_empty() {
        notices.push(format!("Widened to its /64, since a list holds no longer IPv6 prefix: {}.", named(&long)));
    }
    Fitted { networks: covering(fitting.into_iter().map(widened)), notices }
}

fn widened(network: IpNet) -> IpNet {
    match network {
        IpNet::V6(v6) if v6.prefix_len() > 64 => as_64(v6),
        _ => network,
    }
}

fn is_v6(network: &IpNet) -> bool {
    matches!(network, IpNet::V6(_))
}

/// Those that `first` takes, and the others.
fn parted(networks: Vec<IpNet>, first: &dyn Fn(&IpNet) -> bool) -> (Vec<IpNet>, Vec<IpNet>) {
    networks.into_iter().partition(first)
}

fn left_out(networks: &[IpNet], why: &str) -> Vec<String> {
    if networks.is_empty() { Vec::new() } else { vec![format!("Left out, since {why}: {}.", named(networks))] }
}

fn named(networks: &[IpNet]) -> String {
    let mut names: Vec<String> = networks.iter().take(NAMED).map(ToString::to_string).collect();
    if let Some(more) = networks.len().checked_sub(NAMED).filter(|more| *more > 0) {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}
