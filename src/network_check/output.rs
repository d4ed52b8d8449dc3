//! The report in its forms.

mod json;
mod page;
mod sarif;

use crate::problem::{MediaType, Rendered};

use super::ledger::Report;

pub use json::value;
pub use sarif::sarif;

/// The report in `media`, as an answer with status 200.
pub fn render(report: &Report, media: MediaType) -> Rendered {
    Rendered::report(media, || json::json(report), || page::page(report))
}
