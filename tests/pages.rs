//! The pages over any report: there is always one, it says what is not known, and nothing in a report becomes markup.
#![allow(clippy::unwrap_used, reason = "test code")]

use apim_origin_guard::pages::{Context, View, error_page, page};
use apim_origin_guard::problem::Rendered;
use apim_origin_guard::time::UnixMillis;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use scraper::{Html, Selector};
use serde_json::{Value, json};

const NOW: UnixMillis = UnixMillis(1_777_288_792_566);
const MARKUP: &str = "</textarea>\"><script>alert(1)</script>";
const HOSTILE: &str = "</script></style></textarea><script>alert(1)</script>\" onload=\"x' &amp; \u{202e}\u{1b}[2J";

const VIEWS: [View; 12] = [
    View::Overview,
    View::Incidents,
    View::Incident,
    View::History,
    View::Allowlist,
    View::Plan,
    View::NetworkCheck,
    View::Checklist,
    View::Configuration,
    View::ConfigurationCheck,
    View::Diagnosis,
    View::Look,
];

const fn context() -> Context<'static> {
    Context {
        base: "/__guard",
        nonce: "n0nce",
        now: NOW,
        // These two come back as they were sent: the one names an origin, the other is to be mended.
        origin: Some(MARKUP),
        origins: &["contoso", MARKUP],
        given: Some(MARKUP),
    }
}

/// A report with all members that any page reads, `text` wherever there is text.
fn full(text: &str) -> Value {
    let verify = json!({ "action": text, "command": text });
    let remedy = json!({
        "who": text, "action": text, "command": text, "commands": [text], "verify": verify,
        "snippet": { "language": text, "code": text },
    });
    let finding = json!({
        "code": text, "severity": text, "title": text, "evidence": { "found": [text], text: text }, "subject": text,
        "consequence": text, "remedies": [remedy],
    });
    let rows = json!([
        { "name": text, "type": "CNAME", "ttl_s": 3, "target": text },
        { "name": text, "type": "A", "ttl_s": 3, "target": text },
    ]);
    let hop = json!({ "name": text, "kind": text, "is": text });
    let resolver =
        json!({ "url": text, "outcome": text, "rcode": text, "addresses": [text], "took_ms": 1, "detail": text });
    let evidence = json!({
        "origin": text, "failure": text, "failed_hop": hop, "chain": rows, "last_good": { "addresses": [text], "unknown": text },
        "resolvers": [resolver], "counterpart": { "name": text, "chain": rows, "resolvers": [resolver] }, "azure": { text: text },
    });
    let judged = json!({
        "verdict": { "code": text, "because": text, "failed_hop": hop, "who_acts": text, "explains": text, "error_code": 1016 },
        "checks": [{ "name": text, "result": text, "detail": text, "took_ms": 1 }],
        "findings": [finding], "remedies": [remedy], "evidence": evidence,
    });
    let incident = json!({
        "id": text, "origin": text, "state": text, "code": text, "hop": text, "since": text, "count": 1,
        "changes": [{ "at": text, "from": text, "to": text }], "ended": { "at": text, "by": text },
    });
    let event = |kind: &str| {
        json!({
            "id": text, "at": "2026-04-20T00:00:00Z", "kind": kind, "origin": text, "before": [text], "after": text, "hop": text,
            "causes": [text], "incident": text, "location": text,
        })
    };
    let events = json!([
        event("incident_opened"),
        event("incident_changed"),
        event("incident_ended"),
        event("drift"),
        event("declared_drift"),
        event(text),
    ]);
    let origin = json!({
        "name": text, "hostname": text, "state": "failing", "outcome": "known", "chain": rows, "addresses": [text], "incident": incident,
        "last_good": { "addresses": [text], "at": text }, "findings": [finding],
        "declared": { "inbound": [text], "outbound": [text], "locations": [text], "caveats": [{ "detail": text }] },
        "comparison": { "seen_not_declared": [text], "breaks": [{ "who": text, "direction": text, "why": text }] },
        "azure": { "fault": { "title": text, "who": text, "action": text, "command": text } },
    });
    let fault = json!({ "path": text, "expected": text, "value": text, "example": text, "did_you_mean": text });
    let guard = json!({ "version": text, "kv": "unavailable", "config": { "errors": [fault] }, "disabled": [{ "missing": text, "disables": text }] });
    let needed = json!({ "name": text, "status": text, "needed_for": text });
    let look =
        json!({ "name": text, "outcome": text, "resolvers": [resolver], "addresses": [text], "store_detail": text });
    let more = json!({ "name": text, "events": events, "unread": text, "diagnosis": judged, "general": [remedy] });
    let target = json!({
        "target": text, "kind": text, "origin": text, "outcome": text, "detail": text, "fix": text, "added": [text],
        "removed": [text], "plan": { "add": [{ "network": text }], "remove": [{ "network": text }], "blocked": text },
    });
    let step = json!({ "id": text, "title": text, "state": text, "why": text, "who": text, "action": text, "commands": [text], "verify": verify });
    let origins = json!([merged(&[&origin, &look, &more])]);
    let own = json!({
        "status": { "guard": guard, "origins": origins }, "origins": origins, "incidents": [incident], "events": events, "next": text,
        "unknown": [{ "origin": text, "reason": text }], "diagnosis": judged, "targets": [target], "steps": [step],
        "entries": [{ "cidr": text, "evidence": text, "direction": text, "location": text }], "caveats": [{ "detail": text }],
        "from": text, "summary": { "text": text, "notes": [text], "not_read": [{ "path": text }], "service_tags": text }, "not_checked": [{ "check": text, "reason": text, "fetch": [text] }], "hostname": text,
        "valid": false, "errors": [fault], "bindings": [needed], "secrets": [needed],
        "settings": [{ "path": text, "value": { text: text }, "source": text, "meaning": text }],
    });
    merged(&[&incident, &judged, &own])
}

