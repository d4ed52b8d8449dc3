//! Which form a client gets for its `Accept` (RFC 9110 12.5.1).

use apim_origin_guard::problem::MediaType::{self, Html, Json, Markdown, Text};
use apim_origin_guard::problem::negotiate;
use proptest::prelude::*;

fn check(cases: &[(&str, MediaType)]) {
    for (accept, form) in cases {
        assert_eq!(negotiate(Some(accept)), *form, "Accept: {accept}");
    }
}

#[test]
fn real_clients_get_what_they_can_read() {
    assert_eq!(negotiate(None), Json);
    check(&[
        // curl, HTTPie, Python requests
        ("*/*", Json),
        // axios, HTTPie with --json, Java's HttpClient for JSON
        ("application/json, text/plain, */*", Json),
        ("application/json, */*;q=0.5", Json),
        // Firefox, Chrome, Safari
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Html),
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
            Html,
        ),
        // an image or a font on a page
        ("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", Json),
        // Java's HttpURLConnection
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", Html),
        // tools that read Markdown
        ("text/markdown, text/html;q=0.9, */*;q=0.1", Markdown),
        ("application/problem+json", Json),
        ("text/plain", Text),
    ]);
}

#[test]
fn weights_decide() {
    check(&[
        ("text/html;q=0.1, text/plain;q=0.2", Text),
        ("text/html;q=0.199, text/plain;q=0.2", Text),
        ("text/html;q=1.000, application/json;q=0.999", Html),
        ("application/json;q=0, text/markdown;q=0.001", Markdown),
        ("TEXT/HTML ; Q=0.5, application/json;q=0.4", Html),
    ]);
}

#[test]
fn the_more_specific_range_gives_the_weight() {
    check(&[
        ("text/*;q=0.9, text/html;q=0.1, application/json;q=0.5", Markdown),
        ("*/*;q=0.9, application/*;q=0.1, text/*;q=0.2, text/plain;q=0.3", Text),
        ("*/*, application/json;q=0, application/problem+json;q=0", Markdown),
        ("text/html;q=0, */*", Json),
        ("text/html;charset=utf-8, application/json;q=0.9", Html),
        ("text/html;charset=\"UTF-8\";q=0.1, text/html, application/json;q=0.5", Json),
    ]);
}

#[test]
fn a_tie_goes_to_the_first_listed() {
    check(&[
        ("text/plain, text/html", Text),
        ("text/html, text/plain", Html),
        ("text/markdown;q=0.5, application/json;q=0.5", Markdown),
        ("application/json;q=0.5, text/markdown;q=0.5", Json),
        ("text/*", Markdown),
    ]);
}

/// A problem document that was not asked for helps more than a 406 without one.
#[test]
fn what_cannot_be_satisfied_or_read_gets_json() {
    check(&[
        ("", Json),
        (",,;;,", Json),
        ("image/png", Json),
        ("*/*;q=0", Json),
        ("text/html;level=1", Json),
        ("*/html", Json),
        ("text/html;q=2, text/html;q=0.1234, text/html;q=-1, text/html;q=1.001, text/html;q=", Json),
        ("text/html;q=x, text/plain;q=0.1", Text),
        ("\"text/html", Json),
        ("text/plain;x=\"a,b;q=1\\\",text/html\", text/markdown;q=0.2", Markdown),
        ("текст/хтмл, text/plain;q=0.1", Text),
    ]);
}

#[test]
fn hostile_headers_are_answered() {
    let filler = "application/x-nothing;q=0.9,".repeat(2000);
    assert!(filler.len() > 50_000);
    assert_eq!(negotiate(Some(&format!("{filler}text/html;q=0.1"))), Html);
    for unit in [",", ";", "\"", "\\", "q=", "*/*;", "\u{202e}", "text/html;q=\""] {
        negotiate(Some(&unit.repeat(65_536 / unit.len())));
    }
}

const RANGES: [(&str, &[MediaType]); 7] = [
    ("application/problem+json", &[Json]),
    ("application/json", &[Json]),
    ("text/html", &[Html]),
    ("text/markdown", &[Markdown]),
    ("text/plain", &[Text]),
    ("image/png", &[]),
    ("application/xml", &[]),
];

fn members() -> impl Strategy<Value = Vec<(usize, u16)>> {
    prop::collection::vec((0..RANGES.len(), 0_u16..=1000), 0..8)
}

fn header(members: &[(usize, u16)]) -> String {
    let one = |&(range, weight): &(usize, u16)| format!("{};q={}.{:03}", RANGES[range].0, weight / 1000, weight % 1000);
    members.iter().map(one).collect::<Vec<_>>().join(", ")
}

proptest! {
    #[test]
    fn any_header_has_an_answer(accept in "\\PC{0,200}|[a-z/*;,=q0-9.\" \\\\]{0,200}") {
        negotiate(Some(&accept));
    }

    /// Without wildcards nothing is sent that was not asked for, except JSON as the last resort.
    #[test]
    fn what_is_sent_was_asked_for(members in members()) {
        let chosen = negotiate(Some(&header(&members)));
        let asked = members.iter().any(|&(range, weight)| weight > 0 && RANGES[range].1.contains(&chosen));
        prop_assert!(asked || chosen == Json);
    }

    /// A form that is asked for with full weight before everything else is what one gets.
    #[test]
    fn the_first_with_full_weight_wins(first in 0..5_usize, members in members()) {
        let accept = format!("{}, {}", RANGES[first].0, header(&members));
        prop_assert_eq!(negotiate(Some(&accept)), RANGES[first].1[0]);
    }

    /// What the guard does not offer changes nothing.
    #[test]
    fn foreign_types_are_ignored(members in members()) {
        let known: Vec<_> = members.iter().copied().filter(|&(range, _)| !RANGES[range].1.is_empty()).collect();
        prop_assert_eq!(negotiate(Some(&header(&members))), negotiate(Some(&header(&known))));
    }

    /// More weight for the chosen form never loses it.
    #[test]
    fn weight_is_monotonic(members in members()) {
        let chosen = negotiate(Some(&header(&members)));
        let raise = |&(range, weight): &(usize, u16)| {
            (range, if RANGES[range].1.contains(&chosen) { weight.saturating_add(100).min(1000) } else { weight })
        };
        let raised: Vec<_> = members.iter().map(raise).collect();
        prop_assert_eq!(negotiate(Some(&header(&raised))), chosen);
    }

    /// White space and case are free (RFC 9110 5.6.3, 8.3.1).
    #[test]
    fn spelling_does_not_matter(members in members()) {
        let plain = header(&members);
        let spaced = plain.replace(';', " ;\t ").replace(',', "  , ,").to_uppercase();
        prop_assert_eq!(negotiate(Some(&spaced)), negotiate(Some(&plain)));
    }
}
