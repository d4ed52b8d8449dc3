//! The tests that several remedies share.

use super::Check;

/// The name has an address again.
pub(super) const NAME_RESOLVES: Check = Check {
    action: "the status is NOERROR and the answer ends in at least one address.",
    command: Some("dig +noall +comments +answer '<hostname>' A @1.1.1.1"),
};

/// The gateway answers by its own name.
pub(super) const GATEWAY_ANSWERS: Check = Check {
    action: "API Management itself answers: status 200, or its own 401 or 404 in JSON, which prove as much.",
    command: Some("curl -sS -i --max-time 30 'https://<hostname>/status-0123456789abcdef'"),
};

/// The certificate is good for the name.
pub(super) const CERTIFICATE_VERIFIES: Check = Check {
    action: "the output has `Verification: OK`.",
    command: Some(
        "echo | openssl s_client -connect '<hostname>:443' -servername '<tls-name>' -verify_hostname '<tls-name>' -brief",
    ),
};

/// Clients are served again.
pub(super) const CLIENTS_ARE_SERVED: Check = Check {
    action: "the answer has no `X-Origin-Guard` header: it is the gateway's own.",
    command: Some("curl -sS -D - -o /dev/null --max-time 130 'https://<api-host>/status-0123456789abcdef'"),
};

/// A request that failed is answered.
pub(super) const PATH_ANSWERS: Check = Check {
    action: CLIENTS_ARE_SERVED.action,
    command: Some("curl -sS -D - -o /dev/null --max-time 130 'https://<api-host>/<path>'"),
};

/// The guard finds nothing wrong.
pub(super) const GUARD_FINDS_NOTHING: Check = Check {
    action: "`verdict` is `null`; `<guard-url>/incidents` tells when each incident began and what ended it.",
    command: Some("curl -sS -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/diagnose'"),
};

/// The service is up.
pub(super) const SERVICE_SUCCEEDED: Check = Check {
    action: "the state is `Succeeded`.",
    command: Some(
        "az apim show --name '<service-name>' --resource-group '<resource-group>' --query provisioningState --output tsv",
    ),
};

/// A call comes through to a backend.
pub(super) const BACKEND_ANSWERS: Check = Check {
    action: "a call that reaches the backend gets the backend's own answer, neither 403 nor 500.",
    command: Some("curl -sS -i -H 'Ocp-Apim-Subscription-Key: <key>' 'https://<api-host>/<path>'"),
};
