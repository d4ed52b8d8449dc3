//! When Microsoft says that the addresses of a gateway change
//! (<https://learn.microsoft.com/azure/api-management/api-management-howto-ip-addresses>), ranked by what ARM shows.

use super::{Fact, FactChange};
use crate::json::word;
use crate::time::UnixMillis;

/// A change explains a drift that was seen this long before or after it, in seconds: old and new compute of a migration
/// stand side by side for 48 hours.
const EXPLAINS_S: u64 = 48 * 60 * 60;

/// A documented cause, and the facts that show it.
struct Documented {
    words: &'static str,
    shown_by: &'static [Fact],
    /// Told also where nothing shows it.
    without_evidence: bool,
}

const DOCUMENTED: [Documented; 6] = [
    Documented {
        words: "the subscription was disabled or warned, then reinstated",
        shown_by: &[Fact::SubscriptionState],
        without_evidence: true,
    },
    Documented {
        words: "the service was deleted and created again",
        shown_by: &[Fact::CreatedAt, Fact::Existence],
        without_evidence: true,
    },
    Documented {
        words: "a virtual network was added, removed or changed",
        shown_by: &[Fact::NetworkType, Fact::Subnet, Fact::PublicIp],
        without_evidence: true,
    },
    Documented {
        words: "availability zones or regions were changed",
        shown_by: &[Fact::Zones, Fact::Locations],
        without_evidence: true,
    },
    Documented {
        words: "the compute platform was migrated",
        shown_by: &[Fact::PlatformVersion, Fact::Sku],
        without_evidence: false,
    },
    Documented {
        words: "the way out was changed: a NAT gateway, or a route of the subnet",
        shown_by: &[Fact::NatGateway, Fact::Egress],
        without_evidence: false,
    },
];

/// The documented causes of a drift at `at`, those with evidence first. Which of the others it was is not known.
pub fn drift_causes(changes: &[FactChange], at: UnixMillis) -> Vec<String> {
    let near = |change: &&FactChange| change.at.since_s(at).max(at.since_s(change.at)) <= EXPLAINS_S;
    let (mut shown, mut possible) = (Vec::new(), Vec::new());
    for cause in &DOCUMENTED {
        let evidence: Vec<String> =
            changes.iter().filter(near).filter(|change| cause.shown_by.contains(&change.fact)).map(words).collect();
        if !evidence.is_empty() {
            shown.push(format!("{}: {}", cause.words, evidence.join("; ")));
        } else if cause.without_evidence {
            possible.push(cause.words.to_owned());
        }
    }
    shown.append(&mut possible);
    shown
}

/// "virtualNetworkType … was External, is Internal (seen at …)".
fn words(change: &FactChange) -> String {
    let place = change.location.as_ref().map(|place| format!(" of {place}")).unwrap_or_default();
    let fact = word(&change.fact);
    format!("{fact}{place} was {}, is {} (seen at {})", change.before, change.after, change.at)
}
