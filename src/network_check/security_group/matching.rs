//! Which part of a flow a rule matches.

use ipnet::Ipv4Net;

use super::{Flow, Item, Rule, Subnet};
use crate::net::CLOUDFLARE_IPV4;
use crate::network_check::ranges::{Ranges, is_inside, prefix};
use crate::network_check::resource_id::region;
use crate::network_check::service_tags::{Tags, is_within};

/// The part of a flow.
pub(super) enum Match {
    Nothing,
    Part(Ranges),
    All,
    /// Something or nothing: these documents do not tell.
    Unknown,
}

/// What no rule has decided about yet.
pub(super) struct Open<'j> {
    /// The addresses; `None`: they cannot be listed.
    pub left: Option<&'j Ranges>,
    /// Tags that hold none of them.
    pub done: &'j [&'j str],
}

/// What `rule`, which has the flow's direction, protocol and port, matches of the addresses that are open.
pub(super) fn match_rule(rule: &Rule<'_>, flow: &Flow<'_>, subnet: &Subnet, tags: &Tags<'_>, open: &Open<'_>) -> Match {
    let remote = match_remote(rule, flow, tags, open);
    match (remote, local(rule, subnet)) {
        (Match::Nothing, _) | (_, Some(false)) => Match::Nothing,
        (remote, Some(true)) if !rule.is_narrow => remote,
        _ => Match::Unknown,
    }
}

/// Whether the rule is for the subnet; `None`: for a part of it, or the subnet is not known.
fn local(rule: &Rule<'_>, subnet: &Subnet) -> Option<bool> {
    let everywhere = |item: &Item<'_>| is_any(item.text) || item.text.eq_ignore_ascii_case("VirtualNetwork");
    if rule.local.iter().any(everywhere) {
        return Some(true);
    }
    let nets: Vec<Ipv4Net> = rule.local.iter().filter_map(|item| item.net).collect();
    let covered = Ranges::of(&nets);
    match subnet {
        _ if nets.is_empty() => Some(false),
        [] => None,
        _ if subnet.iter().all(|net| covered.covers(net)) => Some(true),
        _ if !subnet.iter().any(|net| covered.overlaps(net)) => Some(false),
        _ => None,
    }
}

fn match_remote(rule: &Rule<'_>, flow: &Flow<'_>, tags: &Tags<'_>, open: &Open<'_>) -> Match {
    let left = open.left;
    let mut nets = Vec::new();
    let (mut parts, mut unknown) = (Vec::new(), false);
    for item in &rule.remote {
        match item.net {
            _ if is_any(item.text) => return Match::All,
            Some(net) => nets.push(net),
            None if open.done.contains(&item.text) => {}
            None => match match_tag(item.text, flow, tags, left) {
                Match::All => return Match::All,
                Match::Part(part) => parts.extend_from_slice(part.ranges()),
                Match::Unknown => unknown = true,
                Match::Nothing => {}
            },
        }
    }
    let Some(left) = left else {
        return if unknown || nets.iter().any(|net| may_hold(*net, flow)) { Match::Unknown } else { Match::Nothing };
    };
    nets.retain(|net| left.overlaps(net));
    parts.extend_from_slice(Ranges::of(&nets).ranges());
    let part = Ranges::union(parts).intersection(left);
    match (unknown, part.is_empty()) {
        (true, _) => Match::Unknown,
        (false, true) => Match::Nothing,
        (false, false) => Match::Part(part),
    }
}

/// By what the names say, else by the addresses of both.
fn match_tag(item: &str, flow: &Flow<'_>, tags: &Tags<'_>, left: Option<&Ranges>) -> Match {
    if item.contains(':') || INTERNAL.iter().any(|tag| item.eq_ignore_ascii_case(tag) && flow.tag != Some(tag)) {
        return Match::Nothing;
    }
    if item.eq_ignore_ascii_case("Internet") {
        return if flow.is_public() { Match::All } else { Match::Nothing };
    }
    match flow.tag {
        Some(tag) if item.eq_ignore_ascii_case(tag) || (flow.is_public() && holds(item, tag)) => Match::All,
        Some(tag) => by_addresses(item, tag, tags, left),
        // No tag holds Cloudflare's addresses. Which of the Internet's a tag holds is what is asked.
        None if flow.set.is_some() => Match::Nothing,
        None => Match::Unknown,
    }
}

/// Tags of what is inside Azure's own network.
const INTERNAL: [&str; 3] = ["VirtualNetwork", "AzureLoadBalancer", "AzurePlatformDNS"];

/// Whether `item` is the global tag of `tag`, or holds all public addresses of Azure, or of Azure in that region.
fn holds(item: &str, tag: &str) -> bool {
    let (service, place) = tag.split_once('.').unwrap_or((tag, ""));
    let (item, item_place) = item.split_once('.').unwrap_or((item, ""));
    let same_place = item_place.is_empty() || region(item_place) == region(place);
    same_place && (item.eq_ignore_ascii_case(service) || item.eq_ignore_ascii_case("AzureCloud"))
}

fn by_addresses(item: &str, tag: &str, tags: &Tags<'_>, left: Option<&Ranges>) -> Match {
    if let Some((left, item)) = left.zip(tags.prefixes_or_published(item)) {
        let part = item.ranges.intersection(left);
        return if part.is_empty() { Match::Nothing } else { Match::Part(part) };
    }
    let (service, place) = tag.split_once('.').unwrap_or((tag, ""));
    let other_region =
        || item.split_once('.').is_some_and(|(_, item)| !place.is_empty() && region(item) != region(place));
    // Tags of different services hold different addresses, and so do those of two regions. The regions of `AzureCloud`
    // have names of their own, so a difference there means nothing.
    match (is_within(item, "AzureCloud"), is_within(item, service)) {
        (true, _) => Match::Unknown,
        (false, true) if !other_region() => Match::Unknown,
        (false, _) => Match::Nothing,
    }
}

fn is_any(item: &str) -> bool {
    item == "*" || item == "0.0.0.0/0" || item.eq_ignore_ascii_case("Any")
}

/// Whether the prefix can hold addresses of the flow's remote side: not a private one, and where that side is a service of
/// Azure none of Cloudflare's, which groups before a Worker are full of.
fn may_hold(net: Ipv4Net, flow: &Flow<'_>) -> bool {
    let is_cloudflare = || CLOUDFLARE_IPV4.iter().filter_map(|range| prefix(range)).any(|range| range.contains(&net));
    !is_inside(net) && (flow.tag.is_none() || !is_cloudflare())
}
