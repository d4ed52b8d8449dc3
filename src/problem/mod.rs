//! Problem documents (RFC 9457) and explanation pages, both made from one catalogue so that they cannot disagree.

mod accept;
mod catalogue;
mod code;
mod document;
mod explain;
mod explanation;
mod json;
mod media;
mod occurrence;
mod render;
mod rendered;

pub use accept::{negotiate, prefers};
pub use catalogue::{Category, Entry, WhoActs, entry};
pub use code::{Code, UnknownCode};
pub use document::{Check, CheckResult, Document, OperatorPart, render};
pub(crate) use explain::{Fix, When, explanation, fixes};
pub use explanation::{explain, explain_index};
pub(crate) use json::{Member, object as json_object};
pub use media::MediaType;
pub(crate) use render::{Block, Command, Page, STYLE, Section, Step, inline, lines, one_line};
pub use rendered::Rendered;
