//! What Azure Resource Manager says of the instances.

use crate::azure;
use crate::notices::Notice;
use crate::round::Seen;

pub(super) fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    let known = seen.origins.iter().filter_map(|it| Some((it, it.azure.record()?)));
    known.flat_map(|(it, known)| azure::notices(known, &it.origin.name, seen.now)).collect()
}
