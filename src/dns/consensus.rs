//! One verdict from several observations. A slow or lying resolver neither delays nor decides alone.

use serde::{Deserialize, Serialize};

use super::{Absence, ChainLink, Observation, Outcome, SeenAddress, sorted};
use crate::config::DnsConfig;

/// What the resolvers say together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Consensus {
    /// At least one resolver gave addresses and none said that there are none.
    Known {
        /// The union over all resolvers (a name behind Traffic Manager differs by place), sorted, never empty.
        addresses: Vec<SeenAddress>,
        /// The chain of the first resolver in configured order that gave addresses.
        chain: Vec<ChainLink>,
        /// The smallest TTL of its chain and addresses over all resolvers that gave any, unclamped, in seconds.
        ttl_s: u32,
    },
    /// Every resolver that could tell said that there are none, and there were at least two, or only one is configured.
    Absent {
        /// What they said; the first in configured order where they differ in kind or hop.
        absence: Absence,
        /// The chain up to the failed hop.
        chain: Vec<ChainLink>,
    },
    /// Nothing certain.
    Unknown {
        /// Why.
        reason: Uncertainty,
    },
}

/// Why the resolvers together give no knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uncertainty {
    /// Some gave addresses, others said that there are none.
    Disagreement,
    /// Only one of several said that there are none; the others could not tell.
    SingleWitness,
    /// None could tell.
    NoAnswer,
}

impl Uncertainty {
    /// In words.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Disagreement => "some give addresses, others say that there are none",
            Self::SingleWitness => "only one says that there are none, the others could not tell",
            Self::NoAnswer => "none could tell",
        }
    }
}

impl Consensus {
    /// `known`, `absent` or `unknown`, as the contract names them.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Known { .. } => "known",
            Self::Absent { .. } => "absent",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// The addresses; empty unless known.
    pub fn addresses(&self) -> &[SeenAddress] {
        match self {
            Self::Known { addresses, .. } => addresses,
            Self::Absent { .. } | Self::Unknown { .. } => &[],
        }
    }
}

/// For how long a consensus is fresh, in seconds: its TTL within the configured bounds; without one, the lower bound.
pub fn fresh_for_s(consensus: &Consensus, dns: &DnsConfig) -> u32 {
    let ttl_s = match consensus {
        Consensus::Known { ttl_s, .. } => Some(*ttl_s),
        Consensus::Absent { absence, .. } => absence.negative_ttl_s,
        Consensus::Unknown { .. } => None,
    };
    ttl_s.unwrap_or_default().clamp(dns.min_ttl_s, dns.max_ttl_s.max(dns.min_ttl_s))
}

/// The consensus of `observations`, one for each configured resolver, in configured order.
pub fn agree(observations: &[Observation]) -> Consensus {
    let absences: Vec<(&Absence, &Observation)> = observations.iter().filter_map(absence).collect();
    let first_known = observations.iter().find(|seen| !seen.outcome.addresses().is_empty());
    match (first_known, absences.first()) {
        (Some(_), Some(_)) => Consensus::Unknown { reason: Uncertainty::Disagreement },
        (Some(first), None) => known(first, observations),
        (None, Some(_)) if absences.len() < observations.len().min(2) => {
            Consensus::Unknown { reason: Uncertainty::SingleWitness }
        }
        (None, Some((absence, seen))) => Consensus::Absent { absence: (*absence).clone(), chain: seen.chain.clone() },
        (None, None) => Consensus::Unknown { reason: Uncertainty::NoAnswer },
    }
}

fn absence(observation: &Observation) -> Option<(&Absence, &Observation)> {
    match &observation.outcome {
        Outcome::Absent(absence) => Some((absence, observation)),
        Outcome::Known { .. } | Outcome::Unknown { .. } => None,
    }
}

