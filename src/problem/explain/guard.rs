//! The guard itself and its admin interface.

use super::checks::GUARD_FINDS_NOTHING;
use super::{Check, Explanation, Fix, When, links};
use crate::problem::WhoActs;

/// The admin call works.
const STATUS_ANSWERS: Check = Check {
    action: "the status is 200.",
    command: Some("curl -sS -i -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/status'"),
};

/// The corrected call works.
const CALL_WORKS: Check = Check { action: "the status is 200.", command: None };

pub(super) const CONFIG_INVALID: Explanation = Explanation {
    meaning: "The guard cannot make out from its `GUARD` variable which origin answers this host.",
    proof: &["`status` lists every mistake with its path, the value, the rule and an example."],
    mistaken_for: &["A fault of the origin: it was not asked."],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "See all mistakes, correct `[vars.GUARD]` in `wrangler.toml`, and deploy.",
            by_hand: None,
            command: Some("npx wrangler deploy"),
            verify: Check {
                action: "`guard.config.valid` is `true`.",
                command: Some("curl -sS -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/status'"),
            },
        },
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "To check a configuration before it is deployed, send it as JSON.",
            by_hand: None,
            command: Some(
                "curl -sS -X POST -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" -H 'Content-Type: application/json' \
                 --data-binary '@guard.json' '<guard-url>/config/check'",
            ),
            verify: Check { action: "no mistake is listed.", command: None },
        },
    ],
    links: &[],
};

pub(super) const INTERNAL_ERROR: Explanation = Explanation {
    meaning: "The guard's own code failed on this request. That is a defect of the guard.",
    proof: &["The Worker's log has the message of the fault."],
    mistaken_for: &["A 500 of the API: that goes through unchanged and has no `X-Origin-Guard` header."],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "Read the Worker's log while the fault occurs, and report it with the version from `healthz`.",
            by_hand: Some("Cloudflare dashboard: Workers & Pages → the Worker → Logs."),
            command: Some("npx wrangler tail --format pretty"),
            verify: GUARD_FINDS_NOTHING,
        },
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "If it began with a deployment, go back to the version before.",
            by_hand: Some("Cloudflare dashboard: Workers & Pages → the Worker → Deployments."),
            command: Some("npx wrangler rollback"),
            verify: GUARD_FINDS_NOTHING,
        },
    ],
    links: &[links::CF_WORKERS_ERRORS],
};

pub(super) const UNAUTHENTICATED: Explanation = Explanation {
    meaning: "An admin path was called without a credential, or with one that is wrong or over: the admin token, the session of a \
        browser that signed in with it, or a Cloudflare Access token.",
    proof: &["The answer has a `WWW-Authenticate` header, and its detail says what was wrong."],
    mistaken_for: &["A 401 of API Management, for a missing subscription key: that has no `X-Origin-Guard` header."],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::Client,
            action: "Send the admin token as bearer token.",
            by_hand: None,
            command: Some("curl -sS -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/status'"),
            verify: STATUS_ANSWERS,
        },
        SIGN_IN,
        SET_TOKEN,
    ],
    links: &[],
};

const SIGN_IN: Fix = Fix {
    when: When::Always,
    who: WhoActs::Client,
    action: "In a browser, sign in at `<guard-url>/login`, or through Cloudflare Access where `admin.access` is set.",
    by_hand: None,
    command: None,
    verify: Check { action: "the page is shown.", command: None },
};

/// Cloudflare Access instead of the token.
const SET_ACCESS: Fix = Fix {
    when: When::Always,
    who: WhoActs::CloudflareAdmin,
    action: "Or let people in through Cloudflare Access: an application for the guard's host and `admin.path`, and `admin.access` \
        with its team domain and audience tag; then deploy.",
    by_hand: Some("Cloudflare dashboard: Zero Trust → Access: a self-hosted application."),
    command: Some("npx wrangler deploy"),
    verify: Check { action: "after signing in to Access, `status` is shown.", command: None },
};

/// A new admin token.
const SET_TOKEN: Fix = Fix {
    when: When::Always,
    who: WhoActs::CloudflareAdmin,
    action: "If the token is lost or was never set, set one of 32 characters or more.",
    by_hand: Some("Cloudflare dashboard: Workers & Pages → the Worker → Settings → Variables and Secrets."),
    command: Some("npx wrangler secret put GUARD_ADMIN_TOKEN"),
    verify: STATUS_ANSWERS,
};

pub(super) const FORBIDDEN: Explanation = Explanation {
    meaning: "The admin interface is closed to this client: neither an admin token of 32 characters or more nor `admin.access` is \
        set, so it is closed to everyone; or the client's address is in none of `admin.allow_networks`; or a call that changes \
        something came by a session or by Access without proof that the guard's own page sent it.",
    proof: &["The detail says which of them it is."],
    mistaken_for: &["A 403 of the API or of a backend's allowlist: that has no `X-Origin-Guard` header."],
    fixes: &[
        SET_TOKEN,
        SET_ACCESS,
        Fix {
            when: When::Always,
            who: WhoActs::CloudflareAdmin,
            action: "Or add the client's network to `admin.allow_networks`, and deploy.",
            by_hand: None,
            command: Some("npx wrangler deploy"),
            verify: STATUS_ANSWERS,
        },
        Fix {
            when: When::Always,
            who: WhoActs::Client,
            action: "If proof is missing, use the bearer token, or send the guard's own `Origin`, as its pages do.",
            by_hand: None,
            command: Some("curl -sS -X POST -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/refresh'"),
            verify: CALL_WORKS,
        },
    ],
    links: &[],
};

