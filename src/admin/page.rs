//! Lists in pages, newest first, out of the records of the origins that are asked for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::refresh::{selected, unknown_origin};
use super::respond::{Answer, Errors};
use super::{AdminRequest, Guard};
use crate::config::Origin;
use crate::json::{json, object};
use crate::origin::{RecordCopy, StoredCopy};
use crate::ports::Ports;
use crate::problem::Code;
use crate::refresh::load_record;
use crate::time::UnixMillis;

/// Rows of a page, unless `?limit=` says otherwise …
const DEFAULT_LIMIT: usize = 50;
/// … up to this.
const MAX_LIMIT: usize = 200;

/// Rows of several origins, and the origins of which nothing can be told.
#[derive(Default)]
pub(super) struct Listing {
    /// Newest first. The key is time and id; in base64url it is the cursor of the page that begins after the row.
    rows: Vec<(String, Value)>,
    unread: Vec<Value>,
}

/// Adds what an origin's record tells.
pub(super) type Rows<'a> = &'a dyn Fn(&Origin, &RecordCopy, &mut Listing);

/// The list `name` of what the records of `?origin=`, or of every origin, tell.
pub(super) async fn list<P: Ports>(
    guard: &Guard<'_, P>,
    request: &AdminRequest,
    errors: &Errors,
    name: &str,
    rows: Rows<'_>,
) -> Answer {
    let origins = match selected(guard, request) {
        Ok(origins) => origins,
        Err(name) => return unknown_origin(guard, errors, &name).into(),
    };
    let mut listing = Listing::default();
    for origin in origins {
        let copy = load_record(&guard.scene, origin, 0).await;
        listing.note_unread(origin, &copy);
        rows(origin, &copy, &mut listing);
    }
    listing.page(name, request, errors)
}

impl Listing {
    /// A record that could not be read is unknown, and not empty.
    pub(super) fn note_unread<T>(&mut self, origin: &Origin, copy: &StoredCopy<T>) {
        if let Some(reason) = copy.why_unread() {
            self.unread.push(json!({ "origin": origin.name, "reason": reason }));
        }
    }

    /// A row of `at`; `id` tells rows of one time apart.
    pub(super) fn add(&mut self, at: UnixMillis, id: &str, row: Value) {
        let key = format!("{at}.{id}");
        let place = self.rows.partition_point(|(other, _)| *other > key);
        self.rows.insert(place, (key, row));
    }

    /// All rows, newest first.
    pub(super) fn into_rows(self) -> Vec<Value> {
        self.rows.into_iter().map(|(_, row)| row).collect()
    }

    /// `{ <name>: [ … ], next, unknown }`: the rows after `?cursor=`, `?limit=` of them. `next` is the cursor of the
    /// rest, or null.
    fn page(mut self, name: &str, request: &AdminRequest, errors: &Errors) -> Answer {
        let Some(limit) = limit(request) else {
            return errors
                .problem(Code::AdminBadRequest, format!("limit is a whole number from 1 to {MAX_LIMIT}."))
                .into();
        };
        if let Some(cursor) = request.parameter("cursor") {
            let Some(place) = place_of(&cursor) else {
                return errors
                    .problem(Code::AdminBadRequest, "cursor is the `next` of the page before, unchanged.")
                    .into();
            };
            self.rows.drain(..self.rows.partition_point(|(key, _)| *key >= place));
        }
        let more = self.rows.len() > limit;
        self.rows.truncate(limit);
        let next = self.rows.last().filter(|_| more).map(|(key, _)| URL_SAFE_NO_PAD.encode(key));
        let unread = std::mem::take(&mut self.unread);
        let members = &mut [(name, self.into_rows().into()), ("next", next.into()), ("unknown", unread.into())];
        object(members).into()
    }
}

/// The key that `cursor` stands for: a time, a dot, an id.
fn place_of(cursor: &str) -> Option<String> {
    let key = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (at, id) = key.rsplit_once('.')?;
    let whole = at.parse::<UnixMillis>().is_ok() && id.bytes().all(|byte| byte.is_ascii_graphic());
    whole.then_some(key)
}

fn limit(request: &AdminRequest) -> Option<usize> {
    match request.parameter("limit") {
        None => Some(DEFAULT_LIMIT),
        Some(text) => text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)),
    }
}
