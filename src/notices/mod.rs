//! Telling people: what there is to tell ([`Notice`]), once each.

mod notice;
mod signature;

pub use notice::{Notice, Phase};
pub use signature::{SIGNATURE_FIELD, TIMESTAMP_FIELD, sign, signed_fields, timestamp};
