//! A world with one target of each kind, and what can happen in it.

use apim_origin_guard::diagnosis::Failure;
use apim_origin_guard::investigation::{Question, investigate};
use apim_origin_guard::notices::{STATE_KEY, State};
use apim_origin_guard::ports::{FetchFailure, HttpResponse};
use apim_origin_guard::refresh::Stored;
use apim_origin_guard::round::{Report, Round, run, tell_now};
use apim_origin_guard::secrets::Secrets;
use serde_json::{Value, json};

use crate::support::{GATEWAY, ONE, Said, TOKEN, TWO, World, chain};

pub const HOOK: &str = "https://hook.test/in?sig=hush-hook";
pub const SLACK: &str = "https://hooks.slack.test/services/T/B/hush-slack";
pub const TEAMS: &str = "https://teams.test/workflows/1?sig=hush-teams";
pub const DUTY: &str = "https://events.duty.test/v2/enqueue";
pub const BEAT: &str = "https://beat.test/hush-beat";
pub const ROUTING_KEY: &str = "hush00routing00key00of00thirty02";
pub const SIGNING_KEY: &str = "hush-signing-key";
pub const ALL: [&str; 4] = [HOOK, SLACK, TEAMS, DUTY];

pub fn ok() -> Said {
    status(200)
}

pub fn status(status: u16) -> Said {
    Ok(HttpResponse { status, headers: Vec::new(), body: b"ok".to_vec() })
}

pub fn guard(targets: &Value) -> Value {
    json!({
        "origins": [{ "hostname": GATEWAY }, { "hostname": "fabrikam.azure-api.net", "serves": ["api.example.com"] }],
        "dns": { "resolvers": [ONE, TWO] },
        "notify": { "targets": targets, "heartbeat_url_secret": "BEAT" },
    })
}

pub fn every_kind() -> Value {
    json!([
        { "kind": "webhook", "url_secret": "HOOK", "signing_secret": "HOOK_KEY", "min_severity": "info" },
        { "kind": "slack", "url_secret": "SLACK" },
        { "kind": "teams", "url_secret": "TEAMS", "min_severity": "warning" },
        { "kind": "pagerduty", "url_secret": "DUTY", "min_severity": "error" },
    ])
}

/// Both names resolve, all receivers answer well.
pub fn world_of(guard: &Value) -> World {
    let mut world = World::configured(&guard.to_string());
    let duty = format!("{DUTY}?routing_key={ROUTING_KEY}");
    let secrets = [
        ("GUARD_ADMIN_TOKEN", TOKEN),
        ("HOOK", HOOK),
        ("HOOK_KEY", SIGNING_KEY),
        ("SLACK", SLACK),
        ("TEAMS", TEAMS),
        ("DUTY", &duty),
        ("BEAT", BEAT),
    ];
    world.secrets = Secrets::new(secrets.map(|(name, value)| (name.to_owned(), value.to_owned())), true);
    ALL.into_iter().chain([BEAT]).for_each(|url| world.receiver(url, ok()));
    address(&world, 1);
    world
}

pub fn world() -> World {
    world_of(&guard(&every_kind()))
}

/// Both names resolve to addresses that differ by `last`.
pub fn address(world: &World, last: u8) {
    let mut zone = chain(&[GATEWAY], [20, 1, 1, last]);
    zone.extend(chain(&["fabrikam.azure-api.net"], [20, 2, 2, 2]));
    world.both(&crate::support::Manner::Answers(zone));
}

/// The scheduled run, five minutes after what was before.
pub fn cron(world: &World) -> Round {
    world.pass_s(300);
    world.run(run(world.scene(), &world.loaded.faults))
}

/// A request fails at the edge with this number; what was stored of it is told at once.
pub fn fail(world: &World, number: u16) -> Option<Report> {
    let (scene, origin) = (world.scene(), &world.config().origins[0]);
    *world.origin.borrow_mut() = Err(FetchFailure::ConnectionLost);
    let failure = Some(Failure::Edge { status: number, number: Some(number) });
    let question = Question { origin, failure, edge_name: &origin.hostname, budget_ms: 2500, seen_from: None };
    let mut found = world.run(investigate(&scene, &question));
    found.join(&scene, origin);
    let stored = world.run(found.settle(&scene, origin));
    (stored == Stored::Written).then(|| world.run(tell_now(scene, origin)))
}

/// The origin answers again; the next run sees it.
pub fn mend(world: &World) {
    *world.origin.borrow_mut() = Ok(HttpResponse { status: 200, headers: Vec::new(), body: Vec::new() });
}

pub fn state(world: &World) -> State {
    State::parse(&world.store.borrow()[STATE_KEY]).unwrap()
}

/// `phase code` of what was sent to the webhook.
pub fn hooked(world: &World) -> Vec<String> {
    let member = |body: &Value, name: &str| body[name].as_str().unwrap_or_default().to_owned();
    world.told(HOOK).iter().map(|body| format!("{} {}", member(body, "phase"), member(body, "code"))).collect()
}
