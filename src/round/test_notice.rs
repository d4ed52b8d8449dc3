//! A notice that tells nothing, to see whether targets can be told.

use serde_json::Value;

use crate::config::{NotifyKind, NotifyTarget};
use crate::json::{json, shown};
use crate::notices::{Notice, Phase, arrived, request};
use crate::ports::Ports;
use crate::refresh::Scene;

/// What became of it at one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestOutcome {
    /// Index in `notify.targets`.
    pub index: usize,
    /// Its kind.
    pub kind: NotifyKind,
    /// Whether it was taken.
    pub ok: bool,
    /// Why not; never the URL.
    pub error: Option<String>,
    /// In milliseconds.
    pub took_ms: u64,
}

shown! { TestOutcome { index, kind, ok, error, took_ms } }

/// Sends one to a target. An alert of `PagerDuty` is resolved at once.
pub async fn send_test<P: Ports>(scene: &Scene<'_, P>, index: usize, target: &NotifyTarget) -> TestOutcome {
    let begun = scene.ports.now();
    let mut outcome = send(scene, target, Phase::Happened).await;
    if target.kind == NotifyKind::Pagerduty && outcome.is_ok() {
        outcome = send(scene, target, Phase::Resolved).await;
    }
    let took_ms = scene.ports.now().since_ms(begun);
    TestOutcome { index, kind: target.kind, ok: outcome.is_ok(), error: outcome.err(), took_ms }
}

async fn send<P: Ports>(scene: &Scene<'_, P>, target: &NotifyTarget, phase: Phase) -> Result<(), String> {
    let now = scene.ports.now();
    let request = request(scene.config, target, scene.secrets, &notice(scene, target, phase), now);
    let request = request.map_err(|unusable| unusable.describe().to_owned())?;
    arrived(scene.ports.send(request).await, scene.ports.now()).map_err(|trouble| trouble.words)
}

fn notice<P: Ports>(scene: &Scene<'_, P>, target: &NotifyTarget, phase: Phase) -> Notice {
    Notice {
        key: "test".into(),
        phase,
        code: "test".into(),
        severity: target.min_severity,
        origin: None,
        title: "a test: nothing has happened".into(),
        detail: "An operator asked the guard to send this, to see whether notices arrive.".into(),
        before: Value::Null,
        after: json!({ "test": true }),
        path: "/status".into(),
        at: scene.ports.now(),
    }
}
