//! The explanation page of a code.

use super::{Code, MediaType, Rendered};

/// The page of `code` in `media`; `base` is the path or URL that codes are appended to.
pub fn explain(code: Code, base: &str, media: MediaType) -> Rendered {
    let _ = (code, base, media);
    Rendered { status: 200, headers: Vec::new(), body: String::new() }
}

/// The list of all codes with links to their pages.
pub fn explain_index(base: &str, media: MediaType) -> Rendered {
    let _ = (base, media);
    Rendered { status: 200, headers: Vec::new(), body: String::new() }
}
