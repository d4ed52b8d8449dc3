//! Header fields that every answer of the admin interface has.

use crate::problem::{MediaType, Rendered};

/// What stands unless the answer has its own: nothing is stored, sniffed, framed, shared with other origins or told to
/// them, and nothing is loaded (CSP level 3).
const FIELDS: [(&str, &str); 7] = [
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
];

/// `answer` with all of them.
pub(super) fn secured(mut answer: Rendered) -> Rendered {
    for (name, value) in FIELDS {
        if !answer.headers.iter().any(|(there, _)| *there == name) {
            answer.headers.push((name, value.to_owned()));
        }
    }
    answer
}

/// `answer` as the page `body`, whose style has this nonce and whose forms go to the guard.
pub(super) fn as_page(mut answer: Rendered, body: String, nonce: &str) -> Rendered {
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let own = [("Content-Type", MediaType::Html.content_type("")), ("Content-Security-Policy", &policy)];
    answer.headers.retain(|(name, _)| own.iter().all(|(other, _)| name != other));
    answer.headers.extend(own.map(|(name, value)| (name, value.to_owned())));
    Rendered { body, ..answer }
}
