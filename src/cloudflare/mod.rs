//! The Cloudflare API (<https://developers.cloudflare.com/api/>): what the guard asks of its own account and zones.
//!
//! | Module | One sentence |
//! | --- | --- |
//! | `client` | one call, and lists of several pages |
//! | `fault` | why there is no good answer, and how it is mended |

mod client;
mod fault;

pub use client::{API_TOKEN, Cloudflare, Page};
pub use fault::{ApiFault, ApiFaultKind};
