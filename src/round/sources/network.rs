//! What the network check found.

use crate::network_watch;
use crate::notices::Notice;
use crate::round::Seen;

pub(super) fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    let checked = seen.origins.iter().filter_map(|it| Some((it, it.network.as_ref()?)));
    checked.flat_map(|(it, check)| network_watch::notices(check, &it.origin.name)).collect()
}
