//! TLS and the answer itself.

use super::checks::{CERTIFICATE_VERIFIES, GATEWAY_ANSWERS, PATH_ANSWERS};
use super::fixes::{CNAME_NOT_ADDRESS, DIAGNOSE, READ_CERTIFICATES, READ_SERVICE, USE_GATEWAY_NAME};
use super::{Explanation, Fix, When, links};
use crate::problem::WhoActs;

pub(super) const TIMEOUT: Explanation = Explanation {
    meaning: "No answer came in time. Cloudflare's limit is 120 seconds (524): then the connection stood, and the gateway or a \
        backend behind it is slow. The guard's limit is `origins[].timeout_ms`, in `diagnose` `diagnostics.budget_ms`: a limit under 20 \
        seconds may also end the wait for a connection.",
    proof: &["Cloudflare's 524, or the guard's own limit, which the evidence names."],
    mistaken_for: &[
        "A connection that does not come about (522): with 524 it stood, else `tcp` in `diagnose` tells.",
        "A broken gateway: `<hostname>/status-0123456789abcdef` answers at once if only the backend is slow.",
    ],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "See whether the gateway waits for its backend: compare its duration with the backend's.",
            by_hand: Some("Azure portal: the API Management service → Monitoring → Metrics."),
            command: Some(
                "az monitor metrics list --resource '<service-resource-id>' --metrics Duration BackendDuration --interval PT1M \
                 --aggregation Maximum --output table",
            ),
            verify: PATH_ANSWERS,
        },
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "Set the `timeout` of the `forward-request` policy below 110 seconds, so that API Management answers with \
                its own error; let work that takes longer answer 202 and be polled.",
            by_hand: Some("Azure portal: the API Management service → APIs → the API → Policies."),
            command: None,
            verify: PATH_ANSWERS,
        },
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "If `origins[].timeout_ms` is lower than what the API needs, raise it; above 120000 Cloudflare's own limit \
                applies.",
            by_hand: None,
            command: Some("npx wrangler deploy"),
            verify: PATH_ANSWERS,
        },
    ],
    links: &[links::CF_524, links::CF_LIMITS, links::APIM_ERRORS],
};

pub(super) const INVALID: Explanation = Explanation {
    meaning: "The origin answered nothing, or something that is no valid HTTP answer (520). Cloudflare's list of causes: a crash, \
        a firewall that cuts the connection, headers over 128 kB, faulty HTTP/2.",
    proof: &["Cloudflare's 520. It proves that the name resolved and that something took the connection."],
    mistaken_for: &[
        "An error of API Management's own (500, 502, 503): the guard lets those through unchanged.",
        "A time-out (524): here the end came before the limit.",
    ],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "Repeat the request past Cloudflare and look at what comes back, above all at the size of the headers.",
            by_hand: None,
            command: Some("curl -sS -v -o /dev/null 'https://<hostname>/<path>'"),
            verify: PATH_ANSWERS,
        },
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "Look for the request in the gateway's logs by its time and Ray ID. If it is not there, something before the \
                gateway cut the connection.",
            by_hand: Some("Azure portal: the API Management service → Monitoring → Logs."),
            command: None,
            verify: GATEWAY_ANSWERS,
        },
        DIAGNOSE,
    ],
    links: &[links::CF_520],
};

const TLS_NOT_DNS: &str = "A DNS fault: the name resolves, and a TCP connection was there.";
const TLS_STALE: &str = "A stale address: whoever has the gateway's old address now cannot show its certificate.";

/// The name that the TLS handshake is about.
const TLS_NAME: &str =
    "`<tls-name>` is the name the gateway is asked for: with `route = \"zone\"` `<api-host>`, else `<hostname>`.";

pub(super) const TLS_FAILED: Explanation = Explanation {
    meaning: "A TCP connection was there, and the TLS handshake failed (525). For a name of the form \
        `<service-name>.azure-api.net` Microsoft keeps the certificate, so suspect the address. For a custom domain: API \
        Management accepts only names that are configured on it.",
    proof: &[
        "Cloudflare's 525.",
        "`openssl s_client -connect '<hostname>:443' -servername '<tls-name>'` fails in the handshake, too; if not, suspect the address \
        that the edge uses.",
        TLS_NAME,
    ],
    mistaken_for: &[
        TLS_STALE,
        TLS_NOT_DNS,
        "A certificate that is not valid (526): there the handshake itself went well.",
    ],
    fixes: &[Fix { when: When::OtherName, ..READ_CERTIFICATES }, CNAME_NOT_ADDRESS, USE_GATEWAY_NAME, READ_SERVICE],
    links: &[links::CF_525, links::APIM_DOMAINS],
};

pub(super) const CERTIFICATE_INVALID: Explanation = Explanation {
    meaning: "The origin showed a certificate that is expired, for another name, or of an unknown authority (526). For a host \
        outside the zone a Worker always verifies in full, whatever the zone's SSL mode is. A free managed certificate of API \
        Management is not renewed while its name's CNAME does not lead to \
        `<service-name>.azure-api.net`, as behind Cloudflare's proxy: it breaks months after the proxy was switched on.",
    proof: &[
        "Cloudflare's 526.",
        "The certificate itself: `echo | openssl s_client -connect '<hostname>:443' -servername '<tls-name>' -brief`.",
        TLS_NAME,
    ],
    mistaken_for: &[
        TLS_STALE,
        TLS_NOT_DNS,
        "A zone setting: Full (strict) only reveals the fault; to weaken it hides it.",
    ],
    fixes: &[
        READ_CERTIFICATES,
        Fix {
            when: When::Always,
            who: WhoActs::AzureAdmin,
            action: "Replace an expired managed certificate by one from Key Vault, or set the DNS record to DNS only and let it \
                renew: it also needs port 80 open to the certificate authority and a CAA record that allows `digicert.com`.",
            by_hand: Some(
                "Azure portal: the API Management service → Deployment + infrastructure → Custom domains → the name.",
            ),
            command: None,
            verify: CERTIFICATE_VERIFIES,
        },
        USE_GATEWAY_NAME,
        CNAME_NOT_ADDRESS,
    ],
    links: &[links::CF_526, links::APIM_DOMAINS, links::APIM_MANAGED_CERTIFICATES],
};
