//! What is due, given what was told: rules that a run alone does not show.

use apim_origin_guard::config::{NotifyKind, NotifyTarget, Severity};
use apim_origin_guard::json::read;
use apim_origin_guard::notices::{Notice, NoticeMemory, Phase, State, TOLD_WITHIN_MS, Trouble, plan};
use apim_origin_guard::time::UnixMillis;
use serde_json::{Value, json};

use crate::support::START;

fn target(kind: NotifyKind, min_severity: Severity) -> NotifyTarget {
    NotifyTarget { kind, url_secret: "NAME".into(), signing_secret: None, min_severity }
}

fn notice(key: &str, phase: Phase, severity: Severity) -> Notice {
    Notice {
        key: key.into(),
        phase,
        code: "code".into(),
        severity,
        origin: Some("contoso".into()),
        title: format!("{key} {phase:?}"),
        detail: "detail".into(),
        before: Value::Null,
        after: json!(["20.0.0.1", { "a": 1.5 }]),
        path: "/status".into(),
        at: START,
    }
}

/// What `target` is sent of `notices`, and takes.
fn tell(state: &mut State, target: &NotifyTarget, notices: &[Notice], now: UnixMillis) -> Vec<String> {
    let deliveries = plan(state, target, notices, now);
    let id = apim_origin_guard::notices::target_id(target);
    for it in &deliveries {
        state.note(&id, it, &Ok(()), now);
    }
    deliveries.into_iter().map(|it| it.notice.title).collect()
}

#[test]
fn who_was_told_of_a_beginning_is_told_of_its_end_however_slight_that_is() {
    let mut state = State::default();
    let duty = target(NotifyKind::Pagerduty, Severity::Error);
    let begins = notice("certificate", Phase::Opened, Severity::Error);
    let ends = notice("certificate", Phase::Resolved, Severity::Info);
    assert_eq!(tell(&mut state, &duty, &[begins], START), ["certificate Opened"]);
    assert_eq!(tell(&mut state, &duty, std::slice::from_ref(&ends), START), ["certificate Resolved"]);
    assert!(tell(&mut state, &duty, std::slice::from_ref(&ends), START).is_empty());
    let other = notice("other", Phase::Resolved, Severity::Error);
    assert!(tell(&mut state, &duty, &[other], START).is_empty(), "nobody was told that it began");
}

#[test]
fn a_slight_matter_is_not_sent() {
    for (min, sent) in [(Severity::Info, 3), (Severity::Warning, 2), (Severity::Error, 1)] {
        let all = [Severity::Info, Severity::Warning, Severity::Error];
        let notices = all.map(|severity| notice(&format!("{severity:?}"), Phase::Happened, severity));
        assert_eq!(tell(&mut State::default(), &target(NotifyKind::Slack, min), &notices, START).len(), sent);
    }
}

#[test]
fn many_at_once_come_as_five_and_a_summary_of_the_rest() {
    let notices: Vec<Notice> = (0..30)
        .map(|n| notice(&format!("n{n}"), Phase::Happened, if n == 29 { Severity::Error } else { Severity::Info }))
        .collect();
    let mut state = State::default();
    let slack = target(NotifyKind::Slack, Severity::Info);
    let deliveries = plan(&state, &slack, &notices, START);
    assert_eq!(deliveries.len(), 6);
    assert_eq!((deliveries[5].covers.len(), deliveries[5].notice.severity), (25, Severity::Error));
    assert_eq!(deliveries[5].notice.title, "contoso: 25 more notices");
    tell(&mut state, &slack, &notices, START);
    assert!(plan(&state, &slack, &notices, START.plus_s(3_700)).is_empty(), "all of them are told");
    let duty = target(NotifyKind::Pagerduty, Severity::Info);
    let mut told = Vec::new();
    for hour in 0..5 {
        told.extend(tell(&mut state, &duty, &notices, START.plus_s(hour * 3_601)));
    }
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 30, "six an hour, each by itself");
}

#[test]
fn what_one_run_alone_has_seen_waits_until_it_is_told_or_a_day_is_over() {
    let slack = target(NotifyKind::Slack, Severity::Info);
    let seen = notice("allowlist/x/changed/1", Phase::Happened, Severity::Info);
    let mut memory = NoticeMemory::default();
    memory.wait(&seen);
    let stored = State::parse(&memory.state().to_json()).unwrap();
    assert_eq!(stored.waiting, std::slice::from_ref(&seen));
    let is_due = |state: &State, it: &Notice, at: UnixMillis| apim_origin_guard::notices::is_due(state, &slack, it, at);
    let kept = |state: State, at: UnixMillis| state.without_told(&|state, it| is_due(state, it, at)).waiting.len();
    assert_eq!(kept(stored.clone(), START.plus_s(60)), 1);
    let failed = Err(Trouble { words: "no answer in time".into(), retry_after_s: None, of_this_one: false });
    let mut state = stored.clone();
    let id = apim_origin_guard::notices::target_id(&slack);
    let delivery = &plan(&state, &slack, std::slice::from_ref(&seen), START)[0];
    state.note(&id, delivery, &failed, START);
    assert_eq!(kept(state.clone(), START.plus_s(60)), 1, "also while its target has a pause");
    assert_eq!(kept(state.clone(), START.plus_ms(TOLD_WITHIN_MS + 1)), 0);
    state.note(&id, delivery, &Ok(()), START);
    assert_eq!(kept(state, START.plus_s(60)), 0);
    let mut elsewhere = NoticeMemory::default();
    elsewhere.wait(&seen);
    elsewhere.saved();
    assert!(elsewhere.learn(Some(&State::default())).waiting.is_empty(), "another isolate has told it since");
}

#[test]
fn a_notice_reads_back_as_it_was_written() {
    for severity in [Severity::Info, Severity::Warning, Severity::Error] {
        for phase in [Phase::Opened, Phase::Resolved, Phase::Happened] {
            let written = notice("key", phase, severity);
            assert_eq!(read::<Notice>(&apim_origin_guard::json::value(&written).to_string()), Some(written));
        }
    }
}

#[test]
fn the_state_is_bounded_and_what_goes_is_history_from_then_on() {
    let slack = target(NotifyKind::Slack, Severity::Info);
    let mut state = State::default();
    let mut at = START;
    let mut all = Vec::new();
    for n in 0..200_u64 {
        at = at.plus_s(60);
        let mut latest: Vec<Notice> =
            (0..4).map(|m| notice(&format!("n{n}-{m}"), Phase::Happened, Severity::Info)).collect();
        for it in &mut latest {
            (it.at, it.origin) = (at, Some(format!("origin-{n}")));
        }
        tell(&mut state, &slack, &latest, at);
        all.extend(latest);
    }
    let kept = state.pruned(at, &|_| true, &|_| true);
    assert_eq!(kept.told.len(), 500);
    assert!(plan(&kept, &slack, &all, at.plus_s(7_200)).is_empty(), "nothing comes again");
}
