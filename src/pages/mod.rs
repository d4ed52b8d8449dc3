//! The admin interface's reports as pages: a view of the same JSON that other clients get, and of nothing else.
//!
//! Pure and total: whatever a report holds or lacks, there is a page, and what is missing is told as unknown. Everything
//! is in the one answer (no font, no image, no second request), works without the script, and is escaped by `maud`.

mod addresses;
mod allowlist;
mod chain;
mod checklist;
mod configuration;
mod diagnosis;
mod event;
mod history;
mod incident;
mod layout;
mod look;
mod network_check;
mod origin;
mod overview;
mod parts;
mod plan;
mod problem;
mod read;
mod setup;
mod timeline;

use maud::Markup;
use serde_json::Value;

use crate::problem::Rendered;
use crate::time::UnixMillis;

pub(crate) use layout::page_meta;

/// Which page a report is shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// `{ status, origins: [ { name, events, unread, diagnosis, general } ] }`: what the first page needs.
    Overview,
    /// `GET /incidents`
    Incidents,
    /// `GET /incidents/<id>`
    Incident,
    /// `GET /history`
    History,
    /// `GET /allowlist`
    Allowlist,
    /// `GET /allowlist/plan`, `POST /allowlist/apply`
    Plan,
    /// `GET` and `POST /audit`
    NetworkCheck,
    /// `GET /checklist`
    Checklist,
    /// `GET /config`
    Configuration,
    /// `POST /config/check`
    ConfigurationCheck,
    /// `GET /diagnose`
    Diagnosis,
    /// `POST /refresh`
    Look,
}

/// What a page needs beside the report.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// `admin.path`.
    pub base: &'a str,
    /// Unpredictable, of this answer alone: lets the page's own style and script run, and no other.
    pub nonce: &'a str,
    /// Now.
    pub now: UnixMillis,
    /// `?origin=`.
    pub origin: Option<&'a str>,
    /// The names of all origins.
    pub origins: &'a [&'a str],
    /// What was sent to be checked, to be mended and sent again.
    pub given: Option<&'a str>,
}

/// A page before its surroundings.
struct Contents {
    /// The heading of the first level, in words.
    title: String,
    /// What comes after it.
    body: Markup,
}

/// The page of `report`.
pub fn page(view: View, report: &Value, context: &Context<'_>) -> Rendered {
    let make = match view {
        View::Overview => return overview::page(report, context),
        View::Incidents => incident::all,
        View::Incident => incident::one,
        View::History => history::contents,
        View::Allowlist => allowlist::contents,
        View::Plan => plan::contents,
        View::NetworkCheck => network_check::contents,
        View::Checklist => checklist::contents,
        View::Configuration => configuration::effective,
        View::ConfigurationCheck => configuration::checked,
        View::Diagnosis => diagnosis::contents,
        View::Look => look::contents,
    };
    layout::page(200, Some(view), &make(report, context), context)
}

/// The page of an error, from its problem document in JSON; anything else goes through as it is.
pub fn error_page(view: Option<View>, answer: Rendered, context: &Context<'_>) -> Rendered {
    problem::page(view, answer, context)
}
