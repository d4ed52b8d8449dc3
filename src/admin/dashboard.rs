//! What the first page shows: the status, and of each origin its events and what the open incident rests on. Each record
//! is read once.

use serde_json::Value;

use super::{Guard, Operator, history, incidents, status};
use crate::config::Origin;
use crate::diagnosis::general_remedy;
use crate::json::{json, value};
use crate::origin::RecordCopy;
use crate::ports::Ports;
use crate::problem::{Code, explanation};

pub(super) async fn report<P: Ports>(guard: &Guard<'_, P>, _: Operator) -> Value {
    let copies = status::load_all(guard).await;
    let status = status::report(guard, &copies);
    let mut origins = Vec::new();
    for (origin, copy) in guard.scene.config.origins.iter().zip(&copies) {
        origins.push(more(guard, origin, copy).await);
    }
    json!({ "status": status, "origins": origins })
}

async fn more<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, copy: &RecordCopy) -> Value {
    let open = incidents::open(guard, origin, copy);
    let diagnosis = match &open {
        Some(incident) => incidents::diagnosis(guard, &incident.id).await,
        None => Value::Null,
    };
    json!({
        "name": origin.name,
        "events": history::events(&origin.name, copy),
        "unread": copy.why_unread(),
        "diagnosis": diagnosis,
        "general": open.map(|incident| general(incident.code)),
    })
}

/// For an incident without evidence at hand.
fn general(code: Code) -> Vec<Value> {
    explanation(code).fixes.iter().map(|fix| value(&general_remedy(fix))).collect()
}
