//! Answers with an entity tag (RFC 9110 8.8.3 and 13.1.2): who has them already gets 304.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::AdminRequest;
use crate::problem::Rendered;

/// `full` with its strong `ETag`, or `304` with the same header fields where the request names that tag.
pub(super) fn tagged(mut full: Rendered, request: &AdminRequest) -> Rendered {
    let tag = entity_tag(&full.body);
    let has_it = request.if_none_match.as_deref().is_some_and(|field| names(field, &tag));
    full.headers.push(("ETag", tag));
    if has_it {
        full.status = 304;
        full.body.clear();
        full.headers.retain(|(name, _)| !DESCRIBES_BODY.contains(name));
    }
    full
}

/// RFC 9110 15.4.5: fields about a body that is not sent are left out.
const DESCRIBES_BODY: [&str; 2] = ["Content-Type", "Content-Disposition"];

/// SHA-256 of the bytes, in quotes.
fn entity_tag(body: &str) -> String {
    let mut tag = String::from("\"");
    for byte in Sha256::digest(body) {
        // Writing to a `String` cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag + "\""
}

/// `*`, or a list with the tag in it, compared weakly. A tag of this guard's has no comma or quote inside.
fn names(field: &str, tag: &str) -> bool {
    let mut members = field.split(',').map(str::trim);
    members.any(|member| member == "*" || member.strip_prefix("W/").unwrap_or(member) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"";

    fn answer(if_none_match: Option<&str>) -> Rendered {
        let headers = vec![("Content-Type", "text/plain".to_owned()), ("Cache-Control", "private".to_owned())];
        let request = AdminRequest { if_none_match: if_none_match.map(Into::into), ..AdminRequest::default() };
        tagged(Rendered { status: 200, headers, body: "abc".into() }, &request)
    }

    #[test]
    fn the_tag_is_the_hash_of_the_body() {
        let full = answer(None);
        assert_eq!((full.status, full.body.as_str()), (200, "abc"));
        assert_eq!(full.headers.last(), Some(&("ETag", ABC.to_owned())));
    }

    #[test]
    fn whoever_has_it_gets_304_without_a_body() {
        for field in [ABC, "*", &format!("W/{ABC}"), &format!("\"x\",W/\"y\" , {ABC}")] {
            let not_modified = answer(Some(field));
            assert_eq!((not_modified.status, not_modified.body.as_str()), (304, ""), "{field}");
            let names: Vec<_> = not_modified.headers.iter().map(|header| header.0).collect();
            assert_eq!(names, ["Cache-Control", "ETag"]);
        }
        for field in ["", "\"\"", ABC.trim_matches('"'), "\"x\"", "W/*"] {
            assert_eq!(answer(Some(field)).status, 200, "{field}");
        }
    }
}
