//! YAML: Kubernetes and Traefik. Every value that is not a word of the format stands in quotes: an IPv6 range has colons.

use ipnet::IpNet;

use super::text::Layout;
use crate::allowlist::export::Selection;

/// A middleware (<https://doc.traefik.io/traefik/middlewares/http/ipallowlist/>).
pub(super) fn traefik(selection: &Selection<'_>) -> String {
    Layout {
        before: "http:\n  middlewares:\n    apim-origin-guard:\n      ipAllowList:\n        sourceRange:\n",
        begin: "          - \"",
        between: "",
        end: "\"\n",
        after: "",
    }
    .commented(selection)
}

/// An annotation as a patch (<https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/>).
pub(super) fn ingress_nginx(selection: &Selection<'_>) -> String {
    Layout {
        before: "metadata:\n  annotations:\n    nginx.ingress.kubernetes.io/whitelist-source-range: \"",
        begin: "",
        between: ",",
        end: "",
        after: "\"\n",
    }
    .commented(selection)
}

/// Keys and values of annotations count.
pub(super) fn annotation_bytes(networks: &[IpNet]) -> usize {
    let key = "nginx.ingress.kubernetes.io/whitelist-source-range".len();
    networks.iter().fold(key, |bytes, network| bytes.saturating_add(network.to_string().len()).saturating_add(1))
}

/// A policy for the pods with the label (<https://kubernetes.io/docs/concepts/services-networking/network-policies/>).
pub(super) fn network_policy(selection: &Selection<'_>) -> String {
    Layout {
        before: "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: apim-origin-guard
spec:
  podSelector:
    matchLabels:
      apim-origin-guard/protected: \"true\"
  policyTypes:
    - Ingress
  ingress:
    - from:
",
        begin: "        - ipBlock:\n            cidr: \"",
        between: "",
        end: "\"\n",
        after: "",
    }
    .commented(selection)
}
