//! What Azure Resource Manager says: other addresses, credentials, instance, certificates.

use crate::azure;
use crate::notices::Notice;
use crate::round::Seen;

pub(super) fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    let of = |known: &azure::Knowledge, origin: &str| azure::notices(known, origin, seen.now);
    let each = seen.origins.iter().filter_map(|it| Some((it.azure.as_deref()?, &it.origin.name)));
    each.flat_map(|(known, origin)| of(known, origin)).collect()
}
