//! One verdict from several observations. A slow or lying resolver neither delays nor decides alone.

use serde_json::Value;

use super::{Absence, ChainLink, Observation, Outcome, SeenAddress, sorted};
use crate::json::{FromNode, Node, ToValue, json, stored_words};

/// What the resolvers say together.
#[derive(Debug, Clone, PartialEq, Eq)]
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

impl ToValue for Consensus {
    fn to_value(&self) -> Value {
        match self {
            Self::Known { addresses, chain, ttl_s } => {
                json!({ "known": json!({ "addresses": addresses, "chain": chain, "ttl_s": ttl_s }) })
            }
            Self::Absent { absence, chain } => json!({ "absent": json!({ "absence": absence, "chain": chain }) }),
            Self::Unknown { reason } => json!({ "unknown": json!({ "reason": reason }) }),
        }
    }
}

impl FromNode for Consensus {
    fn from_node(node: &Node) -> Option<Self> {
        let (word, content) = node.variant()?;
        Some(match word {
            "known" => Self::Known {
                addresses: content.member("addresses")?,
                chain: content.member("chain")?,
                ttl_s: content.member("ttl_s")?,
            },
            "absent" => Self::Absent { absence: content.member("absence")?, chain: content.member("chain")? },
            "unknown" => Self::Unknown { reason: content.member("reason")? },
            _ => return None,
        })
    }
}

/// Why the resolvers together give no knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncertainty {
    /// Some gave addresses, others said that there are none.
    Disagreement,
    /// Only one of several said that there are none; the others could not tell.
    SingleWitness,
    /// None could tell.
    NoAnswer,
}

