//! Telling people: what there is to tell ([`Notice`]), once each.

mod notice;

pub use notice::{Notice, Phase};
