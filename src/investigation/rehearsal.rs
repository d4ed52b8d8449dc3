//! What clients would see of a failure, shown to an operator on request. The origin is not touched and nothing is noted.

use super::Audience;
use crate::origin::incident_id;
use crate::problem::{Code, Document};
use crate::time::UnixMillis;

/// The document that `named` (the value of `X-Origin-Guard-Rehearse`) asks for, as a client gets it.
pub fn rehearsal(named: &str, audience: &Audience, at: UnixMillis) -> Document {
    let code = named.trim().parse();
    let mut document = Document::new(code.unwrap_or(Code::AdminBadRequest), &audience.type_base, at);
    if code.is_err() {
        document.detail =
            Some("X-Origin-Guard-Rehearse names no code; problems/ of the admin path lists them all.".into());
    }
    document.incident = Some(incident_id("rehearsal", 0, at));
    document.since = Some(at);
    document.ray_id.clone_from(&audience.ray_id);
    document
}