fn known(first: &Observation, observations: &[Observation]) -> Consensus {
    let addresses = sorted(observations.iter().flat_map(|it| it.outcome.addresses()).copied());
    let knowing = observations.iter().filter(|it| !it.outcome.addresses().is_empty());
    let link_ttls = knowing.flat_map(|it| it.chain.iter().map(|link| link.ttl_s));
    let ttl_s = link_ttls.chain(addresses.iter().map(|seen| seen.ttl_s)).min().unwrap_or_default();
    Consensus::Known { addresses, chain: first.chain.clone(), ttl_s }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::{AbsenceKind, DnsFailure};
    use crate::time::UnixMillis;

    fn seen(outcome: Outcome) -> Observation {
        let chain = vec![ChainLink { name: "a.test".parse().unwrap(), ttl_s: 40, target: "b.test".parse().unwrap() }];
        Observation { resolver: "r".into(), at: UnixMillis(0), took_ms: 1, outcome, chain, extended_errors: Vec::new() }
    }

    fn known(addresses: &[(&str, u32)]) -> Observation {
        let seen_address = |(text, ttl_s): &(&str, u32)| SeenAddress { address: text.parse().unwrap(), ttl_s: *ttl_s };
        seen(Outcome::Known { addresses: addresses.iter().map(seen_address).collect() })
    }

    fn absent() -> Observation {
        let at_name = "b.test".parse().unwrap();
        seen(Outcome::Absent(Absence { kind: AbsenceKind::NameNotFound, at_name, negative_ttl_s: Some(60) }))
    }

    fn silent() -> Observation {
        seen(Outcome::Unknown { failure: DnsFailure::TimedOut })
    }

    fn reason(observations: &[Observation]) -> Option<Uncertainty> {
        match agree(observations) {
            Consensus::Unknown { reason } => Some(reason),
            Consensus::Known { .. } | Consensus::Absent { .. } => None,
        }
    }

    #[test]
    fn addresses_of_all_resolvers_join_with_the_smallest_lifetime() {
        let consensus = agree(&[known(&[("20.0.0.2", 60)]), silent(), known(&[("20.0.0.1", 50), ("20.0.0.2", 30)])]);
        let Consensus::Known { addresses, ttl_s, .. } = consensus else { panic!("{consensus:?}") };
        let shown: Vec<_> = addresses.iter().map(|it| (it.address.to_string(), it.ttl_s)).collect();
        assert_eq!(shown, [("20.0.0.1".into(), 50), ("20.0.0.2".into(), 30)]);
        assert_eq!(ttl_s, 30);
    }

    #[test]
    fn no_resolver_says_alone_that_there_is_nothing_unless_it_is_the_only_one() {
        assert_eq!(agree(&[absent(), absent()]).word(), "absent");
        assert_eq!(agree(&[absent()]).word(), "absent");
        assert_eq!(reason(&[absent(), silent()]), Some(Uncertainty::SingleWitness));
        assert_eq!(reason(&[absent(), known(&[("20.0.0.1", 1)])]), Some(Uncertainty::Disagreement));
        assert_eq!(reason(&[silent(), silent()]), Some(Uncertainty::NoAnswer));
        assert_eq!(reason(&[]), Some(Uncertainty::NoAnswer));
    }

    #[test]
    fn freshness_keeps_to_its_bounds() {
        let dns = DnsConfig { resolvers: Vec::new(), timeout_ms: 1, min_ttl_s: 30, max_ttl_s: 3600 };
        let fresh = |observations: &[Observation]| fresh_for_s(&agree(observations), &dns);
        assert_eq!(fresh(&[known(&[("20.0.0.1", 1)])]), 30);
        assert_eq!(fresh(&[known(&[("20.0.0.1", 35)])]), 35);
        assert_eq!(fresh(&[absent()]), 60);
        assert_eq!(fresh(&[silent()]), 30);
    }

    proptest::proptest! {
        #[test]
        fn absent_never_wins_where_a_resolver_knows(kinds in proptest::collection::vec(0u8..3, 0..6)) {
            let observations: Vec<_> = kinds.iter().map(|kind| match kind { 0 => known(&[("20.0.0.1", 9)]), 1 => absent(), _ => silent() }).collect();
            let consensus = agree(&observations);
            if kinds.contains(&0) {
                proptest::prop_assert_ne!(consensus.word(), "absent");
            }
            if consensus.word() == "known" {
                proptest::prop_assert!(!consensus.addresses().is_empty() && !kinds.contains(&1));
            }
            let mut turned = observations;
            turned.reverse();
            proptest::prop_assert_eq!(agree(&turned).word(), consensus.word());
        }
    }
}
