//! For how long what was found may be used.

use super::Consensus;
use crate::config::DnsConfig;

/// For how long a consensus is fresh, in seconds: its TTL within the configured bounds; without one, the lower bound.
pub fn fresh_for_s(consensus: &Consensus, dns: &DnsConfig) -> u32 {
    let ttl_s = match consensus {
        Consensus::Known { ttl_s, .. } => Some(*ttl_s),
        Consensus::Absent { absence, .. } => absence.negative_ttl_s,
        Consensus::Unknown { .. } => None,
    };
    ttl_s.unwrap_or_default().clamp(dns.min_ttl_s, dns.max_ttl_s.max(dns.min_ttl_s))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::{Absence, AbsenceKind, Uncertainty};

    fn fresh(consensus: &Consensus, min_ttl_s: u32, max_ttl_s: u32) -> u32 {
        fresh_for_s(consensus, &DnsConfig { resolvers: Vec::new(), timeout_ms: 1, min_ttl_s, max_ttl_s })
    }

    fn absent(negative_ttl_s: Option<u32>) -> Consensus {
        let absence = Absence { kind: AbsenceKind::NoAddress, at_name: "a.test".parse().unwrap(), negative_ttl_s };
        Consensus::Absent { absence, chain: Vec::new() }
    }

    #[test]
    fn a_lifetime_keeps_to_the_bounds() {
        let known = |ttl_s| Consensus::Known { addresses: Vec::new(), chain: Vec::new(), ttl_s };
        let fresh_for =
            |consensus: &dyn Fn(u32) -> Consensus| [0, 45, 9000].map(|ttl_s| fresh(&consensus(ttl_s), 30, 3600));
        assert_eq!(fresh_for(&known), [30, 45, 3600]);
        assert_eq!(fresh_for(&|ttl_s| absent(Some(ttl_s))), [30, 45, 3600]);
    }

    #[test]
    fn without_a_lifetime_it_is_looked_up_again_as_soon_as_allowed() {
        assert_eq!(fresh(&absent(None), 30, 3600), 30);
        assert_eq!(fresh(&Consensus::Unknown { reason: Uncertainty::NoAnswer }, 30, 3600), 30);
    }
}