pub(super) const NOT_FOUND: Explanation = Explanation {
    meaning: "There is nothing at this path, or no such incident is kept: they go after 30 days.",
    proof: &[
        "The calls are `status`, `diagnose`, `history`, `config`, `incidents`, `incidents/<id>`, `incidents/<id>/bundle` (GET), \
            `refresh`, `replay`, `config/check` (POST), `login`, `logout` and, open to all, `healthz` and `problems/<code>`.",
    ],
    mistaken_for: &["A 404 of the API: that has no `X-Origin-Guard` header."],
    fixes: &[Fix {
        when: When::Always,
        who: WhoActs::Client,
        action: "Compare the path with the list of calls, the incident with `incidents`. If the path belongs to your API, set another \
            `admin.path`.",
        by_hand: None,
        command: Some("curl -sS -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/incidents'"),
        verify: CALL_WORKS,
    }],
    links: &[],
};

pub(super) const METHOD_NOT_ALLOWED: Explanation = Explanation {
    meaning: "The admin path exists, but not with this method.",
    proof: &["The `Allow` header lists the methods it has."],
    mistaken_for: &["A 405 of the API: that has no `X-Origin-Guard` header."],
    fixes: &[Fix {
        when: When::Always,
        who: WhoActs::Client,
        action: "Use a method of the `Allow` header.",
        by_hand: None,
        command: None,
        verify: CALL_WORKS,
    }],
    links: &[],
};

pub(super) const RATE_LIMITED: Explanation = Explanation {
    meaning: "There were too many wrong admin tokens from this address or its network. Until the minute is over none is looked at, \
        also not the right one; sessions and Cloudflare Access stay open.",
    proof: &["The `Retry-After` header says when the next token is looked at."],
    mistaken_for: &["A 429 of API Management's own rate limit: that has no `X-Origin-Guard` header."],
    fixes: &[Fix {
        when: When::Always,
        who: WhoActs::Client,
        action: "Wait as long as `Retry-After` says, and correct the token. If others share the address and go on guessing, come from \
            another network or through Cloudflare Access.",
        by_hand: None,
        command: None,
        verify: STATUS_ANSWERS,
    }],
    links: &[],
};

pub(super) const BAD_REQUEST: Explanation = Explanation {
    meaning: "A parameter or the body of an admin call cannot be understood.",
    proof: &["The detail names the parameter or the place in the body, and what is expected."],
    mistaken_for: &["A 400 of the API: that has no `X-Origin-Guard` header."],
    fixes: &[Fix {
        when: When::Always,
        who: WhoActs::Client,
        action: "Correct what the detail names.",
        by_hand: None,
        command: None,
        verify: CALL_WORKS,
    }],
    links: &[],
};

pub(super) const ALLOWLIST_UNKNOWN: Explanation = Explanation {
    meaning: "An allowlist was asked for, but what Azure Resource Manager declares about the gateway's addresses is not known: no \
        access to Azure is configured, or it has not answered yet. Addresses from DNS are where clients come in; a backend sees \
        the outbound ones, which may be others.",
    proof: &["`declared` is `null` in `status`."],
    mistaken_for: &["An empty allowlist: unknown is not empty. Applied, an empty list would lock the gateway out."],
    fixes: &[
        Fix {
            when: When::Always,
            who: WhoActs::AzureAdmin,
            action: "Give the guard a service principal that may read the service, set `azure` and `origins[].azure`, and store its \
                secret with `npx wrangler secret put AZURE_CLIENT_SECRET`.",
            by_hand: Some(
                "Azure portal: the API Management service → Access control (IAM) → API Management Service Reader Role.",
            ),
            command: Some(
                "az role assignment create --assignee '<client-id>' --role 'API Management Service Reader Role' \
                 --scope '<service-resource-id>'",
            ),
            verify: Check {
                action: "the answer has at least one entry.",
                command: Some(
                    "curl -sS -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/allowlist?format=json'",
                ),
            },
        },
        Fix {
            when: When::Always,
            who: WhoActs::ApiOwner,
            action: "If the inbound addresses seen in DNS are what you want, ask for them by name.",
            by_hand: None,
            command: Some(
                "curl -sS -H \"Authorization: Bearer $GUARD_ADMIN_TOKEN\" '<guard-url>/allowlist?format=json&evidence=observed'",
            ),
            verify: Check { action: "every entry has `\"evidence\": \"observed\"`.", command: None },
        },
    ],
    links: &[links::APIM_ADDRESSES],
};