stored_words! { Uncertainty {
    Disagreement: "disagreement", SingleWitness: "single_witness", NoAnswer: "no_answer"
} }

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

    /// Chain and addresses, where they are known.
    pub fn known(&self) -> Option<(&[ChainLink], &[SeenAddress])> {
        match self {
            Self::Known { addresses, chain, .. } => Some((chain, addresses)),
            Self::Absent { .. } | Self::Unknown { .. } => None,
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

/// The consensus of `observations`, one for each configured resolver, in configured order. None is
/// [`Uncertainty::NoAnswer`].
///
/// Whether the name is known, absent or unknown, its addresses and its TTL depend neither on the order nor on a
/// resolver that stands twice: it is one witness. `chain` and `absence` are those of the first in order.
pub fn agree(observations: &[Observation]) -> Consensus {
    let first_absence = observations.iter().find_map(absence);
    let first_known = observations.iter().find(|seen| !seen.outcome.addresses().is_empty());
    match (first_known, first_absence) {
        (Some(_), Some(_)) => Consensus::Unknown { reason: Uncertainty::Disagreement },
        (Some(first), None) => known(first, observations),
        (None, Some(_)) if is_single_witness(observations) => Consensus::Unknown { reason: Uncertainty::SingleWitness },
        (None, Some((absence, seen))) => Consensus::Absent { absence: absence.clone(), chain: seen.chain.clone() },
        (None, None) => Consensus::Unknown { reason: Uncertainty::NoAnswer },
    }
}

fn is_single_witness(observations: &[Observation]) -> bool {
    let mut witnesses = observations.iter().filter(|it| absence(it).is_some()).map(|it| &it.resolver);
    let first = witnesses.next();
    let alone = witnesses.all(|it| Some(it) == first);
    alone && observations.iter().any(|it| Some(&it.resolver) != first)
}

fn absence(observation: &Observation) -> Option<(&Absence, &Observation)> {
    match &observation.outcome {
        Outcome::Absent(absence) => Some((absence, observation)),
        Outcome::Known { .. } | Outcome::Unknown { .. } => None,
    }
}

fn known(first: &Observation, observations: &[Observation]) -> Consensus {
    let addresses = sorted(observations.iter().flat_map(|it| it.outcome.addresses()));
    let knowing = observations.iter().filter(|it| !it.outcome.addresses().is_empty());
    let link_ttls = knowing.flat_map(|it| it.chain.iter().map(|link| link.ttl_s));
    let ttl_s = link_ttls.chain(addresses.iter().map(|seen| seen.ttl_s)).min().unwrap_or_default();
    Consensus::Known { addresses, chain: first.chain.clone(), ttl_s }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Just, Strategy, prop_oneof};

    use super::*;
    use crate::dns::{AbsenceKind, DnsFailure};
    use crate::time::UnixMillis;

    /// One resolver's words: `k` knows, `a` absent, `u` unknown.
    fn says(resolver: usize, word: char) -> Observation {
        let outcome = match word {
            'k' => known_as(&[("20.0.0.1", 90)]),
            'a' => absent_as(),
            _ => Outcome::Unknown { failure: DnsFailure::TimedOut },
        };
        seen(resolver, outcome)
    }

    fn say(words: &str) -> Vec<Observation> {
        words.chars().enumerate().map(|(resolver, word)| says(resolver, word)).collect()
    }

    fn seen(resolver: usize, outcome: Outcome) -> Observation {
        let chain = vec![ChainLink { name: "a.test".parse().unwrap(), ttl_s: 40, target: "b.test".parse().unwrap() }];
        let resolver = format!("https://{resolver}.test/");
        let (at, extended_errors) = (UnixMillis(0), Vec::new());
        Observation { resolver, at, took_ms: 1, outcome, chain, extended_errors, unanswered: None }
    }

    fn known_as(addresses: &[(&str, u32)]) -> Outcome {
        let seen_address = |(text, ttl_s): &(&str, u32)| SeenAddress { address: text.parse().unwrap(), ttl_s: *ttl_s };
        Outcome::Known { addresses: addresses.iter().map(seen_address).collect() }
    }

    fn absent_as() -> Outcome {
        let at_name = "b.test".parse().unwrap();
        Outcome::Absent(Absence { kind: AbsenceKind::NameNotFound, at_name, negative_ttl_s: Some(60) })
    }

    fn reason(observations: &[Observation]) -> Option<Uncertainty> {
        match agree(observations) {
            Consensus::Unknown { reason } => Some(reason),
            Consensus::Known { .. } | Consensus::Absent { .. } => None,
        }
    }

    #[test]
    fn addresses_of_all_resolvers_join_with_the_smallest_lifetime() {
        let one = seen(1, known_as(&[("20.0.0.2", 60)]));
        let two = seen(2, known_as(&[("20.0.0.1", 50), ("20.0.0.2", 30)]));
        let consensus = agree(&[one, says(3, 'u'), two]);
        let Consensus::Known { addresses, ttl_s, .. } = consensus else { panic!("{consensus:?}") };
        let shown: Vec<_> = addresses.iter().map(|it| (it.address.to_string(), it.ttl_s)).collect();
        assert_eq!(shown, [("20.0.0.1".into(), 50), ("20.0.0.2".into(), 30)]);
        assert_eq!(ttl_s, 30);
    }

    #[test]
    fn no_resolver_says_alone_that_there_is_nothing_unless_it_is_the_only_one() {
        assert_eq!(agree(&say("aa")).word(), "absent");
        assert_eq!(agree(&say("aau")).word(), "absent");
        assert_eq!(agree(&say("a")).word(), "absent");
        assert_eq!(reason(&say("au")), Some(Uncertainty::SingleWitness));
        assert_eq!(reason(&say("ka")), Some(Uncertainty::Disagreement));
        assert_eq!(reason(&say("uu")), Some(Uncertainty::NoAnswer));
        assert_eq!(reason(&[]), Some(Uncertainty::NoAnswer));
    }

    #[test]
    fn the_same_resolver_twice_is_one_witness() {
        assert_eq!(reason(&[says(1, 'a'), says(1, 'a'), says(2, 'u')]), Some(Uncertainty::SingleWitness));
        assert_eq!(agree(&[says(1, 'a'), says(1, 'a')]).word(), "absent");
    }

    #[test]
    fn of_two_kinds_of_absence_the_first_in_order_stands() {
        let at_name = "a.test".parse().unwrap();
        let nodata = Absence { kind: AbsenceKind::NoAddress, at_name, negative_ttl_s: None };
        let consensus = agree(&[says(1, 'u'), seen(2, Outcome::Absent(nodata.clone())), says(3, 'a')]);
        let Consensus::Absent { absence, .. } = consensus else { panic!("{consensus:?}") };
        assert_eq!(absence, nodata);
    }

    /// What depends neither on order nor on repetition.
    fn gist(observations: &[Observation]) -> (&'static str, Option<Uncertainty>, Vec<SeenAddress>, u32) {
        let consensus = agree(observations);
        let ttl_s = match &consensus {
            Consensus::Known { ttl_s, .. } => *ttl_s,
            Consensus::Absent { .. } | Consensus::Unknown { .. } => 0,
        };
        (consensus.word(), reason(observations), consensus.addresses().to_vec(), ttl_s)
    }

    fn any_resolver_says() -> impl Strategy<Value = Observation> {
        let known = proptest::collection::btree_map(0u8..6, 0u32..100, 1..4).prop_map(|addresses| {
            let seen = |(last, ttl_s)| SeenAddress { address: [20, 0, 0, last].into(), ttl_s };
            Outcome::Known { addresses: addresses.into_iter().map(seen).collect() }
        });
        let unknown = Just(Outcome::Unknown { failure: DnsFailure::TimedOut });
        (0usize..6, prop_oneof![known, Just(absent_as()), unknown]).prop_map(|(resolver, it)| seen(resolver, it))
    }

    proptest::proptest! {
        #[test]
        fn neither_order_nor_repetition_changes_what_is_known(
            observations in proptest::collection::vec(any_resolver_says(), 0..6),
            again in proptest::collection::vec(proptest::prelude::any::<proptest::sample::Index>(), 0..3),
            shuffled in proptest::prelude::any::<proptest::sample::Index>(),
        ) {
            let mut other = observations.clone();
            if !other.is_empty() {
                other.extend(again.iter().map(|index| index.get(&observations).clone()));
                let middle = shuffled.index(other.len());
                other.rotate_left(middle);
                other.reverse();
            }
            proptest::prop_assert_eq!(gist(&other), gist(&observations));
        }

        #[test]
        fn absent_never_wins_where_a_resolver_knows(words in "[kau]{0,6}") {
            let consensus = agree(&say(&words));
            if words.contains('k') {
                proptest::prop_assert_ne!(consensus.word(), "absent");
            }
            if consensus.word() == "known" {
                proptest::prop_assert!(!consensus.addresses().is_empty() && !words.contains('a'));
            }
        }
    }
}
