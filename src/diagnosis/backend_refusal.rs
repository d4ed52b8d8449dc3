//! The finding that a backend refuses the gateway, in words as strong as its sign.

use super::{Finding, FindingCode};
use crate::config::Severity;
use crate::origin::{BackendRefusals, RefusalSign};
use crate::time::UnixMillis;

/// `findings` with this one, gravest first, where a sign was met within an hour before `now`.
pub fn with_backend_refusals(
    mut findings: Vec<Finding>,
    refusals: Option<&BackendRefusals>,
    now: UnixMillis,
) -> Vec<Finding> {
    if let Some(refusals) = refusals.filter(|refusals| refusals.is_current(now)) {
        let graver = findings.iter().take_while(|finding| finding.severity >= Severity::Warning).count();
        findings.insert(graver, finding(refusals));
    }
    findings
}

fn finding(refusals: &BackendRefusals) -> Finding {
    let BackendRefusals { count, first_at, last_at, .. } = refusals;
    let (title, what) = words(refusals.sign);
    let address = refusals.refused_address.map(|address| format!(" It named {address} as the address it refused."));
    Finding {
        code: FindingCode::BackendRejectsGateway,
        severity: Severity::Warning,
        title: title.into(),
        evidence: format!("{count} time(s), {first_at} to {last_at}: {what}{}", address.unwrap_or_default()),
    }
}

const fn words(sign: RefusalSign) -> (&'static str, &'static str) {
    match sign {
        RefusalSign::IpForbidden => (
            "A backend answers 403 as one does whose allowlist does not know the gateway's address",
            "403 IP Forbidden came through API Management. Compare the backend's access restrictions with the gateway's outbound addresses.",
        ),
        RefusalSign::BackendConnectionFailure => (
            "API Management says that its connection to a backend failed",
            "ErrorReason: BackendConnectionFailure. A backend that refuses the gateway's address is one cause, one that is down another.",
        ),
        RefusalSign::InternalServerError => (
            "API Management answers its own 500, as it also does where a backend refuses the gateway",
            "API Management's own 500 body, in a sample of the answers. A policy that fails and a backend that is down look the same; an on-error policy that sets ErrorReason tells them apart.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: UnixMillis = UnixMillis(1_777_288_792_000);

    fn refusals(sign: RefusalSign) -> BackendRefusals {
        BackendRefusals { count: 3, first_at: AT, last_at: AT.plus_s(60), sign, refused_address: None }
    }

    #[test]
    fn each_sign_has_words_of_its_own_strength() {
        for (sign, words) in [
            (RefusalSign::IpForbidden, "403 IP Forbidden came through"),
            (RefusalSign::BackendConnectionFailure, "one that is down another"),
            (RefusalSign::InternalServerError, "look the same"),
        ] {
            let found = with_backend_refusals(Vec::new(), Some(&refusals(sign)), AT.plus_s(61));
            let [finding] = &found[..] else { panic!("one finding") };
            assert_eq!((finding.code, finding.severity), (FindingCode::BackendRejectsGateway, Severity::Warning));
            assert!(finding.evidence.contains(words), "{}", finding.evidence);
            assert!(finding.evidence.starts_with("3 time(s), 2026-04-27T11:19:52.000Z to"));
        }
    }

    #[test]
    fn the_refused_address_is_shown() {
        let refusals =
            BackendRefusals { refused_address: "20.1.2.3".parse().ok(), ..refusals(RefusalSign::IpForbidden) };
        let found = with_backend_refusals(Vec::new(), Some(&refusals), AT.plus_s(61));
        assert!(found.iter().any(|finding| finding.evidence.contains("20.1.2.3")));
    }

    #[test]
    fn what_is_over_is_no_finding_and_the_gravest_come_first() {
        let with = |severity| Finding {
            code: FindingCode::ResolverTrouble,
            severity,
            title: String::new(),
            evidence: String::new(),
        };
        let refusals = refusals(RefusalSign::IpForbidden);
        let before = vec![with(Severity::Error), with(Severity::Info)];
        assert_eq!(with_backend_refusals(before.clone(), Some(&refusals), AT.plus_s(7_200)), before);
        let after = with_backend_refusals(before, Some(&refusals), AT.plus_s(61));
        let severities: Vec<Severity> = after.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Error, Severity::Warning, Severity::Info]);
    }
}
