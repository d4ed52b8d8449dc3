//! The CNAME chain (RFC 1034 3.6.2): where it ends, and the two ways in which it can be broken.

use super::{ChainLink, DnsFailure};
use crate::net::Hostname;

/// The most hops of a chain; a longer one is taken for broken. The gateways' own chains have four or five.
pub const MAX_HOPS: usize = 16;

/// The name at which `chain` ends: its last target, or `start` where there is no hop.
pub(super) fn end_of<'a>(chain: &'a [ChainLink], start: &'a Hostname) -> &'a Hostname {
    chain.last().map_or(start, |link| &link.target)
}

/// Adds the next hops to `chain`, up to and including the one that breaks it.
///
/// # Errors
/// [`DnsFailure::Loop`] or [`DnsFailure::TooManyHops`].
pub(super) fn extend(chain: &mut Vec<ChainLink>, hops: Vec<ChainLink>) -> Result<(), DnsFailure> {
    hops.into_iter().try_for_each(|link| {
        let target = link.target.clone();
        chain.push(link);
        check(chain, target)
    })
}

fn check(chain: &[ChainLink], target: Hostname) -> Result<(), DnsFailure> {
    if chain.iter().any(|link| link.name == target) {
        return Err(DnsFailure::Loop { at_name: target });
    }
    if chain.len() > MAX_HOPS { Err(DnsFailure::TooManyHops) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hops(names: &[&str]) -> Vec<ChainLink> {
        let name = |text: &str| text.parse().unwrap();
        names.windows(2).map(|pair| ChainLink { name: name(pair[0]), ttl_s: 1, target: name(pair[1]) }).collect()
    }

    #[test]
    fn sixteen_hops_are_a_chain_and_seventeen_are_too_many() {
        let names: Vec<String> = (0..18).map(|n| format!("n{n}.example")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut chain = Vec::new();
        assert_eq!(extend(&mut chain, hops(&names[..17])), Ok(()));
        assert_eq!(extend(&mut chain, hops(&names[16..])), Err(DnsFailure::TooManyHops));
    }

    #[test]
    fn a_loop_is_found_where_it_closes_even_across_two_answers() {
        let mut chain = hops(&["a.example", "b.example"]);
        let more = hops(&["b.example", "c.example", "a.example", "b.example"]);
        assert_eq!(extend(&mut chain, more), Err(DnsFailure::Loop { at_name: "a.example".parse().unwrap() }));
        assert_eq!(chain, hops(&["a.example", "b.example", "c.example", "a.example"]));
    }

    #[test]
    fn an_alias_of_itself_is_a_loop() {
        let itself = hops(&["a.example", "a.example"]);
        assert_eq!(extend(&mut Vec::new(), itself), Err(DnsFailure::Loop { at_name: "a.example".parse().unwrap() }));
    }
}
