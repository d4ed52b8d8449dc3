//! Lists in pages, newest first.

use serde_json::{Map, Value};

use super::AdminRequest;
use super::respond::{Errors, json};
use crate::config::Origin;
use crate::json::{json, object};
use crate::origin::RecordCopy;
use crate::problem::{Code, Rendered};
use crate::time::UnixMillis;

/// Rows of a page, unless `?limit=` says otherwise …
const DEFAULT_LIMIT: usize = 50;
/// … up to this.
const MAX_LIMIT: usize = 200;

/// Rows of several origins, and the origins of which nothing can be told.
#[derive(Default)]
pub(super) struct Listing {
    /// By time and id. The key is also the cursor of the page that begins after the row.
    rows: Map<String, Value>,
    unread: Vec<Value>,
}

impl Listing {
    /// A record that could not be read is unknown, and not empty.
    pub(super) fn note_unread(&mut self, origin: &Origin, copy: &RecordCopy) {
        let why = match copy {
            RecordCopy::Present(_) | RecordCopy::Empty => return,
            RecordCopy::Unreadable(fault) => fault.to_string(),
            RecordCopy::Unavailable(failure) => failure.to_string(),
        };
        self.unread.push(json!({ "origin": origin.name, "reason": why }));
    }

    /// A row of `at`; `id` tells rows of one time apart.
    pub(super) fn add(&mut self, at: UnixMillis, id: &str, row: Value) {
        self.rows.insert(format!("{at}.{id}"), row);
    }

    /// `{ <name>: [ … ], next, unknown }`: the rows after `?cursor=`, `?limit=` of them. `next` is the cursor of the
    /// rest, or null.
    pub(super) fn page(self, name: &str, request: &AdminRequest, errors: &Errors) -> Rendered {
        let Some(limit) = limit(request) else {
            return errors.problem(Code::AdminBadRequest, format!("limit is a whole number from 1 to {MAX_LIMIT}."));
        };
        let cursor = request.parameter("cursor");
        let is_left = |key: &String| cursor.as_ref().is_none_or(|cursor| key < cursor);
        let mut left = self.rows.into_iter().rev().filter(|(key, _)| is_left(key)).peekable();
        let (mut values, mut next) = (Vec::new(), None);
        while values.len() < limit
            && let Some((key, value)) = left.next()
        {
            values.push(value);
            next = left.peek().map(|_| key);
        }
        let members = &mut [(name, values.into()), ("next", next.into()), ("unknown", self.unread.into())];
        json(200, &object(members))
    }
}

fn limit(request: &AdminRequest) -> Option<usize> {
    match request.parameter("limit") {
        None => Some(DEFAULT_LIMIT),
        Some(text) => text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)),
    }
}
