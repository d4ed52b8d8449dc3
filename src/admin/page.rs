//! Lists in pages, newest first.

use serde_json::{Value, json};

use super::AdminRequest;
use super::respond::{Errors, json};
use crate::config::Origin;
use crate::origin::RecordCopy;
use crate::problem::{Code, Rendered};
use crate::time::UnixMillis;

/// Rows of a page, unless `?limit=` says otherwise …
const DEFAULT_LIMIT: usize = 50;
/// … up to this.
const MAX_LIMIT: usize = 200;

/// A row with what it is sorted by.
pub(super) struct Paged {
    pub(super) at: UnixMillis,
    /// Unique among the rows; the cursor of the page that begins after it.
    pub(super) id: String,
    pub(super) value: Value,
}

/// Rows of several origins, and the origins of which nothing can be told.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) rows: Vec<Paged>,
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

    /// `{ <name>: [ … ], next, unknown }`: the rows after `?cursor=`, `?limit=` of them. `next` is the cursor of the
    /// rest, or null.
    pub(super) fn page(mut self, name: &str, request: &AdminRequest, errors: &Errors) -> Rendered {
        let Some(limit) = limit(request) else {
            return errors.problem(Code::AdminBadRequest, format!("limit is a whole number from 1 to {MAX_LIMIT}."));
        };
        self.rows.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        let rest = match request.parameter("cursor") {
            None => Some(self.rows.as_slice()),
            Some(cursor) => self.rows.split_inclusive(|row| row.id == cursor).nth(1).or_else(|| self.ended_by(&cursor)),
        };
        let Some(rest) = rest else {
            return errors.problem(Code::AdminBadRequest, "No row has this cursor any more: begin without.");
        };
        let (shown, more) = rest.split_at_checked(limit).unwrap_or((rest, &[]));
        let next = shown.last().filter(|_| !more.is_empty()).map(|row| row.id.as_str());
        let values: Vec<&Value> = shown.iter().map(|row| &row.value).collect();
        json(200, &json!({ name: values, "next": next, "unknown": self.unread }))
    }

    /// Nothing, where `cursor` is the last row's.
    fn ended_by(&self, cursor: &str) -> Option<&[Paged]> {
        self.rows.last().filter(|row| row.id == cursor).map(|_| [].as_slice())
    }
}

fn limit(request: &AdminRequest) -> Option<usize> {
    match request.parameter("limit") {
        None => Some(DEFAULT_LIMIT),
        Some(text) => text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)),
    }
}
