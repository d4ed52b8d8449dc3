//! YAML: Kubernetes and Traefik. Every value that is not a word of the format stands in quotes: an IPv6 range has colons.

use ipnet::IpNet;

use crate::allowlist::export::{Selection, each};

/// A middleware (<https://doc.traefik.io/traefik/middlewares/http/ipallowlist/>).
pub(super) fn traefik(selection: &Selection<'_>) -> String {
    format!(
        "{}http:\n  middlewares:\n    apim-origin-guard:\n      ipAllowList:\n        sourceRange:\n{}",
        selection.comments("#"),
        each(&selection.texts(), "          - \"", "\"\n"),
    )
}

/// An annotation as a patch (<https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/>).
pub(super) fn ingress_nginx(selection: &Selection<'_>) -> String {
    format!(
        "{}metadata:\n  annotations:\n    {ALLOWED}: \"{}\"\n",
        selection.comments("#"),
        selection.texts().join(",")
    )
}

const ALLOWED: &str = "nginx.ingress.kubernetes.io/whitelist-source-range";

/// Keys and values of annotations count.
pub(super) fn annotation_bytes(networks: &[IpNet]) -> usize {
    networks
        .iter()
        .fold(ALLOWED.len(), |bytes, network| bytes.saturating_add(network.to_string().len()).saturating_add(1))
}

/// A policy for the pods with the label (<https://kubernetes.io/docs/concepts/services-networking/network-policies/>).
pub(super) fn network_policy(selection: &Selection<'_>) -> String {
    format!(
        "{}apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: apim-origin-guard\nspec:\n  podSelector:\n    \
         matchLabels:\n      apim-origin-guard/protected: \"true\"\n  policyTypes:\n    - Ingress\n  ingress:\n    - from:\n{}",
        selection.comments("#"),
        each(&selection.texts(), "        - ipBlock:\n            cidr: \"", "\"\n"),
    )
}
