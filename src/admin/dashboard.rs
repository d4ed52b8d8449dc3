//! What the first page shows: the status, and of each origin its events and what the open incident rests on. Each record
//! is read once.

use serde_json::Value;

use super::seen::{Seen, see_all};
use super::{Guard, Operator, history, incidents, status};
use crate::diagnosis::general_remedy;
use crate::json::{json, value};
use crate::ports::Ports;
use crate::problem::{Code, explanation};

pub(super) async fn report<P: Ports>(guard: &Guard<'_, P>, _: Operator) -> Value {
    let seen = see_all(guard).await;
    let status = status::report(guard, &seen).await;
    let mut origins = Vec::new();
    for one in &seen {
        origins.push(more(guard, one).await);
    }
    json!({ "status": status, "origins": origins })
}

async fn more<P: Ports>(guard: &Guard<'_, P>, seen: &Seen<'_>) -> Value {
    let open = seen.record.as_ref().and_then(|record| record.incident.as_ref());
    let diagnosis = match open {
        Some(incident) => incidents::diagnosis(guard, &incident.id).await,
        None => Value::Null,
    };
    json!({
        "name": seen.origin.name,
        "events": history::events(&seen.origin.name, &seen.copy, &seen.azure),
        "unread": seen.copy.why_unread(),
        "diagnosis": diagnosis,
        "general": open.map(|incident| general(incident.code)),
    })
}

/// For an incident without evidence at hand.
fn general(code: Code) -> Vec<Value> {
    explanation(code).fixes.iter().map(|fix| value(&general_remedy(fix))).collect()
}
