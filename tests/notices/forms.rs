//! The form of each kind of target, as it is sent.

use std::fs;
use std::path::Path;

use apim_origin_guard::config::Severity;
use apim_origin_guard::notices::{Notice, Phase, sign};
use apim_origin_guard::ports::Clock;
use serde_json::{Value, json};

use crate::crew::{
    DUTY, HOOK, ROUTING_KEY, SIGNING_KEY, SLACK, TEAMS, address, cron, every_kind, fail, guard, mend, world, world_of,
};
use crate::support::World;

const FOLDER: &str = "tests/fixtures/notices";

/// Opened, resolved and happened, as one target got them. Ids and times are those of the world.
fn golden(name: &str, url: &str) {
    let world = world();
    cron(&world);
    address(&world, 2);
    cron(&world);
    fail(&world, 521);
    mend(&world);
    cron(&world);
    let told = world.told(url);
    let text = serde_json::to_string_pretty(&told).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER).join(format!("{name}.json"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap_or_default(),
        text,
        "{name}: UPDATE_GOLDEN=1 cargo test --test notices"
    );
}

#[test]
fn a_webhook_gets_everything() {
    golden("webhook", HOOK);
}

#[test]
fn slack_gets_blocks() {
    golden("slack", SLACK);
}

#[test]
fn teams_gets_a_card() {
    golden("teams", TEAMS);
}

#[test]
fn pagerduty_gets_events() {
    golden("pagerduty", DUTY);
}

/// `docs/notices.md` shows what is sent: its examples are the first of the golden files.
#[test]
fn the_documentation_shows_what_is_sent() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/notices.md")).unwrap_or_default();
    for name in ["webhook", "slack", "teams", "pagerduty"] {
        let told: Value =
            serde_json::from_str(&fs::read_to_string(root.join(FOLDER).join(format!("{name}.json"))).unwrap()).unwrap();
        let opened = told
            .as_array()
            .unwrap()
            .iter()
            .find(|body| body.to_string().contains("Origin address out of date"))
            .unwrap();
        let example = serde_json::to_string_pretty(opened).unwrap().replace(ROUTING_KEY, "<integration key>");
        assert!(page.contains(&example), "docs/notices.md does not show for {name}:\n{example}");
    }
}

#[test]
fn a_webhook_is_signed_over_time_and_body() {
    let world = world();
    cron(&world);
    fail(&world, 522);
    let sent = world.sent.borrow();
    let (at, request) = sent.iter().find(|(_, request)| request.url == HOOK).unwrap();
    let field = |name: &str| request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    assert_eq!(field("X-Origin-Guard-Timestamp"), Some((at.0 / 1000).to_string()));
    assert_eq!(field("X-Origin-Guard-Signature"), Some(sign(SIGNING_KEY, *at, &request.body)));
    let others = sent.iter().filter(|(_, request)| request.url != HOOK);
    assert!(others.flat_map(|(_, request)| &request.headers).all(|(name, _)| !name.starts_with("X-Origin-Guard")));
}

#[test]
fn one_key_begins_and_ends_an_alert() {
    let world = world();
    cron(&world);
    fail(&world, 522);
    mend(&world);
    cron(&world);
    let told = world.told(DUTY);
    let shown: Vec<Value> =
        told.iter().map(|it| json!([it["event_action"], it["routing_key"], it["dedup_key"]])).collect();
    let key = told[0]["dedup_key"].clone();
    assert_eq!(shown, [json!(["trigger", ROUTING_KEY, key]), json!(["resolve", ROUTING_KEY, key])]);
    assert!(key.as_str().unwrap().starts_with("incident/"));
}

/// What the guard has to say may come from afar: long, with signs that mean something to the target, in any script.
fn told_of(world: &World, text: &str) -> Vec<Vec<u8>> {
    let config = world.config();
    let notice = Notice {
        key: text.to_owned(),
        phase: Phase::Opened,
        code: "code".into(),
        severity: Severity::Error,
        origin: Some("contoso".into()),
        title: text.to_owned(),
        detail: text.to_owned(),
        before: json!(text),
        after: json!([text, { "a": text }]),
        path: "/status".into(),
        at: world.now(),
    };
    let requests = config.notify.targets.iter().map(|target| {
        apim_origin_guard::notices::request(config, target, &world.secrets, &notice, world.now()).unwrap().body
    });
    requests.collect()
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn no_text_is_longer_than_its_target_takes() {
    let world = world();
    for text in ["x", "\u{1f600}", "\u{0}", "\"", "&", "<", "é"].map(|word| word.repeat(20_000)) {
        let bodies = told_of(&world, &text);
        let [_, slack, teams, duty] = &bodies[..] else { panic!("four targets") };
        let slack: Value = serde_json::from_slice(slack).unwrap();
        let longest = texts(&slack["blocks"]).iter().map(|text| text.chars().count()).max().unwrap();
        assert!(longest <= 3000, "{longest}");
        assert!(teams.len() <= 20_000, "{} bytes of 28 KB", teams.len());
        let duty: Value = serde_json::from_slice(duty).unwrap();
        assert!(duty["payload"]["summary"].as_str().unwrap().chars().count() <= 1024);
        assert!(duty["dedup_key"].as_str().unwrap().chars().count() <= 255);
        assert!(duty.to_string().len() <= 512 * 1024);
    }
}

#[test]
fn slack_reads_nothing_of_a_text_as_its_own() {
    let world = world();
    let bodies = told_of(&world, "<!channel> & <https://evil.test|click>");
    let slack: Value = serde_json::from_slice(&bodies[1]).unwrap();
    let all = texts(&slack).join("\n");
    assert!(!all.contains("<!channel>") && !all.contains("<https://evil.test"), "{all}");
    assert!(all.contains("&lt;!channel&gt; &amp; &lt;https://evil.test|click&gt;"), "{all}");
}

#[test]
fn links_name_the_admin_host_else_a_host_that_is_served_else_the_path_alone() {
    let link = |change: &dyn Fn(&mut Value)| {
        let mut guard = guard(&every_kind());
        change(&mut guard);
        let world = world_of(&guard);
        let bodies = told_of(&world, "text");
        serde_json::from_slice::<Value>(&bodies[0]).unwrap()["link"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        link(&|guard| guard["admin"] = json!({ "hostname": "ops.example.com", "path": "/g" })),
        "https://ops.example.com/g/status"
    );
    assert_eq!(link(&|_| {}), "https://api.example.com/__guard/status");
    assert_eq!(link(&|guard| guard["origins"][1]["serves"] = json!(["*.example.com"])), "/__guard/status");
}