fn merged(objects: &[&Value]) -> Value {
    let members = objects.iter().flat_map(|object| object.as_object().unwrap().clone());
    Value::Object(members.collect())
}

/// The document; nothing in it but what the pages themselves put there.
fn read(answer: &Rendered) -> Html {
    let html = Html::parse_document(&answer.body);
    assert_eq!(html.errors, Vec::<String>::new());
    let count = |selector: &str| html.select(&Selector::parse(selector).unwrap()).count();
    assert_eq!((count("script"), count("style"), count("h1"), count("main"), count("nav")), (1, 1, 1, 1, 1));
    assert_eq!(count("[onload], [style], iframe, img, object, base, [src]"), 0);
    let ids: Vec<_> =
        html.select(&Selector::parse("[id]").unwrap()).map(|it| it.value().id().unwrap().to_owned()).collect();
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "each id once: {ids:?}");
    html
}

fn text_of(html: &Html) -> String {
    let main = html.select(&Selector::parse("main").unwrap()).next().unwrap();
    main.text().collect::<Vec<_>>().join(" ")
}

#[test]
fn nothing_in_a_report_becomes_markup_or_control() {
    for view in VIEWS {
        let answer = page(view, &full(HOSTILE), &context());
        read(&answer);
        let found = ["<script>alert", "\u{202e}", "\u{1b}"].iter().find_map(|bad| answer.body.split_once(bad));
        let before = found.map(|(before, _)| before.chars().rev().take(120).collect::<String>());
        assert_eq!(before, None, "{view:?}, what stands before it, backwards");
    }
}

#[test]
fn a_problem_document_becomes_a_page_with_its_status_and_fields() {
    let document = json!({ "title": HOSTILE, "detail": HOSTILE, "code": "allowlist_unknown", "status": 409 });
    let fields = vec![("Content-Type", "application/problem+json".to_owned()), ("Allow", "GET".to_owned())];
    let answer = Rendered { status: 409, headers: fields, body: document.to_string() };
    for view in VIEWS.map(Some).into_iter().chain([None]) {
        let shown = error_page(view, answer.clone(), &context());
        read(&shown);
        assert_eq!(shown.status, 409);
        assert!(shown.headers.contains(&("Allow", "GET".to_owned())));
        assert_eq!(shown.headers.iter().filter(|(name, _)| *name == "Content-Type").count(), 1);
    }
    let file = Rendered { status: 200, headers: vec![("Content-Type", "text/csv".to_owned())], body: "a,b".into() };
    assert_eq!(error_page(None, file.clone(), &context()), file);
}

#[test]
fn what_is_missing_is_unknown_and_not_none() {
    for view in VIEWS.into_iter().filter(|view| *view != View::Overview) {
        let shown = text_of(&read(&page(view, &json!({}), &context())));
        assert!(shown.contains("unknown"), "{view:?}: {shown}");
    }
    let report = json!({ "status": { "origins": [{ "name": "contoso" }] } });
    let shown = text_of(&read(&page(View::Overview, &report, &context())));
    for words in
        ["Nothing is known of contoso yet", "no look-up has found a path yet", "no look-up has found an address yet"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

#[test]
fn the_gravest_comes_first_and_makes_the_heading() {
    let origin = |name: &str, state: &str| json!({ "name": name, "state": state });
    let cases = [
        (json!([origin("a", "healthy"), origin("b", "failing"), origin("c", "degraded")]), "b is failing", "b"),
        (
            json!([origin("a", "failing"), origin("b", "failing"), origin("c", "healthy")]),
            "2 of 3 origins are failing",
            "a",
        ),
        (json!([origin("a", "healthy"), origin("b", "healthy")]), "All 2 origins are healthy", "a"),
        (json!([origin("a", "healthy"), origin("b", "strange")]), "Nothing is known of 1 of 2 origins yet", "b"),
        (json!([origin("a", "degraded")]), "a is degraded", "a"),
    ];
    for (origins, heading, first) in cases {
        let html = read(&page(View::Overview, &json!({ "status": { "origins": origins } }), &context()));
        let of = |selector: &str| {
            let found = html.select(&Selector::parse(selector).unwrap()).next().unwrap();
            found.text().collect::<String>()
        };
        assert_eq!((of("h1").as_str(), of("section h2").as_str()), (heading, first));
    }
}

/// A report with some of its values replaced by ones of another kind.
fn damaged(value: &Value, choices: &mut dyn Iterator<Item = u8>) -> Value {
    match (choices.next().unwrap_or(9), value) {
        (0, _) => Value::Null,
        (1, _) => json!(-1.5),
        (2, _) => json!([[], {}, null]),
        (3, _) => json!("0000-00-00T"),
        (_, Value::Array(items)) => items.iter().map(|item| damaged(item, choices)).collect(),
        (_, Value::Object(members)) => {
            members.iter().map(|(name, member)| (name.clone(), damaged(member, choices))).collect()
        }
        _ => value.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn there_is_a_page_of_whatever_a_report_holds(view in select(&VIEWS[..]), choices in vec(0_u8..24, 0..400)) {
        let report = damaged(&full("2026-04-27T11:19:52Z"), &mut choices.into_iter());
        read(&page(view, &report, &context()));
    }
}
