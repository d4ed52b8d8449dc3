//! Addresses with the lifetime of their records.

use std::net::IpAddr;

use crate::json::stored;

/// An address with the lifetime of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeenAddress {
    /// The address.
    pub address: IpAddr,
    /// Remaining lifetime of its A or AAAA record in seconds.
    pub ttl_s: u32,
}

stored! { SeenAddress { address, ttl_s } }

impl SeenAddress {
    /// Puts it into `addresses`, which are sorted, each once; of two lifetimes the smaller one counts.
    ///
    /// For short lists, as all are here: the library's sorting is 7 kB of code.
    pub fn insert_into(self, addresses: &mut Vec<Self>) {
        match addresses.binary_search_by_key(&self.address, |known| known.address) {
            Err(place) => addresses.insert(place, self),
            Ok(place) => {
                if let Some(known) = addresses.get_mut(place) {
                    known.ttl_s = known.ttl_s.min(self.ttl_s);
                }
            }
        }
    }
}

/// By address, each once with its smallest lifetime.
pub(super) fn sorted<'s>(addresses: impl Iterator<Item = &'s SeenAddress>) -> Vec<SeenAddress> {
    let mut sorted = Vec::new();
    addresses.for_each(|seen| seen.insert_into(&mut sorted));
    sorted
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorted_each_once_with_the_smallest_lifetime(seen in vec((0..6u8, 0..4u32), 0..20)) {
            let each = |(last, ttl_s): &(u8, u32)| SeenAddress { address: IpAddr::from([192, 0, 2, *last]), ttl_s: *ttl_s };
            let mut expected: Vec<_> = seen.iter().map(each).collect();
            let result = sorted(expected.iter());
            expected.sort_unstable();
            expected.dedup_by_key(|seen| seen.address);
            prop_assert_eq!(result, expected);
        }
    }
}
