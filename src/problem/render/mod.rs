//! One page, three forms: HTML, Markdown and plain text. What a page says is decided before it comes here.

mod html;
mod markdown;
mod page;
mod style;
mod text;
mod visible;

pub(super) use html::html;
pub(super) use markdown::markdown;
pub(crate) use page::{Block, Command, Page, Section, Step};
pub(super) use page::{Link, Node};
pub(crate) use style::STYLE;
pub(super) use style::STYLE_SHA256;
pub(super) use text::text;
pub(super) use visible::is_bidirectional;
pub(crate) use visible::{inline, lines, one_line};
