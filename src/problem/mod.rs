//! Problem documents (RFC 9457) and explanation pages, both made from one catalogue so that they cannot disagree.

mod accept;
mod catalogue;
mod code;
mod document;
mod explanation;
mod html;
mod markdown;
mod media;

pub use accept::negotiate;
pub use catalogue::{Category, Entry, WhoActs, entry};
pub use code::Code;
pub use document::{Check, CheckResult, Document, OperatorPart, Rendered, render};
pub use explanation::{explain, explain_index};
pub use media::MediaType;
