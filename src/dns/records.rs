//! Records as the message holds them.

use std::fmt::Display;

use domain::base::message::RecordSection;
use domain::base::{ParseRecordData, ParsedName, Record, Ttl};

pub(super) type Section<'a> = RecordSection<'a, [u8]>;
pub(super) type WireName<'a> = ParsedName<&'a [u8]>;

/// The Internet records of one type; other types are not even decoded.
pub(super) fn records<'a, D: ParseRecordData<'a, [u8]>>(
    section: Section<'a>,
) -> impl Iterator<Item = Result<Record<WireName<'a>, D>, String>> {
    section.limit_to_in::<D>().map(|record| record.map_err(words))
}

/// RFC 2181 8: a TTL has 31 bits; one with the top bit set counts as 0.
pub(super) fn ttl_s(ttl: Ttl) -> u32 {
    i32::try_from(ttl.as_secs()).map_or(0, i32::unsigned_abs)
}

/// An error of the message library, for operators.
pub(super) fn words(error: impl Display) -> String {
    error.to_string()
}
