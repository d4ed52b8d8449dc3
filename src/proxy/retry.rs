//! Sending a request again: at most once, and only where the first attempt cannot have reached the origin.

use crate::diagnosis::{Failure, is_dns_failure};
use crate::dns::Consensus;

/// Whether a failed request may be sent once more: a safe method (RFC 9110 9.2.1) without a body, after the edge said
/// that it cannot resolve the name (so nothing was sent), while the resolvers can.
pub fn may_send_again(method: &str, has_body: bool, failure: &Failure, consensus: &Consensus) -> bool {
    let safe = matches!(method, "GET" | "HEAD" | "OPTIONS");
    safe && !has_body && is_dns_failure(failure) && matches!(consensus, Consensus::Known { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Rejection;
    use crate::dns::Uncertainty;

    const DNS: Failure = Failure::Edge { status: 530, number: Some(1016) };

    fn known() -> Consensus {
        Consensus::Known { addresses: Vec::new(), chain: Vec::new(), ttl_s: 30 }
    }

    #[test]
    fn only_a_safe_request_without_body_that_cannot_have_arrived_is_sent_again() {
        assert!(may_send_again("GET", false, &DNS, &known()));
        assert!(!may_send_again("GET", true, &DNS, &known()), "has a body");
        for method in ["POST", "PUT", "PATCH", "DELETE", "get"] {
            assert!(!may_send_again(method, false, &DNS, &known()), "{method} is not safe");
        }
        for failure in [
            Failure::Edge { status: 522, number: Some(522) },
            Failure::Rejected { rejection: Rejection::ConnectionLost },
            Failure::TimedOut { after_ms: 1 },
        ] {
            assert!(!may_send_again("GET", false, &failure, &known()), "{failure:?} may have arrived");
        }
        let unknown = Consensus::Unknown { reason: Uncertainty::NoAnswer };
        assert!(!may_send_again("GET", false, &DNS, &unknown), "nothing says that it would go better");
    }
}
